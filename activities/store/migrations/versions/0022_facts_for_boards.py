"""What boards show of a case beside its row, so that they need not read whole cases."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; until a case is written again, boards read the whole of it."""
    op.add_column("case_files", sa.Column("facts", sa.Text))
