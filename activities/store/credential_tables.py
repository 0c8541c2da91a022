"""The tables of who may speak and what programs said: our own truth, made from nothing else.

`people`, `api_keys`, `sign_in_links` (`newcomer` is who comes in by it for the first time) and
`browser_sessions` (of each secret its sha256 alone), `case_links` (up to when links to one case were taken
back), `audit` (what was refused, to whom), `answered_requests` (what a program was answered under its key)
and `drafts` (what a software agent would say).

Changes here need a migration; a test compares the two.
"""

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, UniqueConstraint

from activities.store.columns import Instant, Key, Words
from activities.store.tables import CASE_ID, metadata

people = Table(
    "people",
    metadata,
    Column("name", Words, primary_key=True),
    Column("record", Words, nullable=False),
    Column("email", Words, unique=True),
    Column("issuer", Words),
    Column("subject", Words),
    Column("changed_by", Words, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("issuer", "subject"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("prefix", Key(16), primary_key=True),
    Column("digest", Key(64), nullable=False),
    Column("person", Words, ForeignKey("people.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_by", Words),
    Column("used_at", Instant),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", Key(64), primary_key=True),
    Column("person", Words, ForeignKey("people.name", ondelete="CASCADE"), index=True),
    Column("newcomer", Words),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

case_links = Table(
    "case_links",
    metadata,
    Column("case_id", CASE_ID, primary_key=True),
    Column("revoked_at", Instant, nullable=False),
    Column("revoked_by", Words, nullable=False),
)

browser_sessions = Table(
    "browser_sessions",
    metadata,
    Column("digest", Key(64), primary_key=True),
    Column("person", Words, ForeignKey("people.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("began_by", Words, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", Key(64), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("last_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("door", Key(32), nullable=False),
    Column("credential", Words),
    Column("who", Words),
    Column("asked", Words, nullable=False),
    Column("code", Key(64), nullable=False),
    Column("why", Words),
)

answered_requests = Table(
    "answered_requests",
    metadata,
    Column("caller", Words, primary_key=True),
    Column("key", Key(255), primary_key=True),
    Column("digest", Key(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Words, nullable=False),
    Column("case_id", CASE_ID, index=True),
    Column("answered_at", Instant, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("draft_id", Key(32), primary_key=True),
    Column("case_id", CASE_ID, nullable=False, index=True),
    Column("number", Key(32), nullable=False),
    Column("tenant", Words, nullable=False),
    Column("verb", Key(64), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("because", Words, nullable=False),
    Column("drafted_by", Words, nullable=False),
    Column("drafted_at", Instant, nullable=False),
    Column("state", Key(16), nullable=False, index=True),
    Column("decided_by", Words),
    Column("decided_at", Instant),
)
