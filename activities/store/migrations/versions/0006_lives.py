"""Which life of a reference a row is of: when its first run was started, and where it is spoken to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns, empty for what was recorded before, and an index."""
    op.add_column("cases", sa.Column("workflow_id", sa.String(128)))
    op.add_column("cases", sa.Column("begun_at", sa.DateTime(timezone=True)))
    op.create_index("ix_cases_workflow_id", "cases", ["workflow_id"])
