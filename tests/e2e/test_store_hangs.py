"""Our own store is locked for longer than a record may take: the case goes on, on the next worker too."""

import pytest

from domain.timeline import EntryKind
from tests.e2e.speaking import ask_until_answered
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA
from tests.stores import locked

pytestmark = pytest.mark.e2e


async def test_a_record_that_ran_out_of_time_stops_no_case_on_the_next_worker(station: Station) -> None:
    station.start_worker()
    case = await station.opened("INC-1")
    await eventually(lambda: station.everything_told(case))
    async with locked(station.place / "cases.db"):
        await ask_until_answered(case, "add_note", ANA, "note-1", text="While the store hangs")
        await eventually(lambda: _catches_up(case))
    station.kill_worker()
    station.start_worker()
    await ask_until_answered(case, "add_note", ANA, "note-2", text="To the next worker")
    await eventually(lambda: _has_both(case))


async def _catches_up(case: LiveCase) -> bool:
    """True once the record is tried by an activity that has more time."""
    pending = (await case.handle.describe()).raw_description.pending_activities
    return any(activity.activity_type.name == "record_case" for activity in pending)


async def _has_both(case: LiveCase) -> bool:
    noted = [entry.text for entry in await case.entries(EntryKind.NOTED)]
    return noted == ["While the store hangs", "To the next worker"]
