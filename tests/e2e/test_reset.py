"""`temporal workflow reset` of a case, to whatever point: nothing moves, and nothing is told twice."""

import asyncio
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType

from domain.messages.case import Contact
from domain.moment import Moment
from domain.timeline import EntryKind, TimelineEntry
from tests.e2e.operating import SPEAKER, has_turned_over, operate, troubles
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA, KIM

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

_SOON = {"impact": "medium", "urgency": "high"}  # quick-desk: a response is due within seconds
_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


class Picture(NamedTuple):
    """What must be the same after a reset."""

    timeline: tuple[TimelineEntry, ...]
    promises: Any
    told: list[str]
    stood: tuple[Moment, ...]


async def picture(station: Station, case: LiveCase) -> Picture:
    await eventually(lambda: station.everything_told(case))
    view = await case.view()
    return Picture(
        await case.timeline(),
        (view.responded_at, view.deadlines, view.breaches, view.score, view.received_at, view.phase),
        sorted(mail.message["Message-ID"] for mail in station.mails(case)),
        await case.desk.adapters.store.moments.of(case.id),
    )


async def lived(station: Station, reference: str) -> LiveCase:
    """A case with a breach behind it, spoken to by each kind of message, none of them dated by its sender."""
    case = await station.hand_in(reference, **_SOON)
    await eventually(lambda: case.entries(EntryKind.BREACHED))
    await case.ask("respond", {"actor": ANA, "text": "We are on it."})
    await case.ask("post_update", {"actor": ANA, "text": "News."}, update_id="news-1")
    await case.ask("post_update", {"actor": ANA, "text": "More news.", "request_id": "news-2"})
    for _ in range(2):
        await case.send("post_update", {"actor": SPEAKER, "text": "The same by signal, twice."})
    await case.send("add_note", {"actor": KIM.model_dump(mode="json", exclude_none=True), "text": "Thanks."})
    await case.send("gossip", {"of": "the day"})
    await case.send("resolve", {"actor": SPEAKER, "text": "No kind given."})
    await operate(station, "cancel", "-w", case.id)
    await eventually(lambda: case.entries(EntryKind.CANCEL_ASKED))
    await eventually(lambda: _has_heard(case))
    await eventually(lambda: station.everything_told(case))
    return case


async def _has_heard(case: LiveCase) -> bool:
    return len(await case.entries(EntryKind.NOT_UNDERSTOOD)) == 2


async def reset(station: Station, case: LiveCase, *to: str) -> None:
    resets = len(await case.entries(EntryKind.ENGINE_RESET))
    await operate(station, "reset", "-w", case.id, "--reason", "stuck", *to)

    async def is_noted() -> bool:
        return len(await case.entries(EntryKind.ENGINE_RESET)) == resets + 1

    await eventually(is_noted)
    await eventually(lambda: station.everything_told(case))


async def same(station: Station, case: LiveCase, before: Picture) -> None:
    """As before, but for entries that the engine was reset, which are the last."""
    after = await picture(station, case)
    known, more = after.timeline[: len(before.timeline)], after.timeline[len(before.timeline) :]
    assert known == before.timeline
    assert [entry.kind for entry in more] == [EntryKind.ENGINE_RESET]
    assert (after.promises, after.told, after.stood) == (before.promises, before.told, before.stood)
    assert await troubles(case) == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cases(one_station: Station) -> list[LiveCase]:
    """Three lives, lived beside each other: each has to wait for its breach."""
    return await asyncio.gather(*(lived(one_station, f"RESET-{number}") for number in range(3)))


async def test_a_reset_to_the_first_task_moves_nothing_and_tells_nothing_twice(
    one_station: Station, cases: list[LiveCase]
) -> None:
    case = cases[0]
    before = await picture(one_station, case)
    await reset(one_station, case, "--type", "FirstWorkflowTask")
    await same(one_station, case, before)
    await case.ask("post_update", {"actor": ANA, "text": "After the reset."})
    await case.send("post_update", {"actor": SPEAKER, "text": "The same by signal, twice."})
    await eventually(lambda: _has_said(case, "The same by signal, twice.", 3))
    for to in ("FirstWorkflowTask", "LastWorkflowTask", "LastWorkflowTask", "FirstWorkflowTask"):
        again = await picture(one_station, case)
        await reset(one_station, case, "--type", to)
        await same(one_station, case, again)


async def _has_said(case: LiveCase, text: str, count: int) -> bool:
    return [entry.text for entry in await case.entries(EntryKind.UPDATED)].count(text) == count


async def test_a_reset_to_any_later_task_moves_nothing_either_and_the_next_worker_understands_it(
    one_station: Station, cases: list[LiveCase]
) -> None:
    case = cases[1]
    events = [event.event_id for event in await case.events(_COMPLETED)]
    for to in (("--type", "LastWorkflowTask"), ("--event-id", str(events[len(events) // 2]))):
        before = await picture(one_station, case)
        await reset(one_station, case, *to)
        await same(one_station, case, before)
    one_station.next_worker()
    receipt = await case.ask("post_update", {"actor": ANA, "text": "After all."})
    assert receipt.outcome == "accepted"
    assert await troubles(case) == []


async def test_a_run_that_began_with_a_turn_over_is_reset_to_its_beginning(
    one_station: Station, cases: list[LiveCase]
) -> None:
    case = cases[2]
    for number in range(500):
        await case.send("add_note", {"actor": SPEAKER, "text": f"Note {number}"})
    await eventually(lambda: has_turned_over(case))
    await case.ask("post_update", {"actor": ANA, "text": "In the second run."})
    await eventually(lambda: one_station.everything_told(case))
    before = await picture(one_station, case)
    await reset(one_station, case, "--type", "FirstWorkflowTask")
    await same(one_station, case, before)


async def test_what_waits_to_be_told_is_told_once_and_what_nobody_heard_yet_is_taken(
    one_station: Station,
) -> None:
    late = "late@southerncloud.example"
    one_station.mail.refusals[late] = ["451 come back later"]
    case = await one_station.opened("RESET-WAITS", contact=Contact(name="Lee", email=late))
    await case.ask("respond", {"actor": ANA, "text": "We are on it."}, update_id="respond-1")
    one_station.kill_worker()
    await case.send("post_update", {"actor": SPEAKER, "text": "Nobody has heard this yet."})
    await operate(one_station, "reset", "-w", case.id, "--reason", "stuck", "--type", "FirstWorkflowTask")
    one_station.mail.refusals.clear()
    one_station.start_worker()
    await eventually(lambda: _has_said(case, "Nobody has heard this yet.", 1))
    await eventually(lambda: one_station.everything_told(case))
    kinds = [row.kind for row in await case.told() if row.recipient == "customer"]
    assert sorted(kinds) == ["acknowledgement", "first_response", "staff_update"]
    assert len([mail for mail in one_station.mails(case) if late in mail.recipients]) == 3
    assert [row.reason for row in await case.told() if row.differed] == []
    assert len(await case.entries(EntryKind.RESPONDED)) == 1
    assert await troubles(case) == []
