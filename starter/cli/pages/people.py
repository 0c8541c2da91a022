"""Who may come in, as a table: what is found by, never what opens."""

from collections.abc import Iterable
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING

from rich.table import Table

from starter.cli.pages.parts import plain, table
from starter.door.plain import moment, words

if TYPE_CHECKING:
    from activities.people.credentials import ApiKey
    from activities.store.audit import AuditRow
    from domain.people import Person
    from starter.door.people import Listed


def as_whom(person: "Person") -> str:
    """Say as whom somebody speaks: `engineer, L1, sydney`, `customer of acme`."""
    role = words(person.role) if person.tenant is None else f"{words(person.role)} of {person.tenant}"
    return ", ".join(filter(None, (role, person.tier, person.region, person.email)))


def people_table(rows: "Iterable[Listed]", now: datetime) -> Table:
    """List people and their keys, a line each."""
    found = table("name", "as", "key", "ends", "last used")
    for one in rows:
        stands = " (revoked)" if one.kept.revoked_at else ""
        whose = (plain(one.kept.person.name), plain(f"{as_whom(one.kept.person)}{stands}"))
        for key in one.keys:
            found.add_row(*whose, key.prefix, _ends(key, now), moment(key.used_at))
        if not one.keys:
            found.add_row(*whose, "-", "-", "-")
    return found


def _ends(key: "ApiKey", now: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {moment(key.revoked_at)}"
    ended = key.expires_at <= now
    return f"{'ended ' if ended else ''}{moment(key.expires_at)}"


def audit_table(rows: "Iterable[AuditRow]") -> Table:
    """List what was refused, the latest first."""
    found = table("at", "times", "door", "credential", "who", "asked", "code", "why")
    for row in rows:
        found.add_row(
            moment(row.last_at),
            str(row.count),
            words(row.door),
            plain(row.credential),
            plain(row.who),
            plain(row.asked),
            row.code,
            plain(row.why),
        )
    return found


def quoted(name: str) -> str:
    """Write a name as a shell takes it."""
    return quote(name)
