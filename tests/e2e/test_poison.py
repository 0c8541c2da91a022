"""Whatever a client of the engine sends past our doors: the case lives on and records it; its clock fires."""

import json
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.service import RPCError

from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.e2e.speaking import ask_until_answered
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA, request

pytestmark = pytest.mark.e2e

NUL, LINE_BREAK, REORDERED = "a\x00b", "a\nb", "a\u202eb"
_SPEAKER = ANA.model_dump(mode="json", exclude_none=True)
_SOON = {"impact": "medium", "urgency": "high"}  # quick-desk: a response is due within seconds
_PATIENCE = timedelta(seconds=60)
_TROUBLE = (EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED, EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT)


def _raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def _note(**changes: Any) -> dict[str, Any]:
    return {"actor": _SPEAKER, "text": "Hello", **changes}


_POISON: dict[str, list[Any]] = {
    "NUL in a text": [_note(text=NUL)],
    "reordered text": [_note(text=REORDERED)],
    "NUL in an id": [_note(request_id=NUL)],
    "line break in an id": [_note(request_id=LINE_BREAK)],
    "reordered id": [_note(request_id=REORDERED)],
    "line break in a name": [_note(actor={**_SPEAKER, "name": LINE_BREAK})],
    "half a character": [_raw(json.dumps(_note(text="\ud800")).encode())],
    "300 KB": [_note(text="x" * 300_000)],
    "a list": [[1, 2]],
    "a number": [7],
    "nothing": [None],
    "a text": ["close it"],
    "other fields": [{"verb": "close"}],
    "a text that is a number": [_note(text=7)],
    "the end of time": [_note(received_at="9999-12-31T23:59:59-23:59")],
    "no instant": [_note(received_at=1e999)],
    "no JSON": [_raw(b"{")],
    "no bytes": [_raw(b"")],
    "no UTF-8": [_raw(b'{"text": "\xff"}')],
    "very deep JSON": [_raw(b"[" * 50_000)],
    "another encoding": [_raw(b"\x00\x01", b"binary/plain")],
    "an encoding nobody knows": [_raw(b"{}", b"no/such")],
    "no encoding": [RawValue(Payload(data=b"{}"))],
    "no payload": [],
    "two payloads": [_note(), _note()],
}
_BADLY_STAMPED = {"the end of time", "no instant"}
"""A signal is not lost for its stamp: it counts as received when it came."""
_UNKNOWN = ("drop_case", NUL, LINE_BREAK, REORDERED, "<script>", "x" * 900)


async def test_poison_is_recorded_or_refused_and_the_clock_fires(station: Station) -> None:
    station.start_worker()
    case = await station.opened("INC-1", **_SOON)
    due = (await case.deadlines())[0].due_at
    assert due is not None
    for payloads in _POISON.values():
        await case.handle.signal("add_note", args=payloads)
    for name in _UNKNOWN:
        await case.send(name, {"x": 1})
    for what, payloads in _POISON.items():
        await _is_refused(case, "add_note", payloads, what)
    for name in _UNKNOWN:
        await _is_refused(case, name, [{"x": 1}], name)
    await _unreadable_queries(case)

    taken = await ask_until_answered(case, "add_note", ANA, "after-all", text="Still alive")
    assert taken.outcome == "accepted"
    breached = await eventually(lambda: case.entries(EntryKind.BREACHED))
    assert [entry.due_at for entry in breached] == [due]
    await eventually(lambda: station.everything_told(case))
    assert any("case.breach_notice" in told.body for told in station.hooks.received)
    unread = await case.entries(EntryKind.NOT_UNDERSTOOD)
    assert len(unread) == len(_POISON) - len(_BADLY_STAMPED) + len(_UNKNOWN)
    assert [event for event in await case.events() if event.event_type in _TROUBLE] == []


async def _is_refused(case: LiveCase, name: str, payloads: list[Any], what: str) -> None:
    """Fault in words, and never left without an answer."""
    try:
        await case.handle.execute_update(name, args=payloads, rpc_timeout=_PATIENCE)
    except WorkflowUpdateFailedError:
        return
    raise AssertionError(f"it was taken: {what}")


async def _unreadable_queries(case: LiveCase) -> None:
    for name, arguments in (("no_such", []), (NUL, []), ("explain", [NUL]), ("explain", [])):
        with pytest.raises((WorkflowQueryFailedError, RPCError)):
            await case.handle.query(name, args=arguments)


async def test_a_case_of_a_hostile_id_is_refused_and_ends(station: Station) -> None:
    station.start_worker()
    for number, identity in enumerate((NUL, LINE_BREAK, REORDERED, "<script>", "../../case")):
        case = LiveCase(station, identity)  # type: ignore[arg-type]
        with pytest.raises(Fault) as refused:
            await case.submit_past_the_door(request(f"INC-{number}", policy="quick-desk"))
        assert refused.value.code == "ValidationError"
        assert await case.told() == []
