"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "audit",
    "audit_chain",
    "counties",
    "duty_people",
    "inbox",
    "outbox",
    "pupil_names",
    "said",
    "talks",
    "tokens",
    "unknowns",
    "people",
    "units",
    "calendar_days",
    "posts",
    "pupils",
    "reports_frozen",
    "wakes",
    "cases",
    "duties",
    "evidence",
    "facts",
    "pupil_keys",
    "snoozes",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("did", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_person", "audit", ["county_id", "person", "at"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["county_id", "subject", "at"], unique=False)

    op.create_table(
        "audit_chain",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("county_id", "number", name=op.f("pk_audit_chain")),
        sa.UniqueConstraint("county_id", "audit_id", name=op.f("uq_audit_chain_county_id_audit_id")),
    )
    op.create_table(
        "counties",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("opened", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("county_key", sa.LargeBinary(), nullable=False),
        sa.Column("index_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("county_id", name=op.f("pk_counties")),
    )
    op.create_table(
        "duty_people",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("duty_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("county_id", "person", "duty_id", name=op.f("pk_duty_people")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_duty_people_duty", "duty_people", ["county_id", "duty_id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("county_id", "key", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_at", "inbox", ["county_id", "at"], unique=False)
    op.create_index("ix_inbox_person", "inbox", ["county_id", "person", "at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("duties", JSON, nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("free_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("msgid", sa.String(length=160), nullable=True),
        sa.Column("response_code", sa.String(length=160), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("county_id", "key", name=op.f("uq_outbox_county_id_key")),
    )
    op.create_index(
        "ix_outbox_cards",
        "outbox",
        ["county_id", "sent_at"],
        unique=False,
        sqlite_where=sa.text("response_code IS NOT NULL"),
        postgresql_where=sa.text("response_code IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["county_id", "queued"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index("ix_outbox_person", "outbox", ["county_id", "person", "queued"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["county_id", "free_at", "not_before", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "pupil_names",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("pupil_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("county_id", "sound", "key", "pupil_id", name=op.f("pk_pupil_names")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pupil_names_pupil", "pupil_names", ["county_id", "pupil_id"], unique=False)

    op.create_table(
        "said",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("duty_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("fact_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("county_id", "duty_id", "step", "person", name=op.f("pk_said")),
    )
    op.create_index("ix_said_key", "said", ["county_id", "key"], unique=False)
    op.create_index("ix_said_person", "said", ["county_id", "person", "at"], unique=False)

    op.create_table(
        "talks",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("county_id", "person", name=op.f("pk_talks")),
    )
    op.create_table(
        "tokens",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=160), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("expires", sa.DateTime(), nullable=True),
        sa.Column("leased_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("county_id", "agent", name=op.f("pk_tokens")),
    )
    op.create_table(
        "unknowns",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_unknowns")),
    )
    op.create_index("ix_unknowns_at", "unknowns", ["county_id", "at"], unique=False)

    op.create_table(
        "people",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["county_id"], ["counties.county_id"], name=op.f("fk_people_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_people")),
    )
    op.create_index("ix_people_name_key", "people", ["county_id", "name_key"], unique=False)

    op.create_table(
        "units",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("stage", sa.String(length=16), nullable=True),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["county_id"], ["counties.county_id"], name=op.f("fk_units_county_id")),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_units")),
    )
    op.create_index("ix_units_parent", "units", ["county_id", "parent"], unique=False)

    op.create_table(
        "calendar_days",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_calendar_days_county_id_unit_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "unit_id", "kind", "since", "until", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "posts",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("deputy_for", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id", "person"], ["people.county_id", "people.id"], name=op.f("fk_posts_county_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_posts_county_id_unit_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_posts")),
    )
    op.create_index("ix_posts_person", "posts", ["county_id", "person"], unique=False)

    op.create_table(
        "pupils",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=True),
        sa.Column("village_id", sa.String(length=64), nullable=True),
        sa.Column("groups", sa.String(length=200), server_default="", nullable=False),
        sa.Column("home_taught", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("local", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("entered", sa.Date(), nullable=True),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("id_hash", sa.LargeBinary(), nullable=True),
        sa.Column("student_hash", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("erased", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "class_id"], ["units.county_id", "units.id"], name=op.f("fk_pupils_county_id_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "village_id"], ["units.county_id", "units.id"], name=op.f("fk_pupils_county_id_village_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_pupils")),
    )
    op.create_index("ix_pupils_class", "pupils", ["county_id", "class_id", "name", "id", "erased"], unique=False)
    op.create_index(
        "ix_pupils_home_taught",
        "pupils",
        ["county_id", "id"],
        unique=False,
        sqlite_where=sa.text("home_taught = 1"),
        postgresql_where=sa.text("home_taught"),
    )
    op.create_index("ix_pupils_id_hash", "pupils", ["county_id", "id_hash"], unique=False)
    op.create_index("ix_pupils_name", "pupils", ["county_id", "name", "id"], unique=False)
    op.create_index("ix_pupils_phone_hash", "pupils", ["county_id", "phone_hash"], unique=False)
    op.create_index("ix_pupils_student_hash", "pupils", ["county_id", "student_hash"], unique=False)
    op.create_index("ix_pupils_village", "pupils", ["county_id", "village_id"], unique=False)

    op.create_table(
        "reports_frozen",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("list", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_reports_frozen_county_id_unit_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "unit_id", "month", name=op.f("pk_reports_frozen")),
    )
    op.create_index("ix_reports_frozen_month", "reports_frozen", ["county_id", "month"], unique=False)

    op.create_table(
        "wakes",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_wakes_county_id_unit_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "unit_id", name=op.f("pk_wakes")),
    )
    op.create_index("ix_wakes_at", "wakes", ["county_id", "at"], unique=False)

    op.create_table(
        "cases",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("pupil_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ledger", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("unverified", sa.Integer(), nullable=False),
        sa.Column("leave_from", sa.Date(), nullable=True),
        sa.Column("leave_to", sa.Date(), nullable=True),
        sa.Column("returned", sa.Date(), nullable=True),
        sa.Column("promised", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("reason_code", sa.String(length=24), nullable=True),
        sa.Column("helper", sa.String(length=64), nullable=True),
        sa.Column("pending", sa.String(length=24), nullable=True),
        sa.Column("last_contact", sa.Date(), nullable=True),
        sa.Column("wake", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_cases_county_id_pupil_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "pupil_id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_ledger", "cases", ["county_id", "ledger"], unique=False)
    op.create_index("ix_cases_state", "cases", ["county_id", "state", "ledger"], unique=False)
    op.create_index(
        "ix_cases_wake",
        "cases",
        ["county_id", "wake"],
        unique=False,
        sqlite_where=sa.text("wake IS NOT NULL"),
        postgresql_where=sa.text("wake IS NOT NULL"),
    )

    op.create_table(
        "duties",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("pupil_id", sa.String(length=64), nullable=True),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("who", JSON, nullable=False),
        sa.Column("closed", sa.DateTime(), nullable=True),
        sa.Column("fact_id", sa.String(length=64), nullable=True),
        sa.Column("hint", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_duties_county_id_pupil_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_duties_county_id_unit_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_duties")),
    )
    op.create_index(
        "ix_duties_due",
        "duties",
        ["county_id", "due", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_duties_pupil", "duties", ["county_id", "pupil_id"], unique=False)
    op.create_index(
        "ix_duties_unit",
        "duties",
        ["county_id", "unit_id", "rule", "due"],
        unique=False,
        sqlite_where=sa.text("unit_id IS NOT NULL"),
        postgresql_where=sa.text("unit_id IS NOT NULL"),
    )

    op.create_table(
        "evidence",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("media", sa.String(length=200), nullable=True),
        sa.Column("pupil_id", sa.String(length=64), nullable=True),
        sa.Column("fact_id", sa.String(length=64), nullable=True),
        sa.Column("report", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("path", sa.LargeBinary(), nullable=True),
        sa.Column("type", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_evidence_county_id_pupil_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_fact", "evidence", ["county_id", "fact_id"], unique=False)
    op.create_index("ix_evidence_pupil", "evidence", ["county_id", "pupil_id"], unique=False)
    op.create_index(
        "ix_evidence_wanted",
        "evidence",
        ["county_id", "at"],
        unique=False,
        sqlite_where=sa.text("state = 'wanted'"),
        postgresql_where=sa.text("state = 'wanted'"),
    )

    op.create_table(
        "facts",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.String(length=64), nullable=True),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=160), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_facts_county_id_pupil_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "unit_id"], ["units.county_id", "units.id"], name=op.f("fk_facts_county_id_unit_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "id", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_day", "facts", ["county_id", "day"], unique=False)
    op.create_index("ix_facts_person", "facts", ["county_id", "person", "at"], unique=False)
    op.create_index("ix_facts_pupil", "facts", ["county_id", "pupil_id", "at"], unique=False)
    op.create_index("ix_facts_source", "facts", ["county_id", "source"], unique=False)
    op.create_index(
        "ix_facts_unit",
        "facts",
        ["county_id", "unit_id", "kind", "day"],
        unique=False,
        sqlite_where=sa.text("unit_id IS NOT NULL"),
        postgresql_where=sa.text("unit_id IS NOT NULL"),
    )

    op.create_table(
        "pupil_keys",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("pupil_id", sa.String(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_pupil_keys_county_id_pupil_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "pupil_id", name=op.f("pk_pupil_keys")),
    )
    op.create_table(
        "snoozes",
        sa.Column("county_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id", "pupil_id"], ["pupils.county_id", "pupils.id"], name=op.f("fk_snoozes_county_id_pupil_id")
        ),
        sa.PrimaryKeyConstraint("county_id", "person", "pupil_id", name=op.f("pk_snoozes")),
    )


def downgrade() -> None:
    """Back to an empty database: what follows first goes first."""
    for table in reversed(TABLES):
        op.drop_table(table)
