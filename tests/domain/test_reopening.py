"""Reopening: within the window the same case, after it a new one that knows the old."""

import json

import pytest

from domain.case import Case
from domain.case_step import decide, linked_request, open_case
from domain.clocks import Clock
from domain.decision import Accepted, Declined
from domain.effects import Effect, EffectKind, Recipient
from domain.lifecycle.intake_checks import is_too_large
from domain.messages.case import Reopen, Submit
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind
from domain.verbs import Verb
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TUESDAY,
    Story,
    answered,
    archived,
    case_in,
    closed,
    policy_with,
    resolved,
    terms,
)
from tests.domain.desks import utc
from tests.people import ANA, KIM, P1, P3, P5

WINDOW = utc("2027-06-22T00:00")  # five business days after TUESDAY, at the same local time


def _reopen(story: Story, at, **fields):
    return story.say("reopen", at, KIM, **{"reason": "It is back.", **fields})


def _linked(story: Story) -> tuple[Effect, Submit]:
    """The effect that opens the linked case, and its request as the other workflow reads it."""
    (effect,) = story.told(EffectKind.LINKED_CASE)
    return effect, Submit.model_validate_json(linked_request(story.case, effect).model_dump_json())


def _opened(request: Submit) -> Case:
    assert request.received_at is not None
    decision = open_case(request, terms(request.received_at), request.received_at)
    assert isinstance(decision, Accepted), decision
    return decision.case


@pytest.mark.covers("RHIPE-36", "GAP-14")
def test_reopening_within_the_window_is_the_same_case_with_a_fresh_response_clock() -> None:
    story = closed(**P3)
    before = story.case
    _reopen(story, TUESDAY + DAY)
    assert (story.case.id, story.case.level) == (before.id, before.level)
    assert (story.case.phase, story.case.reopens) == (Phase.IN_PROGRESS, 1)
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 2 * DAY
    assert not story.runs(Clock.REOPEN_WINDOW)
    assert (story.case.closed_at, story.case.close_reason, story.case.resolved_at) == (None, None, None)
    refused = story.refused("reopen", TUESDAY + DAY + MINUTE, KIM, reason="Again")
    assert refused.code == "CaseNotClosed"


def test_reopening_tells_the_customer_and_whoever_worked_on_it_why() -> None:
    story = closed(**P1)
    _reopen(story, TUESDAY + DAY)
    (customer,) = story.told(EffectKind.CASE_REOPENED)
    assert (customer.to, customer.facts.due_at) == (Recipient.CUSTOMER, TUESDAY + DAY + HOUR)
    (staff,) = story.told(EffectKind.CUSTOMER_REPLIED)
    assert (staff.to, staff.about, staff.facts.text) == (Recipient.ASSIGNEE, "reopened", "It is back.")


@pytest.mark.covers("RHIPE-36", "GAP-16")
def test_a_reopening_of_the_very_last_instant_is_in_time_and_one_second_later_is_not() -> None:
    last, late = closed(), closed()
    assert last.due(Clock.REOPEN_WINDOW) == WINDOW
    assert isinstance(_reopen(last, WINDOW), Accepted)
    decision = _reopen(late, WINDOW + SECOND)
    assert isinstance(decision, Declined)
    assert decision.code == "ReopenWindowExpired"
    assert late.case.phase is Phase.CLOSED
    assert case_in(Phase.IN_PROGRESS).refused("reopen", TUESDAY, KIM, reason="x").code == "CaseNotClosed"


@pytest.mark.covers("GAP-16")
def test_the_instant_of_receipt_decides_and_not_which_was_handled_first() -> None:
    story = closed()
    _reopen(story, WINDOW, handled=WINDOW + 4 * MINUTE)
    assert (story.case.phase, story.case.reopens) == (Phase.IN_PROGRESS, 1)


@pytest.mark.covers("RHIPE-36", "GAP-17")
@pytest.mark.parametrize("after", [SECOND, 6 * MINUTE, 100 * DAY])
def test_a_late_reopening_opens_a_linked_case_whether_the_old_one_is_archived_or_not(after) -> None:
    story = closed()
    decision = _reopen(story, WINDOW + after)
    assert isinstance(decision, Declined)
    assert decision.code == "ReopenWindowExpired"
    effect, request = _linked(story)
    linked = _opened(request)
    assert linked.id == effect.facts.linked_case == story.case.linked_cases[-1]
    assert (linked.parent, linked.phase) == (story.case.id, Phase.RECEIVED)
    assert linked.received_at == WINDOW + after
    assert story.case.reopens == 0
    assert story.happened(EntryKind.REOPEN_DECLINED)[0].about == linked.id
    assert case_in(Phase.RESOLVED).refused("reopen", TUESDAY, KIM, reason="x").code == "CaseNotClosed"


def test_the_linked_case_is_rated_and_informed_as_the_old_one_was_and_says_why_it_came() -> None:
    story = archived(TUESDAY, **P1)
    _reopen(story, TUESDAY + 60 * DAY)
    _, request = _linked(story)
    linked = _opened(request)
    assert linked.level == "P1"
    assert linked.missing == ()
    assert linked.contact == story.case.contact
    assert linked.title == f"Again: {story.case.title}"
    explanation = linked.request.explanation or ""
    assert explanation.startswith("It is back.")
    assert story.case.number in explanation


def test_the_customer_is_told_which_case_it_is_now() -> None:
    story = closed()
    _reopen(story, WINDOW + SECOND)
    (told,) = story.told(EffectKind.REOPEN_TOO_LATE)
    assert (told.to, told.facts.linked_case) == (Recipient.CUSTOMER, story.case.linked_cases[-1])
    assert told.facts.reopen_until == WINDOW


def test_two_late_reopenings_are_two_cases_and_the_same_one_repeated_is_one() -> None:
    story = closed()
    _reopen(story, WINDOW + SECOND)
    _reopen(story, WINDOW + MINUTE)
    assert len(set(story.case.linked_cases)) == 2
    message = Reopen(actor=KIM, received_at=WINDOW + 2 * MINUTE, reason="It is back.")
    for _ in range(2):
        decision = decide(story.case, Verb.REOPEN, message, "the-same", WINDOW + 2 * MINUTE)
        assert isinstance(decision, Declined)
        story.adopt(decision)
    assert len(set(story.case.linked_cases)) == 3


@pytest.mark.parametrize("character", ["あ", '"', "\N{GRINNING FACE}"])
def test_the_linked_request_can_be_read_again_however_long_the_words_were(character: str) -> None:
    many = 8000 // len(json.dumps(character, ensure_ascii=False)[1:-1].encode())
    story = closed(explanation=character * many, error_messages=tuple(character * 150 for _ in range(10)))
    _reopen(story, WINDOW + SECOND, reason=character * many)
    _, request = _linked(story)
    assert not is_too_large(request)
    assert (request.explanation or "").startswith(character)
    assert _opened(request).missing == ()


@pytest.mark.covers("GAP-15")
@pytest.mark.parametrize("reason", [CloseReason.NOT_ENTITLED, CloseReason.OUT_OF_SCOPE])
def test_a_case_closed_as_not_ours_is_never_reopened(reason: CloseReason) -> None:
    story = closed()
    story.case = story.case.model_copy(update={"close_reason": reason})
    refused = story.refused("reopen", TUESDAY + HOUR, KIM, reason="Please")
    assert (refused.code, refused.remedy) == ("ReopenNotPermitted", "open a new case")


def test_the_window_runs_from_the_last_closure() -> None:
    story = closed()
    _reopen(story, TUESDAY + DAY)
    story.say("close", TUESDAY + 2 * DAY, KIM, reason="requested")
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-06-24T00:00")


def test_after_a_reopening_the_customer_is_owed_an_answer_before_any_other_news() -> None:
    story = closed()
    _reopen(story, TUESDAY + DAY)
    assert story.refused("post_update", TUESDAY + DAY + MINUTE, text="x").code == "InvalidTransition"
    story.say("respond", TUESDAY + DAY + 2 * MINUTE, text="We look again.")
    assert len(story.told(EffectKind.FIRST_RESPONSE)) == 2
    assert story.due(Clock.UPDATE) == TUESDAY + DAY + 2 * MINUTE + HOUR


def test_a_reopened_case_left_unanswered_is_a_breach_of_the_fresh_target() -> None:
    story = closed()
    _reopen(story, TUESDAY + DAY)
    story.until(TUESDAY + 2 * DAY)
    assert [breach.due_at for breach in story.breaches(Clock.INITIAL_RESPONSE)] == [TUESDAY + DAY + HOUR]


def test_staff_may_reopen_a_case_too() -> None:
    story = closed()
    story.say("reopen", TUESDAY + HOUR, ANA, reason="We found the cause")
    assert story.case.reopens == 1


@pytest.mark.covers("GAP-08")
def test_without_a_window_in_the_policy_every_reopening_is_a_new_linked_case() -> None:
    never = policy_with("closing", reopen_business_days=None)
    story = closed(under=terms(TUESDAY - DAY, policy=never))
    assert isinstance(_reopen(story, TUESDAY + SECOND), Declined)
    assert story.told(EffectKind.CASE_CLOSED)[0].facts.reopen_until is None
    assert story.until(TUESDAY + HOUR).case.phase is Phase.ARCHIVED


def test_a_question_without_targets_is_answered_anew_after_a_reopening() -> None:
    story = closed(**P5)
    _reopen(story, TUESDAY + DAY)
    story.say("post_update", TUESDAY + DAY + HOUR, text="It is on page five.")
    assert story.told(EffectKind.STAFF_UPDATE)[0].facts.text == "It is on page five."


def test_a_resolved_case_is_not_closed_and_is_replied_to_instead() -> None:
    refused = resolved().refused("reopen", TUESDAY + HOUR, KIM, reason="It fails")
    assert (refused.code, refused.remedy) == ("CaseNotClosed", "reply to it, or post an update")
    assert answered().refused("reopen", TUESDAY + HOUR, KIM, reason="x").code == "CaseNotClosed"
