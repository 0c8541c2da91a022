"""The initial response: the first qualified human reply, and what does not count as one."""

from datetime import time

import pytest

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.policy import OpenHours, Weekday
from domain.rules import FIRST_RULES
from domain.timeline import EntryKind
from tests.domain.cases import (
    HOUR,
    LATE_AFTER,
    MINUTE,
    SECOND,
    TUESDAY,
    Story,
    answered,
    mailed,
    opened,
    rhipe,
    terms,
    terms_with_level,
)
from tests.domain.desks import utc
from tests.people import ANA, KIM, P1, P2, P3, ROBOT


@pytest.mark.covers("RHIPE-13", "RHIPE-14")
@pytest.mark.parametrize("speaker", [KIM, ROBOT])
def test_only_a_person_of_ours_can_give_the_first_response(speaker) -> None:
    story = opened()
    assert story.refused("respond", TUESDAY + MINUTE, speaker, text="Done").code == "RoleNotPermitted"
    story.say("respond", TUESDAY + 2 * MINUTE, text="We have begun.")
    assert not story.runs(Clock.INITIAL_RESPONSE)
    assert story.case.responded_at == TUESDAY + 2 * MINUTE
    assert (story.case.phase, story.case.assignee) == (Phase.IN_PROGRESS, ANA.name)


@pytest.mark.covers("RHIPE-14")
def test_a_second_response_is_sent_as_news_and_keeps_the_due_update() -> None:
    story = answered()
    story.say("respond", TUESDAY + 30 * MINUTE, text="Once more.")
    assert story.decision.warnings == ("AlreadyResponded",)  # type: ignore[union-attr]
    assert len(story.told(EffectKind.FIRST_RESPONSE)) == 1
    (news,) = story.told(EffectKind.STAFF_UPDATE)
    assert (news.to, news.facts.text) == (Recipient.CUSTOMER, "Once more.")
    (entry,) = story.happened(EntryKind.UPDATED)
    assert (entry.text, entry.internal) == ("Once more.", False)
    assert story.due(Clock.UPDATE) == TUESDAY + 90 * MINUTE
    assert story.case.score.staff == 1
    assert story.refused("respond", TUESDAY + HOUR, KIM, text="Me too").code == "RoleNotPermitted"


@pytest.mark.covers("RHIPE-14")
def test_a_second_response_to_a_case_of_the_first_rules_is_a_note_and_says_so() -> None:
    story = answered()
    story.case = story.case.model_copy(update={"rules": FIRST_RULES})
    story.say("respond", TUESDAY + MINUTE, text="Once more.")
    assert story.decision.warnings == ("ResponseNotSent",)  # type: ignore[union-attr]
    assert story.told(EffectKind.STAFF_UPDATE) == []
    (note,) = story.happened(EntryKind.NOTED)
    assert note.internal
    assert "Once more." in (note.text or "")


@pytest.mark.covers("RHIPE-13")
def test_a_response_of_the_very_due_instant_is_in_time() -> None:
    story = opened()
    story.say("respond", TUESDAY + HOUR, text="We have begun.")
    assert story.case.breaches == ()


@pytest.mark.covers("RHIPE-13")
def test_a_response_one_second_late_is_a_breach_kept_late_by_one_second() -> None:
    story = opened()
    story.say("respond", TUESDAY + HOUR + SECOND, text="We have begun.")
    (breach,) = story.breaches(Clock.INITIAL_RESPONSE)
    assert (breach.due_at, breach.late_seconds) == (TUESDAY + HOUR, 1)
    assert story.happened(EntryKind.KEPT_LATE)[0].late_seconds == 1


def test_a_response_received_in_time_meets_the_target_however_late_it_is_handled() -> None:
    story = opened()
    story.say("respond", TUESDAY + 59 * MINUTE, text="We have begun.", handled=TUESDAY + 3 * HOUR)
    assert story.case.responded_at == TUESDAY + 59 * MINUTE
    assert story.breaches(Clock.INITIAL_RESPONSE) == []


def test_a_response_not_given_is_a_breach_told_once_to_the_tss() -> None:
    story = opened().until(TUESDAY + 3 * HOUR)
    (breach,) = story.breaches(Clock.INITIAL_RESPONSE)
    assert (breach.due_at, breach.count, breach.late_seconds) == (TUESDAY + HOUR, 1, None)
    (notice,) = story.told(EffectKind.BREACH_NOTICE)
    assert (notice.to, notice.about, notice.caused_at) == (Recipient.TSS, "initial_response", TUESDAY + HOUR)
    assert story.due(Clock.INITIAL_RESPONSE) is None


@pytest.mark.covers("RHIPE-14")
def test_a_question_to_the_customer_is_a_response_too() -> None:
    story = opened()
    story.say("wait_for_customer", TUESDAY + 30 * MINUTE, text="Since when?")
    assert story.case.responded_at == TUESDAY + 30 * MINUTE
    assert not story.runs(Clock.INITIAL_RESPONSE)
    assert story.refused("wait_for_customer", TUESDAY + HOUR, KIM, text="?").code == "RoleNotPermitted"


def test_a_resolution_answers_a_case_nobody_has_answered() -> None:
    story = opened()
    story.say("resolve", TUESDAY + 2 * HOUR, kind="resolution", text="It was the cable.")
    assert story.case.responded_at == TUESDAY + 2 * HOUR
    assert story.breaches(Clock.INITIAL_RESPONSE)[0].late_seconds == 3600


def test_news_before_the_first_response_are_refused_and_say_what_to_use() -> None:
    refused = opened().refused("post_update", TUESDAY + MINUTE, text="Still looking")
    assert (refused.code, refused.remedy) == ("InvalidTransition", "use respond for the first answer")


@pytest.mark.covers("RHIPE-05", "GAP-02")
@pytest.mark.parametrize(
    ("received", "rating", "due"),
    [
        ("2027-06-11T08:40", P1, "2027-06-14T21:40"),  # 20 min on Friday, Monday is a holiday, 40 on Tuesday
        ("2027-06-15T05:00", P2, "2027-06-15T09:00"),  # used up exactly at closing: due at closing
        ("2027-06-18T12:00", P3, "2027-06-21T21:00"),  # rolls to Monday 07:00, one business day later
    ],
)
def test_hours_of_a_12x5_customer_run_in_coverage_only(received: str, rating: dict, due: str) -> None:
    story = opened(utc(received), terms(utc(received), plan="saas-12x5"), **rating)
    assert story.due(Clock.INITIAL_RESPONSE) == utc(due)


@pytest.mark.covers("RHIPE-05")
def test_hours_until_midnight_end_at_midnight_and_not_a_minute_before() -> None:
    hours = {day: (OpenHours(opens=time(8), closes="24:00"),) for day in Weekday}
    plan = rhipe().plans["saas-12x5"].model_copy(update={"hours": hours})
    policy = rhipe().model_copy(update={"plans": {**rhipe().plans, "saas-12x5": plan}})
    received = utc("2027-06-15T13:30")  # half an hour before midnight in Sydney
    story = opened(received, terms(received, plan="saas-12x5", policy=policy), **P1)
    assert story.due(Clock.INITIAL_RESPONSE) == utc("2027-06-15T22:30")  # the other half from eight on


@pytest.mark.covers("GAP-01")
def test_business_days_skip_the_holidays_of_the_customers_own_calendar() -> None:
    friday = utc("2027-03-05T05:00")
    labour_day = opened(friday, terms(friday, "Australia/Melbourne", "AU-VIC"), **P3)
    no_holiday = opened(friday, terms(friday), **P3)
    assert labour_day.due(Clock.INITIAL_RESPONSE) == utc("2027-03-09T05:00")
    assert no_holiday.due(Clock.INITIAL_RESPONSE) == utc("2027-03-08T05:00")


@pytest.mark.covers("GAP-01")
def test_a_due_local_time_that_does_not_exist_moves_forward_by_the_gap() -> None:
    friday = utc("2027-10-01T16:30")  # Saturday 02:30 in Sydney; Sunday's 02:30 does not exist
    every_day = terms(friday)
    hours = (every_day.calendar.hours[0],) * 7
    daily = every_day.model_copy(
        update={"calendar": every_day.calendar.model_copy(update={"hours": hours, "holidays": ()})}
    )
    assert opened(friday, daily, **P3).due(Clock.INITIAL_RESPONSE) == utc("2027-10-02T16:30")


@pytest.mark.covers("RHIPE-15", "GAP-19")
def test_triage_missed_is_a_breach_told_to_the_tss_and_the_level_stays() -> None:
    story = mailed()
    refused = story.refused("triage", TUESDAY + MINUTE, KIM, **P1)
    assert refused.code == "PriorityNotPermitted"
    story.say("respond", TUESDAY + HOUR, text="We have begun.")
    story.until(TUESDAY + 4 * HOUR)
    (notice,) = story.told(EffectKind.BREACH_NOTICE)
    assert (notice.to, notice.about) == (Recipient.TSS, "triage")
    assert story.case.level == "P2"


@pytest.mark.covers("RHIPE-15", "GAP-19")
def test_triage_done_late_says_how_late() -> None:
    story = mailed().until(TUESDAY + 4 * HOUR)
    story.say("triage", TUESDAY + 4 * HOUR + 10 * MINUTE, **P3)
    assert story.breaches(Clock.TRIAGE)[0].late_seconds == 600
    assert not story.runs(Clock.TRIAGE)


def test_triage_within_four_hours_is_no_breach() -> None:
    story = mailed()
    story.say("triage", TUESDAY + 4 * HOUR, **P3)
    assert story.case.breaches == ()
    assert not story.runs(Clock.TRIAGE)


def test_a_telephone_call_rated_by_staff_needs_no_triage() -> None:
    assert not opened().runs(Clock.TRIAGE)


def _warned(story: Story) -> list[tuple[str | None, object]]:
    return [(effect.about, effect.caused_at) for effect in story.told(EffectKind.WARNING)]


def test_the_assignee_is_warned_once_at_three_quarters_of_a_target() -> None:
    story = opened().until(TUESDAY + 50 * MINUTE)
    assert _warned(story) == [("initial_response", TUESDAY + 45 * MINUTE)]
    assert story.told(EffectKind.WARNING)[0].to is Recipient.ASSIGNEE
    assert story.case.warning_count == 1


def test_the_warning_comes_at_least_ten_minutes_before() -> None:
    twenty = terms_with_level("P1", initial_response={"within": "20m"})
    story = opened(under=twenty).until(TUESDAY + 19 * MINUTE)
    assert _warned(story) == [("initial_response", TUESDAY + 10 * MINUTE)]


def test_a_target_of_ten_minutes_has_no_room_for_a_warning() -> None:
    ten = terms_with_level("P1", initial_response={"within": "10m"})
    story = opened(under=ten).until(TUESDAY + 20 * MINUTE)
    assert _warned(story) == []
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1


def test_nobody_is_warned_of_what_was_due_already_when_we_came_back() -> None:
    story = opened().away_until(TUESDAY + 2 * HOUR)
    assert _warned(story) == []
    assert story.case.warning_count == 0
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1


def test_an_answer_before_the_warning_means_that_there_is_none() -> None:
    story = opened()
    story.say("respond", TUESDAY + 44 * MINUTE, text="We have begun.")
    story.until(TUESDAY + HOUR)
    assert _warned(story) == []


def test_our_own_outage_of_some_minutes_books_no_breach_for_an_answer_received_in_time() -> None:
    story = opened()
    story.say("respond", TUESDAY + HOUR, text="We have begun.", handled=TUESDAY + HOUR + LATE_AFTER)
    assert story.case.breaches == ()
    assert story.told(EffectKind.BREACH_NOTICE) == []
