"""Cases, their timelines and records, and the ledger of deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    _cases()
    _timeline_entries()
    _case_records()
    _delivery_ledger()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("tenant", "reference", "policy", "plan", "title", "level")
        ),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("phase", sa.String(32), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("assignee", sa.Text),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True))
            for name in ("responded_at", "resolved_at", "closed_at", "next_due_at")
        ),
        sa.Column("close_reason", sa.String(64)),
        sa.Column("next_clock", sa.String(64)),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("updates_by_staff", "updates_by_system", "updates_missed", "breaches", "reopens")
        ),
        sa.Column("parent", sa.String(64)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    op.create_index("ix_cases_number", "cases", ["number"])
    op.create_index("ix_cases_next_due_at_rank_case_id", "cases", ["next_due_at", "rank", "case_id"])
    op.create_index("ix_cases_tenant_received_at", "cases", ["tenant", "received_at"])


def _timeline_entries() -> None:
    op.create_table(
        "timeline_entries",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("internal", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("about", sa.Text),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("late_seconds", sa.Integer),
        sa.Column("count", sa.Integer),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_timeline_entries"),
        _of_a_case("timeline_entries"),
    )


def _case_records() -> None:
    op.create_table(
        "case_records",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_records"),
        _of_a_case("case_records"),
    )


def _delivery_ledger() -> None:
    op.create_table(
        "delivery_ledger",
        sa.Column("effect_id", sa.Text, nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("differed", "open_end", "repeated")),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("channel", sa.String(32)),
        *(sa.Column(name, sa.Text) for name in ("address", "answer", "reason")),
        sa.Column("failed", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("effect_id", name="pk_delivery_ledger"),
    )
    op.create_index("ix_delivery_ledger_case_id", "delivery_ledger", ["case_id"])


def _of_a_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["case_id"], ["cases.case_id"], name=f"fk_{table}_case_id_cases", ondelete="CASCADE"
    )
