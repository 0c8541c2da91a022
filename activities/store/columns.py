"""Two kinds of column that mean the same in SQLite and in PostgreSQL.

This room knows how a value is stored, never what it is for.
"""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], "\N{REPLACEMENT CHARACTER}")


class Instant(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring an instant to UTC. Raises: ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value.isoformat()}; give it in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to what was stored without one."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length; what no database takes (NUL, lone surrogates) is shown as a replacement.

    Refusing it here would hold up the record of a whole case for one character.
    """

    impl: type[String] = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else str(value).translate(_UNSTORABLE)


class Key(Words):
    """Words of a limited length, for ids and names of ours."""

    impl = String
    cache_ok = True


Spelling = Text().with_variant(Text(collation="C"), "postgresql")
"""Words made by `activities.store.spelling`, ordered by code points: those that begin alike side by side."""
