"""On the real server each clock that fires says how late, and the store keeps it."""

from datetime import timedelta

import pytest

from activities.store.lateness import LatenessFigures
from activities.store.period import Period
from starter.door.session import utc_now
from tests.e2e.station import Station, eventually

pytestmark = pytest.mark.e2e


async def test_a_clock_that_fired_says_how_late(one_station: Station) -> None:
    period = Period(since=utc_now() - timedelta(hours=1), until=utc_now() + timedelta(hours=1))
    await one_station.opened("LATE-1", impact="medium", urgency="high")  # an answer is due in 10 s

    async def look() -> LatenessFigures | None:
        found = await one_station.adapters.store.lateness.figures(period, "initial_response")
        return found if found.all else None

    found = await eventually(look)
    assert found.all is not None
    assert 0 <= found.all.p50_ms <= found.all.p99_ms <= found.all.max_ms
    assert {one.centre for one in found.rows} == {"sydney"}
