"""The server is killed while a clock runs: nothing that was acknowledged is lost, nothing is told twice."""

import asyncio

import pytest

from activities.channels.mail_message import message_id
from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.e2e.speaking import Speaker, ask_until_answered
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA, KIM, P2

pytestmark = pytest.mark.e2e


@pytest.mark.covers("GAP-21")
async def test_a_server_killed_with_a_timer_running_keeps_case_and_clock(station: Station) -> None:
    station.start_worker()
    case = await station.opened("INC-1", **P2)
    await ask_until_answered(case, "respond", ANA, "first", text="We are on it")
    await case.tell("reply", KIM, text="By signal, before the kill", request_id="signal-1")
    due = await case.due(Clock.UPDATE)
    speaker = Speaker(case, notes=12)
    speaking = asyncio.create_task(speaker.speak())
    await eventually(lambda: speaker.has_said(4))
    station.kill_server()
    await station.start_server()

    assert await eventually(case.deadlines)
    # A server that starts again may lose a question, and asking anew may outlast the clock: then it has fired
    # for this very instant, once, which is seen below.
    assert await case.due(Clock.UPDATE) >= due
    await speaking
    assert await speaker.notes_kept() == speaker.acknowledged == speaker.notes
    replies = await case.entries(EntryKind.REPLIED)
    assert [entry.text for entry in replies] == ["By signal, before the kill"]
    status = f"{case.id}/update@{due:%Y%m%dT%H%M%SZ}/status_update/customer"
    await eventually(lambda: _is_settled(case, status))
    identity = message_id(status, "support.example")
    assert [mail.message["Message-ID"] for mail in station.mails(case)].count(identity) == 1
    assert [entry.due_at for entry in await case.entries(EntryKind.STATUS_SENT)].count(due) == 1


async def _is_settled(case: LiveCase, effect_id: str) -> bool:
    return any(row.effect_id == effect_id and row.settled_at for row in await case.told())
