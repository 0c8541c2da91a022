"""How it went: answers to surveys, and feedback; what a case was about, and what it was promised."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables, and columns that are empty until a case is recorded again."""
    op.add_column("cases", sa.Column("category", sa.Text))
    op.add_column("cases", sa.Column("response_promised", sa.Boolean))
    op.create_index("ix_cases_received_at", "cases", ["received_at"])
    op.create_table(
        "survey_answers",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("closure", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text),
        sa.PrimaryKeyConstraint("case_id", "closure", name="pk_survey_answers"),
    )
    op.create_index("ix_survey_answers_answered_at", "survey_answers", ["answered_at"])
    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(128), nullable=False),
        sa.Column("tenant", sa.Text),
        sa.Column("given_by", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_received_at", "feedback", ["received_at"])
