"""What the desk has on hand, counted on both kinds of database."""

from datetime import timedelta
from typing import Any

from activities.store.case_store import CaseStore
from activities.store.waiting_effects import Waiting
from activities.store.workload import OpenCases, Share, read_workload
from activities.words.content import Content, Wording
from domain.effects import Lane
from domain.naming import case_id
from domain.phase import Phase
from domain.record import RecordBatch
from domain.waiting import WaitingBatch, WaitingEffect
from tests.activities.builders import AT, CASE, HOUR, KIM, effect, row

MINUTE = timedelta(minutes=1)
SYDNEY, MANILA = Share("sydney", 2), Share("manila", 1)
SAID = Content(wording=Wording(subject="s", text="t", html="t", language="en"), body="{}")


async def kept(store: CaseStore, reference: str, share: Share, **changes: Any) -> None:
    given = {"case_id": case_id("acme", "desk", reference), "region": share.region, "rank": share.rank}
    case = (await row(reference)).model_copy(update=given | {"next_due_at": None} | changes)
    await store.record(RecordBatch(row=case))


async def test_open_cases_are_counted_by_centre_and_rank_and_by_how_near_their_promise_is(
    store: CaseStore,
) -> None:
    await kept(store, "soon", SYDNEY, next_due_at=AT + 14 * MINUTE)
    await kept(store, "now", SYDNEY, next_due_at=AT)
    await kept(store, "later", SYDNEY, next_due_at=AT + 15 * MINUTE, breaches=2)
    await kept(store, "over", MANILA, next_due_at=AT - MINUTE)
    await kept(store, "quiet", MANILA)
    await kept(store, "closed", MANILA, phase=Phase.CLOSED, next_due_at=AT - HOUR, breaches=1)
    found = (await read_workload(store, AT)).cases
    assert found == {
        SYDNEY: OpenCases(open=3, due_soon=2, overdue=0, breached=1),
        MANILA: OpenCases(open=2, due_soon=0, overdue=1, breached=0),
    }


async def test_an_offer_waits_at_the_centre_it_is_made_to_until_somebody_there_accepts(
    store: CaseStore,
) -> None:
    await kept(store, "waits", SYDNEY, offered_to="manila")
    await kept(store, "accepted", SYDNEY, offered_to="manila", accepted_by="Ana")
    assert (await read_workload(store, AT)).offers == {Share("manila", 2): 1}


async def test_notices_on_their_way_given_up_and_kept_back_are_told_apart(store: CaseStore) -> None:
    await kept(store, "INC-1", SYDNEY)
    for cause in ("arrived", "tried", "lost"):
        await store.begun(effect(cause), SAID)
    await store.done(effect("arrived").id, KIM, "250")
    await store.undeliverable(effect("lost").id, "550")
    waiting = WaitingEffect(number=1, effect=effect("kept-back"))
    await Waiting(store).keep_waiting(WaitingBatch(queue=CASE, lane=Lane.CUSTOMER, effects=(waiting,)))
    now = (await store.ledger(effect("tried").id)).begun_at  # type: ignore[union-attr]
    found = await read_workload(store, now + MINUTE)
    assert (found.undelivered, found.undeliverable) == ({SYDNEY: 1}, {SYDNEY: 1})
    assert found.kept_back == 1
    later = await read_workload(store, now + timedelta(days=3))
    assert (later.undelivered, later.undeliverable) == ({}, {})
