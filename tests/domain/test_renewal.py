"""Terms: pinned at receipt, prolonged when they run out, and changed only on purpose (GAP-22)."""

from datetime import date, timedelta

import pytest

from domain.case_step import awaits_terms, take_terms
from domain.clocks import Clock, RunningClock
from domain.decision import Accepted
from domain.later_terms import prolong, shift_terms
from domain.phase import Phase
from domain.terms import HORIZON, RENEW_BEFORE, Terms, TermsAnswer, TermsRefused
from domain.timeline import EntryKind
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    TUESDAY,
    Story,
    answered,
    case_in,
    closed,
    opened,
    resolved,
    rhipe,
    terms,
    terms_with_level,
)
from tests.domain.desks import utc
from tests.people import KIM, P1, P3

TWO_MORE = (date(2027, 6, 16), date(2027, 6, 17))
"""Two holidays more, both on the way to what the tests promise."""


def _recompute(story: Story, fresh: Terms, at, **fields) -> Accepted:
    story.say("recompute_terms", at, reason="The calendar was wrong", **fields)
    assert awaits_terms(story.case)
    decision = take_terms(story.case, TermsAnswer(terms=fresh), at)
    story.adopt(decision)
    return decision


def _moved(story: Story) -> list[str | None]:
    return [entry.text for entry in story.happened(EntryKind.TERMS_CHANGED) if entry.due_at is not None]


@pytest.mark.covers("GAP-22")
def test_a_new_calendar_or_policy_moves_no_promise_by_itself() -> None:
    story = opened(under=terms(holidays=()), **P3)
    due = story.due(Clock.INITIAL_RESPONSE)
    fresh = terms(holidays=TWO_MORE)
    story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), TUESDAY + HOUR))
    assert story.due(Clock.INITIAL_RESPONSE) == due == TUESDAY + DAY
    story.say("resolve", TUESDAY + HOUR, kind="resolution", text="Done")
    assert story.due(Clock.AUTO_CLOSE) == TUESDAY + HOUR + 3 * DAY


@pytest.mark.covers("GAP-22")
def test_recomputing_on_purpose_moves_every_running_deadline_and_writes_it_down() -> None:
    story = opened(under=terms(holidays=()), **P3)
    _recompute(story, terms(holidays=TWO_MORE), TUESDAY + HOUR)
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 3 * DAY
    assert _moved(story) == ["initial_response: 2027-06-16T00:00:00Z -> 2027-06-18T00:00:00Z"]
    asked = story.happened(EntryKind.TERMS_CHANGED)[0]
    assert (asked.text, asked.internal, asked.by) == ("The calendar was wrong", True, "Ana Reyes")
    assert not awaits_terms(story.case)


def test_auto_close_is_counted_again_too() -> None:
    story = resolved(under=terms(TUESDAY - DAY, holidays=()))
    assert story.due(Clock.AUTO_CLOSE) == utc("2027-06-18T00:00")
    _recompute(story, terms(holidays=TWO_MORE), TUESDAY + HOUR)
    assert story.due(Clock.AUTO_CLOSE) == utc("2027-06-22T00:00")


def test_the_reopen_window_is_counted_again_and_the_archive_keeps_its_margin() -> None:
    story = closed(under=terms(TUESDAY - DAY, holidays=()))
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-06-22T00:00")
    _recompute(story, terms(holidays=TWO_MORE), TUESDAY + HOUR)
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-06-24T00:00")
    assert story.clock(Clock.REOPEN_WINDOW).fires_at == utc("2027-06-24T00:05")


def test_a_level_with_another_target_or_cadence_is_held_to_it_after_recomputing() -> None:
    waiting, working = opened(), answered()
    fresh = terms_with_level("P1", initial_response={"within": "2h"}, update_every="3h")
    _recompute(waiting, fresh, TUESDAY + MINUTE)
    _recompute(working, fresh, TUESDAY + MINUTE)
    assert waiting.due(Clock.INITIAL_RESPONSE) == TUESDAY + 2 * HOUR
    assert working.due(Clock.UPDATE) == TUESDAY + 3 * HOUR
    working.until(TUESDAY + 6 * HOUR)
    assert working.due(Clock.UPDATE) == TUESDAY + 9 * HOUR


def test_a_recomputed_deadline_never_lies_in_the_past() -> None:
    story = answered(**P3)
    _recompute(story, terms_with_level("P3", update_every="30m"), TUESDAY + 5 * HOUR)
    assert story.due(Clock.UPDATE) == TUESDAY + 5 * HOUR
    story.until(TUESDAY + 5 * HOUR)
    assert story.case.breaches == ()
    assert story.case.score.system == 1


def test_a_deadline_that_a_raised_level_brought_forward_stays_where_it_is() -> None:
    story = opened(**P3)
    story.say("change_level", TUESDAY + 10 * HOUR, level="P1", reason="All users")
    _recompute(story, terms(), TUESDAY + 10 * HOUR + MINUTE)
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 11 * HOUR


def test_recomputing_leaves_the_daily_update_of_a_waiting_case_daily() -> None:
    story = case_in(Phase.AWAITING_CUSTOMER)
    _recompute(story, terms(), TUESDAY + HOUR)
    assert story.due(Clock.UPDATE) == TUESDAY + DAY


def test_what_was_missed_already_stays_missed() -> None:
    story = opened().until(TUESDAY + 2 * HOUR)
    _recompute(story, terms_with_level("P1", initial_response={"within": "8h"}), TUESDAY + 2 * HOUR)
    assert story.due(Clock.INITIAL_RESPONSE) is None
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1


def test_only_staff_may_have_terms_recomputed() -> None:
    refused = answered().refused("recompute_terms", TUESDAY + MINUTE, KIM, reason="I want more")
    assert refused.code == "RoleNotPermitted"


@pytest.mark.covers("GAP-21")
def test_a_case_that_lives_longer_than_its_calendar_asks_for_more_in_time() -> None:
    story = opened(channel="other")
    wanted = TUESDAY + HORIZON - RENEW_BEFORE
    assert story.due(Clock.TERMS_RENEWAL) == wanted
    story.until(wanted)
    assert awaits_terms(story.case)
    story.adopt(take_terms(story.case, TermsAnswer(terms=terms(wanted)), wanted))
    assert story.due(Clock.TERMS_RENEWAL) == wanted + HORIZON - RENEW_BEFORE
    assert story.case.terms.compiled_for == TUESDAY


def test_where_no_terms_can_be_had_it_is_written_down_and_asked_again_a_day_later() -> None:
    story = opened()
    wanted = TUESDAY + HORIZON - RENEW_BEFORE
    story.until(wanted)
    gone = TermsRefused(code="PolicyValueUnknown", reason="unknown policy 'rhipe-csp'", remedy="")
    story.adopt(take_terms(story.case, TermsAnswer(refused=gone), wanted))
    assert story.entries[-1].text == "unknown policy 'rhipe-csp'"
    assert not awaits_terms(story.case)
    assert awaits_terms(story.until(wanted + DAY).case)


def test_a_policy_that_lost_the_level_of_the_case_only_prolongs_its_calendar() -> None:
    story = opened(**P1)
    fewer = rhipe().rules
    rules = fewer.model_copy(update={"levels": fewer.levels[1:]})
    _recompute(story, terms().model_copy(update={"rules": rules}), TUESDAY + MINUTE)
    assert story.case.rule.id == "P1"
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + HOUR


def test_prolonging_keeps_every_day_promised_and_adds_later_ones_only() -> None:
    old = terms(holidays=(date(2027, 7, 1),))
    later = TUESDAY + 300 * DAY
    beyond = (old.valid_until + 10 * DAY).date()
    fresh = terms(later, holidays=(date(2028, 5, 1), beyond))
    both = prolong(old, fresh)
    assert both.calendar.holidays == (date(2027, 7, 1), beyond)
    assert both.valid_until == fresh.valid_until
    assert both.rules == old.rules
    for day in range(0, 700, 7):
        at = TUESDAY + day * DAY
        source = old if at <= old.valid_until else fresh
        assert both.calendar.zone.to_local(at) == source.calendar.zone.to_local(at)


@pytest.mark.parametrize("weeks", [-30, 0, 52])
def test_shifted_terms_promise_the_same_as_many_weeks_later(weeks: int) -> None:
    by = timedelta(weeks=weeks)
    at = utc("2027-03-24T00:00")  # two business days over Easter and the end of daylight saving
    low = {"impact": "low", "urgency": "medium"}
    here = opened(at, terms(at), **low).due(Clock.INITIAL_RESPONSE)
    there = opened(at + by, shift_terms(terms(at), weeks), **low).due(Clock.INITIAL_RESPONSE)
    assert here is not None
    assert there == here + by


def test_terms_name_what_they_were_made_of() -> None:
    given = terms()
    assert (given.policy, given.version, given.plan) == ("rhipe-csp", rhipe().version, "partner-24x7")
    assert given.sources
    assert all(level.definition == "" for level in given.rules.levels)


@pytest.mark.covers("GAP-22")
@pytest.mark.parametrize("clock", Clock)
def test_a_case_is_recomputed_whichever_of_its_clocks_runs(clock: Clock) -> None:
    story = answered()
    running = RunningClock(clock=clock, started_at=TUESDAY, due_at=TUESDAY + DAY)
    others = tuple(one for one in story.case.clocks if one.clock is not clock)
    story.case = story.case.model_copy(update={"clocks": (*others, running)})
    _recompute(story, terms(), TUESDAY + HOUR)
    assert not awaits_terms(story.case)
