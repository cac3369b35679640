"""Of a photo or file its sender says that it is the paper itself, signed: a photo alone says nothing of a signature."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("signed", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))


def downgrade() -> None:
    op.drop_column("evidence", "signed")
