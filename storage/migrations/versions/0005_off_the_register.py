"""A pupil entered twice or by mistake stands off the register: in no list and no figure, with all facts kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pupils", sa.Column("struck", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))


def downgrade() -> None:
    op.drop_column("pupils", "struck")
