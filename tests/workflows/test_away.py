"""The worker, the case store or the mail system away: what goes on meanwhile, and what comes after."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.clocks import Clock
from domain.messages.case import Contact
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.people import ANA, KIM, KIMS_MAIL, P1, P3, STAFF_MAIL, TSS_MAIL
from tests.stores import table_away

HOUR = timedelta(hours=1)
LATER, NOBODY = "451 come back later", "550 nobody here by that name"


@pytest.mark.worker_goes
@pytest.mark.covers("GAP-21")
async def test_half_a_day_without_a_worker_is_one_mail_and_one_breach_with_its_count(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    first = await case.due(Clock.UPDATE)
    async with desk.with_the_worker_away():
        await desk.until(first, hours=11, minutes=30)
    assert len(await case.told("status_update")) == 1
    (breach,) = (await case.view()).breaches
    assert (breach.count, breach.due_at, breach.last_due_at) == (12, first, first + 11 * HOUR)
    assert (len(desk.mails_to(TSS_MAIL)), len(desk.mails_to(STAFF_MAIL))) == (1, 2)  # new case, still missed
    assert await case.due(Clock.UPDATE) == first + 12 * HOUR


async def test_the_case_lives_on_without_its_store_and_tells_it_everything_afterwards(desk: Desk) -> None:
    case = await desk.open(**P1)
    async with table_away(desk.place / "cases.db", "cases"):
        await case.say("respond", ANA, text="I am on it.")
        first = await case.due(Clock.UPDATE)
        await desk.until(first, minutes=1)
        await case.say("post_update", ANA, text="The log shows something.")
        await case.tell("add_note", ANA, text="It is DNS.")
        told = [row.kind for row in await case.told() if row.recipient == "customer"]
        assert told[1:] == ["first_response", "status_update", "staff_update"]
        assert len(await case.timeline()) == 1
    await desk.passes(minutes=2)
    kinds = [entry.kind.value for entry in await case.timeline()]
    assert kinds == ["submitted", "responded", "warned", "status_sent", "updated", "noted"]
    view, row = await case.view(), await desk.adapters.store.case_row(case.id)
    assert row is not None
    assert (row.version, row.entries, row.updates_by_staff) == (view.version, 6, 1)
    stood = await desk.adapters.store.moments.of(case.id)
    by_kind = {entry.kind.value: entry.at for entry in await case.timeline()}
    changed = ("submitted", "responded", "status_sent", "updated")
    assert {by_kind[kind] for kind in changed} <= {one.at for one in stood}  # then, not when written
    assert stood[-1].promises is not None
    assert stood[-1].promises[0].due_at == await case.due(Clock.UPDATE)


async def test_a_store_that_is_away_at_the_opening_costs_the_customer_nothing(desk: Desk) -> None:
    async with table_away(desk.place / "cases.db", "cases"):
        case = await desk.open(**P1)
        assert (await case.view()).phase == "received"
        assert len(desk.mails_to(KIMS_MAIL)) == 1
    await desk.passes(minutes=2)
    assert len(await case.timeline()) == 1


async def test_a_run_does_not_end_before_its_store_has_the_whole_record(desk: Desk) -> None:
    case = await desk.open()
    await case.say("close", KIM, reason="requested")
    last = await case.due(Clock.REOPEN_WINDOW)
    await desk.until(last)
    async with table_away(desk.place / "cases.db", "cases"):
        await desk.until(last, minutes=10)
        assert (await case.view()).phase == "archived"
    await desk.passes(minutes=2)
    assert (await case.outcome()).close_reason == "requested"
    assert (await case.timeline())[-1].kind is EntryKind.ARCHIVED


@pytest.mark.covers("GAP-29")
async def test_a_stuck_customer_lane_holds_up_neither_staff_nor_clocks(desk: Desk) -> None:
    case = await desk.open(**P1)
    desk.mail.refusals[KIMS_MAIL] = [LATER]
    await case.say("respond", ANA, text="I am on it.")
    first = await case.due(Clock.UPDATE)
    await desk.until(first + HOUR)
    assert (await case.view()).score.system == 2
    assert len(desk.mails_to(STAFF_MAIL)) == 1 + 3  # the new case; two warnings, and what climbs
    assert len(desk.mails_to(TSS_MAIL)) == 1
    assert len(desk.mails_to(KIMS_MAIL)) == 1
    desk.mail.refusals.clear()
    await desk.passes(minutes=6)
    kinds = [row.kind for row in await case.told() if row.recipient == "customer"]
    assert kinds == ["acknowledgement", "first_response", "status_update", "status_update"]
    mails = [mail.message["Message-ID"] for mail in desk.mails_to(KIMS_MAIL)]
    assert len(mails) == len(set(mails)) == 4
    assert (await case.view()).undelivered == 0


@pytest.mark.covers("GAP-29")
async def test_what_could_not_be_told_for_a_day_is_recorded_and_staff_are_asked(desk: Desk) -> None:
    desk.mail.refusals[KIMS_MAIL] = [LATER]
    phone = Contact(name="Kim Ng", email=KIMS_MAIL, phone="+61 2 5550 0100")
    case = await desk.open(contact=phone, **P3)
    await desk.passes(hours=23)
    assert await case.entries(EntryKind.DELIVERY_FAILED) == []
    await desk.passes(hours=1, minutes=10)
    (failed,) = await case.entries(EntryKind.DELIVERY_FAILED)
    assert (failed.internal, failed.about) == (True, "acknowledgement")
    asked = [mail.part("plain") for mail in desk.mails_to(STAFF_MAIL) if "could not be" in mail.part("plain")]
    assert len(asked) == 1
    assert "+61 2 5550 0100" in asked[0]


@pytest.mark.covers("GAP-29")
async def test_an_address_that_will_never_work_is_told_to_staff_at_once(desk: Desk) -> None:
    desk.mail.refusals[KIMS_MAIL] = [NOBODY]
    case = await desk.open(**P1)
    (failed,) = await case.entries(EntryKind.DELIVERY_FAILED)
    assert NOBODY.removeprefix("550 ") in (failed.text or "")
    assert len(desk.mails_to(STAFF_MAIL)) == 1 + 1
    assert [row.status.value for row in await case.told("acknowledgement")] == ["undeliverable"]
    assert await case.due(Clock.INITIAL_RESPONSE)


async def test_a_second_channel_is_tried_and_its_use_is_recorded(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    networks = {"allow_http_webhooks": True, "webhook_networks": ["127.0.0.0/8"]}
    async with Desk(env, tmp_path).at_work(**networks) as desk:
        desk.mail.refusals[KIMS_MAIL] = [NOBODY]
        contact = Contact(name="Kim Ng", email=KIMS_MAIL, webhook=desk.hooks.url)
        case = await desk.open(contact=contact)
        (told,) = await case.told("acknowledgement")
        assert (told.status.value, told.channel) == ("delivered", "webhook")
        (hook,) = desk.hooks.received
        assert hook.headers["webhook-id"] == told.effect_id
        (failed,) = await case.entries(EntryKind.DELIVERY_FAILED)
        assert "delivered by webhook instead" in (failed.text or "")


async def test_staff_who_cannot_be_reached_are_recorded_and_not_told_about_it_for_ever(desk: Desk) -> None:
    desk.mail.refusals[STAFF_MAIL] = [NOBODY]
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    await case.say("reply", KIM, text="Please hurry.")
    failed = await case.entries(EntryKind.DELIVERY_FAILED)
    assert [entry.about for entry in failed] == ["new_case", "customer_replied"]
    assert (await case.view()).undelivered == 0
