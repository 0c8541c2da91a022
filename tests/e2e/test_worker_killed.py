"""A worker is killed again and again while people speak: every acknowledged word is kept once, in order."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType

from tests.e2e.speaking import Speaker, ask_until_answered
from tests.e2e.station import Station, eventually
from tests.people import ANA

pytestmark = pytest.mark.e2e

_KILLED_AFTER = (2, 5, 8)  # acknowledged notes of the first speaker
_FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED


@pytest.mark.covers("GAP-21")
async def test_what_was_acknowledged_is_there_once_and_no_case_is_stuck(station: Station) -> None:
    station.task_timeout = None
    station.start_worker()
    speakers = [Speaker(await station.opened(f"INC-{number}"), notes=10) for number in range(3)]
    speaking = [asyncio.create_task(speaker.speak()) for speaker in speakers]
    for count in _KILLED_AFTER:
        await eventually(lambda count=count: speakers[0].has_said(count))
        station.kill_worker()
        station.start_worker()
    await asyncio.gather(*speaking)

    for speaker in speakers:
        assert await speaker.notes_kept() == speaker.acknowledged == speaker.notes
        assert await speaker.case.events(_FAILED) == []
        receipt = await ask_until_answered(speaker.case, "respond", ANA, "last", text="Still here")
        assert receipt.outcome == "accepted"
