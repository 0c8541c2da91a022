"""Mail is away for long: a case stays short and quick to wake, and what people wrote arrives."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import delete, func, select

from activities.store.delivery_tables import waiting_effects
from domain import turnover
from domain.effects import Lane
from domain.timeline import EntryKind
from starter.door.faults import Fault
from starter.rehearse.idle_clock import skip
from tests.activities.mail_system import Mail
from tests.desk import Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA, KIMS_MAIL, P1
from tests.stores import locked
from tests.workflows.test_turning_over import began_with, carried, notes

UPDATES = 360
LONG = "あ" * 2700  # 8.1 KiB
CLOSED = "421 4.3.2 closed"


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with a server of its own, whose cases stay in memory: hundreds of updates come one by one."""
    async with time_skipping() as env, Desk(env, tmp_path, cached_cases=100).at_work() as desk:
        yield desk


def text(number: int) -> str:
    return f"Step {number}. {LONG if number % 12 == 0 else ''}".strip()


async def updates(case: LiveCase, first: int, last: int) -> None:
    for number in range(first, last + 1):
        said = {"actor": ANA, "text": text(number), "request_id": f"u-{number}"}
        await case.ask("post_update", said)


def news(desk: Desk) -> list[Mail]:
    return [mail for mail in desk.mails_to(KIMS_MAIL) if "Step " in mail.part("plain")]


async def all_arrived(desk: Desk, count: int) -> None:
    """Lets time pass until so many updates are with the customer, and a little longer."""
    for _ in range(60):
        if len(news(desk)) >= count:
            break
        await desk.passes(minutes=1)
    await desk.passes(minutes=1)


def arrive_in_order(desk: Desk, count: int) -> None:
    said = [" ".join(mail.part("plain").split()) for mail in news(desk)]
    wanted = [text(number) for number in range(1, count + 1)]
    assert len(said) == count
    assert [number for number, one in enumerate(wanted) if one not in said[number]] == []
    ids = [mail.message["Message-ID"] for mail in news(desk)]
    assert len(set(ids)) == count


async def in_store(desk: Desk) -> int:
    async with desk.adapters.store.reading() as connection:
        count: int = (
            await connection.execute(select(func.count()).select_from(waiting_effects))
        ).scalar_one()
    return count


@pytest.mark.timeout(280)
async def test_360_updates_without_a_mail_server_stay_short_and_arrive_in_order_when_it_is_back(
    own_desk: Desk,
) -> None:
    desk = own_desk
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    desk.mail.banner = CLOSED
    longest = 0
    for first in range(1, UPDATES, 40):
        await updates(case, first, first + 39)
        longest = max(longest, len(await case.events()))
    await desk.passes(minutes=1)
    file = await carried(case)
    assert longest <= turnover.MOST_EVENTS
    assert len(await case.events()) <= turnover.QUIET_EVENTS
    assert file.turn_overs >= 1
    (line,) = [line for line in file.lanes if line.lane is Lane.CUSTOMER]
    assert line.kept > turnover.CARRIED_EFFECTS
    assert (await case.view()).undelivered >= UPDATES
    assert await case.entries(EntryKind.DELIVERY_FAILED) == []

    desk.mail.banner = None
    await all_arrived(desk, UPDATES)
    arrive_in_order(desk, UPDATES)
    await desk.rest()
    assert (await case.view()).undelivered == 0
    assert await in_store(desk) == 0
    assert {row.status for row in await case.told("staff_update")} == {"delivered"}


@pytest.mark.worker_goes
async def test_a_stuck_lane_is_tried_for_24_hours_however_often_the_case_turns_over(desk: Desk) -> None:
    case = await desk.open()
    desk.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    told_at = (await case.say("respond", ANA, text="I am on it.", request_id="r-1")).at
    for turn in (1, 2):
        await desk.passes(hours=10)
        async with desk.with_the_worker_away():
            await notes(case, 500, of=f"t{turn}")
        assert (await carried(case)).turn_overs == turn
    await desk.passes(hours=4, minutes=10)
    (failure,) = await case.entries(EntryKind.DELIVERY_FAILED)
    replaced = [entry.text or "" for entry in await case.entries(EntryKind.NOTED)]
    assert [text for text in replaced if "later ones took their place: status_update" in text]
    assert "first_response to customer" in (failure.text or "")
    assert failure.at - told_at <= timedelta(hours=24, minutes=1)


@pytest.mark.worker_goes
async def test_what_a_store_has_lost_is_said_in_the_timeline(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    desk.mail.banner = CLOSED
    for number in range(1, 46):
        await case.send("post_update", {"actor": ANA, "text": text(number)})
    await skip(desk.env, timedelta(minutes=1))
    async with desk.with_the_worker_away():
        await notes(case, 450)
    assert await in_store(desk) == 45
    async with desk.adapters.store.writing() as connection:
        await connection.execute(delete(waiting_effects))
    desk.mail.banner = None
    await case.say("post_update", ANA, text="Step by step.")
    await desk.passes(minutes=10)
    assert len(news(desk)) >= 1
    failures = [entry.text or "" for entry in await case.entries(EntryKind.DELIVERY_FAILED)]
    assert [one for one in failures if "no longer in the case store" in one]
    assert (await case.view()).undelivered == 0


async def test_where_the_store_is_away_too_a_full_case_refuses_updates_and_loses_nothing(
    own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnover, "FULL_EVENTS", 600)  # what 5,000 events do, without writing them all
    desk = own_desk
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    desk.mail.banner = CLOSED
    async with locked(desk.place / "cases.db"):
        await updates(case, 1, 60)
        await notes(case, 400)
        await asyncio.sleep(2)
        with pytest.raises(Fault) as refused:
            await updates(case, 61, 61)
        assert refused.value.code == "CaseFull"
        await case.send("add_note", {"actor": ANA, "text": "by signal"})
        assert (await began_with(case)).turn_overs == 0
    desk.mail.banner = None
    await desk.passes(minutes=10)
    await updates(case, 61, 61)
    await all_arrived(desk, 61)
    arrive_in_order(desk, 61)
    said = [entry.text for entry in await case.entries(EntryKind.NOTED)]
    assert len(said) == 401
    assert "by signal" in said
    assert (await carried(case)).turn_overs >= 1
