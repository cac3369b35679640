"""Facts of the rarer kinds (work, referrals, letters …) are found by kind and day, not among a year of absences and contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RARE = "kind NOT IN ('absence', 'all_present', 'contact', 'leave', 'return', 'visit')"


def upgrade() -> None:
    where = sa.text(RARE)
    op.create_index("ix_facts_rare", "facts", ["county_id", "kind", "day"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_facts_rare", "facts")
