"""Rotations: at which instants a duty passes on, by the wall clock of one place.

Handoffs are the local time of the rotation's start plus every whole number of shifts, in local time,
before the start too. So an hourly shift keeps to the wall clock and is shorter or longer where the clocks
change. Handoffs that fall on one instant count once.
"""

import calendar
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from pydantic import Field

from domain.frozen import Frozen
from domain.time.local_time import LocalZone, Resolution, as_utc

_SLACK = timedelta(days=2)
"""More than a change of the clocks ever moves a local time: a day, where a place crosses the date line."""

_INSTANT = timedelta(microseconds=1)


class ShiftType(StrEnum):
    """The unit in which a shift is counted; a month keeps the day, or takes its last when it is shorter."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Rotation(Frozen):
    """A shift of `shift_length` units, handed on since (and before) `start`, an aware instant."""

    shift_type: ShiftType
    shift_length: int = Field(ge=1)
    start: datetime


def rotation_handoffs(
    zone: LocalZone,
    rotation: Rotation,
    start: datetime,
    count: int,
    resolution: Resolution = Resolution.SHIFT_BY_GAP,
) -> tuple[datetime, ...]:
    """Return the first `count` handoffs at or after `start`, instants in UTC, in order."""
    start = as_utc(start)
    reach = _unit(rotation.shift_type) * rotation.shift_length * (count + 1)
    found = _between(zone, rotation, start, start + reach, resolution)
    while len(found) < count:
        reach *= 2
        found = _between(zone, rotation, start, start + reach, resolution)
    return tuple(found[:count])


def shift_at(
    zone: LocalZone,
    rotation: Rotation,
    at: datetime,
    resolution: Resolution = Resolution.SHIFT_BY_GAP,
) -> tuple[datetime, datetime]:
    """Return start and end (UTC) of the shift that holds `at`; at a handoff it is the new one."""
    at = as_utc(at)
    reach = _unit(rotation.shift_type) * rotation.shift_length + _SLACK
    before = _between(zone, rotation, at - reach, at + _INSTANT, resolution)
    after = _between(zone, rotation, at + _INSTANT, at + reach, resolution)
    return before[-1], after[0]


def shift_end(
    zone: LocalZone,
    rotation: Rotation,
    at: datetime,
    resolution: Resolution = Resolution.SHIFT_BY_GAP,
) -> datetime:
    """Return the first handoff after `at`, an instant in UTC."""
    return shift_at(zone, rotation, at, resolution)[1]


def _between(
    zone: LocalZone, rotation: Rotation, start: datetime, end: datetime, resolution: Resolution
) -> list[datetime]:
    """Return the handoffs in `[start, end)`; sorted, for a gap can turn the local order round."""
    origin = zone.to_local(rotation.start)
    first = _shifts_until(rotation, origin, zone.to_local(start) - _SLACK)
    last = _shifts_until(rotation, origin, zone.to_local(end) + _SLACK)
    instants = {
        zone.to_utc(_after_shifts(rotation, origin, number), resolution) for number in range(first, last + 1)
    }
    return sorted(instant for instant in instants if start <= instant < end)


def _shifts_until(rotation: Rotation, origin: datetime, local: datetime) -> int:
    if rotation.shift_type is ShiftType.MONTHLY:
        return (_month(local) - _month(origin)) // rotation.shift_length
    return (local - origin) // (_unit(rotation.shift_type) * rotation.shift_length)


def _after_shifts(rotation: Rotation, origin: datetime, number: int) -> datetime:
    units = number * rotation.shift_length
    if rotation.shift_type is not ShiftType.MONTHLY:
        return origin + units * _unit(rotation.shift_type)
    year, month = divmod(_month(origin) + units, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return origin.replace(year=year, month=month + 1, day=min(origin.day, last_day))


def _month(local: datetime) -> int:
    return local.year * 12 + local.month - 1


def _unit(shift_type: ShiftType) -> timedelta:
    """Return the length of a unit; of a month the longest."""
    match shift_type:
        case ShiftType.HOURLY:
            return timedelta(hours=1)
        case ShiftType.DAILY:
            return timedelta(days=1)
        case ShiftType.WEEKLY:
            return timedelta(weeks=1)
        case ShiftType.MONTHLY:
            return timedelta(days=31)
        case _:
            assert_never(shift_type)
