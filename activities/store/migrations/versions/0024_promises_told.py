"""Promises told to customers: what, when, by which record, and how each was kept."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; of promises told before nothing is known."""
    op.create_table(
        "told_promises",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("effect_id", sa.Text, nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("clock", sa.String(64), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("entry", sa.Integer, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("record", sa.Text),
        sa.Column("standing", sa.String(32)),
        sa.Column("ended_at", _INSTANT),
        sa.Column("late_seconds", sa.Integer),
        sa.Column("why", sa.String(32)),
        sa.Column("ended_by", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_told_promises"),
    )
    op.create_index("ix_told_promises_case_id", "told_promises", ["case_id"])
