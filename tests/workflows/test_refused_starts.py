"""A case started by a signal and refused: nobody waits for an answer, and yet its sender learns why."""

import asyncio
from datetime import timedelta
from typing import Any, TypeGuard

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import RawValue

from domain.messages.case import Contact
from domain.refused_request import RefusedRequest
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import KIMS_MAIL, STAFF_MAIL
from tests.rest import at_rest
from tests.workflows.test_lives import archived, begin_again
from workflows.messages import WORKFLOW
from workflows.refusal import REFUSAL_WORKFLOW

FULL = {
    "actor": {"kind": "partner", "name": "Kim Ng", "tenant": "Harbour Foods"},
    "contact": {"name": "Kim Ng", "email": KIMS_MAIL},
}


async def signalled(case: LiveCase, *payloads: Any, signal: str = "submit") -> None:
    """What any client of the engine sends."""
    await case.desk.client.start_workflow(
        WORKFLOW,
        id=case.id,
        task_queue=case.desk.queue,
        start_signal=signal,
        start_signal_args=list(payloads),
    )
    await case.desk.rest()


async def noted(desk: Desk, identity: str, about: str = "") -> tuple[RefusedRequest, str]:
    """What our records say of the last refusal under an id, once telling its sender has ended."""

    def has_ended(kept: tuple[RefusedRequest, str] | None) -> TypeGuard[tuple[RefusedRequest, str]]:
        return kept is not None and about in kept[0].reason and kept[1] != "being told"

    async with asyncio.timeout(60):
        while not has_ended(kept := await desk.adapters.store.refused.latest(identity)):
            await asyncio.sleep(0.05)
    await at_rest(desk.client.get_workflow_handle(kept[0].id))
    return kept


def raw(data: bytes) -> RawValue:
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))


def plain(desk: Desk, **changes: Any) -> dict[str, Any]:
    submit: dict[str, Any] = desk.request().model_dump(mode="json", exclude_none=True)
    given = submit | FULL | changes
    return {name: value for name, value in given.items() if value is not ...}


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a field is mistyped": ({"impakt": "high"}, "ValidationError", "impakt"),
    "fields are missing": ({"tenant": ..., "actor": ...}, "ValidationError", "tenant"),
    "an unknown policy": ({"policy": "acme-gold"}, "PolicyValueUnknown", "acme-gold"),
    "an unknown plan": ({"plan": "gold"}, "PlanUnknown", "gold"),
    "another tenant's actor": ({"tenant": "Other Foods"}, "Forbidden", "tenant"),
    "the id of another reference": ({"reference": "4711"}, "ValidationError", "workflow id"),
    "an address nobody could write to": (
        {"contact": {"name": "Kim", "email": "kim@example..com"}},
        "ValidationError",
        "two periods in a row",
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_refused_start_ends_at_once_says_why_and_leaves_the_reference_free(
    desk: Desk, name: str
) -> None:
    changes, code, word = BAD[name]
    case = desk.case(desk.request())
    sent = plain(desk, **changes)
    await signalled(case, sent)
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.FAILED
    kept, notice = await noted(desk, case.id)
    assert kept.code == code
    assert word in kept.reason + " ".join(kept.missing)
    assert (kept.reference, kept.tenant) == (sent["reference"], sent.get("tenant"))
    told = desk.mails_to(KIMS_MAIL)
    if kept.address is None:
        assert (told, notice) == ([], "not told: the request names no mail address that can be used")
    else:
        assert notice == "told"
        assert code in told[0].part("plain")
        assert told[0].message["Auto-Submitted"] == "auto-generated"
    await case.submit(desk.request())
    assert (await case.view()).phase == "received"


@pytest.mark.parametrize(
    "payloads",
    [(raw(b'{"tenant": "Harbour Foods", '),), (), ({"tenant": "x"}, {"tenant": "y"}), (None,), ([1],)],
    ids=["mistyped JSON", "no payload", "two payloads", "null", "a list"],
)
async def test_what_is_no_request_ends_the_start_at_once(desk: Desk, payloads: tuple[Any, ...]) -> None:
    case = desk.case(desk.request())
    await signalled(case, *payloads)
    with pytest.raises(Fault) as refused:
        await case.outcome()
    kept, notice = await noted(desk, case.id)
    assert refused.value.code == kept.code == "ValidationError"
    assert notice.startswith("not told")
    await case.submit(desk.request())


async def test_all_faults_are_named_at_once(desk: Desk) -> None:
    case = desk.case(desk.request())
    wrong = {f"field_{number}": 1 for number in range(30)}
    await signalled(case, plain(desk, **wrong, impact=7))
    kept, _ = await noted(desk, case.id)
    assert {*wrong, "impact"} <= set(kept.missing)
    assert "more" in kept.reason  # it stays short, and says that it does


async def test_a_signal_of_another_name_is_named_when_no_request_came(desk: Desk) -> None:
    case = desk.case(desk.request())
    await signalled(case, plain(desk), signal="sumbit")
    await desk.passes(hours=1, minutes=1)
    with pytest.raises(Fault, match="sumbit"):
        await case.outcome()


async def test_the_same_refused_request_is_told_of_once_however_often_it_is_sent(desk: Desk) -> None:
    case = desk.case(desk.request())
    for _ in range(3):
        await signalled(case, plain(desk, policy="acme-gold"))
        await noted(desk, case.id)
    assert len(desk.mails_to(KIMS_MAIL)) == 1


async def test_a_program_that_sends_on_and_on_fills_no_mailbox(desk: Desk) -> None:
    case = desk.case(desk.request())
    for number in range(8):
        await signalled(case, plain(desk, plan=f"gold-{number}"))
        _, notice = await noted(desk, case.id, f"gold-{number}")
    assert len(desk.mails_to(KIMS_MAIL)) == 5
    assert notice.startswith("not told")


@pytest.mark.parametrize(
    "address", [STAFF_MAIL, "Desk@support.example", "MAILER-DAEMON@southerncloud.example"]
)
async def test_a_refusal_is_not_sent_to_ourselves_nor_to_where_nobody_reads(desk: Desk, address: str) -> None:
    case = desk.case(desk.request())
    await signalled(case, plain(desk, policy="acme-gold", contact={"name": "x", "email": address}))
    _, notice = await noted(desk, case.id)
    assert notice == "not told: the address is our own, or nobody reads it"
    assert desk.mail.taken == []


async def test_a_start_with_a_bad_input_names_the_request_that_came_with_it(desk: Desk) -> None:
    case = desk.case(desk.request())
    await desk.client.start_workflow(
        WORKFLOW,
        {"request": plain(desk, impakt="high")},
        id=case.id,
        task_queue=desk.queue,
    )
    await desk.rest()
    kept, notice = await noted(desk, case.id)
    assert (kept.code, kept.reference, notice) == ("ValidationError", desk.request().reference, "told")


async def test_another_content_under_an_open_reference_is_told_to_its_sender(desk: Desk) -> None:
    case = await desk.open()
    before = len(desk.mails_to(KIMS_MAIL))
    other = plain(desk, explanation="Something else.", contact={"name": "Ben", "email": "ben@b.example"})
    for _ in range(2):
        await signalled(case, other)
        kept, notice = await noted(desk, case.id)
    assert (kept.code, notice) == ("DuplicateRequestConflict", "told")
    assert len(desk.mails_to("ben@b.example")) == 1
    assert len(desk.mails_to(KIMS_MAIL)) == before
    assert (await case.view()).phase == "received"
    entries = [entry for entry in await case.timeline() if entry.kind is EntryKind.NOT_UNDERSTOOD]
    assert len(entries) == 2


async def test_the_very_same_signal_again_changes_nothing(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    for _ in range(3):
        await signalled(case, submit)
    assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED]
    assert len(desk.mails_to(KIMS_MAIL)) == 1
    assert await desk.adapters.store.refused.latest(case.id) is None


async def test_a_signal_pages_our_people_as_any_opening(desk: Desk) -> None:
    by_update, by_signal = await desk.open("UPDATE"), desk.case(desk.request("SIGNAL"))
    await signalled(by_signal, desk.request("SIGNAL"))
    letters = [mail.message["Subject"] for mail in desk.mails_to(STAFF_MAIL)]
    for case in (by_update, by_signal):
        assert [subject for subject in letters if (await case.view()).number in subject] != []
    assert len(letters) == 2


async def test_a_stamp_ahead_of_us_counts_as_now(desk: Desk) -> None:
    submit = desk.request(received_at=await desk.now() + timedelta(days=2))
    case = desk.case(submit)
    await signalled(case, submit)
    assert (await case.view()).received_at <= await desk.now()


async def test_a_request_whose_case_is_archived_is_answered_by_that_case(desk: Desk) -> None:
    case = await archived(desk)
    before = len(desk.mails_to(KIMS_MAIL))
    await begin_again(case, desk.request())
    kept, notice = await noted(desk, case.id)
    assert (kept.code, notice) == ("CaseClosed", "told")
    assert len(desk.mails_to(KIMS_MAIL)) == before + 1


async def test_a_request_that_became_a_linked_case_is_told_by_that_one_alone(desk: Desk) -> None:
    case = await archived(desk)
    contact = Contact(name="Ben", email="ben@b.example")
    await begin_again(case, desk.request(explanation="Something else.", contact=contact))
    kept, notice = await noted(desk, case.id)
    assert kept.code == "DuplicateRequestConflict"
    assert notice == "not told: told by the letter of the case it became"


async def test_nobody_else_has_us_write_to_whom_they_like(desk: Desk) -> None:
    handle = await desk.client.start_workflow(
        REFUSAL_WORKFLOW, {"anything": 1}, id=f"{desk.number}-forged", task_queue=desk.queue
    )
    with pytest.raises(Exception, match="Workflow execution failed"):
        await asyncio.wait_for(handle.result(), 20)
    assert desk.mail.taken == []
