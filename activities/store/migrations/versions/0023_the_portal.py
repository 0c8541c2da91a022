"""Whom private cases are for, links that let newcomers in, links to cases that were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; no case that is there is private."""
    op.add_column("cases", sa.Column("private_to", sa.Text))
    with op.batch_alter_table("sign_in_links") as links:
        links.alter_column("person", existing_type=sa.Text, nullable=True)
        links.add_column(sa.Column("newcomer", sa.Text))
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_links"),
    )
