"""The tables of what leaves the house: our own truth, made from nothing else.

`delivery_ledger` (what has left it), `webhook_posts` (the bodies of what left by webhook, so that one can be
sent again), `waiting_effects` (what waits to leave while a lane is away for long), `digests` and
`digest_notices` (what a shift end brings one reader, which goes in one mail), `told_addresses` (which of
two notices of one thing to one address is sent) and `told_promises` (what customers were promised, and how it
was kept).

Changes here need a migration; a test compares the two.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table

from activities.store.columns import Instant, Key, Words
from activities.store.tables import CASE_ID, metadata

delivery_ledger = Table(
    "delivery_ledger",
    metadata,
    Column("effect_id", Words, primary_key=True),
    Column("case_id", CASE_ID, nullable=False, index=True),
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
    Index(None, "status", "begun_at"),
)

webhook_posts = Table(
    "webhook_posts",
    metadata,
    Column("effect_id", Words, primary_key=True),
    Column("address", Words, nullable=False),
    Column("url_digest", Key(64), nullable=False),
    Column("is_ours", Boolean, nullable=False),
    Column("body", Words, nullable=False),
)

waiting_effects = Table(
    "waiting_effects",
    metadata,
    Column("queue", Key(40), primary_key=True),
    Column("lane", Key(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("effect", Words, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("reader", Words, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("first_at", Instant, nullable=False),
    Column("leaves_at", Instant, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    Column("sending_until", Instant),
)

digest_notices = Table(
    "digest_notices",
    metadata,
    Column("said", Words, primary_key=True),
    Column("reader", Words, nullable=False),
    Column("number", Integer, nullable=False),
    Column("effect", Words, nullable=False),
    Index(None, "reader", "number"),
)

told_addresses = Table(
    "told_addresses",
    metadata,
    Column("said_to", Words, primary_key=True),
    Column("effect_id", Words, nullable=False),
    Column("claimed_at", Instant, nullable=False),
)

told_promises = Table(
    "told_promises",
    metadata,
    Column("id", Key(64), primary_key=True),
    Column("effect_id", Words, nullable=False),
    Column("case_id", CASE_ID, nullable=False, index=True),
    Column("number", Key(32), nullable=False),
    Column("kind", Key(64), nullable=False),
    Column("clock", Key(64), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("level", Words, nullable=False),
    Column("policy", Words, nullable=False),
    Column("calendar", Key(64), nullable=False),
    Column("entry", Integer, nullable=False),
    Column("before", Words),
    Column("record", Words),
    Column("standing", Key(32)),
    Column("ended_at", Instant),
    Column("late_seconds", Integer),
    Column("why", Key(32)),
    Column("ended_by", Words),
    Column("outcome", Words),
)
