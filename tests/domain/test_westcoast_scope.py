"""What Westcoast helps with, and whom it names for everything else."""

import pytest

from domain.decision import Declined
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.policy import Disposition, LicenceSource
from domain.tenants import NOTHING_KNOWN
from domain.timeline import EntryKind
from policies import PolicyInvalid, parse_policy
from tests.domain.boundary_desk import (
    ENGINEER,
    JO,
    KNOWN,
    MORNING,
    guide,
    guide_without,
    only,
    promised_clocks,
    taken,
    warned,
)
from tests.domain.cases import DAY, HOUR, Story

WEST = "westcoast"
ELSEWHERE = KNOWN.model_copy(update={"licence_source": LicenceSource.ELSEWHERE})


def _referred(category: str, refer_to: str) -> Story:
    """A request that others have to help with: closed as referred, with whom to ask in the answer."""
    story = taken(WEST, category=category)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.REFERRED)
    assert story.case.scope is not None
    assert (story.case.scope.disposition, story.case.scope.refer_to) == (Disposition.REFER, refer_to)
    told = only(story, EffectKind.REFERRAL)
    assert (told.to, told.about, told.facts.refer_to) == (Recipient.CUSTOMER, category, refer_to)
    assert promised_clocks(story) == set()
    assert story.told(EffectKind.ACKNOWLEDGEMENT, EffectKind.NEW_CASE) == []
    return story


@pytest.mark.covers("WEST-01")
@pytest.mark.parametrize("category", [None, "printers"])
def test_what_no_rule_speaks_of_is_looked_at_by_a_person(category: str | None) -> None:
    story = taken(WEST, category=category)
    assert story.case.phase is Phase.RECEIVED
    assert story.case.scope is not None
    assert (story.case.scope.disposition, story.case.scope.rule) == (Disposition.TRIAGE, None)
    (entry,) = story.happened(EntryKind.SCOPE_DECIDED)
    assert (entry.about, entry.internal) == ("triage", True)
    assert warned(story) == ()


@pytest.mark.covers("WEST-02")
def test_licences_bought_elsewhere_are_declined_with_the_reason() -> None:
    story = taken(WEST, facts=ELSEWHERE)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.OUT_OF_SCOPE)
    assert warned(story) == ("OutOfScope",)
    told = only(story, EffectKind.CANNOT_SUPPORT)
    assert (told.about, told.facts.reason) == ("out_of_scope", "licence_source")
    assert told.facts.text == "The licences were not bought through us, so we cannot support them."
    assert promised_clocks(story) == set()


@pytest.mark.covers("WEST-02")
@pytest.mark.parametrize("facts", [None, NOTHING_KNOWN, KNOWN])
def test_licences_of_which_nothing_else_is_known_count_as_ours(facts) -> None:
    assert taken(WEST, facts=facts).case.phase is Phase.RECEIVED


@pytest.mark.covers("WEST-02", "GAP-28")
def test_where_the_licences_come_from_is_asked_before_what_the_request_is_about() -> None:
    for category in ("mpn", "partner_centre", "printers"):
        story = taken(WEST, facts=ELSEWHERE, category=category, partner_centre_account=False, contact=None)
        assert story.case.close_reason is CloseReason.OUT_OF_SCOPE
        assert only(story, EffectKind.CANNOT_SUPPORT).facts.reason == "licence_source"


@pytest.mark.covers("WEST-06")
def test_an_operating_system_is_for_microsoft_business_support() -> None:
    story = _referred("operating_system", "microsoft_business_support")
    assert warned(story) == ("OutOfScope",)
    assert only(story, EffectKind.REFERRAL).about == "operating_system"


@pytest.mark.covers("WEST-07")
def test_an_app_is_supported_inside_the_app_and_the_steps_are_told() -> None:
    story = _referred("mobile_app", "in_app_support")
    assert warned(story) == ("OutOfScope",)
    told = only(story, EffectKind.REFERRAL)
    assert told.about == "mobile_app"
    assert told.facts.how is not None
    assert "Settings, Help, Contact Support" in told.facts.how


@pytest.mark.covers("WEST-08")
def test_a_resellers_own_partner_centre_account_is_for_option_1_of_microsofts_number() -> None:
    story = _referred("reseller_partner_account", "microsoft_phone_option_1")
    assert warned(story) == ("OutOfScope",)
    how = only(story, EffectKind.REFERRAL).facts.how
    assert how == "Call Microsoft on 0344 800 6006 and choose option 1."


@pytest.mark.covers("WEST-09")
def test_the_partner_network_is_for_option_4_of_the_same_number() -> None:
    story = _referred("mpn", "microsoft_phone_option_4")
    assert warned(story) == ("OutOfScope",)
    how = only(story, EffectKind.REFERRAL).facts.how
    assert how == "Call Microsoft on 0344 800 6006 and choose option 4."


def test_what_only_a_diagnosis_can_tell_is_not_judged_at_intake() -> None:
    story = taken(WEST, category="dns")
    assert story.case.phase is Phase.RECEIVED
    assert story.case.scope is not None
    assert story.case.scope.disposition is Disposition.TRIAGE
    assert "OutOfScope" not in warned(story)


@pytest.mark.covers("WEST-04")
def test_a_network_on_site_is_referred_to_the_planning_guidance() -> None:
    story = _referred("local_network", "networking_guidance")
    assert warned(story) == ("OutOfScope",)


@pytest.mark.covers("CONF-12")
def test_a_single_computer_is_helped_as_far_as_it_goes_and_its_user_is_told_so() -> None:
    story = taken(WEST, category="individual_client")
    assert story.case.phase is Phase.RECEIVED
    assert story.case.scope is not None
    assert story.case.scope.disposition is Disposition.BEST_EFFORT
    assert story.case.scope.refer_to == "assisted_support"
    text = only(story, EffectKind.ACKNOWLEDGEMENT).facts.text
    assert text is not None
    assert text.startswith("We help with single computers as far as our steps and tools go.")
    assert "Assisted Support" in text
    assert warned(story) == ()


def test_a_request_that_is_ours_is_taken_without_a_word_about_its_bounds() -> None:
    assert only(taken(WEST), EffectKind.ACKNOWLEDGEMENT).facts.text is None


@pytest.mark.covers("WEST-17")
def test_a_referral_may_have_no_link_but_must_name_whom_it_is_to() -> None:
    rules = {rule.name: rule for rule in guide(WEST).rules.scope.rules}
    assert (rules["mpn"].link, rules["mpn"].refer_to) == ("", "microsoft_phone_option_4")
    assert only(taken(WEST, category="mpn"), EffectKind.REFERRAL).facts.links == ()
    for target in ("partner_centre_ticket", "microsoft_phone_option_4"):
        with pytest.raises(PolicyInvalid) as caught:
            parse_policy(guide_without(WEST, f'refer_to = "{target}"'), "own.toml")
        assert caught.value.code == "PolicyInvalid"
        assert "a referral names whom it is to" in str(caught.value)


@pytest.mark.covers("GAP-15")
@pytest.mark.parametrize("after", [HOUR, 40 * DAY])
def test_a_case_that_was_out_of_scope_is_not_reopened(after) -> None:
    story = taken(WEST, facts=ELSEWHERE).until(MORNING + after)
    for speaker in (JO, ENGINEER):
        refused = story.refused("reopen", MORNING + after, speaker, reason="We bought new ones.")
        assert refused.code == "ReopenNotPermitted"
        assert "out_of_scope" in refused.reason
        assert refused.remedy == "open a new case"


def test_a_case_that_was_referred_continues_in_a_linked_one() -> None:
    story = taken(WEST, category="mpn")
    decision = story.say("reopen", MORNING + HOUR, JO, reason="They sent me back.")
    assert isinstance(decision, Declined)
    assert decision.code == "ReopenWindowExpired"
    assert len(story.told(EffectKind.LINKED_CASE)) == 1
