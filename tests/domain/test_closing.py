"""Resolving and closing: by a person's word, by the customer's, or by silence."""

from datetime import datetime

import pytest

from domain.case import UpdateScore
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind
from tests.domain.cases import (
    DAY,
    HOUR,
    LATE_AFTER,
    MINUTE,
    SECOND,
    TUESDAY,
    answered,
    case_in,
    closed,
    mailed,
    opened,
    policy_with,
    resolved,
    terms,
)
from tests.domain.desks import utc
from tests.people import ANA, KIM

FRIDAY = utc("2027-06-18T00:00")  # three business days after TUESDAY, at the same local time


@pytest.mark.covers("DED-32")
def test_a_resolution_needs_its_kind() -> None:
    for kind in (None, "guess"):
        refused = answered().refused("resolve", TUESDAY + MINUTE, kind=kind, text="Done")
        assert (refused.code, refused.missing) == ("ResolutionKindRequired", ("kind",))
    for kind in ("resolution", "workaround"):
        story = answered()
        story.say("resolve", TUESDAY + MINUTE, kind=kind, text="Done")
        assert story.told(EffectKind.CASE_RESOLVED)[0].about == kind


@pytest.mark.covers("RHIPE-35")
def test_resolving_stops_the_work_clocks_and_starts_auto_close_in_three_business_days() -> None:
    story = resolved()
    assert story.due(Clock.AUTO_CLOSE) == FRIDAY
    for clock in (Clock.INITIAL_RESPONSE, Clock.TRIAGE, Clock.UPDATE):
        assert not story.runs(clock)
    (told,) = story.told(EffectKind.CASE_RESOLVED)
    assert told.facts.auto_close_at == FRIDAY
    for phase in (Phase.AWAITING_INFORMATION, Phase.CLOSED):
        refused = case_in(phase).refused("resolve", TUESDAY + HOUR, kind="resolution", text="x")
        assert refused.code == "InvalidTransition"


@pytest.mark.covers("GAP-01")
def test_auto_close_skips_the_weekend_and_the_customers_holidays() -> None:
    eve = utc("2027-06-23T02:00")  # Wednesday in Auckland; Friday is Matariki
    story = resolved(eve, under=terms(eve, "Pacific/Auckland", "NZ-AUK"))
    assert story.due(Clock.AUTO_CLOSE) == utc("2027-06-29T02:00")


def test_silence_closes_a_resolved_case_at_the_due_instant() -> None:
    story = resolved().until(FRIDAY)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.AUTO_CLOSE)
    assert story.case.closed_at == FRIDAY
    (told,) = story.told(EffectKind.CASE_CLOSED)
    assert (told.to, told.about, told.facts.by) == (Recipient.CUSTOMER, "auto_close", "Sunrelay")


@pytest.mark.covers("RHIPE-35")
def test_a_reply_of_the_very_instant_of_auto_close_comes_first() -> None:
    story = resolved()
    story.say("reply", FRIDAY, KIM, text="It still fails.", accepts=False)
    assert story.case.phase is Phase.IN_PROGRESS
    late = resolved()
    late.say("reply", FRIDAY + SECOND, KIM, text="It still fails.", accepts=False)
    assert late.case.phase is Phase.CLOSED
    assert late.refused("resolve", FRIDAY + HOUR, kind="resolution", text="x").code == "InvalidTransition"


def test_a_reply_that_accepts_closes_the_case_as_confirmed() -> None:
    story = resolved()
    story.say("reply", TUESDAY + HOUR, KIM, text="Thank you.", accepts=True)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.CUSTOMER_CONFIRMED)
    assert not story.runs(Clock.AUTO_CLOSE)


def test_a_reply_that_rejects_takes_the_case_back_to_work_with_the_cadence_from_it() -> None:
    story = resolved()
    story.say("reply", TUESDAY + HOUR, KIM, text="It still fails.", accepts=False)
    assert story.case.phase is Phase.IN_PROGRESS
    assert not story.runs(Clock.AUTO_CLOSE)
    assert story.due(Clock.UPDATE) == TUESDAY + 2 * HOUR
    assert story.told(EffectKind.CUSTOMER_REPLIED)[0].about == "rejected"


@pytest.mark.parametrize(
    ("unclear_reply", "closes_at"), [("ask", None), ("restart", utc("2027-06-21T00:00"))]
)
def test_a_reply_that_says_neither_leaves_it_resolved_asks_the_engineer_and_the_policy_says_if_it_closes(
    unclear_reply: str, closes_at: datetime | None
) -> None:
    story = resolved(under=terms(policy=policy_with("closing", unclear_reply=unclear_reply)))
    story.say("reply", TUESDAY + DAY, KIM, text="I am away this week.")
    assert story.case.phase is Phase.RESOLVED
    closing = story.case.clock(Clock.AUTO_CLOSE)
    assert (closing.due_at if closing else None) == closes_at
    (asked,) = story.told(EffectKind.CUSTOMER_REPLIED)
    assert (asked.to, asked.about) == (Recipient.ASSIGNEE, "unclear")
    assert asked.facts.auto_close_at == closes_at
    assert story.decision.warnings == ("AnswerUnclear",)  # type: ignore[union-attr]


def test_a_resolution_said_again_word_for_word_is_refused_until_the_customer_has_answered() -> None:
    again = {"kind": "resolution", "text": "The password works again."}
    story = resolved()
    assert story.refused("resolve", TUESDAY + HOUR, **again).code == "NoChange"
    assert story.due(Clock.AUTO_CLOSE) == FRIDAY
    story.say("reply", TUESDAY + 2 * HOUR, KIM, text="No, still broken.")
    story.say("resolve", TUESDAY + 3 * HOUR, **again)
    assert len(story.told(EffectKind.CASE_RESOLVED)) == 2


@pytest.mark.parametrize(
    "new", [{"text": "It works better."}, {"kind": "workaround"}, {"root_cause": "A worn token."}]
)
def test_whatever_is_new_in_a_resolution_is_told(new: dict[str, str]) -> None:
    story = resolved()
    story.say("resolve", TUESDAY + HOUR, **{"kind": "resolution", "text": "The password works again."} | new)
    assert len(story.told(EffectKind.CASE_RESOLVED)) == 2


def test_the_last_resolution_counts_for_auto_close() -> None:
    story = resolved()
    story.say("resolve", TUESDAY + DAY, kind="resolution", text="Better still.")
    assert story.due(Clock.AUTO_CLOSE) == utc("2027-06-21T00:00")
    story.until(FRIDAY)
    assert story.case.phase is Phase.RESOLVED


@pytest.mark.covers("RHIPE-34")
@pytest.mark.parametrize("reason", ["resolved", "requested", "no_further_troubleshooting"])
def test_staff_close_with_one_of_three_reasons(reason: str) -> None:
    story = answered()
    refused = story.refused("close", TUESDAY + MINUTE)
    assert (refused.code, refused.missing) == ("ReasonRequired", ("reason",))
    assert story.refused("close", TUESDAY + MINUTE, reason="auto_close").code == "ValidationError"
    story.say("close", TUESDAY + HOUR / 2, reason=reason, text="Goodbye.")
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, reason)
    assert not story.runs(Clock.UPDATE)


@pytest.mark.covers("RHIPE-34")
def test_a_requester_may_close_only_on_his_own_request() -> None:
    story = answered()
    assert story.refused("close", TUESDAY + MINUTE, KIM).code == "ReasonRequired"
    assert story.refused("close", TUESDAY + MINUTE, KIM, reason="resolved").code == "RoleNotPermitted"
    story.say("close", TUESDAY + MINUTE, KIM, reason="requested")
    assert story.case.close_reason == CloseReason.REQUESTED


def test_a_case_nobody_worked_on_cannot_be_closed_as_resolved() -> None:
    assert opened().refused("close", TUESDAY + MINUTE, reason="resolved").code == "InvalidTransition"


def test_closing_by_staff_answers_the_case_and_giving_it_up_does_not() -> None:
    ours, theirs = opened(), opened()
    ours.say("close", TUESDAY + MINUTE, ANA, reason="no_further_troubleshooting")
    theirs.say("close", TUESDAY + MINUTE, KIM, reason="requested")
    assert ours.case.responded_at == TUESDAY + MINUTE
    assert theirs.case.responded_at is None
    assert theirs.until(TUESDAY + 3 * HOUR).case.breaches == ()


@pytest.mark.covers("RHIPE-27")
def test_every_closure_asks_how_it_went_under_an_id_of_its_own() -> None:
    story = closed()
    story.say("reopen", TUESDAY + HOUR, KIM, reason="It is back")
    story.say("respond", TUESDAY + 2 * HOUR, text="We look again.")
    story.say("resolve", TUESDAY + 3 * HOUR, kind="resolution", text="Now it works.")
    story.until(TUESDAY + 10 * DAY)
    surveys = story.told(EffectKind.CSAT_SURVEY)
    assert [survey.about for survey in surveys] == ["customer_confirmed", "auto_close"]
    assert [survey.facts.count for survey in surveys] == [1, 2]
    assert len({survey.id for survey in surveys}) == 2


def test_a_policy_without_survey_or_auto_close_does_neither() -> None:
    quiet = policy_with("closing", survey=False, auto_close_business_days=None)
    story = resolved(under=terms(TUESDAY - DAY, policy=quiet)).until(TUESDAY + 30 * DAY)
    assert story.case.phase is Phase.RESOLVED
    story.say("close", TUESDAY + 30 * DAY, reason="resolved")
    assert story.told(EffectKind.CSAT_SURVEY) == []


@pytest.mark.covers("RHIPE-35", "GAP-16")
def test_auto_close_handled_late_never_shortens_the_reopen_window() -> None:
    story = resolved().away_until(FRIDAY + 2 * DAY)
    assert story.case.closed_at == FRIDAY + 2 * DAY  # Sunday: the window begins on Monday
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-06-27T14:00")
    assert story.refused("resolve", FRIDAY + 3 * DAY, kind="x", text="x").code == "InvalidTransition"


def test_auto_close_handled_a_little_late_counts_from_its_due_instant() -> None:
    story = resolved().away_until(FRIDAY + LATE_AFTER)
    assert story.case.closed_at == FRIDAY
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-06-25T00:00")


def test_a_closed_case_is_archived_when_its_window_and_a_margin_are_over() -> None:
    story = closed()
    window = utc("2027-06-22T00:00")
    assert story.until(window + 5 * MINUTE - SECOND).case.phase is Phase.CLOSED
    assert story.until(window + 5 * MINUTE).case.phase is Phase.ARCHIVED
    assert story.case.clocks == ()
    assert story.happened(EntryKind.ARCHIVED)[0].at == window + 5 * MINUTE


def test_a_reply_to_a_closed_case_is_kept_and_told_and_leaves_it_closed() -> None:
    story = closed()
    story.say("reply", TUESDAY + HOUR, KIM, text="It is back.", accepts=False)
    assert story.case.phase is Phase.CLOSED
    assert story.told(EffectKind.CUSTOMER_REPLIED)[0].facts.text == "It is back."


def test_what_was_missed_before_the_resolution_stays_on_the_record() -> None:
    story = mailed().until(TUESDAY + 5 * HOUR)
    story.say("resolve", TUESDAY + 6 * HOUR, kind="resolution", text="It works.")
    assert {breach.clock for breach in story.case.breaches} == {Clock.INITIAL_RESPONSE, Clock.TRIAGE}
    assert story.breaches(Clock.INITIAL_RESPONSE)[0].late_seconds == 2 * 3600
    assert story.case.score == UpdateScore()
