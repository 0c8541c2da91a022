"""What staff find out: some of it is not ours, and then somebody else is named, with the steps there are."""

import pytest

from domain.clocks import Clock
from domain.decision import Accepted, Declined
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.policy import Disposition
from domain.timeline import EntryKind
from tests.domain.boundary_desk import (
    ENGINEER,
    JO,
    KNOWN,
    MORNING,
    guide,
    only,
    promised_clocks,
    taken,
    turned_down,
    warned,
    worked_on,
)
from tests.domain.cases import HOUR, Story
from tests.people import ANA, KIM, P3, P5

WEST, CSS, RHIPE = "westcoast", "distributor-css", "rhipe-csp"
LATER = MORNING + HOUR


def diagnosed(name: str, finding: str, *, category: str | None = "office_365", **fields: object) -> Story:
    """A case in which our engineer has found something an hour after he answered it."""
    story = worked_on(name, category=category)
    story.say("diagnose", LATER, ENGINEER, **{"finding": finding, "text": "That is the cause.", **fields})
    return story


@pytest.mark.covers("WEST-03")
def test_dns_is_ours_until_it_is_diagnosed_and_then_its_hosts_with_the_steps() -> None:
    assert taken(WEST, category="dns").case.phase is Phase.RECEIVED
    for category in ("dns", "office_365"):
        story = diagnosed(WEST, "dns", category=category)
        assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.REFERRED)
        assert warned(story) == ("OutOfScope",)
        told = only(story, EffectKind.REFERRAL)
        assert (told.to, told.about) == (Recipient.CUSTOMER, "referred")
        assert (told.facts.reason, told.facts.refer_to) == ("dns", "dns_host")
        assert len(told.facts.steps) == 3
        assert told.facts.by == "Ines Roy"
        assert (told.facts.text or "").startswith("That is the cause.")
        assert story.told(EffectKind.CASE_CLOSED) == []
        (entry,) = story.happened(EntryKind.DIAGNOSED)
        assert (entry.about, entry.text) == ("dns", "That is the cause.")


@pytest.mark.covers("WEST-03")
def test_a_diagnosis_is_for_staff_who_are_at_work_on_the_case() -> None:
    story = taken(WEST)
    assert story.refused("diagnose", LATER, JO, finding="dns", text="x").code == "RoleNotPermitted"
    over = diagnosed(WEST, "dns")
    assert over.refused("diagnose", LATER + HOUR, ENGINEER, finding="dns", text="x").code == "CaseClosed"


def test_a_diagnosis_answers_the_customer_and_ends_every_clock_of_work() -> None:
    story = taken(WEST)
    story.say("diagnose", LATER, ENGINEER, finding="dns", text="It is DNS.")
    assert story.case.responded_at == LATER
    assert promised_clocks(story) == set()


@pytest.mark.covers("WEST-04")
def test_a_network_found_to_be_slow_is_for_the_planning_guidance_too() -> None:
    story = diagnosed(WEST, "local_network")
    assert warned(story) == ("OutOfScope",)
    assert only(story, EffectKind.REFERRAL).facts.refer_to == "networking_guidance"


@pytest.mark.covers("WEST-05")
def test_a_single_computer_gets_our_best_effort_and_never_goes_to_the_vendor() -> None:
    story = diagnosed(WEST, "individual_client")
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.case.scope is not None
    assert story.case.scope.disposition is Disposition.BEST_EFFORT
    assert (story.case.scope.refer_to, story.case.scope.vendor_escalation) == ("assisted_support", False)
    assert story.case.scope.diagnosis == "individual_client"
    assert story.told(EffectKind.REFERRAL, EffectKind.CANNOT_SUPPORT) == []
    assert warned(story) == ()
    declined = story.say(
        "escalate_to_vendor", LATER + HOUR, ENGINEER, reason="Nothing helps.", vendor_reference="120"
    )
    assert isinstance(declined, Declined)
    assert (declined.code, story.case.phase) == ("EscalationNotValid", Phase.IN_PROGRESS)
    assert "individual_client" in declined.reason


@pytest.mark.covers("WEST-05")
@pytest.mark.parametrize("outcome", ["referred", "reinstall_advised"])
def test_the_best_effort_ends_with_assisted_support_or_with_installing_anew(outcome: str) -> None:
    story = diagnosed(WEST, "individual_client")
    story.say(
        "diagnose",
        LATER + HOUR,
        ENGINEER,
        finding="individual_client",
        text="Nothing of ours helps.",
        outcome=outcome,
    )
    assert story.case.close_reason == outcome
    assert warned(story) == ("OutOfScope",)
    told = only(story, EffectKind.REFERRAL)
    assert told.facts.refer_to == "assisted_support"
    assert (told.about, told.facts.reason) == (outcome, "individual_client")


@pytest.mark.covers("WEST-05")
@pytest.mark.parametrize(
    ("finding", "outcome"),
    [
        ("individual_client", "resolved"),
        ("visual_studio", "referred"),
        ("dns", "reinstall_advised"),
        ("office_365", "referred"),
    ],
)
def test_an_outcome_is_one_the_rule_of_scope_knows(finding: str, outcome: str) -> None:
    story = worked_on(WEST)
    refused = story.refused("diagnose", LATER, ENGINEER, finding=finding, text="x", outcome=outcome)
    assert (refused.code, refused.missing) == ("ValidationError", ("outcome",))


def test_a_finding_is_one_of_the_policys_words() -> None:
    refused = worked_on(WEST).refused("diagnose", LATER, ENGINEER, finding="printers", text="x")
    assert (refused.code, refused.missing) == ("ValidationError", ("finding",))
    assert "office_365" in refused.remedy


@pytest.mark.covers("WEST-01")
def test_what_a_person_had_to_look_at_is_ours_once_he_has_found_that_it_is() -> None:
    story = diagnosed(WEST, "office_365", category=None)
    assert story.case.scope is not None
    assert (story.case.scope.disposition, story.case.scope.rule) == (Disposition.ACCEPT, "supported")
    assert story.case.phase is Phase.IN_PROGRESS


def test_a_cause_on_premises_is_ours_only_with_the_add_on() -> None:
    with_it = KNOWN.model_copy(update={"addons": ("on_premise",)})
    story = worked_on(CSS, facts=with_it)
    story.say("diagnose", LATER, ENGINEER, finding="on_premises", text="It is the server in your cellar.")
    assert story.case.phase is Phase.IN_PROGRESS
    story = worked_on(CSS)
    story.say("diagnose", LATER, ENGINEER, finding="on_premises", text="It is the server in your cellar.")
    assert story.case.close_reason is CloseReason.ON_PREMISES_WITHOUT_ADDON
    assert warned(story) == ("AddonAsked",)
    assert only(story, EffectKind.CANNOT_SUPPORT).about == "on_premises_without_addon"


@pytest.mark.covers("RHIPE-31", "RHIPE-58", "RHIPE-29")
def test_what_turns_out_to_be_others_work_is_referred_as_it_would_have_been_at_intake() -> None:
    for finding, refer_to, code in (
        ("customisation", "relevant_department", ()),
        ("mpn", "microsoft_partner_support", ("OutOfScope",)),
        ("deployment_advice", "consulting", ("OutOfScope",)),
    ):
        story = diagnosed(RHIPE, finding, category="break_fix")
        told = only(story, EffectKind.REFERRAL)
        assert told.facts.refer_to == refer_to
        assert warned(story) == code
        assert (told.facts.due_at is not None) is (code == ())
        assert len(story.told(EffectKind.CSAT_SURVEY)) == len(code)  # what is passed on inside stays open


# --- what rhipe supports, and on which terms ---------------------------------------------------------------


@pytest.mark.covers("RHIPE-29", "RHIPE-33")
@pytest.mark.parametrize(
    ("group", "size"),
    [("own_portal", 8), ("microsoft_services", 4), ("partner_billing", 1), ("technical", 2)],
)
def test_every_kind_of_request_in_scope_is_taken_free_of_charge(group: str, size: int) -> None:
    (rule,) = [rule for rule in guide(RHIPE).rules.scope.rules if rule.name == group]
    assert len(rule.categories) == size
    for category in rule.categories:
        story = taken(RHIPE, actor=ANA, channel="phone", category=category, **P3)
        assert isinstance(story.decision, Accepted)
        assert story.decision.warnings == ()
        assert story.case.phase is Phase.RECEIVED
        assert Clock.INITIAL_RESPONSE in promised_clocks(story)
        assert story.case.scope is not None
        assert (story.case.scope.disposition, story.case.scope.rule) == (Disposition.ACCEPT, group)


@pytest.mark.covers("RHIPE-29")
@pytest.mark.parametrize("category", ["mobile_workforce", "custom_package"])
def test_what_is_not_listed_there_goes_to_consulting_or_is_only_a_question(category: str) -> None:
    story = taken(RHIPE, category=category)
    assert warned(story) == ("OutOfScope",)
    assert only(story, EffectKind.REFERRAL).facts.refer_to == "consulting"
    question = taken(RHIPE, actor=ANA, channel="phone", category="a_question", **P5)
    assert (question.case.level, question.case.phase) == ("P5", Phase.RECEIVED)
    assert Clock.INITIAL_RESPONSE not in promised_clocks(question)


@pytest.mark.covers("RHIPE-61")
def test_a_vendors_case_we_did_not_raise_is_looked_at_without_any_target() -> None:
    for rating in (P3, {"impact": "high", "urgency": "high"}):
        story = taken(RHIPE, actor=ANA, channel="phone", category="external_review", **rating)
        assert story.case.scope is not None
        assert story.case.scope.disposition is Disposition.BEST_EFFORT
        assert promised_clocks(story) == set()
        assert warned(story) == ("SlaNotApplicable",)
        assert "at our own discretion" in (only(story, EffectKind.ACKNOWLEDGEMENT).facts.text or "")
        story.say("respond", LATER, ANA, text="We look into it.")
        assert promised_clocks(story) == set()


@pytest.mark.covers("RHIPE-64")
@pytest.mark.parametrize("channel", ["other", "account_manager", "social"])
def test_who_asks_one_of_us_by_himself_is_heard_without_a_service_level(channel: str) -> None:
    story = taken(RHIPE, actor=KIM, channel=channel, **P3)
    assert warned(story) == ("SlaNotApplicable",)
    assert promised_clocks(story) == set()
    assert only(story, EffectKind.ACKNOWLEDGEMENT).facts.advice == "relodge"


def test_a_policy_that_refuses_other_channels_still_does() -> None:
    assert turned_down(WEST, channel="other").code == "ChannelNotPermitted"
