"""What a survey asks besides the score: how long they waited, how patient we were, what to do better."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty for every answer given before."""
    op.add_column("survey_answers", sa.Column("wait_time", sa.Integer))
    op.add_column("survey_answers", sa.Column("patience", sa.Integer))
    op.add_column("survey_answers", sa.Column("suggestions", sa.Text))
