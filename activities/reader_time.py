"""Tells an instant as its reader would: his language, his wall clock, and which clock that is.

This room reads the zone database that the promises were made with. The city and the offset are written out,
for abbreviations of zones are missing or mean two things in many languages.
"""

from datetime import datetime, timedelta

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_location

from policies.zones import ZoneUnknown, local_zone


def reader_locale(*languages: str) -> Locale:
    """This will return the first of the languages that Babel knows, else English."""
    for language in languages:
        try:
            return Locale.parse(language.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def in_reader_time(at: datetime, zone: str, locale: Locale) -> str:
    """This will say an instant in a zone, `Tuesday, March 2, 2027, 14:05 (Sydney, UTC+11:00)`.

    Seconds fall away, so that what is said is never later than what is promised. A zone nobody knows is
    told in UTC: better than no message.
    """
    try:
        clock = local_zone(zone, at, at)
    except ZoneUnknown:
        zone, clock = "UTC", local_zone("UTC", at, at)
    local = clock.to_local(at)
    where = "UTC" if zone in {"UTC", "Etc/UTC"} else f"{_city(zone, locale)}, {_offset(clock.offset_at(at))}"
    day, clock_time = format_date(local, "full", locale), f"{local:%H:%M}"
    return f"{_joined(day, clock_time, locale)} ({where})"


def _joined(day: str, clock_time: str, locale: Locale) -> str:
    """This will put a day and a time of it together as the language does: with a comma, or without."""
    form = str(locale.datetime_formats["medium"]).replace("'", "")
    return form.replace("{1}", day).replace("{0}", clock_time)


def _city(zone: str, locale: Locale) -> str:
    try:
        return get_timezone_location(zone, locale=locale, return_city=True)
    except LookupError:  # a machine without zone files of its own
        return zone.rpartition("/")[2].replace("_", " ")


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
