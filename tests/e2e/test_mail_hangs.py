"""The mail system accepts a connection and says nothing: neither an answer nor a clock waits for it.

Compared are instants and the order of events, at the receivers and in the history: what must not wait is
there while the conversation that began before it is still open.
"""

from collections.abc import Sequence

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from domain.effects import TELL_CUSTOMER
from domain.timeline import EntryKind
from tests.e2e.silent_mail_system import Conversation
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA, P1

pytestmark = pytest.mark.e2e

_FIRED = EventType.EVENT_TYPE_TIMER_FIRED
_DECIDED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


async def test_while_a_mail_hangs_updates_are_answered_and_clocks_settled(station: Station) -> None:
    station.mail.says_nothing = True
    station.start_worker()
    case = await station.opened("INC-1", **P1)
    hanging = await eventually(lambda: _hanging(station))

    receipt = await case.say("respond", ANA, text="We are on it", request_id="first")
    assert hanging.is_open, "the answer had to wait for the mail system"
    assert receipt.next_deadline is not None

    notice = await eventually(lambda: _notices(station, case))
    assert hanging.is_open, "the clock had to wait for the mail system"
    assert hanging.began < receipt.next_deadline.due_at
    assert len(notice) == 1
    (status,) = await case.entries(EntryKind.STATUS_SENT)
    assert status.due_at == status.at == receipt.next_deadline.due_at
    assert (await case.view()).score.missed == 0
    events = await case.events()
    kinds = [event.event_type for event in events]
    assert _DECIDED in kinds[kinds.index(_FIRED) :]
    assert not _ends_of_telling_the_customer(events)
    assert hanging.is_open, "these events came only after the mail system gave up"

    await case.say("resolve", ANA, text="Solved", kind="resolution", request_id="solved")
    assert station.mails(case) == []
    station.mail.speaks_again()
    await eventually(lambda: station.everything_told(case))
    told = [row.kind for row in await case.told() if row.recipient == "customer"]
    assert told[:3] == ["acknowledgement", "first_response", "status_update"]
    assert told[-1] == "case_resolved"
    arrived = [mail.message["Message-ID"] for mail in station.mails(case)]
    assert len(arrived) == len(set(arrived)) == len(told)


async def _hanging(station: Station) -> Conversation | None:
    return next((one for one in station.mail.conversations if one.is_open), None)


async def _notices(station: Station, case: LiveCase) -> list[str]:
    """What our own side was told about a status the system had to send by itself."""
    bodies = [taken.body for taken in station.hooks.received]
    return [body for body in bodies if case.id in body and "case.stale_notice" in body]


def _ends_of_telling_the_customer(events: Sequence[HistoryEvent]) -> list[int]:
    begun = [
        event.event_id
        for event in events
        if event.activity_task_scheduled_event_attributes.activity_type.name == TELL_CUSTOMER
    ]
    assert begun
    return [
        event.event_id
        for event in events
        if event.activity_task_completed_event_attributes.scheduled_event_id in begun
    ]
