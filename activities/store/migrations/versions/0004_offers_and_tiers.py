"""To which centre a case is offered, its tier, and when the store wrote its row."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty until a case is recorded again."""
    for column in (
        sa.Column("offered_to", sa.Text),
        sa.Column("tier", sa.String(8)),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("cases", column)
    for name in ("offered_to", "recorded_at"):
        op.create_index(f"ix_cases_{name}", "cases", [name])
