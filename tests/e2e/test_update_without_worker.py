"""Nobody works: who asks is told that it is unknown, and asking again does it once."""

import json

import pytest

from domain.timeline import EntryKind
from tests.e2e.station import Answer, Station, eventually

pytestmark = pytest.mark.e2e

_OPENING = ("--tenant", "Harbour Foods", "--reference", "INC-2", "--policy", "quick-desk", "--title", "Help")


async def test_what_nobody_answered_is_done_once_when_asked_again(station: Station) -> None:
    station.start_worker()
    case = await station.opened("INC-1")
    await eventually(lambda: station.everything_told(case))
    station.kill_worker()
    note = ("note", case.id, "Said once", "--request-id", "note-7", "-o", "json")
    opening = ("open", *_OPENING, "--request-id", "open-2", "-o", "json")
    _is_unknown(await station.command(*note, "--timeout", "2"), "note-7")
    _is_unknown(await station.command(*opening, "--timeout", "2"), "open-2")

    station.start_worker()
    noted = await station.command(*note, "--timeout", "60")
    opened = await station.command(*opening, "--timeout", "60")
    assert (noted.code, opened.code) == (0, 0), noted.err + opened.err
    again = await station.command(*note, "--timeout", "60")
    assert (again.code, json.loads(again.out)) == (0, json.loads(noted.out))
    assert [entry.text for entry in await case.entries(EntryKind.NOTED)] == ["Said once"]
    other = station.case("INC-2")
    assert json.loads(opened.out)["case_id"] == other.id
    assert len(await other.entries(EntryKind.SUBMITTED)) == 1


def _is_unknown(answer: Answer, request_id: str) -> None:
    """One line on standard error: what is not known, and how to ask again."""
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (7, "", 1), answer.err
    fault = json.loads(answer.err)
    assert (fault["error"], fault["code"]) == ("unknown", "OutcomeUnknown")
    assert "no answer within 2 s" in fault["reason"]
    assert f"--request-id {request_id}" in fault["remedy"]
