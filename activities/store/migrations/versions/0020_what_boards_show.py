"""The order of boards: what is owed first of a case, and when its people last did something about it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; until a case is written again, the next promise stands for what is owed first."""
    op.add_column("cases", sa.Column("owed_clock", sa.String(64)))
    op.add_column("cases", sa.Column("owed_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE cases SET owed_clock = next_clock, owed_at = next_due_at")
    op.create_index(
        "ix_timeline_entries_case_id_by_kind_at", "timeline_entries", ["case_id", "by_kind", "at"]
    )
