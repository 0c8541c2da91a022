"""What is left of a promise is said in the time that counts for it; what is owed first is on a row."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.counting import Arithmetic
from domain.record import row_of
from domain.time.calendar import Span
from domain.views.remaining import Band, Counted, counted, remaining
from tests.activities.builders import AT, whole_case

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


_WEEK = ((Span(9 * 60, 17 * 60),),) * 5 + ((), ())


async def by(arithmetic: Arithmetic) -> Counted:
    """A promise from Tuesday 14:00 in Sydney, where weekdays from 9 to 17 count."""
    case, _ = await whole_case()
    found = counted(case, Clock.INITIAL_RESPONSE)
    assert found is not None
    calendar = found.calendar.model_copy(update={"hours": _WEEK})
    return found.model_copy(update={"arithmetic": arithmetic, "calendar": calendar})


async def test_opening_time_that_is_left_does_not_shrink_while_it_is_closed() -> None:
    found, wednesday_20 = await by(Arithmetic.COVERAGE), AT + 30 * HOUR
    first = remaining(found, wednesday_20, AT)
    assert (first.left, first.runs_from, first.runs_until) == (11 * HOUR, AT, AT + 3 * HOUR)
    for closed in (AT + 3 * HOUR, AT + 10 * HOUR):
        left = remaining(found, wednesday_20, closed)
        assert (left.left, left.runs_from) == (8 * HOUR, AT + 19 * HOUR)


async def test_elapsed_time_shrinks_always() -> None:
    found = await by(Arithmetic.ELAPSED)
    for hours in (0, 12, 29):
        assert remaining(found, AT + 30 * HOUR, AT + hours * HOUR).left == (30 - hours) * HOUR


async def test_business_days_are_counted_without_the_weekend() -> None:
    found = await by(Arithmetic.BUSINESS_DAYS)
    friday, tuesday = AT + 3 * DAY, AT + 7 * DAY
    assert remaining(found, tuesday, friday).days == 2
    assert remaining(found, tuesday, tuesday - HOUR).days == 0


@pytest.mark.parametrize(
    ("before", "band"),
    [
        (timedelta(hours=3), Band.ON_TIME),
        (timedelta(hours=1), Band.SOON),
        (timedelta(minutes=10), Band.NOW),
        (timedelta(0), Band.NOW),
        (timedelta(seconds=-1), Band.MISSED),
    ],
)
async def test_how_near_a_promise_is(before: timedelta, band: Band) -> None:
    due_at = AT + 4 * HOUR
    assert remaining(await by(Arithmetic.ELAPSED), due_at, due_at - before).band is band


async def test_late_is_said_in_elapsed_time() -> None:
    left = remaining(await by(Arithmetic.COVERAGE), AT, AT + 30 * HOUR)
    assert (left.band, left.left, left.arithmetic) == (Band.MISSED, 30 * HOUR, Arithmetic.ELAPSED)


async def test_a_missed_promise_is_owed_before_one_that_is_still_to_be_kept() -> None:
    case, _ = await whole_case()
    response = case.clock(Clock.INITIAL_RESPONSE)
    assert response is not None
    missed = response.model_copy(update={"due_at": None, "missed_at": AT + HOUR})
    update = response.model_copy(update={"clock": Clock.UPDATE, "due_at": AT + 2 * HOUR})
    row = row_of(case.model_copy(update={"clocks": (update, missed)}))
    assert (row.owed_clock, row.owed_at) == (Clock.INITIAL_RESPONSE, AT + HOUR)
    assert (row.next_clock, row.next_due_at) == (Clock.UPDATE, AT + 2 * HOUR)


async def test_housekeeping_is_owed_to_nobody() -> None:
    case, _ = await whole_case()
    kept = tuple(one for one in case.clocks if not one.clock.is_promise)
    assert kept
    row = row_of(case.model_copy(update={"clocks": kept}))
    assert (row.owed_clock, row.owed_at) == (None, None)
