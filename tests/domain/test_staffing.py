"""Who has a case: passed on to L2 it finds somebody there, and each role does what the guide lets it do."""

from typing import Any

import pytest

from domain import case_step
from domain.actor import Actor, ActorKind, Role, Tier
from domain.centres.regions import Centre, Roster, RosterRequest
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, SECOND, TUESDAY, Story, answered, mailed, opened
from tests.domain.relay import Relay, centre
from tests.people import ANA, KIM, P2, STRANGER

BEN = {"engineer": "Ben", "engineer_tier": Tier.L2, "skills": ("azure",), "is_specialist": True}
LINH = Actor(kind=ActorKind.STAFF, name="Linh", role=Role.ENGINEER, tier=Tier.L2, region="manila")
TAM = Actor(kind=ActorKind.STAFF, name="Tam", role=Role.TSS)
SAM = Actor(kind=ActorKind.STAFF, name="Sam", role=Role.SDM)
LATER = TUESDAY + 10 * MINUTE


def at_sydney(*others: Centre, **known: Any) -> Relay:
    """A case of Ana's in Sydney, which is open, with this known of who is at work there."""
    relay = Relay([centre("sydney", -1, 8, **known), *others])
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    return relay


def escalated(*others: Centre, skill: str | None = "azure", **known: Any) -> Relay:
    relay = at_sydney(*others, **known)
    relay.say("escalate", LATER, classification="Sign-in", skill=skill)
    return relay


@pytest.mark.covers("RHIPE-37", "RHIPE-40")
def test_a_case_passed_on_to_l2_goes_to_the_specialist_at_work_in_its_own_centre() -> None:
    relay = escalated(**BEN)
    case = relay.case
    assert (case.region, case.assignee, case.tier, case.seeks_engineer) == ("sydney", "Ben", Tier.L2, False)
    (told,) = relay.told(EffectKind.REASSIGNED)
    assert (told.to, told.about, told.facts.contact) == (Recipient.CUSTOMER, "senior_engineer", "Ben")
    assert relay.happened(EntryKind.SKILL_NOT_AVAILABLE) == []


@pytest.mark.covers("RHIPE-40")
def test_where_nobody_of_l2_has_the_skill_any_l2_takes_it_and_the_timeline_says_so() -> None:
    relay = escalated(engineer="Ben", engineer_tier=Tier.L2)
    assert relay.case.assignee == "Ben"
    (entry,) = relay.happened(EntryKind.SKILL_NOT_AVAILABLE)
    assert entry.text == "SkillNotAvailable: nobody of L2 with the skill azure is at work in sydney"
    assert (entry.about, entry.internal) == ("azure", True)


@pytest.mark.covers("RHIPE-40")
@pytest.mark.parametrize(
    "known",
    [{"engineer": "Cai", "engineer_tier": Tier.L1, "is_specialist": True}, {"on_shift": 0}],
    ids=["only L1 is there", "nobody is there"],
)
def test_where_nobody_of_l2_is_at_work_who_has_the_case_keeps_it(known: dict[str, Any]) -> None:
    relay = escalated(**known)
    assert relay.case.assignee == ANA.name
    assert relay.told(EffectKind.REASSIGNED) == []
    (entry,) = relay.happened(EntryKind.SKILL_NOT_AVAILABLE)
    assert (entry.text or "").startswith("SkillNotAvailable: ")


def test_without_a_skill_any_l2_will_do_and_nothing_is_lacking() -> None:
    relay = escalated(skill=None, engineer="Ben", engineer_tier=Tier.L2)
    assert relay.case.assignee == "Ben"
    assert relay.happened(EntryKind.SKILL_NOT_AVAILABLE) == []


@pytest.mark.parametrize(("skills", "lacking"), [(("azure",), 0), (("tax",), 1)])
def test_of_a_centre_without_a_rota_its_own_word_counts(skills: tuple[str, ...], lacking: int) -> None:
    relay = escalated(on_shift=None, skills=skills)
    assert relay.case.assignee == ANA.name
    assert len(relay.happened(EntryKind.SKILL_NOT_AVAILABLE)) == lacking


def test_a_centre_that_takes_a_case_without_its_skill_is_noted_too() -> None:
    relay = escalated(centre("manila", 6, 15, engineer="Linh", engineer_tier=Tier.L2), **BEN)
    relay.until(TUESDAY + 8 * HOUR)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Linh")
    assert [entry.about for entry in relay.happened(EntryKind.SKILL_NOT_AVAILABLE)] == ["azure"]


def test_who_was_chosen_for_another_tier_is_not_taken_and_it_is_asked_once_more() -> None:
    relay = at_sydney()
    Story.say(relay, "escalate", LATER, classification="Sign-in", skill="azure")
    asked = case_step.roster_wanted(relay.case, LATER)
    assert (asked.skill, asked.tier) == ("azure", Tier.L2)

    def answer(to: RosterRequest, **known: Any) -> Accepted:
        roster = Roster(
            read_at=LATER, until=TUESDAY + 48 * HOUR, centres=(centre("sydney", -1, 8, **known),), asked=to
        )
        return case_step.take_roster(relay.case, roster, LATER)

    relay.adopt(answer(RosterRequest(policy="rhipe-csp", at=LATER), engineer="Cai", engineer_tier=Tier.L1))
    assert case_step.awaits_roster(relay.case)
    assert relay.case.assignee == ANA.name
    relay.adopt(answer(asked, **BEN))
    assert not case_step.awaits_roster(relay.case)
    assert relay.case.assignee == "Ben"


def test_passed_on_while_an_offer_is_open_it_finds_its_l2_at_the_centre_that_accepts() -> None:
    manila = centre("manila", 6, 15, engineer="Linh", engineer_tier=Tier.L1)
    relay = Relay([centre("sydney", -1, 8), manila], acceptance_otherwise="person")
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    relay.until(TUESDAY + 7.5 * HOUR)
    relay.say("escalate", TUESDAY + 7.5 * HOUR, classification="Sign-in", skill="azure")
    relay.say("accept_handoff", TUESDAY + 7.6 * HOUR, LINH)
    relay.centres = (relay.centres[0], manila.model_copy(update=BEN))
    relay.until(TUESDAY + 8 * HOUR)
    assert (relay.case.region, relay.case.assignee) == ("manila", "Ben")


@pytest.mark.parametrize("verb", ["reassign", "take_ownership"])
def test_who_is_named_by_a_person_is_not_replaced_by_the_roster(verb: str) -> None:
    relay = at_sydney(**BEN)
    Story.say(relay, "escalate", LATER, classification="Sign-in")
    fields = {"assignee": "Noor", "reason": "sick_leave"} if verb == "reassign" else {}
    relay.say(verb, LATER, TAM, **fields)
    assert relay.case.assignee == ("Noor" if fields else "Tam")


@pytest.mark.covers("RHIPE-39")
@pytest.mark.parametrize("given", [{}, {"classification": None}, {"skill": "azure", "reason": "Too hard."}])
def test_l1_passes_a_case_on_classified_or_not_at_all(given: dict[str, Any]) -> None:
    refused = answered().refused("escalate", LATER, **given)
    assert (refused.code, refused.missing) == ("ClassificationRequired", ("classification",))


@pytest.mark.covers("RHIPE-39")
def test_l1_answers_rates_informs_resolves_and_closes() -> None:
    case = mailed()
    case.say("claim", TUESDAY + SECOND)
    case.say("triage", TUESDAY + MINUTE, **P2)
    case.say("respond", TUESDAY + 2 * MINUTE, text="I am on it.")
    case.say("change_level", TUESDAY + 3 * MINUTE, level="P1", reason="All of them by now.")
    case.say("post_update", TUESDAY + 4 * MINUTE, text="It is the certificate.")
    case.say("resolve", TUESDAY + 5 * MINUTE, kind="resolution", text="It is a new one.")
    case.say("close", TUESDAY + 6 * MINUTE, reason="requested")
    assert isinstance(case.decision, Accepted)
    assert (case.case.assignee, case.case.level, case.case.phase) == (ANA.name, "P1", "closed")


@pytest.mark.covers("RHIPE-43", "RHIPE-44")
@pytest.mark.parametrize("by", [ANA, LINH], ids=["L1", "L2"])
def test_no_engineer_takes_a_case_out_of_its_line(by: Actor) -> None:
    refused = answered().refused("take_ownership", LATER, by, reason="I know it.")
    assert refused.code == "RoleNotPermitted"


@pytest.mark.covers("RHIPE-43", "RHIPE-44")
@pytest.mark.parametrize("by", [TAM, SAM], ids=["TSS", "SDM"])
def test_the_tss_and_the_sdm_take_a_case_and_the_customer_is_told(by: Actor) -> None:
    case = answered()
    case.say("take_ownership", LATER, by, reason="Open for a week.")
    assert case.case.assignee == by.name
    assert [told.facts.contact for told in case.told(EffectKind.REASSIGNED)] == [by.name]
    assert case.refused("take_ownership", LATER, by).code == "NoChange"


@pytest.mark.covers("RHIPE-37")
def test_who_is_given_a_case_is_told_by_whom_and_what_he_has_to_know() -> None:
    case = answered(**P2)
    case.say("reply", LATER, KIM, text="It is worse by now.")
    case.say("reassign", LATER + MINUTE, assignee="Noor", reason="sick_leave")
    (told,) = case.told(EffectKind.CASE_ASSIGNED)
    assert (told.to, told.about, told.facts.owner) == (Recipient.ASSIGNEE, "sick_leave", "Noor")
    assert (told.facts.by, told.facts.text) == (ANA.name, "It is worse by now.")
    assert "update" in {clock.clock for clock in told.facts.clocks}
    (entry,) = case.happened(EntryKind.REASSIGNED)
    assert (entry.about, entry.text) == (f"{ANA.name} -> Noor", "sick leave")


def test_who_takes_a_case_himself_is_not_told_that_he_has_it() -> None:
    case = answered()
    case.say("take_ownership", LATER, TAM, reason="Open for a week.")
    assert case.told(EffectKind.CASE_ASSIGNED) == []
    (entry,) = case.happened(EntryKind.REASSIGNED)
    assert (entry.about, entry.text) == (f"{ANA.name} -> Tam", "take ownership: Open for a week.")


def test_the_specialist_a_case_is_passed_on_to_is_told() -> None:
    relay = escalated(**BEN)
    assert [(told.to, told.facts.owner) for told in relay.told(EffectKind.CASE_ASSIGNED)] == [
        (Recipient.ASSIGNEE, "Ben")
    ]
    assert [entry.about for entry in relay.happened(EntryKind.REASSIGNED)] == [f"{ANA.name} -> Ben"]


def test_an_offer_names_who_would_get_the_case_and_a_hand_off_tells_who_has_it() -> None:
    manila = centre("manila", -1, 15, engineer="Linh", engineer_tier=Tier.L1)
    offered = Relay([centre("sydney", -1, 8), manila], acceptance_otherwise="person")
    offered.until(TUESDAY + 8 * HOUR)
    (offer,) = offered.told(EffectKind.HANDOFF_OFFER)
    assert (offer.to, offer.facts.contact) == (Recipient.REGION, "Linh")
    given = Relay([centre("sydney", -1, 8), manila])
    given.say("hand_off", LATER, to="manila", reason="They know it.")
    (told,) = given.told(EffectKind.CASE_ASSIGNED)
    assert (told.about, told.facts.owner, told.region) == ("handoff", "Linh", "manila")


@pytest.mark.covers("RHIPE-44")
def test_the_sdm_sets_another_level_and_says_why() -> None:
    case = answered(**P2)
    assert case.refused("change_level", LATER, SAM, level="P1").code == "ReasonRequired"
    case.say("change_level", LATER, SAM, level="P1", reason="Their board is asking.")
    assert case.case.level == "P1"
    (entry,) = case.happened(EntryKind.LEVEL_CHANGED)
    assert (entry.by, entry.text, entry.about) == ("Sam", "Their board is asking.", "P2 -> P1")


@pytest.mark.covers("RHIPE-44")
@pytest.mark.parametrize("verb", ["take_ownership", "claim", "escalate", "triage", "accept_handoff"])
def test_what_is_for_staff_is_not_for_a_requester(verb: str) -> None:
    given = {"impact": "high", "urgency": "high"} if verb == "triage" else {}
    code = opened().refused(verb, TUESDAY + MINUTE, KIM, **given).code
    assert code == ("PriorityNotPermitted" if verb == "triage" else "RoleNotPermitted")
    assert opened().refused("reply", TUESDAY + MINUTE, STRANGER, text="Mine too.").code == "Forbidden"
