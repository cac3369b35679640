"""Which message a letter of the outbox comes from, so that one id runs through the whole log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("cause", sa.String(160), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("outbox", "cause")
