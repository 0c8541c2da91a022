"""The bodies of what leaves by webhook, so that one that got lost can be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what left before it is listed, and not sent again."""
    op.create_table(
        "webhook_posts",
        sa.Column("effect_id", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("url_digest", sa.String(64), nullable=False),
        sa.Column("is_ours", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("effect_id", name="pk_webhook_posts"),
    )
