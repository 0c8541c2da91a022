"""People, their keys, what was refused; and of each timeline entry on which side and through which door."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and add three columns that older entries lack."""
    _people()
    _api_keys()
    _audit()
    op.add_column("timeline_entries", sa.Column("by_kind", sa.String(16)))
    op.add_column("timeline_entries", sa.Column("by_role", sa.String(32)))
    op.add_column("timeline_entries", sa.Column("door", sa.String(32)))


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("issuer", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.UniqueConstraint("issuer", "subject", name="uq_people_issuer"),
    )


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT),
        sa.Column("revoked_by", sa.Text),
        sa.Column("used_at", _INSTANT),
        sa.PrimaryKeyConstraint("prefix", name="pk_api_keys"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.name"], name="fk_api_keys_person_people", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_api_keys_person", "api_keys", ["person"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.String(64), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("door", sa.String(32), nullable=False),
        sa.Column("credential", sa.Text),
        sa.Column("who", sa.Text),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("why", sa.Text),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
