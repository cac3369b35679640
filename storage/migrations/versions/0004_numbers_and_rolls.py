"""Numbers of papers by unit, kind and year; who was in which grade when a school year began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_numbers",
        sa.Column("county_id", sa.String(40), nullable=False),
        sa.Column("unit_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("county_id", "unit_id", "kind", "year", "number", name=op.f("pk_paper_numbers")),
        sa.UniqueConstraint(
            "county_id",
            "unit_id",
            "kind",
            "subject",
            "day",
            name=op.f("uq_paper_numbers_county_id_unit_id_kind_subject_day"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_paper_numbers_county_id_unit_id")
        ),
    )
    op.create_table(
        "year_rolls",
        sa.Column("county_id", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.String(64), nullable=False),
        sa.Column("school_id", sa.String(64), nullable=False),
        sa.Column("grade", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("county_id", "year", "pupil_id", name=op.f("pk_year_rolls")),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_year_rolls_county_id_pupil_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "school_id"], ["units.county_id", "units.id"], name=op.f("fk_year_rolls_county_id_school_id")
        ),
    )
    op.create_index("ix_year_rolls_cohort", "year_rolls", ["county_id", "year", "grade", "school_id"])


def downgrade() -> None:
    op.drop_table("year_rolls")
    op.drop_table("paper_numbers")
