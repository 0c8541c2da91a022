"""How late clocks fired reaches the store with the step that acted on them, and by no event of its own."""

from datetime import timedelta

from activities.store.period import Period
from domain.clocks import Clock
from tests.desk import Desk


async def test_each_clock_that_fires_is_kept_with_how_late_it_was(desk: Desk) -> None:
    case = await desk.open()
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at)
    period = Period(since=due_at - timedelta(hours=4), until=due_at + timedelta(seconds=1))
    found = await desk.adapters.store.lateness.figures(period, Clock.INITIAL_RESPONSE)
    assert found.all is not None
    assert found.all.count == 2  # its warning, and the miss
    assert 0 <= found.all.p50_ms <= found.all.max_ms
    assert [one.centre for one in found.rows] == ["sydney"]
