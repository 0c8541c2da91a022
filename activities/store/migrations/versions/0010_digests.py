"""What goes in one mail: the notices a shift end brings one reader, and one thing to one address."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add three tables that fill as notices are told."""
    op.create_table(
        "digests",
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("leaves_at", _INSTANT, nullable=False),
        sa.Column("is_closed", sa.Boolean, nullable=False),
        sa.Column("sending_until", _INSTANT),
        sa.PrimaryKeyConstraint("reader", "number", name="pk_digests"),
    )
    op.create_table(
        "digest_notices",
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("effect", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("said", name="pk_digest_notices"),
    )
    op.create_index("ix_digest_notices_reader_number", "digest_notices", ["reader", "number"])
    op.create_table(
        "told_addresses",
        sa.Column("said_to", sa.Text, nullable=False),
        sa.Column("effect_id", sa.Text, nullable=False),
        sa.Column("claimed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("said_to", name="pk_told_addresses"),
    )
