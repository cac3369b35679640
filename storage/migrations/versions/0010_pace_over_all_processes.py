"""How often somebody asks for pages is counted over all processes and hosts, in a row for each who asks often."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("county_id", sa.String(40), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["counties.county_id"], name=op.f("fk_paces_county_id_counties")),
        sa.PrimaryKeyConstraint("county_id", "key", name=op.f("pk_paces")),
    )


def downgrade() -> None:
    op.drop_table("paces")
