"""Tells an instant as its reader would: their language, their wall clock, and which clock that is.

This room reads the zone database that the promises were made with. The city and the offset are written out,
for abbreviations of zones are missing or mean two things in many languages.
"""

from datetime import datetime, timedelta

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, get_timezone_location

from policies.zones import ZoneUnknown, local_zone

_UTC = "UTC"


def reader_locale(*languages: str) -> Locale:
    """Return the first of the languages that Babel knows, else English."""
    for language in languages:
        try:
            return Locale.parse(language.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def in_territory(language: str, zone: str) -> tuple[str, ...]:
    """Return how a language is written where a zone is, then the language: days and months stand otherwise.

    A language that names its territory is left as it is.
    """
    territory = get_global("zone_territories").get(zone)
    if territory is None or "-" in language.replace("_", "-"):
        return (language,)
    return f"{language}-{territory}", language


def in_reader_time(at: datetime, zone: str, locale: Locale) -> str:
    """Say an instant in a zone, `Tuesday, March 2, 2027, 14:05 (Sydney, UTC+11:00)`.

    Seconds fall away, so that what is said is never later than what is promised. A zone nobody knows is
    told in UTC: better than no message.
    """
    try:
        clock = local_zone(zone, at, at)
    except ZoneUnknown:
        zone, clock = _UTC, local_zone(_UTC, at, at)
    local = clock.to_local(at)
    place = city_of(zone, locale)
    where = place if place == _UTC else f"{place}, {_offset(clock.offset_at(at))}"
    day, clock_time = format_date(local, "full", locale), f"{local:%H:%M}"
    return f"{_joined(day, clock_time, locale)} ({where})"


def _joined(day: str, clock_time: str, locale: Locale) -> str:
    """Put a day and a time of it together as the language does: with a comma, or without."""
    form = str(locale.datetime_formats["medium"]).replace("'", "")
    return form.replace("{1}", day).replace("{0}", clock_time)


def city_of(zone: str, locale: Locale) -> str:
    """Name the place of a zone in a language; that of UTC is UTC."""
    if zone in {_UTC, "Etc/UTC"}:
        return _UTC
    try:
        return get_timezone_location(zone, locale=locale, return_city=True)
    except LookupError:  # a machine without zone files of its own
        return zone.rpartition("/")[2].replace("_", " ")


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
