"""Facts of the rarer kinds (work, referrals, letters …) are found by kind and day, not among a year of absences and contacts.

On SQLite, which has one writer at a time anyway; PostgreSQL would stop all who write facts for it, and goes without.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RARE = "kind NOT IN ('absence', 'all_present', 'contact', 'leave', 'return', 'visit')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_facts_rare", "facts", ["county_id", "kind", "day"], sqlite_where=sa.text(RARE))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_facts_rare", "facts")
