"""How a case goes on after a reset of the engine: its file, and the messages it has taken."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables, which fill as cases are recorded."""
    op.create_table(
        "case_files",
        sa.Column("life", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("life", name="pk_case_files"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name="fk_case_files_case_id_cases", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_case_files_case_id", "case_files", ["case_id"])
    op.create_table(
        "taken_messages",
        sa.Column("life", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("said", sa.String(16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("life", "number", name="pk_taken_messages"),
        sa.ForeignKeyConstraint(
            ["life"], ["case_files.life"], name="fk_taken_messages_life_case_files", ondelete="CASCADE"
        ),
    )
