"""Keeping the customer informed: the update cadence, who keeps it, and what happens when nobody does."""

import pytest

from domain.case import UpdateScore
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.timeline import EntryKind
from tests.domain.cases import (
    DAY,
    HOUR,
    LATE_AFTER,
    MINUTE,
    SECOND,
    TUESDAY,
    Story,
    answered,
    case_in,
    closed,
    mailed,
    resolved,
)
from tests.people import ANA, KIM, P1, P2, P3

LOW = {"impact": "medium", "urgency": "low"}


def _sent(story: Story) -> list[object]:
    return [effect.caused_at for effect in story.told(EffectKind.STATUS_UPDATE)]


@pytest.mark.covers("RHIPE-38", "GAP-10")
@pytest.mark.parametrize(("rating", "every"), [(P1, HOUR), (P2, 2 * HOUR), (P3, 24 * HOUR), (LOW, 72 * HOUR)])
def test_the_cadence_begins_with_the_response_at_the_interval_of_the_level(rating, every) -> None:
    assert answered(**rating).due(Clock.UPDATE) == TUESDAY + every


@pytest.mark.covers("GAP-07")
def test_an_update_that_falls_due_is_sent_by_the_system_and_does_not_drift() -> None:
    story = answered().until(TUESDAY + 3 * HOUR)
    assert _sent(story) == [TUESDAY + HOUR, TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR]
    assert story.due(Clock.UPDATE) == TUESDAY + 4 * HOUR
    assert story.case.score == UpdateScore(system=3, system_streak=3)
    assert story.told(EffectKind.STATUS_UPDATE)[0].facts.next_update_at == TUESDAY + 2 * HOUR


@pytest.mark.covers("GAP-07")
def test_news_from_staff_restart_the_cadence_and_are_scored_as_theirs() -> None:
    story = answered()
    story.say("post_update", TUESDAY + 40 * MINUTE, text="The vendor is on it.")
    assert story.due(Clock.UPDATE) == TUESDAY + 100 * MINUTE
    assert story.case.score == UpdateScore(staff=1)
    (news,) = story.told(EffectKind.STAFF_UPDATE)
    assert (news.to, news.facts.text) == (Recipient.CUSTOMER, "The vendor is on it.")
    assert story.until(TUESDAY + 99 * MINUTE).told(EffectKind.STATUS_UPDATE) == []


def test_news_of_the_very_due_instant_take_the_place_of_the_systems() -> None:
    story = answered()
    story.say("post_update", TUESDAY + HOUR, text="Still looking.")
    story.until(TUESDAY + HOUR)
    assert _sent(story) == []
    assert story.case.score == UpdateScore(staff=1)


def test_news_received_before_the_due_instant_and_handled_after_it_are_in_time() -> None:
    story = answered()
    story.say("post_update", TUESDAY + 50 * MINUTE, text="Still looking.", handled=TUESDAY + 2 * HOUR)
    assert _sent(story) == []
    assert story.due(Clock.UPDATE) == TUESDAY + 110 * MINUTE
    assert story.case.score == UpdateScore(staff=1)


def test_news_received_after_the_due_instant_leave_the_systems_update_before_them() -> None:
    story = answered()
    story.say("post_update", TUESDAY + HOUR + SECOND, text="Still looking.")
    assert _sent(story) == [TUESDAY + HOUR]
    assert story.case.score == UpdateScore(staff=1, system=1)
    kinds = [entry.kind for entry in story.happened(EntryKind.STATUS_SENT, EntryKind.UPDATED)]
    assert kinds == [EntryKind.STATUS_SENT, EntryKind.UPDATED]


def test_news_that_arrive_in_another_order_never_move_the_cadence_back() -> None:
    story = answered()
    story.say("post_update", TUESDAY + 30 * MINUTE, text="Second.")
    story.say("post_update", TUESDAY + 20 * MINUTE, text="First.", handled=TUESDAY + 31 * MINUTE)
    assert story.due(Clock.UPDATE) == TUESDAY + 90 * MINUTE


@pytest.mark.covers("GAP-07")
def test_two_updates_in_a_row_by_the_system_tell_the_tss_once() -> None:
    story = answered().until(TUESDAY + 5 * HOUR)
    (notice,) = story.told(EffectKind.STALE_NOTICE)
    assert (notice.to, notice.caused_at, notice.facts.count) == (Recipient.TSS, TUESDAY + 2 * HOUR, 2)


@pytest.mark.covers("GAP-07")
@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("post_update", {"text": "The vendor is on it."}),
        ("wait_for_customer", {"text": "Since when?"}),
        ("resolve", {"kind": "workaround", "text": "Use the web."}),
    ],
)
def test_a_streak_ends_when_the_customer_hears_from_a_person(verb, fields) -> None:
    story = answered().until(TUESDAY + 2 * HOUR)
    assert len(story.told(EffectKind.STALE_NOTICE)) == 1
    story.say(verb, TUESDAY + 2 * HOUR + MINUTE, **fields)
    assert story.case.score.system_streak == 0
    story.say("reply", TUESDAY + 2 * HOUR + 2 * MINUTE, KIM, text="No.", accepts=False)
    story.until(TUESDAY + 4 * HOUR + 2 * MINUTE)
    assert len(story.told(EffectKind.STALE_NOTICE)) == 2


def test_updates_of_the_system_with_staff_news_between_them_are_no_streak() -> None:
    story = answered().until(TUESDAY + HOUR)
    story.say("post_update", TUESDAY + HOUR + MINUTE, text="Still looking.")
    story.until(TUESDAY + 2 * HOUR + MINUTE)
    assert story.told(EffectKind.STALE_NOTICE) == []


def test_an_update_is_warned_of_once_an_interval() -> None:
    story = answered().until(TUESDAY + 2 * HOUR)
    warnings = [effect.caused_at for effect in story.told(EffectKind.WARNING) if effect.about == "update"]
    assert warnings == [TUESDAY + 45 * MINUTE, TUESDAY + 105 * MINUTE]


def test_twelve_hours_away_make_one_mail_and_one_breach_with_count_first_and_last() -> None:
    story = answered().away_until(TUESDAY + 12 * HOUR + 30 * MINUTE)
    assert _sent(story) == [TUESDAY + 12 * HOUR]
    (breach,) = story.breaches(Clock.UPDATE)
    assert (breach.count, breach.due_at, breach.last_due_at) == (12, TUESDAY + HOUR, TUESDAY + 12 * HOUR)
    (notice,) = story.told(EffectKind.BREACH_NOTICE)
    assert (notice.facts.count, notice.facts.first_at) == (12, TUESDAY + HOUR)
    assert notice.facts.last_at == TUESDAY + 12 * HOUR
    assert story.due(Clock.UPDATE) == TUESDAY + 13 * HOUR
    assert story.case.score == UpdateScore(missed=12, system_streak=1)


def test_the_last_of_many_counts_as_kept_where_we_are_back_within_minutes_of_it() -> None:
    story = answered().away_until(TUESDAY + 12 * HOUR + LATE_AFTER)
    assert story.case.score == UpdateScore(system=1, missed=11, system_streak=1)
    assert [(breach.count, breach.last_due_at) for breach in story.breaches(Clock.UPDATE)] == [
        (11, TUESDAY + 11 * HOUR)
    ]


def test_a_due_update_handled_a_little_late_is_no_breach() -> None:
    story = answered().away_until(TUESDAY + HOUR + LATE_AFTER)
    assert story.case.score == UpdateScore(system=1, system_streak=1)
    assert story.case.breaches == ()
    late = answered().away_until(TUESDAY + HOUR + LATE_AFTER + SECOND)
    assert late.case.score == UpdateScore(missed=1, system_streak=1)
    assert len(late.breaches(Clock.UPDATE)) == 1


def test_catching_up_settles_other_clocks_before_the_last_update_and_never_goes_back() -> None:
    story = mailed()
    story.say("respond", TUESDAY + 12 * MINUTE, text="We have begun.")
    story.away_until(TUESDAY + 12 * HOUR)
    assert story.case.score.missed == 5
    assert story.case.settled_at == TUESDAY + 12 * HOUR  # again 4 hours on, of the triage missed at 4
    instants = [entry.at for entry in story.entries]
    assert instants == sorted(instants)
    assert len(story.breaches(Clock.TRIAGE)) == 1


def test_a_message_cannot_count_for_earlier_than_what_was_settled() -> None:
    story = answered().away_until(TUESDAY + 12 * HOUR + 30 * MINUTE)
    story.say("post_update", TUESDAY + 2 * HOUR, text="Late.", handled=TUESDAY + 12 * HOUR + 31 * MINUTE)
    due = story.due(Clock.UPDATE)
    assert due is not None
    assert due > TUESDAY + 12 * HOUR + 31 * MINUTE


# --- questions and answers ----------------------------------------------------------------------------


@pytest.mark.covers("GAP-18", "RHIPE-38")
def test_while_we_wait_for_the_customer_the_update_says_for_what_and_since_when_once_a_day() -> None:
    story = answered()
    story.say("wait_for_customer", TUESDAY + HOUR / 2, text="Since when does it fail?")
    assert story.case.phase is Phase.AWAITING_CUSTOMER
    story.until(TUESDAY + 3 * DAY)
    assert _sent(story) == [TUESDAY + HOUR / 2 + DAY, TUESDAY + HOUR / 2 + 2 * DAY]
    facts = story.told(EffectKind.STATUS_UPDATE)[0].facts
    assert (facts.text, facts.waiting_since) == ("Since when does it fail?", TUESDAY + HOUR / 2)
    assert facts.phase == "awaiting_customer"


def test_while_we_wait_nothing_is_stale_and_nobody_is_warned() -> None:
    story = case_in(Phase.AWAITING_CUSTOMER).until(TUESDAY + 5 * DAY)
    assert story.told(EffectKind.STALE_NOTICE) == []
    assert [effect.about for effect in story.told(EffectKind.WARNING)] == []


def test_a_level_that_writes_less_than_daily_keeps_its_own_interval_while_we_wait() -> None:
    story = answered(**LOW)
    story.say("wait_for_customer", TUESDAY + HOUR, text="Since when?")
    assert story.due(Clock.UPDATE) == TUESDAY + 73 * HOUR


@pytest.mark.covers("GAP-18")
def test_waiting_pauses_no_target() -> None:
    story = mailed()
    story.say("wait_for_customer", TUESDAY + MINUTE, text="Since when?")
    assert story.due(Clock.TRIAGE) == TUESDAY + 4 * HOUR


def test_the_answer_takes_the_case_back_to_work_with_the_cadence_from_it() -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    story.say("reply", TUESDAY + 5 * HOUR, KIM, text="Since Monday.", message_id="<a@partner.example>")
    assert (story.case.phase, story.case.waiting_for) == (Phase.IN_PROGRESS, None)
    assert story.due(Clock.UPDATE) == TUESDAY + 6 * HOUR
    (told,) = story.told(EffectKind.CUSTOMER_REPLIED)
    assert (told.to, told.facts.text, told.facts.by) == (Recipient.ASSIGNEE, "Since Monday.", "Kim Ng")
    assert story.case.references[-1] == "<a@partner.example>"


def test_a_reply_while_we_work_moves_no_clock() -> None:
    story = answered()
    story.say("reply", TUESDAY + 10 * MINUTE, KIM, text="Any news?")
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.due(Clock.UPDATE) == TUESDAY + HOUR
    assert len(story.told(EffectKind.CUSTOMER_REPLIED)) == 1


def test_an_answer_entered_by_staff_counts_as_the_customers() -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    story.say("reply", TUESDAY + HOUR, ANA, text="He called: since Monday.")
    assert story.case.phase is Phase.IN_PROGRESS


# --- notes ----------------------------------------------------------------------------------------------


@pytest.mark.covers("RHIPE-03")
def test_a_comment_on_a_closed_case_is_kept_and_told_and_reopens_nothing() -> None:
    story = closed()
    story.say("add_note", TUESDAY + HOUR, KIM, text="By the way", internal=True)
    assert story.case.phase is Phase.CLOSED
    (note,) = story.happened(EntryKind.NOTED)
    assert not note.internal
    assert story.told(EffectKind.CUSTOMER_REPLIED)[0].about == "comment"
    archived = case_in(Phase.ARCHIVED)
    assert archived.refused("add_note", TUESDAY, KIM, text="Too late").code == "CaseClosed"


def test_a_note_of_staff_is_internal_and_told_to_nobody() -> None:
    story = answered()
    before = story.count()
    story.say("add_note", TUESDAY + MINUTE, text="The vendor suspects DNS.")
    assert story.happened(EntryKind.NOTED)[0].internal
    assert story.count() == before


def test_news_to_a_resolved_case_are_told_and_start_no_cadence() -> None:
    story = resolved()
    story.say("post_update", TUESDAY + HOUR, text="One more thing.")
    assert story.case.phase is Phase.RESOLVED
    assert not story.runs(Clock.UPDATE)
    assert story.case.score.staff == 0


@pytest.mark.covers("DED-02")
def test_no_news_can_be_posted_to_a_closed_or_archived_case() -> None:
    assert closed().refused("post_update", TUESDAY + HOUR, text="Late").code == "CaseClosed"
    assert case_in(Phase.ARCHIVED).refused("post_update", TUESDAY, text="Late").code == "CaseClosed"


def test_a_question_said_again_word_for_word_is_refused_until_the_customer_has_answered() -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    assert story.refused("wait_for_customer", TUESDAY + HOUR, text="Since when?").code == "NoChange"
    story.say("wait_for_customer", TUESDAY + HOUR, text="Since when, please?")
    story.say("reply", TUESDAY + 2 * HOUR, KIM, text="Do you mean here?")
    story.say("wait_for_customer", TUESDAY + 3 * HOUR, text="Since when, please?")
    assert [effect.facts.text for effect in story.told(EffectKind.QUESTION)] == [
        "Since when?",
        "Since when, please?",
        "Since when, please?",
    ]
