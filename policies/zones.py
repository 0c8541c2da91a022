"""Local time as data: reads the pinned zone database and writes down every change of UTC offset.

This room may read files. It reads the `tzdata` package itself, never the machine's own zone files, so that
the version it names is the version it used.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo

from domain.time.local_time import LocalZone, OffsetChange, as_utc

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class ZoneUnknown(ValueError):
    """A zone is not the IANA name of a place (or UTC), so local time by it is a guess (RHIPE-24)."""


@lru_cache(maxsize=1)
def tzdata_version() -> str:
    """Name the release of the zone database that is read, such as 2026.6."""
    return version("tzdata")


def local_zone(name: str, start: datetime, end: datetime) -> LocalZone:
    """Write down the local time of a place from `start` to `end`, instants, both included.

    Raises: ZoneUnknown for anything but a place of the IANA database or UTC: an abbreviation (AEST is two
    offsets, MYT none of IANA's), a fixed offset, another spelling (RHIPE-24).
    """
    if name not in {"UTC", "Etc/UTC"} and ("/" not in name or name.startswith("Etc/")):
        raise ZoneUnknown(
            f"{name!r} is an abbreviation or a fixed offset; name a place, like Australia/Melbourne, or UTC"
        )
    return database_zone(name, start, end)


def database_zone(name: str, start: datetime, end: datetime) -> LocalZone:
    """Write down the local time of any zone of the database, places or not, as `local_zone`.

    Raises: ZoneUnknown for a name that the database does not have.
    """
    zone = _read(name)
    begin = as_utc(start).replace(microsecond=0)
    at, seconds = begin, _offset(zone, begin)
    changes = [OffsetChange(at=at, seconds=seconds)]
    # Offsets are sampled once a day: no place has gone there and back within one.
    while at < end:
        probe = min(at + _DAY, as_utc(end))
        if _offset(zone, probe) == seconds:
            at = probe
        else:
            at = _first_other(zone, at, probe)
            seconds = _offset(zone, at)
            changes.append(OffsetChange(at=at, seconds=seconds))
    return LocalZone(name=name, changes=tuple(changes))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def _read(name: str) -> ZoneInfo:
    # The list of names is asked first: a name is a path, and nothing but a name may become one.
    if name not in _names():
        raise ZoneUnknown(f"{name!r} is no zone of the IANA database {tzdata_version()}; mind the capitals")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _first_other(zone: ZoneInfo, same: datetime, other: datetime) -> datetime:
    """Find, to the second, the first instant after `same` with another offset, up to `other`."""
    seconds = _offset(zone, same)
    low, high = 0, -((same - other) // _SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, same + middle * _SECOND) == seconds:
            low = middle
        else:
            high = middle
    return same + high * _SECOND
