from activities.store.case_store import CaseStore
from activities.store.ledger import DeliveryStatus
from activities.words.content import Content, content_of
from activities.words.letters import Words
from domain.effects import Effect, OutcomeStatus
from tests.activities.builders import CASE, KIM, effect


def content(one: Effect) -> Content:
    return content_of(one, Words().render(one))


async def test_the_ledger_tells_what_was_begun_and_how_it_ended(store: CaseStore) -> None:
    begun = await store.begun(effect(), content(effect()))
    assert begun.status is DeliveryStatus.BEGUN
    assert begun.outcome is None
    assert begun.content == content(effect())
    assert begun.digest == content(effect()).digest
    done = await store.done(effect().id, KIM, "250 OK", (KIM,), "first address refused")
    assert done == await store.ledger(effect().id)
    assert done.outcome is not None
    assert done.outcome.status is OutcomeStatus.DELIVERED
    assert (done.outcome.failed, done.outcome.reason) == ((KIM,), "first address refused")
    assert done.content is None
    assert done.settled_at is not None
    assert begun.begun_at == done.begun_at <= done.settled_at


async def test_what_is_settled_stays_settled(store: CaseStore) -> None:
    await store.begun(effect(), content(effect()))
    done = await store.done(effect().id, KIM, "250 OK")
    assert await store.undeliverable(effect().id, "too late") == done
    assert await store.done(effect().id, KIM, "250 again") == done
    assert await store.begun(effect(), content(effect())) == done


async def test_other_content_under_one_id_is_noticed_even_after_delivery(store: CaseStore) -> None:
    await store.begun(effect(), content(effect()))
    await store.done(effect().id, KIM, "250 OK")
    other = effect(zone="Asia/Manila", facts=effect().facts.model_copy(update={"text": "Other"}))
    again = await store.begun(other, content(other))
    assert again.differed
    assert again.digest == content(effect()).digest
    assert again.outcome is not None
    assert "another text" in (again.outcome.reason or "")


async def test_deliveries_of_a_case_come_in_the_order_they_were_begun(store: CaseStore) -> None:
    for cause in ("b", "a", "c"):
        await store.begun(effect(cause), content(effect(cause)))
    await store.begun(effect("d", case_id="case-other"), content(effect("d")))
    assert [one.effect_id.split("/")[1] for one in await store.deliveries(CASE)] == ["b", "a", "c"]
    assert await store.deliveries("case-nobody") == ()


async def test_hostile_ids_and_answers_are_kept_as_text(store: CaseStore) -> None:
    hostile = "x'; DROP TABLE delivery_ledger; --\x00\ud800"
    one = effect(hostile)
    await store.begun(one, content(effect()))
    await store.done(one.id, KIM, hostile)
    found = await store.ledger(one.id)
    assert found is not None
    assert found.answer == "x'; DROP TABLE delivery_ledger; --\ufffd\ufffd"
