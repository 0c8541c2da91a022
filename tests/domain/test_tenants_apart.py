"""No tenant, no access: a requester sees and touches what is their own tenant's, and nothing without one."""

import pytest

from domain import case_step
from domain.actor import Actor, ActorKind
from domain.decision import Accepted, Refused
from domain.phase import Phase
from domain.rules import FIRST_RULES
from domain.verbs import Verb
from tests.domain.cases import HOUR, MINUTE, TUESDAY, Story, answered, case_in, refused_opening, terms
from tests.domain.test_actors import FIELDS
from tests.people import ANA, KIM, P1, STRANGER, request

REQUESTERS = (ActorKind.CUSTOMER, ActorKind.PARTNER)
OPEN_TO_REQUESTERS = (Verb.REPLY, Verb.CLOSE, Verb.ADD_NOTE, Verb.CHANGE_LEVEL, Verb.UPDATE_SCOPE)


@pytest.mark.parametrize("kind", REQUESTERS)
@pytest.mark.parametrize("verb", OPEN_TO_REQUESTERS)
def test_a_requester_of_no_tenant_can_say_nothing(kind: ActorKind, verb: Verb) -> None:
    refused = answered().refused(verb, TUESDAY + MINUTE, Actor(kind=kind), **FIELDS[verb])
    assert refused.code == "Forbidden"
    assert refused.reason == f"a {kind} who names no tenant cannot see any case"
    assert refused.remedy == "give the actor's tenant"


@pytest.mark.parametrize("kind", REQUESTERS)
def test_a_requester_of_no_tenant_opens_no_case(kind: ActorKind) -> None:
    assert refused_opening(actor=Actor(kind=kind)).code == "Forbidden"
    assert refused_opening(actor=Actor(kind=kind, tenant="Harbour Foods Ltd")).code == "Forbidden"


def test_access_is_the_own_tenants_for_requesters_and_every_tenants_for_those_who_serve_them() -> None:
    assert KIM.has_access_to("Harbour Foods")
    assert not KIM.has_access_to("harbour foods")
    assert not STRANGER.has_access_to("Harbour Foods")
    assert not Actor(kind=ActorKind.CUSTOMER).has_access_to("Harbour Foods")
    for kind in (ActorKind.STAFF, ActorKind.VENDOR, ActorKind.SYSTEM):
        assert Actor(kind=kind).has_access_to("Harbour Foods")


def under_the_first_rules(story: Story) -> Story:
    story.case = story.case.model_copy(update={"rules": FIRST_RULES})
    return story


def test_what_a_run_of_an_earlier_release_took_it_takes_again_at_replay_and_no_door_of_it_does() -> None:
    nobody = Actor(kind=ActorKind.CUSTOMER)
    story = under_the_first_rules(answered())
    reply = Verb.REPLY.model.model_validate({"actor": nobody, "text": "x", "received_at": TUESDAY + MINUTE})
    barred = case_step.refuse_access(story.case, reply)
    assert barred is not None
    assert barred.code == "Forbidden"
    assert isinstance(story.say(Verb.REPLY, TUESDAY + MINUTE, nobody, text="x"), Accepted)
    assert isinstance(story.say(Verb.REPLY, TUESDAY + HOUR, STRANGER, text="x"), Refused)
    submit = request("INC-2", **P1, actor=nobody, received_at=TUESDAY)
    assert case_step.refuse_opening(submit, FIRST_RULES) is None
    assert isinstance(case_step.open_case(submit, terms(), TUESDAY, rules=FIRST_RULES), Accepted)


def test_the_linked_case_of_one_opened_without_a_tenant_is_the_tenants() -> None:
    story = under_the_first_rules(case_in(Phase.CLOSED))
    nobody = Actor(kind=ActorKind.CUSTOMER, name="Kim")
    asked = story.case.request.model_copy(update={"actor": nobody})
    story.case = story.case.model_copy(update={"request": asked})
    late = story.case.clocks[0].due_at
    assert late is not None
    story.say(Verb.REOPEN, late + MINUTE, ANA, reason="It is back.")
    linked = case_step.linked_request(story.case, story.effects[-1])
    assert (linked.actor.name, linked.actor.tenant) == ("Kim", story.case.request.tenant)
    assert case_step.refuse_opening(linked) is None
