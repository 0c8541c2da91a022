"""Requests that were refused and whose senders waited for no answer."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table of its own truth: why each was refused, and who was told."""
    op.create_table(
        "refused_requests",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("workflow_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text, nullable=False),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(64)),
        sa.Column("tenant", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("reference", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("sender", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("notice", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refused_requests"),
    )
    for column in ("workflow_id", "case_id", "address"):
        op.create_index(f"ix_refused_requests_{column}", "refused_requests", [column])
