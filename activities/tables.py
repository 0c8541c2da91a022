"""The tables of the case store, and which of them are the truth.

Projections, made from the workflows and made again from them: `cases`, `timeline_entries` and
`case_records` (the whole record of a case that is closed or archived; once Temporal has forgotten the case,
it is all there is). Tables of own truth, which nothing else knows: `delivery_ledger` (what has left the
house), `tenants` (what we know of each tenant; it holds access ids and verification items), and of the
centres `region_closures` (closed by hand), `engineers`, `check_ins` and `absences` (who is there);
`survey_answers` (one for each closure of a case) and `feedback` (what is said of us without a case).

A column has the name of the field it keeps; `cases.recorded_at` is the store's own, the instant at which it
wrote the row. Changes here need a migration; a test compares the two.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
)

from activities.columns import Instant, Key, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

_CASE_ID = Key(64)

cases = Table(
    "cases",
    metadata,
    Column("case_id", _CASE_ID, primary_key=True),
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
    Column("updates_by_staff", Integer, nullable=False),
    Column("updates_by_system", Integer, nullable=False),
    Column("updates_missed", Integer, nullable=False),
    Column("breaches", Integer, nullable=False),
    Column("reopens", Integer, nullable=False),
    Column("parent", _CASE_ID),
    Column("version", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("recorded_at", Instant, index=True),
    Index(None, "next_due_at", "rank", "case_id"),
    Index(None, "tenant", "received_at"),
    Index(None, "tenant", "reference"),
    Index(None, "phase", "region", "assignee"),
)

timeline_entries = Table(
    "timeline_entries",
    metadata,
    Column("case_id", _CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Key(64), nullable=False),
    Column("by", Words, nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("text", Words),
    Column("about", Words),
    Column("due_at", Instant),
    Column("late_seconds", Integer),
    Column("count", Integer),
)

case_records = Table(
    "case_records",
    metadata,
    Column("case_id", _CASE_ID, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("record", Words, nullable=False),
)

delivery_ledger = Table(
    "delivery_ledger",
    metadata,
    Column("effect_id", Words, primary_key=True),
    Column("case_id", _CASE_ID, nullable=False, index=True),
    Column("kind", Key(64), nullable=False),
    Column("recipient", Key(64), nullable=False),
    Column("status", Key(32), nullable=False),
    Column("digest", Key(64), nullable=False),
    Column("content", Words),
    Column("differed", Boolean, nullable=False),
    Column("open_end", Boolean, nullable=False),
    Column("repeated", Boolean, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("settled_at", Instant),
    Column("channel", Key(32)),
    Column("address", Words),
    Column("answer", Words),
    Column("reason", Words),
    Column("failed", Words, nullable=False),
)

tenants = Table(
    "tenants",
    metadata,
    Column("tenant", Words, primary_key=True),
    Column("kind", Key(32)),
    Column("plan", Key(64)),
    Column("region", Key(64)),
    Column("phase", Key(32)),
    Column("record", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("changed_by", Words, nullable=False),
)

region_closures = Table(
    "region_closures",
    metadata,
    Column("region", Key(64), primary_key=True),
    Column("closed_from", Instant, primary_key=True),
    Column("closed_until", Instant),
    Column("reason", Words, nullable=False),
    Column("changed_by", Words, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

engineers = Table(
    "engineers",
    metadata,
    Column("name", Words, primary_key=True),
    Column("region", Key(64), nullable=False, index=True),
    Column("record", Words, nullable=False),
    Column("changed_by", Words, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

check_ins = Table(
    "check_ins",
    metadata,
    Column("engineer", Words, ForeignKey("engineers.name", ondelete="CASCADE"), primary_key=True),
    Column("region", Key(64), nullable=False, index=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("changed_by", Words, nullable=False),
)

absences = Table(
    "absences",
    metadata,
    Column("engineer", Words, ForeignKey("engineers.name", ondelete="CASCADE"), primary_key=True),
    Column("away_from", Instant, nullable=False),
    Column("away_until", Instant),
    Column("changed_by", Words, nullable=False),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("case_id", _CASE_ID, primary_key=True),
    Column("closure", Integer, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
    Column("comment", Words),
    Column("answered_at", Instant, nullable=False, index=True),
    Column("answered_by", Words, nullable=False),
    Column("request_id", Words),
)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", Key(128), primary_key=True),
    Column("tenant", Words),
    Column("given_by", Words),
    Column("text", Words, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("taken_by", Words, nullable=False),
)
