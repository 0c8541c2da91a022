"""Whom rhipe helps and with what; who helps instead with everything else."""

import pytest

from domain.case_step import linked_request, open_case
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.policy import Disposition, RequesterKind
from domain.tenants import NOTHING_KNOWN, UNREAD
from tests.domain.boundary_desk import (
    KNOWN,
    MORNING,
    guide,
    held_to,
    only,
    promised_clocks,
    taken,
    turned_down,
    warned,
)
from tests.domain.cases import DAY, HOUR, Story
from tests.people import ANA, KIM, P1, P3, P5

RHIPE = "rhipe-csp"
END_TENANT = KNOWN.model_copy(update={"kind": RequesterKind.END_TENANT})
PAID = (
    "configuration_advice",
    "deployment_advice",
    "mobile_workforce",
    "migration_beyond_email",
    "support_as_a_service",
    "custom_package",
)


def _called(**fields) -> Story:
    """A request by telephone, rated by Ana who took the call."""
    return taken(RHIPE, actor=ANA, channel="phone", **fields)


@pytest.mark.covers("RHIPE-01")
@pytest.mark.parametrize("kind", ["partner", "saas_customer", "internal"])
def test_partners_customers_of_the_service_and_our_own_teams_may_ask(kind: str) -> None:
    facts = KNOWN.model_copy(update={"kind": RequesterKind(kind)})
    assert taken(RHIPE, facts=facts).case.phase is Phase.RECEIVED


@pytest.mark.covers("RHIPE-01")
@pytest.mark.parametrize("kind", [RequesterKind.END_TENANT, RequesterKind.CUSTOMER])
def test_an_end_tenant_without_the_service_is_sent_to_his_partner(kind: RequesterKind) -> None:
    refused = turned_down(RHIPE, facts=KNOWN.model_copy(update={"kind": kind}))
    assert refused.code == "RequesterNotEntitled"
    assert refused.remedy == "ask the partner"


def test_somebody_of_whom_nothing_is_known_is_heard() -> None:
    for facts in (None, NOTHING_KNOWN, UNREAD):
        assert taken(RHIPE, facts=facts).case.phase is Phase.RECEIVED


@pytest.mark.covers("RHIPE-30")
def test_we_do_not_run_a_partners_tenants_for_him() -> None:
    story = taken(RHIPE, category="tenant_administration")
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.OUT_OF_SCOPE)
    assert warned(story) == ("OutOfScope",)
    told = only(story, EffectKind.CANNOT_SUPPORT)
    assert (told.about, told.facts.reason) == ("out_of_scope", "tenant_administration")
    assert told.facts.text is not None
    assert "the portal lets him do that himself" in told.facts.text
    refused = story.refused("reopen", MORNING + HOUR, KIM, reason="Do it all the same.")
    assert refused.code == "ReopenNotPermitted"


@pytest.mark.covers("RHIPE-31")
@pytest.mark.parametrize("category", ["configuration", "customisation"])
@pytest.mark.parametrize(("rating", "within"), [(P1, HOUR), (P3, DAY), (P5, None)])
def test_a_department_of_ours_takes_over_and_answers_as_soon_as_we_would_have(
    category: str, rating, within
) -> None:
    story = _called(category=category, **rating)
    ours = _called(**rating).case.clock(Clock.INITIAL_RESPONSE)
    assert (story.case.phase, story.case.close_reason) == (Phase.RECEIVED, None)
    assert story.case.scope is not None
    assert story.case.scope.disposition is Disposition.REFER_INTERNAL
    assert story.runs(Clock.DEPARTMENT_CONTACT) is (within is not None)
    told = only(story, EffectKind.REFERRAL)
    assert (told.to, told.facts.refer_to) == (Recipient.CUSTOMER, "relevant_department")
    assert told.facts.due_at == (ours.due_at if ours else None)
    assert (told.facts.due_at is None) is (within is None)
    assert warned(story) == ()  # not an error


@pytest.mark.covers("RHIPE-32")
@pytest.mark.parametrize("category", PAID)
def test_what_is_offered_for_money_is_referred_to_consulting(category: str) -> None:
    story = taken(RHIPE, category=category)
    assert story.case.close_reason is CloseReason.REFERRED
    told = only(story, EffectKind.REFERRAL)
    assert (told.facts.refer_to, told.facts.due_at) == ("consulting", None)
    assert told.facts.text == "This is offered as a paid service."
    assert promised_clocks(story) == set()


@pytest.mark.covers("RHIPE-58", "RHIPE-20")
@pytest.mark.parametrize("category", ["partner_centre", "mpn"])
def test_the_partner_centre_and_the_partner_network_have_a_support_of_their_own(category: str) -> None:
    story = _called(category=category, **P5)
    assert (story.case.level, story.case.close_reason) == ("P5", CloseReason.REFERRED)
    assert warned(story) == ("OutOfScope",)
    told = only(story, EffectKind.REFERRAL)
    assert (told.about, told.facts.refer_to) == ("partner_programme", "microsoft_partner_support")


@pytest.mark.covers("GAP-28")
def test_who_speaks_is_asked_before_where_the_case_stands_and_both_before_what_is_said() -> None:
    ours, over = _called(), taken(RHIPE, category="tenant_administration")
    later = MORNING + HOUR
    assert over.refused("triage", later, KIM, impact="?", urgency="?").code == "PriorityNotPermitted"
    assert over.refused("resolve", later, KIM, text="Done.").code == "RoleNotPermitted"
    assert over.refused("resolve", later, ANA, text="Done.").code == "InvalidTransition"
    assert over.refused("change_level", later, ANA, level="none").code == "CaseClosed"
    assert ours.refused("change_level", later, ANA, level="none").code == "SeverityUnknown"
    assert ours.refused("resolve", later, ANA, text="Done.").code == "ResolutionKindRequired"


@pytest.mark.covers("GAP-28")
def test_of_entitlement_and_scope_entitlement_answers() -> None:
    refused = turned_down(RHIPE, facts=END_TENANT, category="tenant_administration", contact=None)
    assert refused.code == "RequesterNotEntitled"


@pytest.mark.covers("GAP-28", "CONF-10")
def test_what_is_missing_waits_and_does_not_hide_that_the_requester_may_not_ask() -> None:
    lacking = taken(RHIPE, contact=None, tenant_company=None)
    assert (lacking.case.phase, lacking.case.missing) == (
        Phase.AWAITING_INFORMATION,
        ("contact", "tenant_company"),
    )
    assert warned(lacking) == ("IntakeIncomplete",)
    assert turned_down(RHIPE, facts=END_TENANT, contact=None).code == "RequesterNotEntitled"


def test_a_case_that_continues_another_is_closed_and_never_refused_where_nobody_is_entitled_now() -> None:
    story = _called()
    story.say("respond", MORNING + HOUR, ANA, text="Begun.")
    story.say("resolve", MORNING + 2 * HOUR, ANA, kind="resolution", text="Done.")
    later = MORNING + 60 * DAY
    story.until(later).say("reopen", later, KIM, reason="Again.")
    request = linked_request(story.case, only(story, EffectKind.LINKED_CASE))
    linked = open_case(request, held_to(guide(RHIPE), later), later, facts=END_TENANT)
    assert isinstance(linked, Accepted)
    assert (linked.case.phase, linked.case.close_reason) == (Phase.CLOSED, CloseReason.NOT_ENTITLED)
    assert linked.warnings == ("RequesterNotEntitled",)
    assert [effect.kind for effect in linked.effects] == [EffectKind.CANNOT_SUPPORT]


@pytest.mark.covers("CONF-15")
def test_a_request_about_the_partner_centre_is_logged_for_nobody() -> None:
    story = taken(RHIPE, category="partner_centre", partner_centre_account=False)
    assert story.case.close_reason is CloseReason.REFERRED
    assert story.case.main_contact is None
