"""Reviews of how the vendor works on an escalated case: who asks, with what, and who decides."""

from typing import Any

import pytest

from domain.actor import Actor
from domain.effects import EffectKind, Recipient
from domain.vendor import ReviewState
from tests.domain.boundary_desk import worked_on
from tests.domain.cases import DAY, HOUR
from tests.domain.vendor_desk import (
    AT,
    CSS,
    LINA,
    MANAGER,
    NUMBER,
    SDM,
    TSS,
    handed_over,
    kept_open,
    to_vendor,
)
from tests.people import KIM

LATER = AT + 2 * DAY
REVIEW: dict[str, Any] = {
    "ground": "no_resolution",
    "reply_to": "notice-of-may",
    "conversation_ref": "store:last-mails",
    "status": "Still broken.",
    "request": "Please give it to somebody else.",
}


@pytest.mark.covers("RHIPE-44", "RHIPE-60")
@pytest.mark.parametrize("who", [KIM, SDM, MANAGER])
def test_the_partner_the_sdm_and_case_managers_ask_for_a_review(who: Actor) -> None:
    story = handed_over()
    story.say("request_vendor_review", LATER, who, **REVIEW)
    (told,) = story.told(EffectKind.REVIEW_REQUESTED)
    assert (told.to, told.about, told.facts.vendor_reference) == (Recipient.SDM, "no_resolution", NUMBER)
    assert set(told.facts.links) == {"store:last-mails", "notice-of-may"}


@pytest.mark.covers("RHIPE-44")
@pytest.mark.parametrize("who", [LINA, TSS])
def test_nobody_else_of_our_staff_asks_for_one(who: Actor) -> None:
    assert handed_over().refused("request_vendor_review", LATER, who, **REVIEW).code == "RoleNotPermitted"


@pytest.mark.covers("RHIPE-60")
@pytest.mark.parametrize("part", ["ground", "reply_to", "conversation_ref", "status", "request"])
def test_a_review_needs_each_of_its_parts(part: str) -> None:
    refused = handed_over().refused("request_vendor_review", LATER, KIM, **{**REVIEW, part: None})
    assert (refused.code, refused.missing) == ("ReviewRequestIncomplete", (part,))


@pytest.mark.covers("RHIPE-60")
def test_all_missing_parts_are_named_and_an_unknown_ground_is_a_mistake() -> None:
    story = handed_over()
    refused = story.refused("request_vendor_review", LATER, KIM)
    assert (refused.code, len(refused.missing)) == ("ReviewRequestIncomplete", 5)
    refused = story.refused("request_vendor_review", LATER, KIM, **{**REVIEW, "ground": "bad_mood"})
    assert (refused.code, refused.missing) == ("ValidationError", ("ground",))


@pytest.mark.covers("RHIPE-60")
def test_a_case_the_vendor_does_not_have_is_not_reviewed() -> None:
    refused = worked_on(CSS).refused("request_vendor_review", AT, SDM, **REVIEW)
    assert refused.code == "InvalidTransition"


@pytest.mark.covers("RHIPE-54")
def test_silence_after_a_review_by_managers_needs_them_to_have_been_asked() -> None:
    story = handed_over()
    given = {**REVIEW, "ground": "no_response_after_manager_review"}
    refused = story.refused("request_vendor_review", LATER, KIM, **given)
    assert (refused.code, refused.missing) == ("ReviewRequestIncomplete", ("managers_in_copy",))
    story.say("request_vendor_review", LATER, KIM, **given, managers_in_copy=True)
    assert len(story.told(EffectKind.REVIEW_REQUESTED)) == 1


@pytest.mark.covers("RHIPE-60")
@pytest.mark.parametrize("accept", [True, False])
def test_a_review_is_taken_up_or_not_and_a_reason_is_given(accept: bool) -> None:
    story = handed_over()
    story.say("request_vendor_review", LATER, KIM, **REVIEW)
    assert story.refused("request_vendor_review", LATER, KIM, **REVIEW).code == "NoChange"
    assert story.refused("decide_vendor_review", LATER, LINA, accept=accept).code == "RoleNotPermitted"
    assert story.refused("decide_vendor_review", LATER, SDM, accept=accept).code == "ReasonRequired"
    story.say("decide_vendor_review", LATER + HOUR, SDM, accept=accept, reason="We have looked at it.")
    state = ReviewState.ACCEPTED if accept else ReviewState.DECLINED
    assert story.case.vendor is not None
    assert story.case.vendor.review is not None
    assert story.case.vendor.review.state is state
    (told,) = story.told(EffectKind.REVIEW_DECIDED)
    assert (told.to, told.about) == (Recipient.CUSTOMER, state)
    assert [(one.kind, one.about) for one in to_vendor(story)] == (
        [(EffectKind.VENDOR_FOLLOW_UP, "review")] if accept else []
    )


def test_there_is_nothing_to_decide_where_nobody_asked() -> None:
    refused = handed_over().refused("decide_vendor_review", LATER, SDM, accept=True, reason="Why not.")
    assert refused.code == "InvalidTransition"


def test_where_a_policy_names_no_parts_the_ground_alone_is_needed() -> None:
    story = kept_open()
    assert story.refused("request_vendor_review", LATER, SDM).code == "ReviewRequestIncomplete"
    story.say("request_vendor_review", LATER, SDM, ground="too slow")
    assert len(story.told(EffectKind.REVIEW_REQUESTED)) == 1
