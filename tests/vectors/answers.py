"""What our own code gives for a vector, operation by operation."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from domain.centres.rotation import Rotation, rotation_handoffs, shift_at
from domain.time.calendar import (
    BusinessCalendar,
    CalendarNeverOpens,
    Span,
    SpecialDay,
    add_business_days,
    add_open_time,
    is_open,
    open_time_between,
    take_out,
)
from domain.time.local_time import LocalZone, Resolution
from domain.time.pauses import due_with_pauses, open_time_with_pauses
from policies.zones import database_zone
from tests.vectors.files import Answer, Json, Setting, Vector, instant, wall_clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class NotSupported(Exception):
    """The form of the vector is right, but our arithmetic has no word for what it asks."""


def answer(vector: Vector) -> Answer:
    """Our values for all fields that the vector expects; None where our rule gives no result."""
    try:
        found = OPERATIONS[vector.body["op"]](vector.body, vector.setting)
    except CalendarNeverOpens:
        return dict.fromkeys(vector.expected)
    return {key: found[key] for key in vector.expected}


@lru_cache(maxsize=64)
def _zone(name: str, first: int, last: int) -> LocalZone:
    # Any zone of the database: what a policy may name is the policy's business, not a peer's.
    return database_zone(name, datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC))


def _zone_of(body: Json, setting: Setting) -> LocalZone:
    return _zone(body["tz"], setting.years[0], setting.years[-1])


def _calendar(setting: Setting) -> BusinessCalendar:
    given = setting.calendar
    assert given is not None
    weekly = tuple(_spans(given["hours"].get(day, [])) for day in WEEKDAYS)
    special = {date.fromisoformat(on): _spans(spans) for on, spans in given.get("date_overrides", {}).items()}
    for on, breaks in given.get("breaks", {}).items():
        day = date.fromisoformat(on)
        special[day] = take_out(special.get(day, weekly[day.weekday()]), _spans(breaks))
    return BusinessCalendar(
        name="vector",
        zone=_zone_of(given, setting),
        hours=weekly,
        holidays=tuple(sorted(_holidays(given, setting.years))),
        special=tuple(SpecialDay(on=on, spans=special[on]) for on in sorted(special)),
    )


def _holidays(given: Json, years: range) -> set[date]:
    recurring = {
        date.fromisoformat(f"{year:04d}-{day}")
        for day in given.get("recurring_holidays", [])
        for year in years
        if day != "02-29" or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    }
    return recurring | {date.fromisoformat(day) for day in given["holidays"]}


def _spans(given: list[list[str]]) -> tuple[Span, ...]:
    spans = tuple(Span(_minute(opens), _minute(closes)) for opens, closes in given)
    if any(span.open_minute >= span.close_minute for span in spans):
        raise NotSupported("a span that does not close after it opens, on the same date")
    return spans


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _z(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _whole_seconds(duration: timedelta) -> int:
    return duration // timedelta(seconds=1)


def _add_business_time(body: Json, setting: Setting) -> Answer:
    budget = timedelta(seconds=body["business_seconds"])
    due = add_open_time(_calendar(setting), instant(body["start"]), budget, boundary=setting.boundary)
    return {"expected_due": _z(due)}


def _elapsed_business_time(body: Json, setting: Setting) -> Answer:
    spent = open_time_between(_calendar(setting), instant(body["start"]), instant(body["end"]))
    return {"expected_business_seconds": _whole_seconds(spent)}


def _add_business_days(body: Json, setting: Setting) -> Answer:
    due = add_business_days(_calendar(setting), instant(body["start"]), body["business_days"])
    return {"expected_due": _z(due)}


def _is_open(body: Json, setting: Setting) -> Answer:
    return {"expected": is_open(_calendar(setting), instant(body["at"]))}


def _paused_clock(body: Json, setting: Setting) -> Answer:
    calendar, start = _calendar(setting), instant(body["start"])
    pauses = [(instant(begins), instant(ends)) for begins, ends in body["pauses"]]
    if "business_seconds" in body:
        budget = timedelta(seconds=body["business_seconds"])
        return {
            "expected_due": _z(due_with_pauses(calendar, start, budget, pauses, boundary=setting.boundary))
        }
    spent = _whole_seconds(open_time_with_pauses(calendar, start, instant(body["stopped_at"]), pauses))
    return {
        "expected_elapsed_seconds": spent,
        "expected_margin_seconds": body.get("target_seconds", 0) - spent,
    }


def _rotation(body: Json) -> Rotation:
    return Rotation(
        shift_type=body["shift_type"],
        shift_length=body["shift_length"],
        start=instant(body["rotation_start"]),
    )


def _rotation_handoffs(body: Json, setting: Setting) -> Answer:
    zone, wanted = _zone_of(body, setting), len(body["expected_handoffs"])
    handoffs = rotation_handoffs(zone, _rotation(body), instant(body["from"]), wanted, setting.resolution)
    return {
        "expected_handoffs": [_z(at) for at in handoffs],
        "expected_handoffs_local": [_with_offset(zone, at) for at in handoffs],
    }


def _with_offset(zone: LocalZone, at: datetime) -> str:
    offset = zone.offset_at(at)
    sign = "-" if offset < timedelta(0) else "+"
    minutes = _whole_seconds(abs(offset)) // 60
    return f"{zone.to_local(at).isoformat()}{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _shift_end(body: Json, setting: Setting) -> Answer:
    zone, at = _zone_of(body, setting), instant(body["at"])
    begins, ends = shift_at(zone, _rotation(body), at, setting.resolution)
    return {"expected_end": _z(ends), "expected_shift_seconds": _whole_seconds(ends - begins)}


def _resolve_local_time(body: Json, setting: Setting) -> Answer:
    zone = _zone_of(body, setting)
    utc = zone.to_utc(wall_clock(body["local"]), Resolution(body["resolution"]))
    return {"expected_utc": _z(utc), "expected_local": zone.to_local(utc).isoformat()}


OPERATIONS: dict[str, Callable[[Json, Setting], Answer]] = {
    "add_business_time": _add_business_time,
    "elapsed_business_time": _elapsed_business_time,
    "add_business_days": _add_business_days,
    "is_open": _is_open,
    "paused_clock": _paused_clock,
    "rotation_handoffs": _rotation_handoffs,
    "shift_end": _shift_end,
    "resolve_local_time": _resolve_local_time,
}
