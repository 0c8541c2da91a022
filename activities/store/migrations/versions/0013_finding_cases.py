"""By what a case is found: whole keys, words in a full text, and the spellings there are."""

import sqlalchemy as sa
from alembic import op

from activities.store.case_index import index_all

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SQLITE = (
    "create virtual table case_words using fts5(title, names, text, tokenize = 'ascii', prefix = '2 3 4')",
    """create trigger case_words_forgotten after delete on case_search
       begin delete from case_words where rowid = old.id; end""",
)
_POSTGRESQL = (
    """create table case_words (
         rowid integer primary key references case_search (id) on delete cascade, words tsvector not null
       )""",
    "create index ix_case_words_words on case_words using gin (words)",
)


def upgrade() -> None:
    """Add the tables, and put the cases there are into them: half a millisecond each."""
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    spelling = sa.Text(collation="C") if is_postgresql else sa.Text()
    op.create_table(
        "case_search",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_search"),
        sa.UniqueConstraint("case_id", name="uq_case_search_case_id"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name="fk_case_search_case_id_cases", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "case_keys",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", spelling, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "key", name="pk_case_keys"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_search.case_id"], name="fk_case_keys_case_id_case_search", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_case_keys_key", "case_keys", ["key"])
    op.create_table(
        "known_words",
        sa.Column("word", spelling, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_known_words"),
    )
    for statement in _POSTGRESQL if is_postgresql else _SQLITE:
        op.execute(statement)
    index_all(connection)
