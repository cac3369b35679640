"""The pupils of the groups of care are found by an index over them alone, not among everybody.

On SQLite, which has one writer at a time anyway; PostgreSQL would stop all writers of the register for it, and goes without.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(
            "ix_pupils_groups", "pupils", ["county_id", "groups", "id"], sqlite_where=sa.text("groups <> ''")
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_pupils_groups", "pupils")
