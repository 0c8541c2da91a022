"""When a plan is open in a week by the customer's calendar: its weekend, and days that are closed in part."""

from datetime import date

from domain.frozen import Frozen
from domain.policy import OpenHours, Plan, Weekday
from domain.time.calendar import Span, Spans, SpecialDay, take_out

_ALWAYS = (Span(open_minute=0, close_minute=1440),)
_SATURDAY, _SUNDAY = 5, 6

Week = tuple[tuple[Span, ...], ...]
"""Open spans by weekday, Monday first."""


class PartDay(Frozen):
    """A local date on which these hours are closed, whatever the plan covers."""

    on: date
    closed: Spans


def opening_week(plan: Plan, weekend: tuple[int, ...] | None = None) -> Week:
    """Write down when a plan is open by weekday, Monday first; a calendar's own weekend is closed.

    A plan around the clock has business dates too: all days but Saturday and Sunday, or but that weekend.
    """
    if plan.around_the_clock:
        closed = (_SATURDAY, _SUNDAY) if weekend is None else weekend
        return tuple(() if day in closed else _ALWAYS for day in range(7))
    return tuple(
        () if day in (weekend or ()) else tuple(_span(hours) for hours in plan.hours.get(weekday, ()))
        for day, weekday in enumerate(Weekday)
    )


def _span(hours: OpenHours) -> Span:
    closes = hours.closes
    return Span(
        open_minute=hours.opens.hour * 60 + hours.opens.minute,
        close_minute=1440 if isinstance(closes, str) else closes.hour * 60 + closes.minute,
    )


def shortened(hours: Week, day: PartDay) -> SpecialDay:
    """Return the hours that are left of a date which is closed in part."""
    return SpecialDay(on=day.on, spans=take_out(hours[day.on.weekday()], day.closed))
