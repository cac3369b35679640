"""The pupils of the groups of care are found by an index over them alone, not among everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    marked = sa.text("groups <> ''")
    op.create_index(
        "ix_pupils_groups", "pupils", ["county_id", "groups", "id"], sqlite_where=marked, postgresql_where=marked
    )


def downgrade() -> None:
    op.drop_index("ix_pupils_groups", "pupils")
