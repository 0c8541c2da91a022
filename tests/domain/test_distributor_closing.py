"""How a case of the distributor ends: only by its requester's word, and never by silence."""

import pytest

from domain.case_step import linked_request, open_case
from domain.clocks import Clock
from domain.decision import Accepted, Declined
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.terms import Terms
from domain.timeline import EntryKind
from domain.views.staff import view
from tests.domain.boundary_desk import (
    ALEX,
    ENGINEER,
    KNOWN,
    MORNING,
    WEEK,
    guide_with,
    held_to,
    only,
    promised_clocks,
    solved,
    taken,
    worked_on,
)
from tests.domain.cases import DAY, HOUR, MINUTE, SECOND, Story

CSS = "distributor-css"
STRANGER = KNOWN.model_copy(update={"entitled": False})


def _reminded() -> Terms:
    return held_to(guide_with(CSS, "closing", reminder_every=WEEK))


def _confirmed(story: Story) -> Story:
    story.say("reply", MORNING + HOUR, ALEX, text="Thank you, they open.", accepts=True)
    return story


@pytest.mark.covers("CSS-13", "CONF-09")
def test_a_resolved_case_asks_for_the_word_that_closes_it() -> None:
    story = solved(CSS)
    asked = only(story, EffectKind.CONFIRM_RESOLUTION)
    assert (asked.to, asked.about, asked.facts.auto_close_at) == (Recipient.CUSTOMER, "resolution", None)
    assert story.told(EffectKind.CASE_RESOLVED) == []
    _confirmed(story)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.CUSTOMER_CONFIRMED)


@pytest.mark.covers("CSS-13")
@pytest.mark.parametrize("phase", [Phase.IN_PROGRESS, Phase.RESOLVED])
def test_nobody_of_ours_closes_a_case_as_resolved_without_that_word(phase: Phase) -> None:
    story = solved(CSS) if phase is Phase.RESOLVED else worked_on(CSS)
    refused = story.refused("close", MORNING + MINUTE, ENGINEER, reason="resolved")
    assert refused.code == "ConfirmationRequired"
    assert story.case.phase is phase


@pytest.mark.covers("CSS-13")
def test_a_rejection_in_between_takes_the_case_back_to_work_and_the_next_resolution_asks_again() -> None:
    story = solved(CSS)
    story.say("reply", MORNING + HOUR, ALEX, text="One still fails.", accepts=False)
    assert story.case.phase is Phase.IN_PROGRESS
    early = story.refused("close", MORNING + 2 * HOUR, ENGINEER, reason="resolved")
    assert early.code == "ConfirmationRequired"
    story.say("resolve", MORNING + 3 * HOUR, ENGINEER, kind="workaround", text="Open it on the web.")
    assert len(story.told(EffectKind.CONFIRM_RESOLUTION)) == 2
    story.say("reply", MORNING + 4 * HOUR, ALEX, text="That will do.", accepts=True)
    assert story.case.close_reason is CloseReason.CUSTOMER_CONFIRMED
    assert story.case.closed_at == MORNING + 4 * HOUR


def test_staff_may_pass_the_requesters_word_on() -> None:
    story = solved(CSS)
    story.say("reply", MORNING + HOUR, ENGINEER, text="He said on the chat that it works.", accepts=True)
    assert story.case.close_reason is CloseReason.CUSTOMER_CONFIRMED


@pytest.mark.covers("CSS-13", "GAP-08")
def test_silence_never_closes_a_case_and_nobody_is_reminded_unless_the_policy_says_so() -> None:
    story = solved(CSS, under=held_to(guide_with(CSS, "closing", reminder_every=None)))
    assert promised_clocks(story) == set()
    story.until(MORNING + 300 * DAY)
    assert story.case.phase is Phase.RESOLVED
    assert len(story.told(EffectKind.CONFIRM_RESOLUTION)) == 1


@pytest.mark.covers("GAP-08")
def test_a_policy_may_remind_weekly_of_the_word_that_is_wanted() -> None:
    story = solved(CSS, under=_reminded())
    assert story.due(Clock.CONFIRMATION) == MORNING + WEEK
    assert story.until(MORNING + WEEK - SECOND).told(EffectKind.CONFIRM_RESOLUTION)[1:] == []
    story.until(MORNING + 3 * WEEK)
    reminders = story.told(EffectKind.CONFIRM_RESOLUTION)[1:]
    assert [reminder.caused_at for reminder in reminders] == [MORNING + n * WEEK for n in (1, 2, 3)]
    assert {(reminder.to, reminder.about) for reminder in reminders} == {(Recipient.CUSTOMER, "confirmation")}
    assert len({reminder.id for reminder in reminders}) == 3
    assert story.case.breach_count == 0
    assert [row.clock for row in view(story.case).deadlines] == [Clock.CONFIRMATION]


@pytest.mark.covers("GAP-08")
def test_reminders_missed_while_we_were_away_are_one_and_the_series_does_not_drift() -> None:
    story = solved(CSS, under=_reminded()).away_until(MORNING + 3 * WEEK + HOUR)
    assert len(story.told(EffectKind.CONFIRM_RESOLUTION)) == 2
    assert len(story.happened(EntryKind.CONFIRMATION_ASKED)) == 1
    assert story.due(Clock.CONFIRMATION) == MORNING + 4 * WEEK


@pytest.mark.covers("GAP-08")
def test_any_answer_ends_the_reminders_and_ours_to_one_that_says_neither_begins_them_anew() -> None:
    yes, no, neither = (solved(CSS, under=_reminded()) for _ in range(3))
    yes.say("reply", MORNING + DAY, ALEX, text="Yes.", accepts=True)
    no.say("reply", MORNING + DAY, ALEX, text="No.", accepts=False)
    neither.say("reply", MORNING + DAY, ALEX, text="I am away.")
    assert not yes.runs(Clock.CONFIRMATION)
    assert not no.runs(Clock.CONFIRMATION)
    assert not neither.runs(Clock.CONFIRMATION)
    neither.say("post_update", MORNING + 2 * DAY, ENGINEER, text="Tell us when you are back.")
    assert neither.due(Clock.CONFIRMATION) == MORNING + 2 * DAY + WEEK
    assert neither.case.phase is Phase.RESOLVED


@pytest.mark.covers("GAP-08")
@pytest.mark.parametrize("after", [0 * SECOND, SECOND, 100 * DAY])
def test_a_closed_case_is_never_reopened_but_always_continued_by_a_linked_one(after) -> None:
    story = _confirmed(solved(CSS))
    at = MORNING + HOUR + after
    decision = story.until(at - SECOND).say("reopen", at, ALEX, reason="They are gone again.")
    assert isinstance(decision, Declined)
    assert decision.code == "ReopenWindowExpired"
    assert story.case.phase in (Phase.CLOSED, Phase.ARCHIVED)
    assert story.case.reopens == 0
    request = linked_request(story.case, only(story, EffectKind.LINKED_CASE))
    linked = open_case(request, held_to(guide_with(CSS, "closing"), at), at, facts=KNOWN)
    assert isinstance(linked, Accepted)
    assert (linked.case.parent, linked.case.phase) == (story.case.id, Phase.RECEIVED)
    assert linked.case.id == story.case.linked_cases[-1]


def test_a_closing_tells_nobody_that_the_case_could_be_reopened() -> None:
    assert only(_confirmed(solved(CSS)), EffectKind.CASE_CLOSED).facts.reopen_until is None


@pytest.mark.covers("CSS-04")
def test_a_linked_case_is_never_refused_or_closed_for_missing_fields() -> None:
    story = taken(CSS, scope=None)
    decision = story.say("reopen", MORNING + HOUR, ALEX, reason="It is about Exchange.")
    assert isinstance(decision, Declined)
    request = linked_request(story.case, only(story, EffectKind.LINKED_CASE))
    at = MORNING + HOUR
    for policy in (guide_with(CSS, "closing"), guide_with(CSS, "intake", on_incomplete="refuse")):
        linked = open_case(request, held_to(policy, at), at, facts=KNOWN)
        assert isinstance(linked, Accepted), linked
        assert (linked.case.phase, linked.case.missing) == (Phase.RECEIVED, ())


@pytest.mark.covers("GAP-15")
@pytest.mark.parametrize("after", [HOUR, 30 * DAY])
def test_a_case_closed_for_want_of_entitlement_is_not_reopened_and_makes_no_linked_one(after) -> None:
    story = taken(CSS, facts=STRANGER).until(MORNING + after)
    refused = story.refused("reopen", MORNING + after, ALEX, reason="I am entitled now.")
    assert refused.code == "ReopenNotPermitted"
    assert "not_entitled" in refused.reason
    assert story.case.linked_cases == ()


def test_a_policy_may_let_cases_be_reopened_within_a_span_of_time() -> None:
    policy = guide_with(CSS, "closing", reopen_within="48h")
    inside, outside = (_confirmed(solved(CSS, under=held_to(policy))) for _ in range(2))
    last = MORNING + HOUR + 2 * DAY
    assert inside.due(Clock.REOPEN_WINDOW) == last
    assert only(inside, EffectKind.CASE_CLOSED).facts.reopen_until == last
    assert isinstance(inside.say("reopen", last, ALEX, reason="Again."), Accepted)
    assert (inside.case.phase, inside.case.reopens) == (Phase.IN_PROGRESS, 1)
    assert isinstance(outside.say("reopen", last + SECOND, ALEX, reason="Again."), Declined)


@pytest.mark.covers("CSS-14")
def test_a_case_that_failed_validation_is_never_investigated_or_resolved() -> None:
    story = taken(CSS, scope=None)
    refused = story.refused("resolve", MORNING + HOUR, ENGINEER, kind="resolution", text="Done.")
    assert refused.code == "InvalidTransition"
    assert story.refused("respond", MORNING + HOUR, ENGINEER, text="Hello.").code == "CaseClosed"


@pytest.mark.covers("CSS-14")
def test_a_stage_cannot_be_told_before_it_has_begun_nor_once_it_is_over() -> None:
    new, done = taken(CSS), solved(CSS)
    later = MORNING + HOUR
    assert new.refused("post_update", later, ENGINEER, text="News.").code == "InvalidTransition"
    assert new.refused("close", later, ENGINEER, reason="resolved").code == "InvalidTransition"
    assert new.refused("provide_information", later, ALEX, scope="x").code == "InvalidTransition"
    for verb in ("wait_for_customer", "validate_resolution", "respond"):
        assert done.refused(verb, later, ENGINEER, text="?").code == "InvalidTransition"


@pytest.mark.covers("CSS-14")
def test_a_case_is_resolved_without_ever_having_gone_to_microsoft() -> None:
    story = _confirmed(solved(CSS))
    kinds = [entry.kind for entry in story.entries if not entry.internal]
    assert kinds == [
        EntryKind.SUBMITTED,
        EntryKind.RESPONDED,
        EntryKind.RESOLVED,
        EntryKind.REPLIED,
        EntryKind.CLOSED,
    ]
