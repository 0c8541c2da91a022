"""How people come in with a browser: links of use once, and the sessions they begin."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; of each secret they keep the sha256 alone."""
    _make("sign_in_links", "made_by", "made_at", sa.Column("used_at", _INSTANT))
    _make("browser_sessions", "began_by", "began_at", sa.Column("used_at", _INSTANT, nullable=False))


def _make(name: str, by: str, at: str, used_at: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column(at, _INSTANT, nullable=False),
        sa.Column(by, sa.Text, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        used_at,
        sa.PrimaryKeyConstraint("digest", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.name"], name=f"fk_{name}_person_people", ondelete="CASCADE"
        ),
    )
    op.create_index(f"ix_{name}_person", name, ["person"])
