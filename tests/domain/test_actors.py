"""Who may say what, and when: the whole table of kind of speaker x verb x phase."""

import itertools

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.decision import Refused
from domain.phase import OPEN, Phase
from domain.verbs import Verb
from tests.domain.cases import HOUR, MINUTE, TUESDAY, answered, case_in, opened, refused_opening
from tests.people import KIM, STRANGER

REQUESTERS = {ActorKind.CUSTOMER, ActorKind.PARTNER}
BOTH = REQUESTERS | {ActorKind.STAFF}
WORKED_ON = OPEN - {Phase.AWAITING_INFORMATION}
TO_CLOSE = OPEN | {Phase.RESOLVED}

TABLE: dict[Verb, tuple[set[ActorKind], set[Phase]]] = {
    Verb.TRIAGE: ({ActorKind.STAFF}, set(OPEN)),
    Verb.RESPOND: ({ActorKind.STAFF}, set(OPEN)),
    Verb.POST_UPDATE: ({ActorKind.STAFF}, set(TO_CLOSE)),
    Verb.WAIT_FOR_CUSTOMER: ({ActorKind.STAFF}, set(WORKED_ON)),
    Verb.REPLY: (BOTH, TO_CLOSE | {Phase.CLOSED}),
    Verb.PROVIDE_INFORMATION: (BOTH, {Phase.AWAITING_INFORMATION}),
    Verb.CHANGE_LEVEL: (BOTH | {ActorKind.VENDOR}, set(OPEN)),
    Verb.AGREE_INTERVAL: ({ActorKind.STAFF}, set(OPEN)),
    Verb.UPDATE_SCOPE: (BOTH, set(TO_CLOSE)),
    Verb.TRACK_ELSEWHERE: ({ActorKind.STAFF}, set(TO_CLOSE)),
    Verb.ADD_NOTE: (BOTH | {ActorKind.SYSTEM}, TO_CLOSE | {Phase.CLOSED}),
    Verb.VALIDATE_RESOLUTION: ({ActorKind.STAFF}, set(WORKED_ON)),
    Verb.RESOLVE: ({ActorKind.STAFF}, WORKED_ON | {Phase.RESOLVED}),
    Verb.CLOSE: (BOTH, set(TO_CLOSE)),
    Verb.REOPEN: (BOTH, {Phase.CLOSED, Phase.ARCHIVED}),
    Verb.RECOMPUTE_TERMS: ({ActorKind.STAFF}, TO_CLOSE | {Phase.CLOSED}),
}
FIELDS = {
    Verb.TRIAGE: {"impact": "low", "urgency": "high", "reason": "x"},
    Verb.RESPOND: {"text": "x"},
    Verb.POST_UPDATE: {"text": "x"},
    Verb.WAIT_FOR_CUSTOMER: {"text": "x"},
    Verb.REPLY: {"text": "x"},
    Verb.PROVIDE_INFORMATION: {"explanation": "x"},
    Verb.CHANGE_LEVEL: {"level": "P4", "reason": "x"},
    Verb.AGREE_INTERVAL: {"every": "24h"},
    Verb.UPDATE_SCOPE: {"text": "x"},
    Verb.TRACK_ELSEWHERE: {"system": "x", "external_ref": "x"},
    Verb.VALIDATE_RESOLUTION: {"text": "x"},
    Verb.ADD_NOTE: {"text": "x"},
    Verb.RESOLVE: {"kind": "resolution", "text": "x"},
    Verb.CLOSE: {"reason": "requested"},
    Verb.REOPEN: {"reason": "x"},
    Verb.RECOMPUTE_TERMS: {"reason": "x"},
}
GATES = {
    "RoleNotPermitted",
    "PriorityNotPermitted",
    "CaseNotClosed",
    "CaseClosed",
    "InvalidTransition",
}


@pytest.mark.parametrize(
    ("verb", "phase"), [pytest.param(*cell, id="-".join(cell)) for cell in itertools.product(TABLE, Phase)]
)
def test_every_cell_of_the_table_is_as_written_down_here(verb: Verb, phase: Phase) -> None:
    speakers, phases = TABLE[verb]
    for kind in ActorKind:
        speaker = Actor(kind=kind, name="Somebody", tenant=KIM.tenant)
        assert verb.may_be_said_by(speaker) is (kind in speakers)
        assert verb.has_room_in(phase) is (phase in phases)
        story = case_in(phase)
        decision = story.say(verb, TUESDAY + MINUTE, speaker, **FIELDS[verb])
        # Only a policy that leaves a level to the vendor lets him change one; the policy here leaves none.
        allowed = kind in speakers and phase in phases and kind is not ActorKind.VENDOR
        answered_yet = phase not in (Phase.RECEIVED, Phase.AWAITING_INFORMATION)
        if allowed and (verb is not Verb.POST_UPDATE or answered_yet):
            assert not (isinstance(decision, Refused) and decision.code in GATES), decision
        else:
            assert isinstance(decision, Refused)
            assert decision.code in GATES


@pytest.mark.parametrize("verb", [Verb.POST_UPDATE, Verb.CLOSE, Verb.REPLY, Verb.ADD_NOTE])
def test_what_is_said_to_an_archived_case_is_refused_as_closed(verb: Verb) -> None:
    refused = case_in(Phase.ARCHIVED).refused(verb, TUESDAY, **FIELDS[verb])
    assert (refused.code, refused.remedy) == ("CaseClosed", "reopen it, or open a new one")


def test_a_verb_without_a_meaning_in_the_phase_says_what_would_have_one() -> None:
    refused = case_in(Phase.AWAITING_INFORMATION).refused(
        "resolve", TUESDAY + MINUTE, kind="resolution", text="x"
    )
    assert refused.code == "InvalidTransition"
    assert refused.remedy == "first provide the missing information: contact"
    resolved = case_in(Phase.RESOLVED).refused("respond", TUESDAY + HOUR, text="x")
    assert resolved.code == "InvalidTransition"
    received = case_in(Phase.RECEIVED).refused("provide_information", TUESDAY + MINUTE, explanation="x")
    assert received.code == "InvalidTransition"


@pytest.mark.covers("DED-09")
def test_a_requester_of_another_tenant_can_say_nothing() -> None:
    story = answered()
    for verb in (Verb.REPLY, Verb.CLOSE, Verb.ADD_NOTE, Verb.CHANGE_LEVEL):
        refused = story.refused(verb, TUESDAY + MINUTE, STRANGER, **FIELDS[verb])
        assert (refused.code, refused.reason) == ("Forbidden", "this is not your case")


def test_a_requester_cannot_open_a_case_for_another_tenant() -> None:
    assert refused_opening(actor=STRANGER).code == "Forbidden"
    assert opened(actor=KIM).case.request.tenant == KIM.tenant


@pytest.mark.covers("GAP-28")
def test_the_role_is_checked_before_the_state_and_the_state_before_the_fields() -> None:
    archived = case_in(Phase.ARCHIVED)
    assert archived.refused("close", TUESDAY, Actor(kind=ActorKind.VENDOR)).code == "RoleNotPermitted"
    assert archived.refused("close", TUESDAY, STRANGER).code == "Forbidden"
    assert archived.refused("close", TUESDAY, KIM).code == "CaseClosed"
    assert answered().refused("close", TUESDAY + MINUTE, KIM).code == "ReasonRequired"


def test_a_machine_may_open_cases_and_leave_notes_and_nothing_else() -> None:
    machine = Actor(kind=ActorKind.SYSTEM, name="Monitoring")
    assert {verb for verb in Verb if verb.may_be_said_by(machine)} == {Verb.SUBMIT, Verb.ADD_NOTE}


@pytest.mark.parametrize(
    ("actor", "label"),
    [
        (Actor(kind=ActorKind.STAFF, name="Ana Reyes", role=Role.TSS), "Ana Reyes"),
        (Actor(kind=ActorKind.PARTNER, role=Role.TECHNICAL_CONTACT), "technical contact"),
        (Actor(kind=ActorKind.CUSTOMER), "customer"),
    ],
)
def test_a_speaker_is_called_by_his_name_else_by_what_he_is(actor: Actor, label: str) -> None:
    assert actor.label == label
