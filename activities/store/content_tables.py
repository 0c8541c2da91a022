"""The table of files whose contents are kept: our own truth. The bytes lie in a folder beside the store.

Changes here need a migration; a test compares the two.
"""

from sqlalchemy import Column, Index, Integer, Table

from activities.store.columns import Instant, Key, Words
from activities.store.tables import CASE_ID, metadata

contents = Table(
    "contents",
    metadata,
    Column("file_id", Key(32), primary_key=True),
    Column("case_id", CASE_ID, index=True),
    Column("form", Key(64), index=True),
    Column("tenant", Words, nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("media_type", Key(128), nullable=False),
    Column("claimed_type", Words),
    Column("size", Integer, nullable=False),
    Column("sha256", Key(64), nullable=False),
    Column("given_by", Words, nullable=False),
    Column("by_kind", Key(32), nullable=False),
    Column("by_role", Key(64)),
    Column("door", Key(32)),
    Column("request_id", Key(128)),
    Column("position", Integer, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("named_at", Instant),
    Index("ix_contents_named_at_given_at", "named_at", "given_at"),
)
"""Until a case is there, a file is under the digest of a `form`; `named_at` is when its case named it."""
