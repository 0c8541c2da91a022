"""Nobody at work for hours: what was due meanwhile is settled once, and what came in time is in time."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.people import ANA, KIM, P1, TSS_MAIL


async def test_twelve_hours_without_a_worker_on_a_p1_make_one_mail_and_one_breach_entry(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="We have begun.")
    first = await case.due(Clock.UPDATE)

    async with desk.with_the_worker_away():
        await desk.passes(hours=12, minutes=1)

    assert len(await case.told("status_update")) == 1
    (breach,) = (await case.view()).breaches
    assert (breach.clock, breach.due_at, breach.last_due_at) == (
        Clock.UPDATE,
        first,
        first + timedelta(hours=breach.count - 1),
    )
    assert breach.count in (11, 12)
    assert len(await case.entries(EntryKind.BREACHED)) == 1
    assert len(await case.told("breach_notice")) == 1
    assert len(desk.mails_to(TSS_MAIL)) == 1
    score = (await case.view()).score
    assert score.missed == breach.count
    assert score.missed + score.system == 12


@pytest.mark.covers("GAP-16")
async def test_an_answer_received_before_the_due_instant_is_in_time_though_handled_after_it(
    desk: Desk,
) -> None:
    case = await desk.open(**P1)
    due = await case.due(Clock.INITIAL_RESPONSE)

    async with desk.with_the_worker_away():
        await desk.passes(hours=3)
        await case.send("respond", {"actor": ANA, "text": "We have begun.", "received_at": due.isoformat()})

    view = await case.view()
    assert view.responded_at == due
    assert Clock.INITIAL_RESPONSE not in [breach.clock for breach in view.breaches]


async def test_messages_that_waited_together_are_taken_in_the_order_of_their_receipt(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="We have begun.")
    now = await desk.now()

    async with desk.with_the_worker_away():
        await desk.passes(minutes=20)
        for minute in (15, 5, 10):
            at = (now + timedelta(minutes=minute)).isoformat()
            await case.send("reply", {"actor": KIM, "text": f"after {minute}", "received_at": at})

    replies = [entry.text for entry in await case.entries(EntryKind.REPLIED)]
    assert replies == ["after 5", "after 10", "after 15"]
