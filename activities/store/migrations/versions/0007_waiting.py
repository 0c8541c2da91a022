"""What waits to be told while a lane is away."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table that is empty while everything that is told arrives."""
    op.create_table(
        "waiting_effects",
        sa.Column("queue", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("effect", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("queue", "lane", "number", name="pk_waiting_effects"),
    )
