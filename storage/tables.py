"""All tables on one page. Every key begins with the county, so that a province divides by that one column.

Facts and the trail are only ever appended; ``cases``, ``duties``, ``duty_people`` and ``wakes`` are
projections that ``kongchuo rebuild`` can make anew. Columns of bytes are sealed (see ``sealing``).
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.columns import Instant, Json, RealTime, Tags

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _county() -> Column[str]:
    return Column("county_id", String(40), nullable=False)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), nullable=False)


def _of(name: str) -> Column[str]:
    return Column(name, String(64))


SQLITE_ONLY = (
    "ix_pupils_groups", "ix_facts_rare",
    "fk_cases_county_id_pupil_id", "fk_duties_county_id_pupil_id", "fk_duties_county_id_unit_id", "fk_wakes_county_id_unit_id",
)  # fmt: skip
"""The indexes and foreign keys that PostgreSQL goes without (migrations 0008, 0011 and 0012)."""


def _only(where: str, name: str, *columns: str) -> Index:
    """An index over the rows that a sweep looks for; the words must be those of the statements."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where.removesuffix(" = 1")))


OF_EVERY_DAY = ("absence", "all_present", "contact", "leave", "return", "visit")
"""The kinds of which most facts are; they stay out of the index by kind, so that a report writes no more than before."""
RARE = f"kind NOT IN ({', '.join(map(repr, OF_EVERY_DAY))})"


def _points(name: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["county_id", name], [f"{table}.county_id", f"{table}.id"])


def _follows(name: str, table: str) -> ForeignKeyConstraint:
    """The same of a projection: its rows follow from facts, whose keys have been checked."""
    return _points(name, table).ddl_if(dialect="sqlite")


# -- The county and its register ---------------------------------------------------------------

counties = Table(
    "counties", metadata,
    Column("county_id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("pack", String(40), nullable=False),
    Column("overrides", Text, nullable=False),  # the county's own thresholds, as a YAML layer over the pack
    Column("opened", Instant, nullable=False),  # units owe nothing that was due before
    Column("version", Integer, nullable=False, server_default="0"),  # counts changes of units, posts and days
    Column("county_key", LargeBinary, nullable=False),  # the county's data key, wrapped by the master key
    Column("index_key", LargeBinary, nullable=False),  # the key of the equality index, wrapped likewise
)  # fmt: skip

units = Table(
    "units", metadata,
    _county(), _id(),
    Column("kind", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    _of("parent"),
    Column("stage", String(16)),
    Column("grade", SmallInteger),
    PrimaryKeyConstraint("county_id", "id"),
    ForeignKeyConstraint(["county_id"], ["counties.county_id"]),
    Index("ix_units_parent", "county_id", "parent"),
)  # fmt: skip

people = Table(
    "people", metadata,
    _county(), _id(),
    Column("name", String(80), nullable=False),
    Column("name_key", String(80), nullable=False),  # as names in messages are compared
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("phone", LargeBinary),
    PrimaryKeyConstraint("county_id", "id"),
    ForeignKeyConstraint(["county_id"], ["counties.county_id"]),
    Index("ix_people_name_key", "county_id", "name_key"),
)  # fmt: skip

posts = Table(
    "posts", metadata,
    _county(), _id(),
    _id("person"),
    Column("role", String(16), nullable=False),
    _id("unit_id"),
    Column("since", Date), Column("until", Date),
    _of("deputy_for"),
    PrimaryKeyConstraint("county_id", "id"),
    _points("person", "people"), _points("unit_id", "units"),
    Index("ix_posts_person", "county_id", "person"),
)  # fmt: skip

proposals = Table(
    "proposals", metadata,
    _county(), _id(),
    _id("person"),  # who proposed it
    Column("at", Instant, nullable=False),
    Column("post", Json, nullable=False),  # a post over the whole county, or an erasure, until a second person confirms it
    PrimaryKeyConstraint("county_id", "id"),
)  # fmt: skip

department_links = Table(
    "department_links", metadata,
    _county(), _id(),
    Column("department", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False),  # SHA-256; the token itself is nowhere
    _id("person"), Column("at", Instant, nullable=False),  # who gave it out, and when
    Column("until", Date, nullable=False),  # the last day on which it opens
    Column("revoked", Instant),
    PrimaryKeyConstraint("county_id", "id"),
    UniqueConstraint("county_id", "token_hash"),
)  # fmt: skip

calendar_days = Table(
    "calendar_days", metadata,
    _county(),
    _id("unit_id"),  # '' is the whole county
    Column("kind", String(16), nullable=False),  # see people.DAY_KINDS
    Column("since", Date, nullable=False), Column("until", Date, nullable=False),
    PrimaryKeyConstraint("county_id", "unit_id", "kind", "since", "until"),
    _points("unit_id", "units"),
)  # fmt: skip

pupils = Table(
    "pupils", metadata,
    _county(), _id(),
    Column("name", String(80), nullable=False),
    _of("class_id"), _of("village_id"),
    Column("groups", Tags(200), nullable=False, server_default=""),
    Column("home_taught", Boolean, nullable=False, server_default=text("false")),
    Column("local", Boolean, nullable=False, server_default=text("true")),
    Column("entered", Date), Column("born", Date),
    Column("id_hash", LargeBinary), Column("student_hash", LargeBinary), Column("phone_hash", LargeBinary),
    Column("details", LargeBinary),  # a JSON object, sealed with the pupil's own key
    Column("erased", Boolean, nullable=False, server_default=text("false")),
    Column("struck", Boolean, nullable=False, server_default=text("false")),  # entered twice or by mistake
    PrimaryKeyConstraint("county_id", "id"),
    _points("class_id", "units"), _points("village_id", "units"),
    Index("ix_pupils_class", "county_id", "class_id", "name", "id", "erased"),
    Index("ix_pupils_village", "county_id", "village_id"),
    Index("ix_pupils_name", "county_id", "name", "id"),
    Index("ix_pupils_id_hash", "county_id", "id_hash"),
    Index("ix_pupils_student_hash", "county_id", "student_hash"),
    Index("ix_pupils_phone_hash", "county_id", "phone_hash"),
    _only("home_taught = 1", "ix_pupils_home_taught", "county_id", "id"),
    _only("groups <> ''", SQLITE_ONLY[0], "county_id", "groups", "id").ddl_if(dialect="sqlite"),
)  # fmt: skip

pupil_keys = Table(
    "pupil_keys", metadata,
    _county(), _id("pupil_id"),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("county_id", "pupil_id"),
    _points("pupil_id", "pupils"),
)  # fmt: skip

pupil_names = Table(
    "pupil_names", metadata,
    _county(),
    Column("sound", Boolean, nullable=False),  # false: as written; true: folded pinyin
    Column("key", String(80), nullable=False),
    _id("pupil_id"),
    # No foreign key: these rows are made from names, and half a million checks would double an import.
    PrimaryKeyConstraint("county_id", "sound", "key", "pupil_id"),
    Index("ix_pupil_names_pupil", "county_id", "pupil_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

# -- What happened, and what follows from it ---------------------------------------------------

facts = Table(
    "facts", metadata,
    _county(), _id(),
    Column("kind", String(24), nullable=False),
    Column("day", Date, nullable=False),  # the local date it is about
    Column("at", Instant, nullable=False),  # when it was recorded
    _id("person"), Column("role", String(16), nullable=False),
    _of("pupil_id"), _of("unit_id"),
    Column("data", Json, nullable=False),
    Column("words", LargeBinary),  # the free text of data, sealed with the pupil's key (the county's if of a unit)
    Column("source", String(160), nullable=False, server_default=""),
    PrimaryKeyConstraint("county_id", "id"),
    _points("pupil_id", "pupils"), _points("unit_id", "units"),
    Index("ix_facts_pupil", "county_id", "pupil_id", "at"),
    _only("unit_id IS NOT NULL", "ix_facts_unit", "county_id", "unit_id", "kind", "day"),
    Index("ix_facts_source", "county_id", "source"),
    Index("ix_facts_person", "county_id", "person", "at"),
    Index("ix_facts_day", "county_id", "day"),
    _only(RARE, SQLITE_ONLY[1], "county_id", "kind", "day").ddl_if(dialect="sqlite"),
)  # fmt: skip

cases = Table(
    "cases", metadata,
    _county(), _id("pupil_id"),
    Column("state", String(16), nullable=False),
    Column("ledger", String(16), nullable=False),
    Column("day", Integer, nullable=False), Column("since", Date), Column("unverified", Integer, nullable=False),
    Column("leave_from", Date), Column("leave_to", Date),
    Column("returned", Date), Column("promised", Date),
    Column("reason", LargeBinary), Column("reason_code", String(24)),
    _of("helper"), Column("pending", String(24)), Column("last_contact", Date),
    Column("wake", Instant),  # when it next changes by itself
    PrimaryKeyConstraint("county_id", "pupil_id"),
    _follows("pupil_id", "pupils"),
    Index("ix_cases_state", "county_id", "state", "ledger"),
    Index("ix_cases_ledger", "county_id", "ledger"),
    _only("wake IS NOT NULL", "ix_cases_wake", "county_id", "wake"),
)  # fmt: skip

wakes = Table(
    "wakes", metadata,
    _county(), _id("unit_id"),
    Column("at", Instant, nullable=False),  # when that unit's duties next change by themselves
    PrimaryKeyConstraint("county_id", "unit_id"),
    _follows("unit_id", "units"),
    Index("ix_wakes_at", "county_id", "at"),
)  # fmt: skip

duties = Table(
    "duties", metadata,
    _county(), _id(),
    Column("rule", String(32), nullable=False), Column("clause", String(32), nullable=False),
    Column("owner", String(16), nullable=False),
    Column("due", Date, nullable=False),
    _of("pupil_id"), _of("unit_id"),
    Column("status", String(8), nullable=False),
    Column("who", Json, nullable=False),
    Column("closed", Instant), _of("fact_id"),  # when it was met or lapsed, and by which fact
    Column("hint", Json, nullable=False),
    PrimaryKeyConstraint("county_id", "id"),
    _follows("pupil_id", "pupils"), _follows("unit_id", "units"),
    _only("status = 'open'", "ix_duties_due", "county_id", "due", "id"),
    Index("ix_duties_pupil", "county_id", "pupil_id"),
    _only("unit_id IS NOT NULL", "ix_duties_unit", "county_id", "unit_id", "rule", "due"),
)  # fmt: skip

duty_people = Table(
    "duty_people", metadata,
    _county(), _id("person"), _id("duty_id"),  # of open duties only: the way to a person's things to do
    PrimaryKeyConstraint("county_id", "person", "duty_id"),
    Index("ix_duty_people_duty", "county_id", "duty_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

said = Table(
    "said", metadata,
    _county(), _id("duty_id"), Column("step", String(40), nullable=False), _id("person"),
    Column("key", String(160), nullable=False),  # of the outbox row that said it
    Column("at", Instant, nullable=False),
    _of("fact_id"),  # the fact that answered it
    PrimaryKeyConstraint("county_id", "duty_id", "step", "person"),
    Index("ix_said_key", "county_id", "key"),
    Index("ix_said_person", "county_id", "person", "at"),
)  # fmt: skip

snoozes = Table(
    "snoozes", metadata,
    _county(), _id("person"), _id("pupil_id"),
    Column("until", Instant, nullable=False),  # that person's reminders about that pupil wait till then
    PrimaryKeyConstraint("county_id", "person", "pupil_id"),
    _points("pupil_id", "pupils"),
)  # fmt: skip

# -- The doors ---------------------------------------------------------------------------------

inbox = Table(
    "inbox", metadata,
    _county(),
    Column("key", String(160), nullable=False),  # MsgId, or what tells an event from another
    _id("person"),
    Column("at", RealTime, nullable=False),
    Column("words", LargeBinary), Column("reply", LargeBinary),
    PrimaryKeyConstraint("county_id", "key"),
    Index("ix_inbox_person", "county_id", "person", "at"),
    Index("ix_inbox_at", "county_id", "at"),
)  # fmt: skip

talks = Table(
    "talks", metadata,
    _county(), _id("person"),
    Column("state", LargeBinary, nullable=False),
    Column("expires", Instant, nullable=False),
    PrimaryKeyConstraint("county_id", "person"),
)  # fmt: skip

unknowns = Table(
    "unknowns", metadata,
    _county(), _id(), _id("person"),
    Column("at", Instant, nullable=False),
    Column("words", LargeBinary),
    PrimaryKeyConstraint("county_id", "id"),
    Index("ix_unknowns_at", "county_id", "at"),
)  # fmt: skip

outbox = Table(
    "outbox", metadata,
    _county(), _id(),
    Column("key", String(160), nullable=False),
    _id("person"),
    Column("content", LargeBinary),  # text and card
    Column("rules", Json, nullable=False), Column("duties", Json, nullable=False),
    Column("not_before", Instant, nullable=False), Column("expires", Instant),  # on the county's clock
    Column("state", String(8), nullable=False),  # waiting, sent, dead, expired
    Column("free_at", RealTime, nullable=False),  # from which a sender may take it (lease or retry)
    Column("attempts", Integer, nullable=False),
    Column("queued", Instant, nullable=False),
    Column("sent_at", RealTime), Column("msgid", String(160)), Column("response_code", String(160)),
    Column("error", Text),
    Column("cause", String(160), nullable=False, server_default=""),  # the message that it comes from, for the log
    PrimaryKeyConstraint("county_id", "id"),
    UniqueConstraint("county_id", "key"),
    _only("state = 'waiting'", "ix_outbox_waiting", "county_id", "free_at", "not_before", "id"),
    _only("state = 'dead'", "ix_outbox_dead", "county_id", "queued"),
    _only("response_code IS NOT NULL", "ix_outbox_cards", "county_id", "sent_at"),
    Index("ix_outbox_person", "county_id", "person", "queued"),
)  # fmt: skip

tokens = Table(
    "tokens", metadata,
    _county(),
    Column("agent", String(160), nullable=False),
    Column("token", LargeBinary), Column("expires", RealTime),
    Column("leased_until", RealTime, nullable=False),  # one process refreshes, until then
    PrimaryKeyConstraint("county_id", "agent"),
)  # fmt: skip

# -- Papers and the trail ----------------------------------------------------------------------

evidence = Table(
    "evidence", metadata,
    _county(), _id(), _id("person"),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),  # image, file
    Column("media", String(200)),  # WeChat Work's media id, until it is fetched
    _of("pupil_id"), _of("fact_id"), _of("report"),  # what it belongs to; report is unit/month
    Column("state", String(8), nullable=False),  # wanted, kept, lost
    Column("sha256", String(64)), Column("size", Integer), Column("path", LargeBinary),
    Column("type", String(80)),  # content type
    Column("signed", Boolean, nullable=False, server_default=text("false")),  # the paper itself, its sender says
    PrimaryKeyConstraint("county_id", "id"),
    _points("pupil_id", "pupils"),
    Index("ix_evidence_pupil", "county_id", "pupil_id"),
    Index("ix_evidence_fact", "county_id", "fact_id"),
    _only("state = 'wanted'", "ix_evidence_wanted", "county_id", "at"),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    _county(), _id(),
    Column("at", Instant, nullable=False),
    _id("person"), Column("did", String(40), nullable=False),
    Column("subject", String(80), nullable=False),  # pupil:…, unit:…, duty:…: ids, never names
    Column("place", String(80), nullable=False),  # from where: chat, page, command, an address
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("county_id", "id"),
    Index("ix_audit_subject", "county_id", "subject", "at"),
    Index("ix_audit_person", "county_id", "person", "at"),
)  # fmt: skip

audit_chain = Table(
    "audit_chain", metadata,
    _county(), Column("number", Integer, nullable=False),
    _id("audit_id"),
    Column("hash", String(64), nullable=False),  # of the hash before and the row
    PrimaryKeyConstraint("county_id", "number"),
    UniqueConstraint("county_id", "audit_id"),
)  # fmt: skip

reports_frozen = Table(
    "reports_frozen", metadata,
    _county(), _id("unit_id"), Column("month", String(7), nullable=False),
    Column("figures", Json, nullable=False),
    Column("list", LargeBinary, nullable=False),  # the names behind the figures
    Column("hash", String(64), nullable=False),
    _id("person"), Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("county_id", "unit_id", "month"),
    _points("unit_id", "units"),
    Index("ix_reports_frozen_month", "county_id", "month"),
)  # fmt: skip

figures_ready = Table(
    "figures_ready", metadata,
    _county(), Column("name", String(160), nullable=False),
    Column("at", Instant, nullable=False),
    Column("content", LargeBinary),  # sealed JSON; empty for whose turn it is to make them
    PrimaryKeyConstraint("county_id", "name"),
    ForeignKeyConstraint(["county_id"], ["counties.county_id"]),
)  # fmt: skip

paces = Table(
    "paces", metadata,
    _county(), Column("key", LargeBinary, nullable=False),  # an HMAC of the person or the address
    Column("minute", Integer, nullable=False), Column("asked", Integer, nullable=False),
    PrimaryKeyConstraint("county_id", "key"),
    ForeignKeyConstraint(["county_id"], ["counties.county_id"]),
)  # fmt: skip

paper_numbers = Table(
    "paper_numbers", metadata,
    _county(), _id("unit_id"), Column("kind", String(40), nullable=False), Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # counted from 1 for each unit, kind and year
    Column("subject", String(64), nullable=False), Column("day", Date, nullable=False),  # a pupil's id, '' for none
    _id("person"), Column("at", Instant, nullable=False),  # who had it made first, and when
    PrimaryKeyConstraint("county_id", "unit_id", "kind", "year", "number"),
    UniqueConstraint("county_id", "unit_id", "kind", "subject", "day"),
    _points("unit_id", "units"),
)  # fmt: skip

year_rolls = Table(
    "year_rolls", metadata,
    _county(), Column("year", Integer, nullable=False),  # in which the school year begins
    _id("pupil_id"), _id("school_id"), Column("grade", SmallInteger),
    PrimaryKeyConstraint("county_id", "year", "pupil_id"),
    _points("pupil_id", "pupils"), _points("school_id", "units"),
    Index("ix_year_rolls_cohort", "county_id", "year", "grade", "school_id"),
)  # fmt: skip
