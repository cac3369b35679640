"""The index of facts by day holds their kind as well: a list over a school year reads the few facts that it is about."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_facts_day", "facts")
    op.create_index("ix_facts_day", "facts", ["county_id", "day", "kind"])


def downgrade() -> None:
    op.drop_index("ix_facts_day", "facts")
    op.create_index("ix_facts_day", "facts", ["county_id", "day"])
