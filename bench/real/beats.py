"""What the bare engine plays: the commands of a case of ours, read off its history."""

import base64
import functools
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from domain.frozen import Frozen


class Task(Frozen):
    """An activity: its name, its input (none for a local one, which history does not keep) and its result."""

    name: str
    given: str
    result: str


class Beat(Frozen):
    """One activation and what follows from it. `upserts` are numbers of attributes, one for each upsert."""

    local: tuple[Task, ...] = ()
    regular: tuple[Task, ...] = ()
    upserts: tuple[int, ...] = ()
    timers: int = 0
    answer: str = ""


class Beats(Frozen):
    """The opening, one update by staff, and a warning that falls due."""

    opening: Beat
    message: Beat
    due: Beat


PLACE = "SUNRELAY_BENCH_BEATS"
"""The variable by which the bare worker is told the file of its beats."""


def packed(payload: Payload) -> str:
    """Write a payload down as text."""
    return base64.b64encode(payload.SerializeToString()).decode()


def unpacked(text: str) -> Payload:
    """Read a payload that was written down; an empty one where there is none."""
    return Payload.FromString(base64.b64decode(text))


def beat_of(events: Sequence[HistoryEvent]) -> Beat:
    """Return what a stretch of a history says was done."""
    found = _Found([], [], [], {}, [])
    for event in events:
        _take(event, found)
    regular = tuple(
        Task(name=name, given=given, result=found.results.get(number, ""))
        for number, name, given in found.regular
    )
    kinds = [event.event_type for event in events]
    return Beat(
        local=tuple(found.local),
        regular=regular,
        upserts=tuple(found.upserts),
        timers=kinds.count(EventType.EVENT_TYPE_TIMER_STARTED),
        answer=found.answers[-1] if found.answers else "",
    )


class _Found(NamedTuple):
    local: list[Task]
    regular: list[tuple[int, str, str]]
    upserts: list[int]
    results: dict[int, str]
    answers: list[str]


def _take(event: HistoryEvent, found: _Found) -> None:
    match event.event_type:
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            details = event.marker_recorded_event_attributes.details
            if "data" not in details:
                return  # the mark of a patch
            data = json.loads(details["data"].payloads[0].data)
            result = packed(details["result"].payloads[0]) if "result" in details else ""
            found.local.append(Task(name=data["activity_type"], given="", result=result))
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            asked = event.activity_task_scheduled_event_attributes
            found.regular.append((event.event_id, asked.activity_type.name, packed(asked.input.payloads[0])))
        case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            done = event.activity_task_completed_event_attributes
            found.results[done.scheduled_event_id] = packed(done.result.payloads[0])
        case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            upserted = event.upsert_workflow_search_attributes_event_attributes.search_attributes
            found.upserts.append(len(upserted.indexed_fields))
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
            outcome = event.workflow_execution_update_completed_event_attributes.outcome
            found.answers.append(packed(outcome.success.payloads[0]))


@functools.cache
def played() -> Beats:
    """Read the beats of this process, once."""
    return Beats.model_validate_json(Path(os.environ[PLACE]).read_bytes())
