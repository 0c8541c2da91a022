"""A shift end is one mail for each reader; urgent cases have theirs beside it (field note M12)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from activities.store.digests import HELD, Digests
from domain.centres.rota import Engineer
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.facts import ClockFact
from domain.naming import case_id, case_number
from tests.activities.builders import AT, HOUR, effect
from tests.activities.desk import Desk
from tests.activities.mail_system import Mail, MailSystem

MANILA, KIM = "manila@support.example", "kim@support.example"
QUIET = 0.3


def offer(name: str, rank: int = 3, kind: EffectKind = EffectKind.HANDOFF_OFFER, **changes: Any) -> Effect:
    """What one of many cases tells as its shift ends."""
    case = case_id("acme", "desk", name)
    to = changes.pop("to", Recipient.REGION)
    facts = effect().facts.model_copy(
        update={
            "title": f"Title {name}",
            "level": f"P{rank + 1}",
            "owner": "sydney",
            "contact": "Kim",
            "due_at": AT + HOUR,
            "clocks": (ClockFact(clock="update", due_at=AT + 2 * HOUR),),
        }
    )
    given = {"case_id": case, "case_number": case_number(case), "region": "manila", "rank": rank}
    where = "region:manila" if to is Recipient.REGION else to
    return effect(
        id=f"{case}/handoff@20270302T040000Z/7/{kind}/{where}",
        kind=kind,
        to=to,
        gathers=rank > 1,
        facts=facts,
        **given | changes,
    )


def desk(store: CaseStore, port: int, quiet: float = QUIET, **given: Any) -> Desk:
    return Desk(store, port, quiet=quiet, region_addresses={"manila": MANILA}, **given)


async def each(at_work: Desk, *effects: Effect) -> list[Outcome]:
    """Every case tells its own by itself, all at the same time."""
    told = await asyncio.gather(*(at_work.tell_at_last(one) for one in effects))
    return [outcome for (outcome,) in told]


def to(system: MailSystem, address: str) -> list[Mail]:
    return [mail for mail in system.taken if mail.recipients == [address]]


async def with_kim(store: CaseStore) -> None:
    await Rota(store).put([Engineer(name="Kim", region="manila", address=KIM)], "Ada")


@pytest.mark.covers("RHIPE-25")
async def test_five_cases_of_one_shift_end_are_one_mail_to_the_centre_and_one_to_who_would_get_them(
    store: CaseStore, mail_system: MailSystem
) -> None:
    await with_kim(store)
    offers = [offer(f"INC-{number}") for number in range(5)]
    outcomes = await each(desk(store, mail_system.port), *offers)
    assert [one.status for one in outcomes] == [OutcomeStatus.DELIVERED] * 5
    assert [(one.gathered, one.reason) for one in outcomes] == [(4, None)] * 5
    assert len(mail_system.taken) == 2
    for address in (MANILA, KIM):
        (mail,) = to(mail_system, address)
        for form in (mail.part("plain"), mail.part("html")):
            assert all(one.case_number in form and one.facts.title in form for one in offers)
        assert "5 cases at a change of shift" in mail.message["Subject"]
        assert "sunrelay handoff accept --region manila --all" in mail.part("plain")
    assert {(await store.ledger(one.id)).answer for one in offers} == {"told in one mail with 4 more"}  # type: ignore[union-attr]


async def test_an_urgent_case_has_a_mail_of_its_own_beside_the_digest(
    store: CaseStore, mail_system: MailSystem
) -> None:
    urgent = offer("INC-9", rank=0)
    await each(desk(store, mail_system.port), urgent, offer("INC-1"), offer("INC-2"))
    alone, together = sorted(to(mail_system, MANILA), key=lambda mail: "2 cases" in mail.message["Subject"])
    assert urgent.case_number in alone.message["Subject"]
    assert urgent.case_number not in together.part("plain")
    assert mail_system.taken[0] is alone  # it waits for nobody


async def test_the_only_case_of_a_shift_end_has_its_ordinary_mail(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    (told,) = await each(desk(own_store, mail_system.port), offer("INC-1"))
    assert told.gathered == 0
    (mail,) = mail_system.taken
    assert "Offered to Manila" in mail.message["Subject"]


async def test_what_comes_after_the_mail_has_left_is_told_in_the_next(
    store: CaseStore, mail_system: MailSystem
) -> None:
    at_work = desk(store, mail_system.port)
    await each(at_work, offer("INC-1"), offer("INC-2"))
    await each(at_work, offer("INC-3"), offer("INC-4"), offer("INC-1"))
    first, second = to(mail_system, MANILA)
    assert offer("INC-1").case_number in first.part("plain")
    assert offer("INC-1").case_number not in second.part("plain")
    assert offer("INC-4").case_number in second.part("plain")


async def test_nobody_took_them_over_is_one_mail_to_tss_and_sdm_at_one_address(
    store: CaseStore, mail_system: MailSystem
) -> None:
    both = (Recipient.TSS, Recipient.SDM)
    failed = [
        tuple(offer(f"INC-{number}", kind=EffectKind.HANDOFF_FAILED, to=one) for one in both)
        for number in range(3)
    ]
    at_work = desk(store, mail_system.port, tss_address="boss@support.example")
    told = await asyncio.gather(*(at_work.tell_at_last(*pair) for pair in failed))
    assert {outcome.status for pair in told for outcome in pair} == {OutcomeStatus.DELIVERED}
    (mail,) = mail_system.taken
    assert mail.part("plain").count(offer("INC-2").case_number) == 2  # its line, and its command
    assert "3 cases" in mail.message["Subject"]


async def test_two_centres_at_one_address_have_a_digest_each(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    at_work = Desk(own_store, mail_system.port, quiet=QUIET, staff_address="all@support.example")
    offers = [offer(f"INC-{n}", region=where) for n, where in enumerate(["manila", "sydney"] * 2)]
    await each(at_work, *offers)
    assert sorted("Offered to Manila" in mail.part("plain") for mail in mail_system.taken) == [False, True]


async def test_a_mail_system_that_is_away_costs_no_notice_and_doubles_none(
    store: CaseStore, mail_system: MailSystem
) -> None:
    mail_system.data_moods = ["451 later", "451 later"]
    await each(desk(store, mail_system.port), *(offer(f"INC-{number}") for number in range(3)))
    assert len(mail_system.taken) == 1


async def test_an_address_that_is_refused_is_said_to_be_so_for_every_case(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    mail_system.refusals[MANILA] = ["550 5.1.1 no such box"]
    outcomes = await each(desk(own_store, mail_system.port), offer("INC-1"), offer("INC-2"))
    assert [one.status for one in outcomes] == [OutcomeStatus.UNDELIVERABLE] * 2
    assert all("no such box" in (one.reason or "") for one in outcomes)


async def test_where_the_sender_dies_with_the_mail_in_hand_another_case_sends_it_with_the_same_id(
    store: CaseStore, mail_system: MailSystem
) -> None:
    """The first says nothing any more: neither does it let go nor note what came of it."""
    at_work, offers = desk(store, mail_system.port, quiet=2), [offer("INC-1"), offer("INC-2")]
    for one in offers:
        await at_work.not_told(one)
    await asyncio.sleep(3)
    mail_system.data_moods = ["take and vanish"]
    await at_work.not_told(offers[0])
    told = await each(at_work, *offers)
    first, again = to(mail_system, MANILA)
    assert first.bytes == again.bytes
    assert all("arrived twice" in (one.reason or "") for one in told)


async def test_a_sender_that_is_gone_is_waited_for_and_no_longer(own_store: CaseStore) -> None:
    digests, now = Digests(own_store, timedelta(seconds=1)), datetime.now(UTC)
    digest = await digests.join(MANILA, offer("INC-1"), now)
    assert await digests.hold(digest, now)
    assert not await digests.hold(digest, now + HELD)
    assert await digests.hold(digest, now + HELD + timedelta(seconds=1))


async def test_a_digest_waits_for_the_last_to_come_but_not_for_ever(store: CaseStore) -> None:
    digests, now = Digests(store, timedelta(seconds=5)), datetime.now(UTC)
    leaves = [
        (await digests.join(MANILA, offer(f"INC-{n}"), now + n * timedelta(seconds=4))).leaves_at - now
        for n in range(5)
    ]
    assert [wait.total_seconds() for wait in leaves] == [5, 9, 13, 15, 15]


async def test_many_at_once_from_two_workers_are_each_in_one_mail(
    store_url: str, mail_system: MailSystem
) -> None:
    stores = [await CaseStore.open(store_url) for _ in range(2)]
    try:
        works = [desk(store, mail_system.port, quiet=1) for store in stores]
        offers = [offer(f"INC-{number}") for number in range(20)]
        await asyncio.gather(*(works[number % 2].tell_at_last(one) for number, one in enumerate(offers)))
        mails = [mail.part("plain") for mail in mail_system.taken]
        in_mails = [sum(f"accept {one.case_number}" in mail for mail in mails) for one in offers]
        assert in_mails == [1] * 20
    finally:
        for store in stores:
            await store.close()
