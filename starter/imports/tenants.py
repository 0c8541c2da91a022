"""A file of tenants: a JSON list, JSON lines or TOML `[[tenants]]`."""

from collections.abc import Iterator
from functools import lru_cache

from domain.tenants import TenantRecord
from policies import CalendarUnknown, HolidayTableInvalid, holiday_table
from starter.imports.record_file import (
    Item,
    RecordFile,
    Wrong,
    nothing_more,
    numbered,
    of_json,
    of_toml,
    unknown_zone,
)

MAX_BYTES = 20 * 1024 * 1024


def read_tenants(name: str) -> tuple[TenantRecord, ...]:
    """Read a file, or standard input as JSON for `-`. Raises: Fault."""
    # Zones and calendars of a whole file are looked up once each; one nobody has would refuse every case.
    looked_up = lru_cache(maxsize=None)(_unknown)

    def unknown_places(record: TenantRecord) -> Iterator[Wrong]:
        for field, place in (("zone", record.zone), ("calendar", record.calendar)):
            yield from looked_up(field, place) if place is not None else ()

    return RecordFile(
        record="tenant",
        name="tenant",
        model=TenantRecord,
        most=MAX_BYTES,
        take_apart=_items,
        before=nothing_more,
        after=unknown_places,
        forms="give a JSON list, one JSON object a line, or TOML with [[tenants]] in a file named .toml",
        nobody="there is no tenant in it",
        example="see docs/tenants.md for an example",
    ).read(name)


def _items(text: str, is_toml: bool) -> Iterator[Item]:
    """Take the file apart. Raises: ValueError where it is neither of the three."""
    begins = text.lstrip()[:1]
    if is_toml or not begins:
        return numbered(of_toml(text, "tenants") if is_toml else ())
    if begins == "[":
        return numbered(of_json(text))
    if begins != "{":
        raise ValueError("it begins with neither [ nor {")
    try:
        return numbered([of_json(text)])  # one object, which may have many lines
    except ValueError:
        return _of_lines(text)


def _of_lines(text: str) -> Iterator[Item]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield Item(f"line {number}", of_json(line))
            except ValueError as error:
                yield Item(f"line {number}", None, f"it is not JSON: {error}")


def _unknown(field: str, name: str) -> tuple[Wrong, ...]:
    if field == "zone":
        return tuple(unknown_zone(field, name))
    try:
        holiday_table(name)
    except (CalendarUnknown, HolidayTableInvalid) as error:
        return (Wrong(field, str(error)),)
    return ()
