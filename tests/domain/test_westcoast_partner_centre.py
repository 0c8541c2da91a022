"""The Partner Centre: others run it, promise nothing, and are reached with an account or through us."""

import pytest

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.policy import Disposition
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.explain import explain
from domain.views.staff import view
from policies import load_policy, policy_names
from tests.domain.boundary_desk import (
    ENGINEER,
    JO,
    MORNING,
    guide,
    guide_with,
    held_to,
    only,
    promised_clocks,
    taken,
    turned_down,
    warned,
)
from tests.domain.cases import DAY, HOUR, Story

WEST = "westcoast"
KINDS = ("partner_centre", "csp_refund", "licence_sku", "microsoft_relationship", "csp_invite")


def _logged(category: str = "partner_centre") -> Story:
    """A request about the Partner Centre by a reseller who has no account there."""
    return taken(WEST, category=category, partner_centre_account=False)


@pytest.mark.covers("WEST-15")
@pytest.mark.parametrize("has_account", [True, None])
def test_a_reseller_with_an_account_is_sent_to_the_partner_centre(has_account: bool | None) -> None:
    story = taken(WEST, category="partner_centre", partner_centre_account=has_account)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.REFERRED)
    told = only(story, EffectKind.REFERRAL)
    assert (told.to, told.facts.refer_to) == (Recipient.CUSTOMER, "partner_centre_ticket")
    assert told.facts.how == "Open a ticket in the Partner Centre with your account."
    assert told.facts.due_at is None


@pytest.mark.covers("WEST-14")
@pytest.mark.parametrize("category", KINDS)
def test_each_kind_of_partner_centre_request_goes_the_same_way(category: str) -> None:
    referred = taken(WEST, category=category, partner_centre_account=True)
    assert only(referred, EffectKind.REFERRAL).facts.refer_to == "partner_centre_ticket"
    logged = _logged(category)
    assert logged.case.scope is not None
    assert logged.case.scope.disposition is Disposition.LOG_ON_BEHALF
    assert category in guide(WEST).rules.intake.categories


@pytest.mark.covers("WEST-16")
def test_for_a_reseller_without_an_account_we_log_it_and_name_him_as_its_contact() -> None:
    story = _logged()
    assert story.case.phase is Phase.RECEIVED
    assert story.case.main_contact == "reseller"
    (entry,) = story.happened(EntryKind.SCOPE_DECIDED)
    assert entry.about == "log_on_behalf partner_centre_ticket"
    story.say("track_elsewhere", MORNING + HOUR, ENGINEER, system="Partner Centre", external_ref="PC-77")
    assert story.case.external_tracking is not None
    assert story.case.external_tracking.reference == "PC-77"
    assert view(story.case).main_contact == "reseller"


@pytest.mark.covers("WEST-16")
@pytest.mark.parametrize("contact", [None, {"name": "Jo Field"}])
def test_without_a_contact_nothing_can_be_logged_for_anybody(contact) -> None:
    refused = turned_down(WEST, category="partner_centre", partner_centre_account=False, contact=contact)
    assert refused.code == "ContactRequired"
    assert refused.missing == ("contact",)


def test_elsewhere_a_request_without_a_contact_is_taken() -> None:
    assert taken(WEST, contact=None).case.phase is Phase.RECEIVED


@pytest.mark.covers("CONF-15")
def test_only_westcoast_logs_requests_on_behalf_of_others() -> None:
    logging = {
        name
        for name in policy_names()
        for rule in load_policy(name).rules.scope.rules
        if rule.disposition is Disposition.LOG_ON_BEHALF
    }
    assert logging == {WEST}
    elsewhere = taken("rhipe-csp", category="partner_centre", partner_centre_account=False)
    assert elsewhere.case.close_reason is CloseReason.REFERRED


@pytest.mark.covers("WEST-13")
def test_no_clock_runs_on_a_request_logged_elsewhere_whatever_the_level_promises() -> None:
    levels = [level.model_dump() for level in guide(WEST).rules.levels]
    for level in levels:
        level |= {"initial_response": {"within": "1h"}, "update_every": "1h"}
    rules = guide(WEST).rules
    strict = type(rules).model_validate(rules.model_dump() | {"levels": levels})
    under = held_to(guide(WEST).model_copy(update={"rules": strict}))
    ours = taken(WEST, under=under)
    assert ours.due(Clock.INITIAL_RESPONSE) == MORNING + HOUR
    theirs = taken(WEST, under=under, category="partner_centre", partner_centre_account=False)
    theirs.say("respond", MORNING + 2 * HOUR, ENGINEER, text="We have logged it.")
    theirs.say("change_level", MORNING + 3 * HOUR, JO, level="high", reason="Now it is urgent.")
    assert promised_clocks(theirs) == set()
    assert theirs.until(MORNING + 30 * DAY).case.breach_count == 0


@pytest.mark.covers("WEST-13")
def test_the_notice_says_that_nothing_is_promised_and_the_views_say_so_too() -> None:
    story = _logged()
    assert warned(story) == ("SlaNotApplicable",)
    facts = only(story, EffectKind.ACKNOWLEDGEMENT).facts
    assert (facts.has_sla, facts.due_at) == (False, None)
    assert facts.text is not None
    assert "The Partner Centre team promises us no times" in facts.text
    assert facts.advice is None  # it came by a proper channel: nothing would be won by sending it again
    assert not view(story.case).has_sla
    for shown in (view(story.case), customer_view(story.case)):
        assert {row.promise for row in shown.promises} == {"no commitment in the policy"}
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert "partner_centre_without_account" in told.steps[0]


def test_a_case_logged_elsewhere_never_goes_to_the_vendor() -> None:
    scope = _logged().case.scope
    assert scope is not None
    assert not scope.vendor_escalation


@pytest.mark.covers("WEST-01")
def test_a_policy_may_take_in_all_that_no_rule_speaks_of() -> None:
    open_minded = held_to(guide_with(WEST, "scope", otherwise="accept"))
    story = taken(WEST, under=open_minded, category="printers")
    assert story.case.scope is not None
    assert story.case.scope.disposition is Disposition.ACCEPT
    assert story.happened(EntryKind.SCOPE_DECIDED) == []
