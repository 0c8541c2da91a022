"""The distributor's two layers of validation: who asks, and whether all that is needed was said."""

import pytest

from domain.actor import Actor, ActorKind
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.tenants import NOTHING_KNOWN, UNREAD, Enquiry, TenantRecord, facts_of
from domain.timeline import EntryKind
from policies import PolicyInvalid, parse_policy
from tests.domain.boundary_desk import (
    ALEX,
    ENGINEER,
    KNOWN,
    MORNING,
    guide,
    guide_with,
    guide_without,
    held_to,
    only,
    promised_clocks,
    taken,
    turned_down,
    warned,
    worked_on,
)
from tests.domain.cases import HOUR

CSS = "distributor-css"
STRANGER = KNOWN.model_copy(update={"entitled": False})
REQUIRED = ("end_user_company", "onmicrosoft_domain", "priority", "scope")


@pytest.mark.covers("CSS-01")
@pytest.mark.parametrize("channel", ["webform", "chat"])
def test_a_request_comes_by_web_form_or_chat(channel: str) -> None:
    story = taken(CSS, channel=channel)
    assert story.case.phase is Phase.RECEIVED
    assert warned(story) == ()


@pytest.mark.covers("CSS-01")
@pytest.mark.parametrize("channel", ["phone", "email", "portal"])
def test_a_request_by_any_other_channel_does_not_become_a_case(channel: str) -> None:
    refused = turned_down(CSS, channel=channel)
    assert refused.code == "ChannelNotPermitted"
    assert refused.remedy == "use webform or chat"


@pytest.mark.covers("CSS-02")
def test_somebody_who_is_not_entitled_has_his_request_closed_and_is_told_why() -> None:
    story = taken(CSS, facts=STRANGER)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.NOT_ENTITLED)
    assert warned(story) == ("RequesterNotEntitled",)
    told = only(story, EffectKind.CANNOT_SUPPORT)
    assert (told.to, told.about) == (Recipient.CUSTOMER, "not_entitled")
    assert told.facts.text is not None
    assert "not among those entitled" in told.facts.text
    assert story.told(EffectKind.ACKNOWLEDGEMENT, EffectKind.NEW_CASE) == []


@pytest.mark.covers("CSS-02")
def test_what_the_directory_said_of_the_requester_stays_with_the_case() -> None:
    for entitled in (True, False):
        story = taken(CSS, facts=KNOWN.model_copy(update={"entitled": entitled}))
        assert story.case.facts is not None
        assert story.case.facts.entitled is entitled


@pytest.mark.covers("CSS-02")
def test_only_the_people_an_organisation_has_listed_may_ask() -> None:
    record = TenantRecord(tenant="Example Reseller", requesters=("Alex Brandt",))
    listed = facts_of(record, Enquiry(tenant="Example Reseller", requester="alex  BRANDT"), None)
    another = facts_of(record, Enquiry(tenant="Example Reseller", requester="Sam Doe"), None)
    assert taken(CSS, facts=listed).case.phase is Phase.RECEIVED
    assert taken(CSS, facts=another).case.close_reason is CloseReason.NOT_ENTITLED


def test_an_organisation_nobody_knows_is_turned_away_and_a_silent_directory_turns_nobody_away() -> None:
    unknown, unread = taken(CSS, facts=NOTHING_KNOWN), taken(CSS, facts=UNREAD)
    assert unknown.case.close_reason is CloseReason.NOT_ENTITLED
    assert unread.case.phase is Phase.RECEIVED
    assert unread.happened(EntryKind.ENTITLEMENT_CHECKED)[0].about == "unread"
    assert taken(CSS, facts=None).case.phase is Phase.RECEIVED


@pytest.mark.covers("CSS-03", "CONF-10")
def test_everything_that_is_missing_is_named_in_one_answer_and_the_request_is_closed() -> None:
    story = taken(CSS, **dict.fromkeys(REQUIRED))
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.MISSING_INFORMATION)
    assert story.case.missing == REQUIRED
    assert warned(story) == ("ValidationError",)
    told = only(story, EffectKind.CANNOT_SUPPORT)
    assert (told.about, told.facts.missing) == ("missing_information", REQUIRED)


@pytest.mark.covers("CSS-03")
@pytest.mark.parametrize(
    "domain", ["enduser.example", "onmicrosoft.com", "enduser.onmicrosoft.com.example", "enduser"]
)
def test_a_domain_that_is_not_the_vendors_closes_the_request_with_the_field_as_its_reason(
    domain: str,
) -> None:
    story = taken(CSS, onmicrosoft_domain=domain)
    assert story.case.close_reason is CloseReason.MISSING_INFORMATION
    assert story.case.missing == ("onmicrosoft_domain",)
    text = only(story, EffectKind.CANNOT_SUPPORT).facts.text
    assert text is not None
    assert f"{domain} is not a domain of the form tenant.onmicrosoft.com" in text


@pytest.mark.covers("CSS-03")
def test_a_company_may_require_more_than_the_guide_does() -> None:
    more = guide_with(CSS, "intake", required=(*REQUIRED, "product"))
    assert taken(CSS, under=held_to(more)).case.missing == ("product",)
    assert taken(CSS, under=held_to(more), product="exchange").case.missing == ()


@pytest.mark.covers("CSS-04", "GAP-28")
def test_both_layers_failing_at_once_make_one_closure_with_an_explanation_for_each() -> None:
    story = taken(CSS, facts=STRANGER, priority=None)
    assert story.case.close_reason is CloseReason.MISSING_INFORMATION  # what is missing comes first
    assert warned(story) == ("ValidationError", "RequesterNotEntitled")
    text = only(story, EffectKind.CANNOT_SUPPORT).facts.text
    assert text is not None
    missing, entitled = text.split("\n")
    assert "The request lacks priority" in missing
    assert "not entitled" in entitled


@pytest.mark.covers("CSS-04")
@pytest.mark.parametrize("fields", [{"facts": STRANGER}, {"scope": None}])
def test_a_request_is_closed_before_its_requester_is_told_and_no_response_is_ever_due(fields) -> None:
    story = taken(CSS, **fields)
    assert [entry.kind for entry in story.entries] == [EntryKind.SUBMITTED, EntryKind.CLOSED]
    assert only(story, EffectKind.CANNOT_SUPPORT).facts.phase == Phase.CLOSED
    assert promised_clocks(story) == set()
    story.until(MORNING + 1000 * HOUR)
    assert (story.case.phase, story.case.breach_count) == (Phase.ARCHIVED, 0)


@pytest.mark.covers("CSS-04")
@pytest.mark.parametrize("key", ["incomplete_explanation", "explanation"])
@pytest.mark.parametrize("said", ["", "  "])
def test_a_policy_that_closes_requests_without_saying_why_is_none(key: str, said: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(guide_without(CSS, f"{key} =", f'{key} = "{said}"'), "own.toml")
    assert caught.value.code == "PolicyInvalid"
    assert "say why" in str(caught.value)


@pytest.mark.covers("GAP-28")
def test_who_speaks_and_how_come_before_what_is_missing() -> None:
    missing = dict.fromkeys(REQUIRED)
    machine = Actor(kind=ActorKind.VENDOR)
    assert turned_down(CSS, actor=machine, channel="phone", **missing).code == "RoleNotPermitted"
    elsewhere = ALEX.model_copy(update={"tenant": "Other Reseller"})
    assert turned_down(CSS, actor=elsewhere, channel="phone", **missing).code == "Forbidden"
    assert turned_down(CSS, channel="phone", **missing).code == "ChannelNotPermitted"
    assert turned_down(CSS, **(missing | {"priority": "urgent"})).code == "SeverityUnknown"


@pytest.mark.covers("CSS-05")
def test_the_first_two_tiers_are_css_engineers_and_the_third_is_microsoft() -> None:
    tiers = {tier.name: tier.title for tier in guide(CSS).organisation.tiers}
    assert tiers == {"L1": "CSS engineer", "L2": "CSS engineer", "L3": "Microsoft"}


@pytest.mark.covers("CSS-06")
def test_an_investigation_asks_its_questions_and_goes_on_with_the_answer() -> None:
    story = worked_on(CSS)
    assert (story.case.phase, story.case.assignee) == (Phase.IN_PROGRESS, "Ines Roy")
    story.say("wait_for_customer", MORNING + HOUR, ENGINEER, text="Since when?")
    assert story.case.phase is Phase.AWAITING_CUSTOMER
    question = only(story, EffectKind.QUESTION)
    assert (question.to, question.facts.text) == (Recipient.CUSTOMER, "Since when?")
    story.say("reply", MORNING + 2 * HOUR, ALEX, text="Since Monday.")
    assert story.case.phase is Phase.IN_PROGRESS
    assert not story.runs(Clock.UPDATE)
