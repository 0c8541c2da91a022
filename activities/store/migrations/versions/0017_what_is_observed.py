"""Which message an entry comes from, and what is still to be delivered, for those who watch the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which older entries leave empty, and the index."""
    op.add_column("timeline_entries", sa.Column("request_id", sa.String(100)))
    op.create_index("ix_delivery_ledger_status_begun_at", "delivery_ledger", ["status", "begun_at"])
