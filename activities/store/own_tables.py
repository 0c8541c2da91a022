"""The tables of what we know beside the cases: our own truth, made from nothing else.

`tenants` (what we know of each; it holds access ids and verification items), of the centres
`region_closures` (closed by hand), `engineers`, `check_ins` and `absences` (who is there), `centre_past` (how
people and regions stood, from when until when), `past_kept` (since when the past is kept), `survey_answers`
(one for each closure of a case), `feedback` (what is said of us without a case), `refused_requests` (what was
sent without waiting for an answer, and why it opened no case) and `served_by` (in which namespace the cases
live).

What leaves the house is in `delivery_tables`, who may speak in `credential_tables`, files in
`content_tables`, what is made from the workflows in `tables`. Changes here need a migration; a test compares
the two.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table

from activities.store.columns import Instant, Key, Words
from activities.store.tables import CASE_ID, metadata

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

centre_past = Table(
    "centre_past",
    metadata,
    Column("what", Key(16), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("until", Instant, nullable=False, index=True),
    Column("region", Key(64), nullable=False),
    Column("record", Words, nullable=False),
    Column("changed_by", Words, nullable=False),
    Column("ended_by", Words),
)

past_kept = Table(
    "past_kept",
    metadata,
    Column("what", Key(16), primary_key=True),
    Column("since", Instant, nullable=False),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("case_id", CASE_ID, primary_key=True),
    Column("closure", Integer, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
    Column("wait_time", Integer),
    Column("patience", Integer),
    Column("comment", Words),
    Column("suggestions", Words),
    Column("answered_at", Instant, nullable=False, index=True),
    Column("answered_by", Words, nullable=False),
    Column("request_id", Words),
)

served_by = Table(
    "served_by",
    metadata,
    Column("namespace_id", Key(64), primary_key=True),
    Column("address", Words, nullable=False),
    Column("noted_at", Instant, nullable=False),
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

refused_requests = Table(
    "refused_requests",
    metadata,
    Column("id", Key(40), primary_key=True),
    Column("workflow_id", Words, nullable=False, index=True),
    Column("run_id", Key(64), nullable=False),
    Column("refused_at", Instant, nullable=False),
    Column("code", Key(64), nullable=False),
    Column("reason", Words, nullable=False),
    Column("remedy", Words, nullable=False),
    Column("missing", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("case_id", CASE_ID, index=True),
    Column("tenant", Words),
    Column("source", Words),
    Column("reference", Words),
    Column("title", Words),
    Column("sender", Words),
    Column("address", Words, index=True),
    Column("language", Words),
    Column("notice", Words, nullable=False),
)
