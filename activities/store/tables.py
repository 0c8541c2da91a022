"""The projections of the case store: made from the workflows, and made again from them.

`cases`, `timeline_entries` and `case_records` (the whole record of a case that is closed or archived; once
Temporal has forgotten the case, it is all there is), `case_moments` (how each stood from when until when),
`fired_clocks` (how late we acted on what was due), `event_order` (in which order entries came to be known),
`case_files` and `taken_messages` (how each life of a case stands, and what it has taken: a case whose engine
was reset goes on from there), `case_search`, `case_keys`, `known_words` (what a case is found by, beside
`case_words`, the full text, which each database has in its own way). What nothing else knows is in
`delivery_tables`, `credential_tables` and `own_tables`.

A column has the name of the field it keeps. The store's own are `cases.recorded_at`, the instant at which it
wrote the row, and `cases.acted_at`, when somebody of ours last acted on the case by the entries it keeps.
Changes here need a migration; a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from activities.store.columns import Instant, Key, Spelling, Words
from domain.timeline import EntryKind

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

CASE_ID = Key(64)
"""The id of a case, as every table keeps it."""

_BOARD = ("offered_to", "owed_at", "rank", "received_at", "case_id", "acted_at", "level")
"""What boards ask of every open case to count them and put them in order: rows are wide, the index is not."""

_COUNTED = " OR ".join(
    f"kind = '{kind.value}'"
    for kind in (
        EntryKind.BREACHED,
        EntryKind.HANDED_OVER,
        EntryKind.ESCALATED,
        EntryKind.ESCALATION_REQUESTED,
        EntryKind.ESCALATION_DECLINED,
        EntryKind.ESCALATED_TO_VENDOR,
        EntryKind.REVIEW_REQUESTED,
    )
)
"""Which entries statistics count: one in ten of all. What asks for one says its kind in these very words."""

cases = Table(
    "cases",
    metadata,
    Column("case_id", CASE_ID, primary_key=True),
    Column("number", Key(32), nullable=False, index=True),
    Column("tenant", Words, nullable=False),
    Column("reference", Words, nullable=False),
    Column("policy", Words, nullable=False),
    Column("plan", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("category", Words),
    Column("level", Words, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("phase", Key(32), nullable=False),
    Column("region", Words, nullable=False),
    Column("offered_to", Words, index=True),
    Column("accepted_by", Words),
    Column("tier", Key(8)),
    Column("assignee", Words),
    Column("received_at", Instant, nullable=False, index=True),
    Column("response_promised", Boolean),
    Column("responded_at", Instant),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("close_reason", Key(64)),
    Column("next_clock", Key(64)),
    Column("next_due_at", Instant),
    Column("owed_clock", Key(64)),
    Column("owed_at", Instant),
    Column("updates_by_staff", Integer, nullable=False),
    Column("updates_by_system", Integer, nullable=False),
    Column("updates_missed", Integer, nullable=False),
    Column("breaches", Integer, nullable=False),
    Column("reopens", Integer, nullable=False),
    Column("parent", CASE_ID),
    Column("private_to", Words),
    Column("workflow_id", Key(128), index=True),
    Column("begun_at", Instant),
    Column("version", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("recorded_at", Instant, index=True),
    Column("acted_at", Instant),
    Index(None, "next_due_at", "rank", "case_id"),
    Index(None, "tenant", "received_at"),
    Index(None, "tenant", "reference"),
    Index("ix_cases_board", "phase", "region", "assignee", *_BOARD),
)

timeline_entries = Table(
    "timeline_entries",
    metadata,
    Column("case_id", CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Key(64), nullable=False),
    Column("by", Words, nullable=False),
    Column("by_kind", Key(16)),
    Column("by_role", Key(32)),
    Column("door", Key(32)),
    Column("internal", Boolean, nullable=False),
    Column("text", Words),
    Column("about", Words),
    Column("due_at", Instant),
    Column("late_seconds", Integer),
    Column("count", Integer),
    Column("request_id", Key(100)),
    Index(None, "case_id", "by_kind", "at"),
    Index(
        "ix_timeline_entries_counted",
        *("kind", "at", "about", "case_id", "number", "count"),
        sqlite_where=text(_COUNTED),
        postgresql_where=text(_COUNTED),
    ),
)

case_moments = Table(
    "case_moments",
    metadata,
    Column("case_id", CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("policy", Words, nullable=False),
    Column("level", Words, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("phase", Key(32), nullable=False),
    Column("region", Words, nullable=False),
    Column("offered_to", Words),
    Column("tier", Key(8)),
    Column("assignee", Words),
    Column("next_due_at", Instant),
    Column("owed_at", Instant),
    Column("breaches", Integer, nullable=False),
    Column("facts", Words, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    Index(None, "phase", "until", "at"),
)

fired_clocks = Table(
    "fired_clocks",
    metadata,
    Column("case_id", CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("clock", Key(64), primary_key=True),
    Column("due_at", Instant, primary_key=True),
    Column("is_warning", Boolean, primary_key=True),
    Column("late_ms", BigInteger, nullable=False),
    Column("region", Words, nullable=False),
    Index(None, "due_at"),
)

case_records = Table(
    "case_records",
    metadata,
    Column("case_id", CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("record", Words, nullable=False),
)

case_search = Table(
    "case_search",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("digest", Key(64), nullable=False),
    Column("facts", LargeBinary, nullable=False),
)

case_keys = Table(
    "case_keys",
    metadata,
    Column("case_id", CASE_ID, ForeignKey("case_search.case_id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Key(16), primary_key=True),
    Column("key", Spelling, primary_key=True),
    Index(None, "key"),
)

known_words = Table("known_words", metadata, Column("word", Spelling, primary_key=True))

case_files = Table(
    "case_files",
    metadata,
    Column("life", Key(64), primary_key=True),
    Column("case_id", CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("file", LargeBinary, nullable=False),
    Column("facts", Words),
)

taken_messages = Table(
    "taken_messages",
    metadata,
    Column("life", Key(64), ForeignKey("case_files.life", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("cause", Key(16), nullable=False),
    Column("said", Key(16), nullable=False),
    Column("received_at", Instant, nullable=False),
)

event_order = Table(
    "event_order",
    metadata,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("case_id", CASE_ID, nullable=False),
    Column("number", Integer, nullable=False),
    Column("written_by", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("case_id", "number"),
    Index(None, "written_by", "place"),
    sqlite_autoincrement=True,
)
