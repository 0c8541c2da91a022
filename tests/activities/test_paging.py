"""An engineer of the rota is told at his own address, besides his centre: nothing hangs on one person."""

from datetime import timedelta
from pathlib import Path

import pytest

from activities.notices.engineers import EngineerAddresses
from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from domain.centres.rota import Engineer
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from tests.activities.builders import effect
from tests.activities.desk import Desk
from tests.activities.http_receiver import HttpReceiver
from tests.activities.mail_system import MailSystem

SYDNEY, ANA = "sydney@support.example", "ana@desk.example"


@pytest.fixture
async def rota(own_store: CaseStore) -> Rota:
    kept = Rota(own_store)
    people = [
        Engineer(name="Ana", region="sydney", address=ANA),
        Engineer(name="Ben", region="sydney"),
        Engineer(name="Cai", region="sydney", address="pager 17"),
        Engineer(name="Dee", region="sydney", address=SYDNEY),
    ]
    await kept.put(people, "Ada")
    return kept


def desk(store: CaseStore, port: int) -> Desk:
    return Desk(store, port, region_addresses={"sydney": SYDNEY})


def warning(owner: str | None = "Ana", kind: EffectKind = EffectKind.WARNING, **changes: object) -> Effect:
    told = effect(kind=kind, to=Recipient.ASSIGNEE)
    facts = told.facts.model_copy(update={"owner": owner, "text": None} | changes)
    return told.model_copy(update={"facts": facts})


def recipients(system: MailSystem) -> list[list[str]]:
    return [mail.recipients for mail in system.taken]


async def test_who_has_the_case_is_paged_at_his_own_address_and_his_centre_hears_it(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    at_work = desk(own_store, mail_system.port)
    for _ in range(2):  # asked for again, nobody is told twice
        (told,) = await at_work.tell(warning())
        assert told == Outcome(
            effect_id=warning().id, status=OutcomeStatus.DELIVERED, channel=told.channel, reason=None
        )
    assert recipients(mail_system) == [[SYDNEY], [ANA]]


@pytest.mark.parametrize("owner", ["Ben", "Cai", "Dee", "Nobody Known", "sydney", None])
async def test_who_has_no_address_of_his_own_hears_by_the_list_of_his_centre(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem, owner: str | None
) -> None:
    (told,) = await desk(own_store, mail_system.port).tell(warning(owner))
    assert (told.status, told.reason) == (OutcomeStatus.DELIVERED, None)
    assert recipients(mail_system) == [[SYDNEY]]


async def test_an_offer_is_heard_by_the_whole_centre_and_by_who_would_get_the_case(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    offer = warning("Ben", EffectKind.HANDOFF_OFFER, contact="Ana")
    await desk(own_store, mail_system.port).tell(offer.model_copy(update={"to": Recipient.REGION}))
    assert recipients(mail_system) == [[SYDNEY], [ANA]]


async def test_what_is_for_others_pages_no_engineer(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    at_work = Desk(own_store, mail_system.port, tss_address="tss@support.example")
    await at_work.tell(warning().model_copy(update={"to": Recipient.TSS}))
    assert recipients(mail_system) == [["tss@support.example"]]


async def test_an_address_of_his_that_is_refused_is_said_and_the_centre_has_it(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    mail_system.refusals[ANA] = ["550 no such user"]
    (told,) = await desk(own_store, mail_system.port).tell(warning())
    assert told.status is OutcomeStatus.DELIVERED
    assert "the engineer was not reached" in (told.reason or "")
    assert recipients(mail_system) == [[SYDNEY]]


async def test_where_the_centre_cannot_be_told_his_own_address_is_enough(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    mail_system.refusals[SYDNEY] = ["550 no such list"]
    (told,) = await desk(own_store, mail_system.port).tell(warning())
    assert (told.effect_id, told.status) == (warning().id, OutcomeStatus.DELIVERED)
    assert [address.to for address in told.failed] == [SYDNEY]
    assert recipients(mail_system) == [[ANA]]


async def test_a_pager_that_is_away_is_tried_again_and_does_not_hold_up_a_handoff(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    mail_system.refusals[ANA] = ["450 try later"]
    at_work = desk(own_store, mail_system.port)
    await at_work.not_told(warning())
    note = warning(kind=EffectKind.HANDOFF_NOTE).model_copy(update={"to": Recipient.REGION, "id": "note"})
    (told,) = await at_work.tell(note)
    assert told.status is OutcomeStatus.DELIVERED
    assert "not reached: gave up" in (told.reason or "")
    mail_system.refusals.clear()
    await at_work.tell(warning())
    assert recipients(mail_system) == [[SYDNEY], [SYDNEY], [ANA]]


async def test_he_is_paged_while_the_list_of_his_centre_is_away(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem
) -> None:
    mail_system.refusals[SYDNEY] = ["450 try later"]
    await desk(own_store, mail_system.port).not_told(warning())
    assert recipients(mail_system) == [[ANA]]


async def test_a_pager_may_be_an_address_on_the_web_whose_path_stays_secret(
    own_store: CaseStore, rota: Rota, mail_system: MailSystem, receiver: HttpReceiver
) -> None:
    await rota.put([Engineer(name="Ana", region="sydney", address=receiver.url)], "Ada")
    await desk(own_store, mail_system.port).tell(warning())
    assert len(receiver.received) == 1
    kept = await own_store.ledger(f"{warning().id}/own")
    assert kept is not None
    assert kept.address == f"http://127.0.0.1:{receiver.port}"


async def test_without_the_rota_nobody_waits_and_the_centre_is_told(tmp_path: Path) -> None:
    bare = CaseStore(f"sqlite:///{tmp_path / 'no_tables.db'}")
    addresses = EngineerAddresses(bare, timedelta(seconds=30))
    assert await addresses.of(warning()) is None
    await addresses.close()
    await bare.close()
