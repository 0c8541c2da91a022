"""Text from outside as it may stand in one of our sentences."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.time.local_time import LocalZone

_READ_IN: ContextVar["Callable[[datetime], LocalZone] | None"] = ContextVar("read_in", default=None)


def printable(text: str) -> str:
    """Show characters that steer a terminal or reorder a line as escapes; breaks and tabs stay."""
    return "".join(char if char.isprintable() or char in "\n\t" else f"\\u{ord(char):04x}" for char in text)


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many: `1 case`, `2 cases`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def read_in(zone_at: "Callable[[datetime], LocalZone]") -> None:
    """Let instants be written by the clock of whoever reads this task's answers, as it is at each instant."""
    _READ_IN.set(zone_at)


def moment(at: datetime | None) -> str:
    """Write an instant to the minute: `2026-11-22 09:14Z`, or by the reader's clock, `... 20:14+11:00`."""
    if at is None:
        return "-"
    zone_at = _READ_IN.get()
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ") if zone_at is None else _local(at, zone_at(at))


def time_of_day(at: datetime) -> str:
    """Write the time of an instant to the second: `09:14:07Z`, or by the reader's own clock."""
    zone_at = _READ_IN.get()
    return f"{at.astimezone(UTC):%H:%M:%SZ}" if zone_at is None else f"{zone_at(at).to_local(at):%H:%M:%S}"


def _local(at: datetime, clock: "LocalZone") -> str:
    offset = int(clock.offset_at(at).total_seconds()) // 60
    hours, minutes = divmod(abs(offset), 60)
    return f"{clock.to_local(at):%Y-%m-%d %H:%M}{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"


def span(length: timedelta) -> str:
    """Say a length of time in its two largest units: `3 h 12 min`, `2 d 4 h`, `50 s`."""
    seconds = abs(int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    units = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min")]
    while units[0][0] == 0:
        units = units[1:]
    return " ".join(f"{count} {unit}" for count, unit in units[:2] if count)


def until(at: datetime | None, now: datetime) -> str:
    """Say how far an instant lies ahead or back: `in 3 h 12 min`, `50 s ago`."""
    if at is None:
        return "-"
    return f"in {span(at - now)}" if at >= now else f"{span(at - now)} ago"


def words(name: str | None) -> str:
    """Write a name of ours as people read it."""
    return (name or "-").replace("_", " ")


def late_by(seconds: int) -> str:
    """Say how late something was."""
    return span(timedelta(seconds=seconds))
