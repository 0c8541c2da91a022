import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook
from temporalio.common import RetryPolicy
from temporalio.testing import ActivityEnvironment

from activities.channels.mail_message import message_id
from activities.notices.courier import TOLD_ALREADY
from activities.store.case_store import CaseStore
from activities.store.ledger import DeliveryStatus
from domain.effects import Address, Channel, Delivery, DeliveryReport, EffectKind, OutcomeStatus, Recipient
from domain.facts import Facts
from domain.record import RecordBatch
from tests.activities.builders import CASE, KIM, effect, entry, row
from tests.activities.desk import SECRET, SHORT, Desk
from tests.activities.http_receiver import HttpReceiver, answer_of
from tests.activities.mail_system import MailSystem

ALSO_KIM = Address(channel=Channel.EMAIL, to="kim.ng@customer.example")
LOOPBACK: dict[str, Any] = {"webhook_networks": ("127.0.0.0/8",), "allow_http_webhooks": True}


@pytest.fixture
def desk(own_store: CaseStore, mail_system: MailSystem) -> Desk:
    return Desk(own_store, mail_system.port)


def hook(receiver: HttpReceiver) -> Address:
    return Address(channel=Channel.WEBHOOK, to=f"http://kim.customer.example:{receiver.port}/in?key=secret")


def ids(mail_system: MailSystem) -> list[str]:
    return [str(mail.message["Message-ID"]) for mail in mail_system.taken]


async def test_effects_arrive_in_order_and_are_noted(desk: Desk, mail_system: MailSystem) -> None:
    effects = [effect(f"r-{number}") for number in range(3)]
    outcomes = await desk.tell(*effects)
    assert [outcome.effect_id for outcome in outcomes] == [one.id for one in effects]
    assert {outcome.status for outcome in outcomes} == {OutcomeStatus.DELIVERED}
    assert {outcome.channel for outcome in outcomes} == {Channel.EMAIL}
    assert ids(mail_system) == [message_id(one.id, "support.example") for one in effects]
    noted = await desk.store.deliveries(CASE)
    assert [(one.effect_id, one.status, one.address, one.answer) for one in noted] == [
        (one.id, DeliveryStatus.DELIVERED, KIM.to, "taken") for one in effects
    ]


async def test_an_effect_that_arrived_is_never_sent_again(desk: Desk, mail_system: MailSystem) -> None:
    first = await desk.tell(effect())
    assert await desk.tell(effect(), effect()) == first * 2
    assert len(mail_system.taken) == 1


async def test_one_bad_address_does_not_hold_up_the_others(desk: Desk, mail_system: MailSystem) -> None:
    mail_system.refusals = {KIM.to: ["550 5.1.1 no such user"]}
    bad, good = effect("bad"), effect("good", addresses=(ALSO_KIM,))
    lost, told = await desk.tell(bad, good)
    assert (lost.status, lost.failed) == (OutcomeStatus.UNDELIVERABLE, (KIM,))
    assert lost.reason == "kim@customer.example: 550 5.1.1 no such user"
    assert told.status is OutcomeStatus.DELIVERED
    assert ids(mail_system) == [message_id(good.id, "support.example")]
    assert await desk.tell(bad) == (lost,)


async def test_the_next_address_is_tried_and_the_outcome_says_so(
    own_store: CaseStore, mail_system: MailSystem, receiver: HttpReceiver
) -> None:
    desk = Desk(own_store, mail_system.port, **LOOPBACK)
    mail_system.refusals = {KIM.to: ["550 5.1.1 no such user"]}
    (told,) = await desk.tell(effect(addresses=(KIM, hook(receiver))))
    assert (told.status, told.channel, told.failed) == (OutcomeStatus.DELIVERED, Channel.WEBHOOK, (KIM,))
    assert told.reason == "kim@customer.example: 550 5.1.1 no such user"
    (got,) = receiver.received
    assert got.headers["webhook-id"] == effect().id
    assert await desk.tell(effect(addresses=(KIM, hook(receiver)))) == (told,)
    assert mail_system.taken == []


async def test_what_works_later_is_tried_again_after_the_others(desk: Desk, mail_system: MailSystem) -> None:
    mail_system.refusals = {KIM.to: ["450 4.2.0 greylisted", "250 OK"]}
    grey, fine = effect("grey"), effect("fine", addresses=(ALSO_KIM,))
    again = await desk.not_told(grey, fine)
    assert again.type == "NotToldYet"
    assert "1 not told yet: mail system 127.0.0.1" in again.message
    assert "450 4.2.0 greylisted" in again.message
    assert ids(mail_system) == [message_id(fine.id, "support.example")]
    mail_system.refusals = {}
    outcomes = await desk.tell(grey, fine)
    assert [outcome.status for outcome in outcomes] == [OutcomeStatus.DELIVERED] * 2
    assert [outcome.reason for outcome in outcomes] == [None, None]  # neither arrived twice
    assert ids(mail_system) == [message_id(one.id, "support.example") for one in (fine, grey)]


async def test_a_temporary_refusal_does_not_send_it_elsewhere(desk: Desk, mail_system: MailSystem) -> None:
    mail_system.refusals = {KIM.to: ["451 later"]}
    await desk.not_told(effect(addresses=(KIM, ALSO_KIM)))
    assert mail_system.taken == []


async def test_a_mail_system_that_is_away_holds_up_no_webhook(
    own_store: CaseStore, mail_system: MailSystem, receiver: HttpReceiver
) -> None:
    mail_system.banner = ""
    desk = Desk(own_store, mail_system.port, patience=SHORT, **LOOPBACK)
    mails = [effect(f"mail-{number}") for number in range(4)]
    again = await desk.not_told(*mails, effect("hook", addresses=(hook(receiver),)))
    assert again.message.startswith(f"4 not told yet: mail system 127.0.0.1:{mail_system.port}: ")
    assert mail_system.connections == 1
    assert len(receiver.received) == 1


async def test_the_address_where_nobody_listens_is_named(own_store: CaseStore, unused_tcp_port: int) -> None:
    again = await Desk(own_store, unused_tcp_port).not_told(effect())
    assert f"127.0.0.1:{unused_tcp_port}" in again.message
    assert "\n" not in again.message


async def test_a_mail_taken_without_a_word_keeps_its_bytes(desk: Desk, mail_system: MailSystem) -> None:
    mail_system.data_moods = ["take and vanish"]
    await desk.not_told(effect())
    (told,) = await desk.tell(effect())
    first, second = mail_system.taken
    assert first.bytes == second.bytes
    assert told.reason == "an attempt ended without a word, so it may have arrived twice"


async def test_the_first_content_stands_and_the_difference_is_told(
    desk: Desk, mail_system: MailSystem, caplog: pytest.LogCaptureFixture
) -> None:
    mail_system.data_moods = ["take and vanish"]
    changed = effect(facts=Facts(title="Another title", text="Another text"))
    assert changed.id == effect().id
    await desk.not_told(effect())
    (told,) = await desk.tell(changed)
    assert told.status is OutcomeStatus.DELIVERED
    assert (told.reason or "").startswith("another text came under this id and was not sent")
    assert "came again with another content" in caplog.text
    first, second = mail_system.taken
    assert first.bytes == second.bytes
    noted = await desk.store.ledger(effect().id)
    assert noted is not None
    assert noted.differed
    assert noted.content is None


async def test_a_receiver_s_wish_to_wait_is_kept(own_store: CaseStore, receiver: HttpReceiver) -> None:
    desk = Desk(own_store, **LOOPBACK)
    receiver.answers = [answer_of(429, Retry_After="600")]
    waiting = effect(addresses=(hook(receiver),))
    again = await desk.not_told(waiting)
    assert again.next_retry_delay == timedelta(seconds=600)
    early = await desk.not_told(waiting)
    assert early.next_retry_delay is not None
    assert timedelta(0) < early.next_retry_delay <= timedelta(seconds=600)
    assert len(receiver.received) == 1
    await own_store.not_yet(waiting.id, datetime.now(UTC) - timedelta(seconds=1))
    await desk.tell(waiting)
    assert len(receiver.received) == 2


async def test_a_wish_of_one_does_not_slow_down_another(
    own_store: CaseStore, mail_system: MailSystem, receiver: HttpReceiver
) -> None:
    desk = Desk(own_store, mail_system.port, **LOOPBACK)
    receiver.answers = [answer_of(429, Retry_After="600")]
    mail_system.refusals = {KIM.to: ["451 later"]}
    again = await desk.not_told(effect("hook", addresses=(hook(receiver),)), effect("mail"))
    assert again.next_retry_delay is None


async def test_a_text_that_travelled_apart_is_read_from_the_store(
    desk: Desk, mail_system: MailSystem
) -> None:
    apart = effect(facts=Facts(title="T", level="P3", phase="in_progress", text_entry=2))
    again = await desk.not_told(apart)
    assert "entry 2" in again.message
    await desk.store.record(
        RecordBatch(row=await row(version=1, entries=2), entries=(entry(2, "kept text"),))
    )
    await desk.tell(apart)
    assert "kept text" in mail_system.taken[0].part("plain")


async def test_our_own_side_is_found_at_the_moment_of_delivery(
    own_store: CaseStore, mail_system: MailSystem, receiver: HttpReceiver
) -> None:
    desk = Desk(
        own_store,
        mail_system.port,
        staff_address="staff@support.example",
        tss_address=receiver.url,
        region_addresses={"manila": "manila@support.example"},
    )
    told = [
        effect("a", kind=EffectKind.WARNING, to=Recipient.ASSIGNEE, region="manila"),
        effect("b", kind=EffectKind.WARNING, to=Recipient.ASSIGNEE, region="sydney"),
        effect("c", kind=EffectKind.BREACH_NOTICE, to=Recipient.TSS),
    ]
    report: DeliveryReport = await desk.telling.tell_staff(Delivery(effects=tuple(told)))
    assert {outcome.status for outcome in report.outcomes} == {OutcomeStatus.DELIVERED}
    assert [mail.recipients for mail in mail_system.taken] == [
        ["manila@support.example"],
        ["staff@support.example"],
    ]
    assert Webhook(SECRET).verify(receiver.received[0].body, receiver.received[0].headers)
    noted = await own_store.ledger(told[2].id)
    assert noted is not None
    assert noted.address == f"http://127.0.0.1:{receiver.port}"  # the path may be secret


@pytest.mark.parametrize(
    ("to", "variable"),
    [
        (Recipient.TSS, "SUNRELAY_TSS_ADDRESS"),
        (Recipient.ASSIGNEE, "SUNRELAY_STAFF_ADDRESS"),
        (Recipient.CUSTOMER, "the case names neither"),
        (Recipient.CASES, "by its workflow"),
    ],
)
async def test_without_an_address_the_reason_says_why(desk: Desk, to: Recipient, variable: str) -> None:
    (lost,) = await desk.tell(effect(kind=EffectKind.WARNING, to=to, addresses=()))
    assert lost.status is OutcomeStatus.UNDELIVERABLE
    assert variable in (lost.reason or "")
    if to is not Recipient.CASES:
        noted = await desk.store.ledger(lost.effect_id)
        assert noted is not None
        assert (noted.status, noted.reason) == (DeliveryStatus.UNDELIVERABLE, lost.reason)


async def test_a_customer_s_url_into_our_network_is_undeliverable(
    own_store: CaseStore, receiver: HttpReceiver
) -> None:
    desk = Desk(own_store)
    inside = Address(channel=Channel.WEBHOOK, to=f"https://127.0.0.1:{receiver.port}/")
    (lost,) = await desk.tell(effect(addresses=(inside,)))
    assert (lost.status, lost.failed) == (OutcomeStatus.UNDELIVERABLE, (inside,))
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "to", ["", "\x00", "https://[::1", "https://a:b/", "kim\r\nRCPT TO:<x@y>", "日本", "x" * 9000]
)
@pytest.mark.parametrize("channel", list(Channel))
async def test_an_address_that_is_none_is_given_up_at_once(desk: Desk, channel: Channel, to: str) -> None:
    (lost,) = await desk.tell(effect(addresses=(Address(channel=channel, to=to),)))
    assert lost.status is OutcomeStatus.UNDELIVERABLE
    assert lost.reason


async def test_a_message_that_cannot_be_put_into_words_holds_up_no_other(
    desk: Desk, mail_system: MailSystem, caplog: pytest.LogCaptureFixture
) -> None:
    wordless = effect("x", kind=EffectKind.LINKED_CASE)
    again = await desk.not_told(wordless, effect("y"))
    assert "linked_case.j2" in again.message
    assert len(mail_system.taken) == 1
    assert wordless.id in caplog.text


async def test_a_store_that_is_away_sends_nothing(
    tmp_path: Path, mail_system: MailSystem, caplog: pytest.LogCaptureFixture
) -> None:
    store = await CaseStore.open(f"sqlite:///{tmp_path / 'cases.db'}")
    desk = Desk(store, mail_system.port)
    async with store.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE delivery_ledger RENAME TO elsewhere")
    again = await desk.not_told(effect())
    assert mail_system.connections == 0
    for shown in (again.message, caplog.text):
        assert "News r-1" not in shown  # what a case says is for its readers
    await store.close()


async def test_two_attempts_at_once_end_in_one_row(desk: Desk, mail_system: MailSystem) -> None:
    await asyncio.gather(desk.tell(effect()), desk.tell(effect()))
    assert len(set(ids(mail_system))) == 1
    assert len(await desk.store.deliveries(CASE)) == 1


def attempt(number: int, since: timedelta) -> ActivityEnvironment:
    environment = ActivityEnvironment()
    info = environment.default_info()
    changes = {
        "attempt": number,
        "scheduled_time": datetime.now(UTC) - since,
        "schedule_to_close_timeout": timedelta(hours=24),
        "retry_policy": RetryPolicy(maximum_interval=timedelta(minutes=5)),
    }
    environment.info = type(info)(**{**vars(info), **changes})
    return environment


async def test_when_time_is_up_only_what_was_not_told_is_lost(desk: Desk, mail_system: MailSystem) -> None:
    mail_system.refusals = {KIM.to: ["451 never in the mood"]}
    never, fine = effect("never"), effect("fine", addresses=(ALSO_KIM,))
    unworded = effect("z", facts=Facts(text_entry=99))
    delivery = Delivery(effects=(never, fine, unworded))
    with pytest.raises(Exception, match="2 not told yet"):
        await attempt(12, timedelta(hours=1)).run(desk.telling.tell_customer, delivery)
    last = attempt(290, timedelta(hours=23, minutes=57))
    report: DeliveryReport = await last.run(desk.telling.tell_customer, delivery)
    assert [outcome.status for outcome in report.outcomes] == [
        OutcomeStatus.UNDELIVERABLE,
        OutcomeStatus.DELIVERED,
        OutcomeStatus.UNDELIVERABLE,
    ]
    assert "gave up: mail system" in (report.outcomes[0].reason or "")
    noted = await desk.store.ledger(never.id)
    assert noted is not None
    assert noted.status is DeliveryStatus.UNDELIVERABLE


async def test_an_effect_keeps_its_instant_of_beginning(desk: Desk, mail_system: MailSystem) -> None:
    mail_system.refusals = {KIM.to: ["451 later"]}
    await desk.not_told(effect())
    begun = await desk.store.ledger(effect().id)
    mail_system.refusals = {}
    await desk.tell(effect())
    assert begun is not None
    assert mail_system.taken[0].message["Date"].datetime == begun.begun_at.replace(microsecond=0)


OURS: dict[str, Any] = {
    "staff_address": "staff@support.example",
    "tss_address": "tss@support.example",
    "region_addresses": {"manila": "manila@support.example"},
}


@pytest.mark.parametrize(
    ("to", "region", "address"),
    [
        (Recipient.SDM, "sydney", "sdm@support.example"),
        (Recipient.TSS, "sydney", "tss@support.example"),
        (Recipient.REGION, "manila", "manila@support.example"),
        (Recipient.REGION, "sydney", "staff@support.example"),
        (Recipient.ASSIGNEE, "manila", "manila@support.example"),
    ],
)
async def test_our_own_people_are_found_by_their_part(
    own_store: CaseStore, mail_system: MailSystem, to: Recipient, region: str, address: str
) -> None:
    desk = Desk(own_store, mail_system.port, **OURS, sdm_address="sdm@support.example")
    (told,) = await desk.tell(effect(kind=EffectKind.HANDOFF_FAILED, to=to, region=region))
    assert told.status is OutcomeStatus.DELIVERED
    (mail,) = mail_system.taken
    assert mail.recipients == [address]


async def test_without_an_sdm_the_tss_is_told(own_store: CaseStore, mail_system: MailSystem) -> None:
    failed = effect(kind=EffectKind.HANDOFF_FAILED, to=Recipient.SDM)
    (told,) = await Desk(own_store, mail_system.port, **OURS).tell(failed)
    assert told.status is OutcomeStatus.DELIVERED
    assert [mail.recipients for mail in mail_system.taken] == [["tss@support.example"]]
    (lost,) = await Desk(own_store, mail_system.port).tell(effect("r-2", kind=failed.kind, to=Recipient.SDM))
    assert lost.status is OutcomeStatus.UNDELIVERABLE
    assert "set SUNRELAY_SDM_ADDRESS or SUNRELAY_TSS_ADDRESS" in (lost.reason or "")


async def test_the_tss_and_the_sdm_at_one_address_are_told_once_however_often_it_is_tried(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    desk = Desk(own_store, mail_system.port, **OURS)
    for to in (Recipient.TSS, Recipient.SDM) * 2:
        await desk.tell(effect(kind=EffectKind.HANDOFF_FAILED, to=to))
    assert len(mail_system.taken) == 1


ONE_BOX = {"tss_address": "lead@support.example", "sdm_address": "lead@support.example"}


@pytest.mark.covers("RHIPE-43")
async def test_two_of_us_at_one_address_get_one_mail_of_one_thing(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    """Each has a row of their own in the ledger; that of the second says how they were told."""
    desk = Desk(own_store, mail_system.port, **ONE_BOX)
    tss, sdm = (effect("c-1", kind=EffectKind.HANDOFF_FAILED, to=to) for to in (Recipient.TSS, Recipient.SDM))
    outcomes = await desk.tell(tss, sdm)
    assert [one.status for one in outcomes] == [OutcomeStatus.DELIVERED] * 2
    assert ids(mail_system) == [message_id(tss.id, "support.example")]
    first, second = await desk.store.deliveries(CASE)
    assert (first.address, first.answer) == (second.address, "taken")
    assert second.answer == TOLD_ALREADY
    later = effect("c-2", kind=EffectKind.HANDOFF_FAILED, to=Recipient.SDM)
    await desk.tell(later)
    assert len(mail_system.taken) == 2


async def test_two_of_us_at_two_addresses_both_get_their_mail(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    desk = Desk(own_store, mail_system.port, **ONE_BOX | {"sdm_address": "sdm@support.example"})
    tss, sdm = (effect("c-1", kind=EffectKind.HANDOFF_FAILED, to=to) for to in (Recipient.TSS, Recipient.SDM))
    await desk.tell(tss, sdm)
    assert len(mail_system.taken) == 2


async def test_what_is_for_two_centres_at_one_address_is_told_for_each(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    desk = Desk(own_store, mail_system.port, staff_address="desk@support.example")
    offers = [
        effect(
            id=f"{CASE}/c-1/handoff_offer/region:{centre}",
            kind=EffectKind.HANDOFF_OFFER,
            to=Recipient.REGION,
            region=centre,
        )
        for centre in ("sydney", "manila")
    ]
    await desk.tell(*offers)
    assert len(mail_system.taken) == 2
