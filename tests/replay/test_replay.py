"""The replay gate: no case that is open anywhere stops because our code has changed.

What to do when it fails stands in `tests.replay.record`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.workflow import NondeterminismError

from domain.actor import Verb
from tests.replay.changed import CHANGED
from tests.replay.gate import replay
from tests.replay.histories import MOST_BYTES, MOST_BYTES_TOGETHER, VERSION, Recorded, recorded
from tests.replay.lives import LIVES
from workflows.case import SupportCase

_ROOT = Path(__file__).parents[2]
_EVERYTHING_A_CASE_DOES = {
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_TIMER_FIRED,
    EventType.EVENT_TYPE_TIMER_CANCELED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_MARKER_RECORDED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
    EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
}


@pytest.mark.parametrize("one", recorded(), ids=lambda one: one.name)
async def test_a_recorded_life_is_lived_the_same_way_by_the_code_of_today(one: Recorded) -> None:
    await replay([one.history()])


def test_every_life_has_its_histories_and_every_history_its_life() -> None:
    assert {one.life for one in recorded(VERSION)} == set(LIVES)


def test_the_histories_together_take_a_case_through_everything_it_does() -> None:
    events = [event for one in recorded(VERSION) for event in one.history().events]
    assert {event.event_type for event in events} >= _EVERYTHING_A_CASE_DOES
    asked = {
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        for event in events
    }
    told = {event.workflow_execution_signaled_event_attributes.signal_name for event in events}
    assert asked >= set(Verb)
    assert told >= set(Verb)


def test_a_case_that_turned_over_has_at_least_two_runs() -> None:
    assert len([one for one in recorded(VERSION) if one.life == "turned_over"]) >= 2


@pytest.mark.parametrize("changed", CHANGED, ids=lambda changed: changed.__name__)
async def test_a_careless_change_is_caught(changed: type[SupportCase]) -> None:
    (life,) = [one for one in recorded(VERSION) if one.life == "whole_life"]
    with pytest.raises(NondeterminismError):
        await replay([life.history()], changed)


def test_a_replay_needs_no_network_no_store_and_no_policy_file(tmp_path: Path) -> None:
    alone = subprocess.run(
        [sys.executable, "-m", "tests.replay.alone"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(_ROOT), "HOME": str(tmp_path), "PATH": os.devnull},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert alone.stdout == f"{len(recorded())} replayed alone\n", alone.stderr[-2000:]


def test_the_histories_stay_small() -> None:
    sizes = {one.name: one.path.stat().st_size for one in recorded()}
    assert [name for name, size in sizes.items() if size > MOST_BYTES] == []
    assert sum(sizes.values()) <= MOST_BYTES_TOGETHER
