"""One mark per release of the rules: it travels in the input, and costs an event only without."""

import pytest
from temporalio.api.enums.v1 import EventType

from domain.rules import CURRENT_RULES, FIRST_RULES
from tests.desk import Desk
from tests.people import ANA
from tests.workflows.test_turning_over import began_with, carried, notes
from workflows.messages import CaseFile, new_case

MARKERS = EventType.EVENT_TYPE_MARKER_RECORDED


async def test_a_case_opened_at_a_door_carries_the_rules_of_its_release_without_an_event(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await case.start(new_case(submit))
    assert (await began_with(case)).rules == CURRENT_RULES
    assert not [event for event in await case.events(MARKERS) if _is_patch(event)]


async def test_a_case_started_without_a_mark_is_marked_once(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await case.start(CaseFile(request=submit))
    assert (await began_with(case)).rules == FIRST_RULES
    assert len([event for event in await case.events(MARKERS) if _is_patch(event)]) == 1


@pytest.mark.worker_goes
async def test_a_turn_over_takes_an_open_case_to_the_rules_of_today(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await case.start(CaseFile(request=submit))
    await case.say("respond", ANA, text="I am on it.")
    async with desk.with_the_worker_away():
        await notes(case, 500)
    file = await carried(case)
    assert (file.turn_overs, file.rules) == (1, CURRENT_RULES)


def _is_patch(event: object) -> bool:
    return event.marker_recorded_event_attributes.marker_name == "core_patch"  # type: ignore[attr-defined]
