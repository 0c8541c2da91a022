"""Who has accepted a case that changes hands at the end of the shift."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty until a case is recorded again."""
    op.add_column("cases", sa.Column("accepted_by", sa.Text))
