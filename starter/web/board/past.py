"""The instant a page is asked to show: read from its address, and where its forms and links lead.

A page asked for no instant is of now. What a browser's own field says of an instant has no zone, so the form
says by which clock it was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from starter.door.past_instant import FIELD, read_instant
from starter.web.board.wall_clock import city

_DAY = "day"
_MINUTE = "minute"
_ZONE = "zone"
_LONGEST = 60
_STEPS = (
    ("an hour earlier", timedelta(hours=-1)),
    ("10 min earlier", timedelta(minutes=-10)),
    ("10 min later", timedelta(minutes=10)),
    ("an hour later", timedelta(hours=1)),
)


@dataclass(frozen=True)
class Past:
    """An instant (UTC) as a page of it says it by the clock of who looks: `path` shows it with `kept`."""

    at: datetime
    now: datetime
    zone: ZoneInfo
    path: str
    kept: Mapping[str, str]

    @property
    def says(self) -> str:
        """The instant in words: `2026-11-30 09:12 (Sydney)`."""
        form = "%Y-%m-%d %H:%M:%S" if self.at.second else "%Y-%m-%d %H:%M"
        return f"{self.at.astimezone(self.zone):{form}} ({city(self.zone)})"

    @property
    def local(self) -> str:
        """The instant as a browser's field has it."""
        return f"{self.at.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    @property
    def latest(self) -> str:
        """The latest instant there is, as a browser's field has it."""
        return f"{self.now.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    @property
    def day(self) -> str:
        """The date the instant is on."""
        return self.local[:10]

    @property
    def minute(self) -> int:
        """The minute of its day."""
        local = self.at.astimezone(self.zone)
        return local.hour * 60 + local.minute

    @property
    def last_minute(self) -> int:
        """The last minute of that day that has passed."""
        if self.latest[:10] != self.day:
            return 24 * 60 - 1
        now = self.now.astimezone(self.zone)
        return now.hour * 60 + now.minute

    @property
    def back(self) -> str:
        """Where the page of now is."""
        return self.path + (f"?{urlencode(self.kept)}" if self.kept else "")

    @property
    def query(self) -> str:
        """What an address adds to show this instant."""
        return f"{FIELD}={written(self.at)}"

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Where it is shown a little earlier or later."""
        near = ((says, self.at + step) for says, step in _STEPS)
        return tuple((says, self.address(at)) for says, at in near if at <= self.now)

    def address(self, at: datetime) -> str:
        """Write where this page is as of an instant."""
        return f"{self.path}?{urlencode({**self.kept, FIELD: written(at)})}"


def asked_instant(query: QueryParams) -> datetime | None:
    """Return the instant (UTC) an address asks for; None for now. Raises: Fault (usage)."""
    text = query.get(FIELD, "").strip()[:_LONGEST]
    if _MINUTE in query:
        text = f"{query.get(_DAY, '').strip()[:_LONGEST]}T{_time_of(query[_MINUTE])}"
    return read_instant(text, _zone(query.get(_ZONE, ""))) if text else None


def written(at: datetime) -> str:
    """Write an instant for an address."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _time_of(minute: str) -> str:
    if not (minute.isascii() and minute.isdecimal() and len(minute) <= 4):
        return minute[:_LONGEST]
    return "{:02}:{:02}".format(*divmod(int(minute), 60))


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name[:_LONGEST]) if name else None
    except (ValueError, KeyError, OSError):
        return None
