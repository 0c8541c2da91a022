"""A worker takes over a case of another one: what it does then, the worker after it understands."""

import pytest
from temporalio.api.enums.v1 import EventType

from tests.e2e.speaking import ask_until_answered
from tests.e2e.station import Station, eventually
from tests.people import ANA, KIM, KIMS_MAIL

pytestmark = pytest.mark.e2e

_FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED


async def test_an_update_taken_right_after_a_take_over_is_understood_by_the_next_worker(
    station: Station,
) -> None:
    station.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    station.start_worker()
    case = await station.opened("INC-1", actor=KIM, channel="portal")
    await eventually(lambda: _is_announced(station))
    station.mail.refusals.clear()
    await eventually(lambda: station.everything_told(case))

    # Both deliveries have ended, the customer's last, and neither left an event of ours in the history.
    station.next_worker()
    await ask_until_answered(case, "respond", ANA, "first", text="We are on it")
    await eventually(lambda: station.everything_told(case))
    station.next_worker()
    receipt = await ask_until_answered(case, "post_update", ANA, "second", text="We still are")
    assert receipt.outcome == "accepted"
    assert await case.events(_FAILED) == []


async def _is_announced(station: Station) -> bool:
    return any("case.new_case" in taken.body for taken in station.hooks.received)
