"""The tenant directory, and an index for finding a tenant's case by their own reference."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of tenants."""
    op.create_table(
        "tenants",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32)),
        sa.Column("plan", sa.String(64)),
        sa.Column("region", sa.String(64)),
        sa.Column("phase", sa.String(32)),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_tenants"),
    )
    op.create_index("ix_cases_tenant_reference", "cases", ["tenant", "reference"])
