"""How every page tells an instant: by a wall clock, and which place's that is.

A place is named by its city, never by an abbreviation: PST is Manila's, and a coast's of America.
"""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from activities.words.reader_time import city_of, reader_locale


@lru_cache(maxsize=512)
def city(zone: ZoneInfo) -> str:
    """Name the place of a zone: `Manila`."""
    return city_of(zone.key, reader_locale("en"))


def day(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant to the minute: `Wed 03 Mar 11:00 Manila`."""
    return f"{at.astimezone(zone):%a %d %b %H:%M} {city(zone)}"


def full_day(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant with its year: `Wed 03 Mar 2027 11:00 Manila`."""
    return f"{at.astimezone(zone):%a %d %b %Y %H:%M} {city(zone)}"


def second(at: datetime, zone: ZoneInfo) -> str:
    """Write the time of an instant to the second: `11:00:07 Manila`."""
    return f"{at.astimezone(zone):%H:%M:%S} {city(zone)}"
