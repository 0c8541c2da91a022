"""Who may take a case to the vendor, and what must be there before."""

from typing import Any

import pytest

from domain.actor import Actor, ActorKind, Role, Tier
from domain.clocks import Clock
from domain.decision import Accepted, Declined
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.policy import LicenceSource
from domain.timeline import EntryKind
from tests.domain.boundary_desk import ENGINEER, JO, KNOWN, MORNING, guide, held_to, taken, worked_on
from tests.domain.cases import HOUR, MINUTE, Story
from tests.domain.vendor_desk import (
    AT,
    CONTACT,
    CSS,
    ESCALATION,
    LINA,
    RHIPE,
    SDM,
    TSS,
    VENDOR,
    WEST,
    at_rhipe,
    declined,
)
from tests.people import ANA, KIM

ELSEWHERE = KNOWN.model_copy(update={"licence_source": LicenceSource.ELSEWHERE})


@pytest.mark.covers("RHIPE-39", "RHIPE-40")
def test_the_first_line_does_not_take_a_case_to_the_vendor() -> None:
    refused = at_rhipe().refused("escalate_to_vendor", AT, ANA, **ESCALATION)
    assert refused.code == "TierNotPermitted"


@pytest.mark.covers("RHIPE-43", "RHIPE-44")
@pytest.mark.parametrize("who", [LINA, TSS, SDM])
def test_the_second_line_the_tss_and_the_sdm_may(who: Actor) -> None:
    story = at_rhipe()
    assert isinstance(story.say("escalate_to_vendor", AT, who, **ESCALATION), Accepted)


@pytest.mark.covers("RHIPE-47", "RHIPE-51")
def test_a_partner_does_not_escalate_nor_set_the_vendors_severity() -> None:
    refused = at_rhipe().refused("escalate_to_vendor", AT, KIM, **ESCALATION, severity="A")
    assert refused.code == "RoleNotPermitted"
    assert at_rhipe().refused("vendor_update", AT, KIM, text="It is an A.", severity="A").code == (
        "RoleNotPermitted"
    )


@pytest.mark.covers("RHIPE-47")
def test_a_partner_may_wish_for_it_and_says_why() -> None:
    story = at_rhipe()
    assert story.refused("request_escalation", AT, KIM).code == "ReasonRequired"
    story.say("request_escalation", AT, KIM, reason="It has lasted for a week.")
    (wish,) = story.told(EffectKind.ESCALATION_REQUESTED)
    assert (wish.to, wish.facts.text) == (Recipient.ASSIGNEE, "It has lasted for a week.")
    assert story.case.phase is Phase.IN_PROGRESS


@pytest.mark.covers("CSS-08")
def test_at_the_distributor_only_the_assigned_engineer_escalates() -> None:
    story = worked_on(CSS)
    given = {"prerequisites": ("initial_troubleshooting",), "vendor_reference": "1"}
    other = ENGINEER.model_copy(update={"name": "Otto Rhee"})
    for somebody in (other, TSS, ENGINEER.model_copy(update={"name": None})):
        assert story.refused("escalate_to_vendor", AT, somebody, **given).code == "RoleNotPermitted"
    assert isinstance(story.say("escalate_to_vendor", AT, ENGINEER, **given), Accepted)


@pytest.mark.covers("CSS-08")
def test_before_the_first_investigation_nothing_goes_to_the_vendor() -> None:
    refused = worked_on(CSS).refused("escalate_to_vendor", AT, ENGINEER, vendor_reference="1")
    assert (refused.code, refused.missing) == ("EscalationPrerequisiteMissing", ("initial_troubleshooting",))


@pytest.mark.covers("RHIPE-41", "RHIPE-48")
def test_all_that_has_to_be_said_is_named_at_once() -> None:
    story = at_rhipe()
    refused = story.refused("escalate_to_vendor", AT, LINA)
    assert (refused.code, refused.missing) == ("ReasonRequired", ("reason", "vendor_reference"))
    refused = story.refused("escalate_to_vendor", AT, LINA, **{**ESCALATION, "vendor_reference": " "})
    assert (refused.code, refused.missing) == ("VendorReferenceRequired", ("vendor_reference",))


@pytest.mark.covers("RHIPE-48")
def test_all_that_was_not_done_before_is_named_at_once() -> None:
    refused = at_rhipe().refused(
        "escalate_to_vendor", AT, LINA, **{**ESCALATION, "prerequisites": ["provider_review"]}
    )
    assert refused.code == "EscalationPrerequisiteMissing"
    assert refused.missing == ("partner_troubleshooting", "secondary_troubleshooting")


@pytest.mark.covers("RHIPE-49")
def test_the_vendor_needs_somebody_to_speak_to_and_to_know_when() -> None:
    story = at_rhipe()
    nobody = story.refused("escalate_to_vendor", AT, LINA, **{**ESCALATION, "contact": None})
    assert nobody.code == "EscalationContactRequired"
    half = story.refused(
        "escalate_to_vendor",
        AT,
        LINA,
        **{**ESCALATION, "contact": {"name": "Kim Ng", "phone": "+61255500100"}},
    )
    assert (half.code, half.missing) == ("EscalationContactIncomplete", ("availability", "email"))


@pytest.mark.covers("RHIPE-50", "RHIPE-42")
@pytest.mark.parametrize(
    "changes",
    [
        {"role": "end_user"},
        {"role": "End user global admin"},
        {"email": "kim@harbourfoods.example"},
        {"email": "kim@mail.HarbourFoods.example"},
        {"role": "engineer"},
    ],
)
def test_the_contact_is_of_the_partners_team(changes: dict[str, Any]) -> None:
    refused = at_rhipe().refused(
        "escalate_to_vendor", AT, LINA, **{**ESCALATION, "contact": {**CONTACT, **changes}}
    )
    assert refused.code == "EscalationContactInvalid"


@pytest.mark.covers("RHIPE-50")
@pytest.mark.parametrize(
    "role",
    [
        "global_admin",
        "Global Admin",
        "GlobalAdministrator",
        "End-User",
        "enduser",
        "customer",
        "Tenant admin",
        "user",
    ],
)
def test_nobody_but_the_partners_technical_staff_is_taken(role: str) -> None:
    refused = at_rhipe().refused(
        "escalate_to_vendor", AT, LINA, **{**ESCALATION, "contact": {**CONTACT, "role": role}}
    )
    assert (refused.code, refused.missing) == ("EscalationContactInvalid", ("contact",))


@pytest.mark.covers("RHIPE-50")
@pytest.mark.parametrize(
    "role",
    ["technical_contact", "Technical Contact", "partner-technical", "Partner Engineer", "TECHNICIAN", None],
)
def test_the_partners_technical_staff_is_taken_however_the_role_is_spelled(role: str | None) -> None:
    contact = {**CONTACT, "role": role}
    assert isinstance(
        at_rhipe().say("escalate_to_vendor", AT, LINA, **{**ESCALATION, "contact": contact}), Accepted
    )


def under(plan: str) -> Story:
    policy = guide(RHIPE)
    return at_rhipe(under=held_to(policy.model_copy(update={"default_plan": plan})))


@pytest.mark.covers("RHIPE-42")
@pytest.mark.parametrize("plan", ["saas-24x7", "saas-12x5", "partner-branded"])
@pytest.mark.parametrize("role", [None, "engineer", "Support Engineer"])
def test_for_an_end_customer_our_engineer_is_the_contact_and_the_case_stays_open(
    plan: str, role: str | None
) -> None:
    story = under(plan)
    ours = {"name": "Lina Soh", "role": role, "email": "lina@desk.example"} if role else None
    decision = story.say("escalate_to_vendor", AT, LINA, **{**ESCALATION, "contact": ours})
    assert isinstance(decision, Accepted), decision
    assert (story.case.phase, story.case.main_contact) == (Phase.VENDOR_ESCALATED, "support_engineer")
    assert story.case.vendor is not None
    assert story.case.vendor.contact is not None
    assert story.due(Clock.VENDOR_FOLLOW_UP) is not None
    assert story.runs(Clock.UPDATE)
    assert not story.runs(Clock.VENDOR_CONTACT_CHECK)
    assert story.told(EffectKind.ESCALATION_CLOSURE) == []


@pytest.mark.covers("RHIPE-42")
def test_under_such_a_plan_nobody_else_is_the_contact() -> None:
    refused = under("saas-24x7").refused("escalate_to_vendor", AT, LINA, **ESCALATION)
    assert refused.code == "EscalationContactInvalid"
    assert "our engineer" in refused.reason


@pytest.mark.covers("RHIPE-42", "RHIPE-55")
def test_a_partners_case_is_handed_over_as_before() -> None:
    story = at_rhipe()
    story.say("escalate_to_vendor", AT, LINA, **ESCALATION)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, "handed_over")


@pytest.mark.covers("RHIPE-59")
def test_a_product_the_vendor_does_not_take_from_us_is_a_mistake() -> None:
    refused = at_rhipe().refused("escalate_to_vendor", AT, LINA, **{**ESCALATION, "product": "abacus"})
    assert (refused.code, refused.missing) == ("ValidationError", ("product",))


@pytest.mark.covers("RHIPE-59")
def test_an_escalation_names_the_product_and_the_queue_for_enhanced_support() -> None:
    story = at_rhipe()
    story.say("escalate_to_vendor", AT, LINA, **{**ESCALATION, "product": "azure"})
    assert story.case.vendor is not None
    assert (story.case.vendor.product, story.case.vendor.enhanced) == ("azure", True)


@pytest.mark.covers("RHIPE-57")
def test_licences_bought_elsewhere_are_not_ours_to_take_to_the_vendor() -> None:
    story = at_rhipe(facts=ELSEWHERE)
    story.say("escalate_to_vendor", AT, LINA, **ESCALATION)
    declined(story, "EscalationNotValid")
    assert (story.case.phase, story.case.vendor) == (Phase.IN_PROGRESS, None)
    (told,) = story.told(EffectKind.ESCALATION_DECLINED)
    assert (told.to, told.about) == (Recipient.CUSTOMER, "licence_source")
    (entry,) = story.happened(EntryKind.ESCALATION_DECLINED)
    assert entry.about == "licence_source"


@pytest.mark.covers("RHIPE-57")
def test_only_the_sdm_overrides_it_and_says_why() -> None:
    story = at_rhipe(facts=ELSEWHERE)
    given = {**ESCALATION, "override_reason": "The transfer is on its way."}
    assert story.refused("escalate_to_vendor", AT, LINA, **given).code == "RoleNotPermitted"
    assert isinstance(story.say("escalate_to_vendor", AT, SDM, **ESCALATION), Declined)
    assert isinstance(story.say("escalate_to_vendor", AT + MINUTE, SDM, **given), Accepted)


@pytest.mark.covers("RHIPE-57")
def test_what_nobody_knows_denies_nothing() -> None:
    story = at_rhipe(facts=None)
    assert isinstance(story.say("escalate_to_vendor", AT, LINA, **ESCALATION), Accepted)


@pytest.mark.covers("WEST-05", "WEST-12", "WEST-13")
@pytest.mark.parametrize(
    ("category", "known"),
    [
        ("individual_client", {}),
        ("visual_studio", {}),
        ("partner_centre", {"partner_centre_account": False}),
    ],
)
def test_what_the_vendor_does_not_take_stays_with_us(category: str, known: dict[str, Any]) -> None:
    story = taken(WEST, category=category, **known)
    story.say("respond", MORNING, ENGINEER, text="We look into it.")
    before = story.case.phase
    story.say("escalate_to_vendor", AT, ENGINEER, vendor_reference="1")
    declined(story, "EscalationNotValid")
    assert story.case.phase is before
    (told,) = story.told(EffectKind.ESCALATION_DECLINED)
    assert told.about == category


@pytest.mark.covers("WEST-12")
def test_a_product_the_vendor_does_not_take_is_declined_whatever_the_category() -> None:
    story = worked_on(WEST)
    story.say("escalate_to_vendor", AT, ENGINEER, vendor_reference="1", product="visual_studio")
    assert "visual_studio" in declined(story, "EscalationNotValid").reason


@pytest.mark.covers("GAP-28")
def test_the_first_group_that_fails_answers() -> None:
    """Everything is wrong at once, and is put right one group after the other."""
    story = at_rhipe(facts=ELSEWHERE)
    story.say("escalate_to_vendor", AT, LINA, **ESCALATION)
    closed = at_rhipe()
    closed.say("close", AT, LINA, reason="no_further_troubleshooting")
    assert closed.refused("escalate_to_vendor", AT, ANA).code == "TierNotPermitted"
    assert closed.refused("escalate_to_vendor", AT, LINA).code == "CaseClosed"
    right: dict[str, Any] = {}
    codes = []
    for changes in (
        {},
        {"reason": "A fault"},
        {"vendor_reference": "1"},
        {"contact": {**CONTACT, "role": "end_user"}},
        {"contact": CONTACT},
        {"prerequisites": ESCALATION["prerequisites"]},
    ):
        right |= changes
        decision = story.say("escalate_to_vendor", AT + HOUR, LINA, **right)
        assert not isinstance(decision, Accepted)
        codes.append(decision.code)
    assert codes == [
        "ReasonRequired",
        "VendorReferenceRequired",
        "EscalationContactRequired",
        "EscalationContactInvalid",
        "EscalationPrerequisiteMissing",
        "EscalationNotValid",
    ]


def test_the_vendor_and_a_person_without_a_tier_do_not_escalate() -> None:
    nobody = Actor(kind=ActorKind.STAFF, name="No One", role=Role.ENGINEER)
    assert at_rhipe().refused("escalate_to_vendor", AT, nobody, **ESCALATION).code == "TierNotPermitted"
    assert at_rhipe().refused("escalate_to_vendor", AT, VENDOR, **ESCALATION).code == "RoleNotPermitted"


def test_a_case_the_vendor_has_is_not_taken_there_again() -> None:
    story = worked_on(CSS)
    given = {"prerequisites": ("initial_troubleshooting",), "vendor_reference": "1"}
    story.say("escalate_to_vendor", AT, ENGINEER, **given)
    assert story.refused("escalate_to_vendor", AT + HOUR, ENGINEER, **given).code == "InvalidTransition"


def test_a_requester_does_not_say_what_the_vendor_says() -> None:
    story = taken(WEST)
    for verb, said in (
        ("vendor_update", {"text": "Done."}),
        ("vendor_finding", {"boundary": "cloud"}),
        ("decide_vendor_review", {"accept": True}),
        ("assign_resolver_group", {"group": "network"}),
    ):
        assert story.refused(verb, AT, JO, **said).code == "RoleNotPermitted"


def test_tiers_above_the_one_named_may_escalate_too() -> None:
    third = LINA.model_copy(update={"tier": Tier.L3})
    assert isinstance(at_rhipe().say("escalate_to_vendor", AT, third, **ESCALATION), Accepted)


def test_the_policy_named_by_the_guide_has_the_products() -> None:
    rules = at_rhipe().case.terms.vendor
    assert rules is not None
    assert rules.products == ("office_365", "dynamics_365", "azure", "microsoft_online", "symantec"), RHIPE
