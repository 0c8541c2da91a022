"""How late each clock was acted on, in milliseconds; of those before, nothing is known."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, and note since when it is kept."""
    op.create_table(
        "fired_clocks",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("clock", sa.String(64), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("is_warning", sa.Boolean, nullable=False),
        sa.Column("late_ms", sa.BigInteger, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name="fk_fired_clocks_case_id_cases", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "clock", "due_at", "is_warning", name="pk_fired_clocks"),
    )
    op.create_index("ix_fired_clocks_due_at", "fired_clocks", ["due_at"])
    kept = sa.table("past_kept", sa.column("what", sa.String(16)), sa.column("since", _INSTANT))
    op.bulk_insert(kept, [{"what": "lateness", "since": datetime.now(UTC)}])
