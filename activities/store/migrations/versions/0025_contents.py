"""Files whose contents are kept: whose they are, what they are, who gave them; bytes are in a folder."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "contents",
        sa.Column("file_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(64)),
        sa.Column("form", sa.String(64)),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.String(128), nullable=False),
        sa.Column("claimed_type", sa.Text),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("by_kind", sa.String(32), nullable=False),
        sa.Column("by_role", sa.String(64)),
        sa.Column("door", sa.String(32)),
        sa.Column("request_id", sa.String(128)),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("given_at", _INSTANT, nullable=False),
        sa.Column("named_at", _INSTANT),
        sa.PrimaryKeyConstraint("file_id", name="pk_contents"),
    )
    for column in ("case_id", "form", "tenant"):
        op.create_index(f"ix_contents_{column}", "contents", [column])
    op.create_index("ix_contents_named_at_given_at", "contents", ["named_at", "given_at"])
