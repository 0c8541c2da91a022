"""What programs were answered under their keys, and in which order events came to be known."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _transaction() -> sa.TextClause:
    """Return what names the transaction that writes a row; SQLite has one writer at a time, and none."""
    if op.get_bind().dialect.name == "postgresql":
        return sa.text("(pg_current_xact_id()::text::bigint)")
    return sa.text("0")


def upgrade() -> None:
    """Make the tables; what is known already comes first in the order, case by case."""
    _make_answers()
    _make_order()
    _make_drafts()
    op.execute(
        "insert into event_order (case_id, number) "
        "select case_id, number from timeline_entries order by at, case_id, number"
    )


def _make_answers() -> None:
    op.create_table(
        "answered_requests",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("case_id", sa.String(64)),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_answered_requests"),
    )
    op.create_index("ix_answered_requests_case_id", "answered_requests", ["case_id"])


def _make_order() -> None:
    op.create_table(
        "event_order",
        sa.Column(
            "place",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.Identity(),
            nullable=False,
        ),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("written_by", sa.BigInteger, nullable=False, server_default=_transaction()),
        sa.UniqueConstraint("case_id", "number", name="uq_event_order_case_id"),
        sa.PrimaryKeyConstraint("place", name="pk_event_order"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_order_written_by_place", "event_order", ["written_by", "place"])


def _make_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("verb", sa.String(64), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("draft_id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_case_id", "drafts", ["case_id"])
    op.create_index("ix_drafts_state", "drafts", ["state"])
