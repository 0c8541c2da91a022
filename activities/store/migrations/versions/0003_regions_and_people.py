"""Centres closed by hand, engineers, who has checked in and who is away; an index that counts open cases."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of the rota."""
    op.create_table(
        "region_closures",
        sa.Column("region", sa.String(64), nullable=False),
        sa.Column("closed_from", _INSTANT, nullable=False),
        sa.Column("closed_until", _INSTANT),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("region", "closed_from", name="pk_region_closures"),
    )
    _engineers()
    _check_ins()
    _absences()
    op.create_index("ix_cases_phase_region_assignee", "cases", ["phase", "region", "assignee"])


def _engineers() -> None:
    op.create_table(
        "engineers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("region", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_engineers"),
    )
    op.create_index("ix_engineers_region", "engineers", ["region"])


def _check_ins() -> None:
    op.create_table(
        "check_ins",
        sa.Column("engineer", sa.Text, nullable=False),
        sa.Column("region", sa.String(64), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("engineer", name="pk_check_ins"),
        sa.ForeignKeyConstraint(
            ["engineer"], ["engineers.name"], name="fk_check_ins_engineer_engineers", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_check_ins_region", "check_ins", ["region"])


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("engineer", sa.Text, nullable=False),
        sa.Column("away_from", _INSTANT, nullable=False),
        sa.Column("away_until", _INSTANT),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("engineer", name="pk_absences"),
        sa.ForeignKeyConstraint(
            ["engineer"], ["engineers.name"], name="fk_absences_engineer_engineers", ondelete="CASCADE"
        ),
    )
