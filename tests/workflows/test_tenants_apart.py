"""No tenant, no access, past every door of ours: what the engine's own client sends without a tenant."""

import pytest
from temporalio.api.enums.v1 import EventType

from domain.actor import Actor, ActorKind
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.people import ANA, KIM, STRANGER

ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
NOBODY = Actor(kind=ActorKind.CUSTOMER)


async def test_an_update_without_a_tenant_is_refused_before_it_is_accepted(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    with pytest.raises(Fault) as refused:
        await case.say("reply", NOBODY, text="written by an attacker")
    assert refused.value.code == "Forbidden"
    assert refused.value.remedy == "give the actor's tenant"
    assert not [entry for entry in await case.timeline() if entry.by != "Ana Reyes"]
    assert len(await case.events(ACCEPTED)) == len(("submit", "respond"))


async def test_a_signal_without_a_tenant_is_recorded_as_refused_and_its_text_is_nowhere(desk: Desk) -> None:
    case = await desk.open()
    await case.tell("reply", NOBODY, text="written by an attacker")
    last = (await case.timeline())[-1]
    assert last.kind is EntryKind.NOT_UNDERSTOOD
    assert "Forbidden" in str(last)
    assert "attacker" not in str(await case.timeline())


@pytest.mark.parametrize("actor", [NOBODY, STRANGER], ids=["no-tenant", "another-tenant"])
async def test_a_request_said_again_by_a_stranger_is_not_answered_with_where_the_case_stands(
    desk: Desk, actor: Actor
) -> None:
    submit = desk.request(actor=KIM)
    case = desk.case(submit)
    await case.submit(submit)
    with pytest.raises(Fault) as refused:
        await case.submit(submit.model_copy(update={"actor": actor, "request_id": "other"}))
    assert refused.value.code == "Forbidden"
    await case.say("reply", KIM, request_id="once", text="Any news?")
    with pytest.raises(Fault) as refused:
        await case.say("reply", actor, request_id="once", text="Any news?")
    assert refused.value.code == "Forbidden"


async def test_a_request_without_a_tenant_of_its_speaker_becomes_no_case(desk: Desk) -> None:
    submit = desk.request(actor=NOBODY)
    with pytest.raises(Fault) as refused:
        await desk.case(submit).submit(submit)
    assert refused.value.code == "Forbidden"
