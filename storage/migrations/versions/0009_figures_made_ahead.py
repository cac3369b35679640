"""The dear figures over a whole county are made by the jobs and kept, sealed, for whoever opens them next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figures_ready",
        sa.Column("county_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"], ["counties.county_id"], name=op.f("fk_figures_ready_county_id_counties")
        ),
        sa.PrimaryKeyConstraint("county_id", "name", name=op.f("pk_figures_ready")),
    )


def downgrade() -> None:
    op.drop_table("figures_ready")
