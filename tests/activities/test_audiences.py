"""A list of a tenant is told by what the directory says at that moment: everybody on it, each once."""

import pytest

from activities.store.case_store import CaseStore
from activities.store.ledger import DeliveryStatus
from domain.effects import Audience, Effect, EffectKind, OutcomeStatus, Recipient
from domain.tenants import TenantRecord
from tests.activities.builders import CASE, effect
from tests.activities.desk import Desk
from tests.activities.http_receiver import HttpReceiver
from tests.activities.mail_system import MailSystem

ANN, BEN, CLEO = "ann@customer.example", "ben@customer.example", "cleo@customer.example"


@pytest.fixture
def desk(own_store: CaseStore, mail_system: MailSystem, receiver: HttpReceiver) -> Desk:
    loopback = {"webhook_networks": ("127.0.0.0/8",), "allow_http_webhooks": True}
    return Desk(own_store, mail_system.port, **loopback)


async def listed(desk: Desk, *people: str) -> None:
    record = TenantRecord(tenant="acme", audiences={"outage_audience": people})
    await desk.tenants.put([record], "the test")


def notice(cause: str = "r-1") -> Effect:
    return effect(
        cause,
        id=f"{CASE}/{cause}/outage_notice/audience:outage_audience",
        kind=EffectKind.OUTAGE_NOTICE,
        to=Recipient.AUDIENCE,
        audience=Audience(tenant="acme", name="outage_audience"),
    )


def receivers(mail_system: MailSystem) -> list[str]:
    return sorted(one for mail in mail_system.taken for one in mail.recipients)


@pytest.mark.covers("DED-30", "GAP-27")
async def test_everybody_on_the_list_is_told_once_and_each_has_a_row(
    desk: Desk, mail_system: MailSystem, receiver: HttpReceiver
) -> None:
    hook = f"http://ops.customer.example:{receiver.port}/in"
    await listed(desk, ANN, BEN, ANN, hook)
    (outcome,) = await desk.tell(notice())
    assert (outcome.effect_id, outcome.status) == (notice().id, OutcomeStatus.DELIVERED)
    assert (outcome.reason, outcome.failed) == (None, ())
    assert await desk.tell(notice()) == (outcome,)
    assert receivers(mail_system) == [ANN, BEN]
    assert len(receiver.received) == 1
    rows = await desk.store.deliveries(CASE)
    assert [(row.recipient, row.status) for row in rows] == [("audience", DeliveryStatus.DELIVERED)] * 3
    assert len({row.effect_id for row in rows}) == 3
    assert not any("customer.example" in row.effect_id for row in rows)


@pytest.mark.covers("GAP-27")
async def test_who_is_on_the_list_is_looked_up_when_it_is_told(desk: Desk, mail_system: MailSystem) -> None:
    await listed(desk, ANN)
    await desk.tell(notice("r-1"))
    await listed(desk, BEN)
    await desk.tell(notice("r-2"))
    assert [mail.recipients for mail in mail_system.taken] == [[ANN], [BEN]]


@pytest.mark.covers("DED-29")
@pytest.mark.parametrize("people", [None, ()])
async def test_a_list_with_nobody_on_it_is_undeliverable_and_says_so(
    desk: Desk, people: tuple[str, ...] | None
) -> None:
    if people is not None:
        await listed(desk, *people)
    (outcome,) = await desk.tell(notice())
    assert outcome.status is OutcomeStatus.UNDELIVERABLE
    assert outcome.reason == "nobody is on the list outage_audience of this tenant"


@pytest.mark.covers("GAP-29")
async def test_a_refused_address_and_a_bare_name_keep_nobody_else_from_hearing(
    desk: Desk, mail_system: MailSystem
) -> None:
    mail_system.refusals = {ANN: ["550 5.1.1 no such user"]}
    await listed(desk, ANN, "Kim Ng", CLEO)
    (outcome,) = await desk.tell(notice())
    assert outcome.status is OutcomeStatus.DELIVERED
    assert outcome.reason == "2 of 3 on the list outage_audience could not be told"
    assert outcome.failed == ()  # addresses of a list stay out of the case
    assert receivers(mail_system) == [CLEO]


@pytest.mark.covers("GAP-29")
async def test_an_attempt_that_was_cut_short_goes_on_where_it_stopped(
    desk: Desk, mail_system: MailSystem
) -> None:
    mail_system.refusals = {BEN: ["451 4.3.0 come back later"]}
    await listed(desk, ANN, BEN, CLEO)
    error = await desk.not_told(notice())
    assert "1 of 3 on the list not told yet" in str(error)
    mail_system.refusals = {}
    (outcome,) = await desk.tell(notice())
    assert outcome.status is OutcomeStatus.DELIVERED
    assert receivers(mail_system) == [ANN, BEN, CLEO]
