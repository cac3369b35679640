"""Cases, duties and wakes are made from facts, whose own keys hold: on PostgreSQL nobody checks theirs once more.

Eleven checks a first report, a tenth of the server's work for it. SQLite looks a key up within the process and would have to copy
whole tables for it: there they stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEYS = [("cases", "pupil_id", "pupils"), ("duties", "pupil_id", "pupils"), ("duties", "unit_id", "units"),
        ("wakes", "unit_id", "units")]  # fmt: skip


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # For a moment nobody may use them. In the order in which a message does, or it would wait for us, and we for it.
        op.execute(sa.text("LOCK TABLE pupils, units, cases, duties, wakes IN ACCESS EXCLUSIVE MODE"))
        for table, column, _ in KEYS:
            op.drop_constraint(f"fk_{table}_county_id_{column}", table, type_="foreignkey")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column, whose in KEYS:
            name = f"fk_{table}_county_id_{column}"
            op.create_foreign_key(name, table, whose, ["county_id", column], ["county_id", "id"])
