"""Which Temporal namespace the cases of the store live in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty until a worker begins."""
    op.create_table(
        "served_by",
        sa.Column("namespace_id", sa.String(64), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("namespace_id", name="pk_served_by"),
    )
