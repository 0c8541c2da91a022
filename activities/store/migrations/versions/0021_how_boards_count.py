"""When our people last acted on a case, beside the case, and an index that counts and orders open cases."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_BOARD = ("offered_to", "owed_at", "rank", "received_at", "case_id", "acted_at", "level")
_ACTED_AT = """
    SELECT max(at) FROM timeline_entries
    WHERE timeline_entries.case_id = cases.case_id AND by_kind = 'staff' AND kind NOT IN
        ('submitted', 'handoff_offered', 'handoff_accepted', 'handoff_declined', 'handed_over', 'reassigned')
"""


def upgrade() -> None:
    """Add the column as the entries have it; the new index begins as the one it replaces."""
    op.add_column("cases", sa.Column("acted_at", sa.DateTime(timezone=True)))
    op.execute(f"UPDATE cases SET acted_at = ({_ACTED_AT})")  # noqa: S608  a constant
    op.drop_index("ix_cases_phase_region_assignee", "cases")
    op.create_index("ix_cases_board", "cases", ["phase", "region", "assignee", *_BOARD])
