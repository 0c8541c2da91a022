"""The replay gate: no case that is open anywhere stops because our code has changed.

What to do when it fails stands in `tests.replay.record`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.workflow import NondeterminismError

from domain.verbs import Verb
from tests.replay.alone import ALONE
from tests.replay.changed import CHANGED
from tests.replay.gate import replay
from tests.replay.histories import MOST_BYTES, MOST_BYTES_TOGETHER, Recorded, recorded
from tests.replay.lives import EARNEST, LIVES
from workflows.case import SupportCase

_ROOT = Path(__file__).parents[2]
_PATIENCE = 600  # s for all of them, which take a quiet machine ten
_EVERYTHING_A_CASE_DOES = {
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_TIMER_FIRED,
    EventType.EVENT_TYPE_TIMER_CANCELED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_MARKER_RECORDED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
    EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the one replay of them all says: of each history, and at the end that it had nothing at hand."""
    place = tmp_path_factory.mktemp("alone")
    with (place / "said").open("w+") as out, (place / "trouble").open("w+") as trouble:
        alone = subprocess.Popen(
            [sys.executable, "-m", "tests.replay.alone"],
            cwd=place,
            env={
                "PYTHONPATH": str(_ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",  # what it compiles it would write
                "HOME": str(place),
                "PATH": os.devnull,
            },
            stdout=out,
            stderr=trouble,
        )
        try:
            code = alone.wait(_PATIENCE)
        finally:
            alone.kill()
            out.seek(0)
            lines = out.read().splitlines()
            trouble.seek(0)
            print(f"it came to {lines[-1:]}", trouble.read()[-2000:])
    assert code == 0
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("one", recorded(), ids=lambda one: one.name)
def test_a_recorded_life_is_lived_the_same_way_by_the_code_of_today(one: Recorded, said: list[Any]) -> None:
    assert [one.name, None] in said


def test_a_replay_needs_no_network_no_store_and_no_policy_file(said: list[Any]) -> None:
    assert said == [*([one.name, None] for one in recorded()), ALONE]


def test_every_life_has_its_histories_and_every_history_its_life() -> None:
    assert {one.life for one in recorded()} == set(LIVES) | set(EARNEST)


def test_the_histories_together_take_a_case_through_everything_it_does() -> None:
    events = [event for one in recorded() for event in one.history().events]
    assert {event.event_type for event in events} >= _EVERYTHING_A_CASE_DOES
    asked = {
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        for event in events
    }
    told = {event.workflow_execution_signaled_event_attributes.signal_name for event in events}
    assert asked >= set(Verb)
    assert told >= set(Verb)


def test_a_case_that_turned_over_has_at_least_two_runs() -> None:
    (*_, newest) = [one for one in recorded() if one.life == "turned_over"]
    assert len([one for one in recorded(newest.path.parent.name) if one.life == newest.life]) >= 2


@pytest.mark.parametrize("changed", CHANGED, ids=lambda changed: changed.__name__)
async def test_a_careless_change_is_caught(changed: type[SupportCase]) -> None:
    (*_, life) = [one for one in recorded() if one.life == "whole_life"]
    with pytest.raises(NondeterminismError):
        await replay([life.history()], changed)


def test_the_histories_stay_small() -> None:
    sizes = {one.name: one.path.stat().st_size for one in recorded()}
    assert [name for name, size in sizes.items() if size > MOST_BYTES] == []
    assert sum(sizes.values()) <= MOST_BYTES_TOGETHER
