"""A centre's workers are killed at a shift end: every case has another owner within a minute, told once.

Compared are instants the product and the server wrote down, with the end of the shift; what arrived is
counted where it arrived, before the killed workers come back and after.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType

from domain.actor import Actor, ActorKind, Role
from domain.timeline import EntryKind, TimelineEntry
from starter.door.faults import Fault
from tests.e2e.centres import DARK, GIVER, TAKER, Centres
from tests.e2e.station import eventually
from tests.live_case import LiveCase
from tests.people import P2, P5

pytestmark = pytest.mark.e2e

WITHIN = timedelta(seconds=60)  # from the end of the shift to another owner (ours)
_SHIFT = timedelta(seconds=40)  # long enough for everybody to come to work and take the cases in
_ASKED = 20  # cases somebody has to accept
_BY_LANGUAGE = {"ms": TAKER, "mi": DARK}  # which centre cases want that nobody has to accept
_OF_EACH = 3
_CLEO = Actor(kind=ActorKind.STAFF, name="Cleo Tan", role=Role.ENGINEER, region=TAKER)
_DAN = Actor(kind=ActorKind.STAFF, name="Dan Hohepa", role=Role.ENGINEER, region=DARK)
_ANSWERED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED
_STEPS = {
    EntryKind.HANDOFF_OFFERED,
    EntryKind.HANDOFF_SKIPPED,
    EntryKind.HANDOFF_ACCEPTED,
    EntryKind.HANDED_OVER,
    EntryKind.HELD,
}


@pytest_asyncio.fixture
async def centres(tmp_path: Path) -> AsyncIterator[Centres]:
    async with Centres(tmp_path).open() as station:
        yield station


@pytest.mark.covers("GAP-30", "RHIPE-25")
async def test_a_pool_killed_at_a_shift_end_keeps_no_case_and_doubles_nothing_when_it_returns(
    centres: Centres, record_testsuite_property: Any
) -> None:
    centres.begin(_SHIFT)
    asked = [await centres.taken_in(f"INC-{number}", **P2) for number in range(_ASKED)]
    free = {
        await centres.taken_in(f"INC-{language}-{number}", language=language, **P5): region
        for language, region in _BY_LANGUAGE.items()
        for number in range(_OF_EACH)
    }
    cases = [*asked, *free]
    await _all_quiet(centres, cases)
    assert {(await case.view()).region for case in cases} == {GIVER}

    centres.mail.stuck = True
    await eventually(centres.hands_are_full)
    await eventually(lambda: _is_on_its_way(cases[-1]))
    centres.kill_pool(DARK)
    centres.mail.stuck = False
    await asyncio.gather(*(_accepted(centres, case) for case in asked))
    await _all_quiet(centres, cases)

    seconds = [await _check_asked(centres, case) for case in asked]
    reasons = {skip.text for case in asked for skip in await case.entries(EntryKind.HANDOFF_SKIPPED)}
    assert reasons == {"HandoffSkipped: gave up: activity ScheduleToStart timeout"}
    for case, wanted in free.items():
        await _check_free(centres, case, wanted)
    assert {(await case.view()).region for case in cases} == {TAKER}
    record_testsuite_property("seconds to the last owner", max(seconds))
    record_testsuite_property("mails", len(centres.mail.taken))
    await _nothing_is_doubled(centres, cases)


async def _all_quiet(centres: Centres, cases: list[LiveCase]) -> None:
    for case in cases:
        await eventually(lambda case=case: centres.is_quiet(case))


async def _is_on_its_way(case: LiveCase) -> bool:
    """True once the note about a case lies in the queue of the centre it wants."""
    return (await case.view()).handover is not None


async def _accepted(centres: Centres, case: LiveCase) -> None:
    """Cleo accepts a case once she has a mail about it."""

    async def is_offered() -> bool:
        return bool(centres.told(case, TAKER))

    await eventually(is_offered)
    await case.say("accept_handoff", _CLEO)


async def _check_asked(centres: Centres, case: LiveCase) -> float:
    """Auckland was asked and skipped, Kuala Lumpur has the case; returns how long after the shift's end."""
    offered, skipped, again, accepted, handed_over = await _steps(case)
    assert [offered.kind, offered.about] == [EntryKind.HANDOFF_OFFERED, DARK]
    assert offered.at < centres.shift_end < skipped.at
    assert [skipped.kind, skipped.about] == [EntryKind.HANDOFF_SKIPPED, DARK]
    assert [again.kind, again.about] == [EntryKind.HANDOFF_OFFERED, TAKER]
    assert accepted.kind is EntryKind.HANDOFF_ACCEPTED
    assert [handed_over.kind, handed_over.about] == [EntryKind.HANDED_OVER, f"{GIVER} -> {TAKER}"]
    (answered,) = await case.events(_ANSWERED)
    taken_at = answered.event_time.ToDatetime(tzinfo=handed_over.at.tzinfo)
    assert handed_over.at <= centres.shift_end + WITHIN
    assert taken_at <= centres.shift_end + WITHIN

    view = await case.view()
    assert (view.region, view.assignee, view.handoffs) == (TAKER, _CLEO.label, 1)
    assert centres.told(case, TAKER) == {"handoff_offer": 1, "handoff_note": 1}
    assert len(centres.notices(case)) == 1
    return (taken_at - centres.shift_end).total_seconds()


async def _check_free(centres: Centres, case: LiveCase, wanted: str) -> None:
    """What nobody has to accept changed hands by itself, and not to a centre where no worker is."""
    *skipped, handed_over = await _steps(case)
    asked_in_vain = [(EntryKind.HANDOFF_SKIPPED, DARK)] if wanted == DARK else []
    assert [(step.kind, step.about) for step in skipped] == asked_in_vain
    assert [handed_over.kind, handed_over.about] == [EntryKind.HANDED_OVER, f"{GIVER} -> {TAKER}"]
    assert centres.shift_end <= handed_over.at <= centres.shift_end + WITHIN
    assert (centres.told(case, TAKER), centres.told(case, DARK)) == ({"handoff_note": 1}, {})
    assert len(centres.notices(case)) == 1


async def _steps(case: LiveCase) -> list[TimelineEntry]:
    return [entry for entry in await case.timeline() if entry.kind in _STEPS]


async def _nothing_is_doubled(centres: Centres, cases: list[LiveCase]) -> None:
    """The killed pool comes back, works again, and what it left behind changes nothing."""
    before = [await _all_of(centres, case) for case in cases]
    offers = sum(centres.told(case, DARK)["handoff_offer"] for case in cases)
    assert offers == 1  # taken from the pool that was killed before it heard so
    assert await centres.waiting(DARK) > 0
    centres.start_pool(DARK)
    fresh = await centres.taken_in("INC-fresh", region=TAKER, **P2)
    await _all_quiet(centres, [fresh])
    await fresh.say("hand_off", _CLEO, to=DARK, reason="It is theirs")
    await _all_quiet(centres, [fresh])
    assert centres.told(fresh, DARK) == {"handoff_note": 1}
    await eventually(lambda: _has_nothing_left(centres))
    assert [await _all_of(centres, case) for case in cases] == before
    with pytest.raises(Fault) as refused:
        await cases[0].say("accept_handoff", _DAN)
    assert refused.value.code == "HandoffNotOffered"


async def _has_nothing_left(centres: Centres) -> bool:
    return await centres.waiting(DARK) == 0


async def _all_of(centres: Centres, case: LiveCase) -> tuple[Counter[str], tuple[TimelineEntry, ...]]:
    """Every mail by its Message-ID and how often it came, and the whole timeline."""
    arrived = Counter(str(mail.message["Message-ID"]) for mail in centres.mails(case))
    return arrived, await case.timeline()
