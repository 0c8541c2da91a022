"""Which days somebody asks for, whole days by their own clock: a week unless they say otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.frozen import Frozen
from policies.opening_hours import zone_around
from starter.door.faults import Looks, usage
from starter.door.plain import counted, printable

LONGEST = 100
"""The most days of one look (ours): a quarter, and a week on either side."""

_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)


class Days(Frozen):
    """From the first day to the last, both of them whole, by the clock of a zone."""

    first: date
    last: date
    zone: str

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def bounds(self) -> tuple[datetime, ...]:
        """Return the instants (UTC) at which the days begin, and the one at which the last ends."""
        local = zone_around(self.zone, _noon(self.first), _noon(self.last))
        days = (self.first + number * _DAY for number in range(self.count + 1))
        return tuple(local.to_utc(datetime.combine(day, time())) for day in days)

    def moved(self, by: int) -> "Days":
        """Return as many days, so many times their count later; earlier where that is negative."""
        shift = self.count * by * _DAY
        return self.model_copy(update={"first": self.first + shift, "last": self.last + shift})


def this_week(now: datetime, zone: ZoneInfo) -> Days:
    """Return the week, Monday to Sunday, of an instant by the clock of a zone."""
    return week_of(now.astimezone(zone).date(), zone.key)


def week_of(day: date, zone: str) -> Days:
    """Return the week, Monday to Sunday, that a day lies in."""
    monday = day - day.weekday() * _DAY
    return Days(first=monday, last=monday + _WEEK - _DAY, zone=zone)


def read_days(first: str, last: str, now: datetime, zone: ZoneInfo, look: Looks) -> Days:
    """Read which days are asked for: the week where none is named, a week where one end is.

    What is wrong is kept in `look`, to be told with all else.
    """
    week = this_week(now, zone)
    begin, end = look.at(read_day, first, "from"), look.at(read_day, last, "to")
    if look.wrong or (begin is None and end is None):
        return week
    begin = begin or (end or week.last) - _WEEK + _DAY
    end = end or begin + _WEEK - _DAY
    return look.at(_checked, begin, end, zone.key)


def read_day(text: str, field: str) -> date | None:
    """Read a day as `2027-03-01`; None where nothing is written. Raises: Fault (usage)."""
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or not _EARLIEST <= found < _LATEST:
        reason = f"{field}: {printable(text.strip()[:40])!r} is no day"
        raise usage(reason, "name a day such as 2027-03-01", field) from None
    return found


def _checked(first: date, last: date, zone: str) -> Days:
    days = Days(first=first, last=last, zone=zone)
    if last < first:
        raise usage(f"to: {last} is before {first}", "name a last day that is not before the first", "to")
    if days.count > LONGEST:
        reason = f"from {first} to {last} are {counted(days.count, 'day')}"
        raise usage(reason, f"ask for {LONGEST} days at most", "from", "to")
    return days


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
