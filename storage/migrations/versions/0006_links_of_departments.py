"""Dated links for departments without the app; of the token only its hash is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "department_links",
        sa.Column("county_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("department", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("revoked", sa.DateTime()),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_department_links")),
        sa.UniqueConstraint("county_id", "token_hash", name=op.f("uq_department_links_county_id_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("department_links")
