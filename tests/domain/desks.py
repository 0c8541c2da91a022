"""The desks whose hours the tests keep, and instants to try them at."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from domain.time.calendar import BusinessCalendar, Span, SpecialDay
from domain.time.local_time import LocalZone
from policies.zones import local_zone

MELBOURNE, AUCKLAND = "Australia/Melbourne", "Pacific/Auckland"
NINE_TO_FIVE = (Span(540, 1020),)
ALL_DAY = (Span(0, 1440),)
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@lru_cache
def zone(name: str) -> LocalZone:
    return local_zone(name, utc("2025-12-01"), utc("2027-12-31"))


def calendar(
    place: str = MELBOURNE,
    hours: Sequence[tuple[Span, ...]] = (NINE_TO_FIVE,) * 5 + ((), ()),
    holidays: Sequence[str] = (),
    special: Sequence[SpecialDay] = (),
) -> BusinessCalendar:
    return BusinessCalendar(
        name="desk",
        zone=zone(place),
        hours=tuple(hours),
        holidays=tuple(map(date.fromisoformat, holidays)),
        special=tuple(special),
    )


AROUND_THE_CLOCK = calendar(hours=(ALL_DAY,) * 7)
WEEKDAYS_ROUND = calendar(hours=(ALL_DAY,) * 5 + ((), ()))
NEVER = calendar(hours=((),) * 7)
