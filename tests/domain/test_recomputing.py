"""Recomputing moves what changed in the data, and nothing else (GAP-22)."""

import asyncio
import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.terms import TermsActivities
from domain.case_step import take_terms, terms_wanted_again
from domain.clocks import Clock
from domain.counting import due
from domain.later_terms import recompiled
from domain.policy import Target
from domain.rules import RULES_0_3
from domain.terms import Terms, TermsAnswer, TermsRequest
from domain.time.local_time import OffsetChange
from domain.timeline import EntryKind
from policies import HolidayTable, holiday_table, load_policy, policy_names
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, closed, opened, resolved, terms
from tests.domain.desks import utc
from tests.domain.own_desk import opened_under, twelve_by_five
from tests.people import KIM, P1, P2, P3

P4 = {"impact": "low", "urgency": "medium"}
PLACES = [
    ("Pacific/Auckland", "NZ-AUK"),
    ("Australia/Sydney", "AU-NSW"),
    ("Asia/Kuala_Lumpur", "MY-KUL"),
    ("Asia/Manila", "PH"),
    ("Europe/London", "GB-ENG"),
    ("America/New_York", "none"),
]
PRESETS = [("rhipe-csp", "partner-24x7"), ("rhipe-csp", "saas-12x5")]
COMPILER = TermsActivities()


def _compiled(compiler: TermsActivities, request: TermsRequest) -> Terms:
    answer = asyncio.run(compiler.compile_terms(request))
    assert answer.terms is not None, answer.refused
    return answer.terms


def _recompute(story: Story, at: datetime, compiler: TermsActivities = COMPILER) -> None:
    story.say("recompute_terms", at, reason="A list was mended")
    fresh = _compiled(compiler, terms_wanted_again(story.case, at))
    story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), at))


def _with_holiday(on: date) -> TermsActivities:
    def table(name: str) -> HolidayTable:
        known = holiday_table(name)
        return known.model_copy(update={"dates": tuple(sorted({*known.dates, on}))})

    return TermsActivities(holidays=table)


def _moved(story: Story) -> list[str | None]:
    return [entry.text for entry in story.happened(EntryKind.TERMS_CHANGED) if entry.due_at is not None]


def _in_manila(at: datetime) -> Story:
    request = TermsRequest(policy="rhipe-csp", at=at, zone="Asia/Manila", calendar="PH", region="manila")
    return opened_under(_compiled(COMPILER, request), at, **P3)


@pytest.mark.covers("GAP-22")
@settings(max_examples=40)
@given(
    st.sampled_from(PLACES),
    st.sampled_from(PRESETS),
    st.integers(0, 2 * 365 * 1440),
    st.floats(0.01, 0.99),
    st.sampled_from(["open", "answered", "waiting", "resolved", "closed"]),
)
def test_recomputing_moves_nothing_where_nothing_changed(place, preset, minutes, share, stage) -> None:
    zone, calendar = place
    policy, plan = preset
    at = utc("2026-01-05T00:00") + timedelta(minutes=minutes)
    request = TermsRequest(policy=policy, plan=plan, at=at, zone=zone, calendar=calendar)
    story = opened_under(_compiled(COMPILER, request), at, **P4)
    if stage != "open":
        story.say("respond", at + MINUTE, text="We have begun")
    if stage == "waiting":
        story.say("wait_for_customer", at + 2 * MINUTE, text="Since when?")
    if stage in ("resolved", "closed"):
        story.say("resolve", at + 2 * MINUTE, kind="resolution", text="Done")
    if stage == "closed":
        story.say("reply", at + 3 * MINUTE, KIM, text="Yes", accepts=True)
    ends = [one.due_at for one in story.case.clocks if one.clock.is_promise and one.due_at is not None]
    now = (at + (min(ends) - at) * share).replace(microsecond=0)
    story.until(now)
    before = {clock for clock in story.case.clocks if clock.clock.is_promise}
    _recompute(story, max(now, at + 4 * MINUTE))
    assert {clock for clock in story.case.clocks if clock.clock.is_promise} == before
    assert _moved(story) == []


@settings(max_examples=60)
@given(
    st.sampled_from(PLACES),
    st.sampled_from([(name, plan) for name in policy_names() for plan in load_policy(name).plans]),
    st.integers(0, 2 * 365 * 1440),
    st.integers(1, 30 * 1440),
)
def test_no_target_of_any_preset_is_counted_otherwise_after_recomputing(
    place, preset, minutes, later
) -> None:
    zone, calendar = place
    policy, plan = preset
    at = utc("2026-01-05T00:00") + timedelta(minutes=minutes)
    now = at + timedelta(minutes=later)
    old, fresh, asked = (
        _compiled(COMPILER, TermsRequest(policy=policy, plan=plan, zone=zone, calendar=calendar, **request))
        for request in ({"at": at}, {"at": now}, {"at": now, "counts_from": at})
    )
    targets = [level.initial_response for level in old.rules.levels if level.initial_response]
    targets += [Target(business_days=days) for days in (1, 3, 5)]
    case = opened(**P1).case.model_copy(update={"terms": old})
    for terms_now in (recompiled(old, fresh), recompiled(old, asked)):
        again = case.model_copy(update={"terms": terms_now})
        for clock in (Clock.INITIAL_RESPONSE, Clock.UPDATE):
            for target in targets:
                assert due(again, clock, at, target) == due(case, clock, at, target)


def test_a_holiday_proclaimed_ahead_moves_the_window_by_one_business_day() -> None:
    at = utc("2027-03-22T02:00")
    story = _in_manila(at)
    story.say("respond", at + 10 * MINUTE, text="On it")
    story.say("resolve", utc("2027-03-24T01:00"), kind="resolution", text="Done")
    story.say("reply", utc("2027-03-24T02:00"), KIM, text="Yes", accepts=True)
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-04-02T02:00")
    now = utc("2027-03-29T02:00")
    story.until(now)
    _recompute(story, now, _with_holiday(date(2027, 4, 1)))
    assert story.due(Clock.REOPEN_WINDOW) == utc("2027-04-05T02:00")


def test_a_holiday_that_was_forgotten_counts_though_it_is_past() -> None:
    at = utc("2027-03-01T02:00")
    story = _in_manila(at)
    story.say("respond", at + 10 * MINUTE, text="On it")
    story.say("resolve", at + HOUR, kind="resolution", text="Done")
    before = story.due(Clock.AUTO_CLOSE)
    assert before == utc("2027-03-04T03:00")
    now = before - MINUTE
    story.until(now)
    _recompute(story, now, _with_holiday(date(2027, 3, 2)))
    assert story.due(Clock.AUTO_CLOSE) == before + DAY
    _recompute(story, now, COMPILER)
    assert story.due(Clock.AUTO_CLOSE) == before


def test_a_holiday_elsewhere_on_the_calendar_moves_nothing() -> None:
    story = _in_manila(utc("2027-03-01T02:00"))
    before = story.due(Clock.INITIAL_RESPONSE)
    _recompute(story, utc("2027-03-01T03:00"), _with_holiday(date(2027, 3, 3)))
    assert story.due(Clock.INITIAL_RESPONSE) == before
    assert _moved(story) == []


def test_a_case_that_is_recomputed_twice_still_knows_the_days_before() -> None:
    story = closed(
        utc("2026-12-22T21:00"), under=terms(utc("2026-12-20T21:00"), "Pacific/Auckland", "NZ-AUK")
    )
    before = story.due(Clock.REOPEN_WINDOW)
    for day in (5, 7, 9):
        now = utc("2026-12-22T21:00") + day * DAY
        fresh = terms(now, "Pacific/Auckland", "NZ-AUK")
        story.say("recompute_terms", now, reason="Again")
        story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), now))
        assert story.due(Clock.REOPEN_WINDOW) == before


def test_a_change_of_the_clocks_in_the_past_is_not_forgotten() -> None:
    at = utc("2027-03-31T23:00")  # Thursday ten o'clock in Sydney, three days before winter time
    story = closed(at, under=terms(at - 3 * HOUR))
    before = story.due(Clock.REOPEN_WINDOW)
    now = utc("2027-04-07T00:30")
    _recompute(story.until(now), now)
    assert story.due(Clock.REOPEN_WINDOW) == before == utc("2027-04-08T00:00")


def test_another_offset_from_a_day_ahead_moves_what_falls_due_after_it() -> None:
    story = resolved(under=terms(TUESDAY - DAY))
    fresh = terms(TUESDAY + HOUR)
    zone = fresh.calendar.zone
    changes = (zone.changes[0], OffsetChange(at=TUESDAY + DAY, seconds=11 * 3600))
    calendar = fresh.calendar.model_copy(update={"zone": zone.model_copy(update={"changes": changes})})
    before = story.due(Clock.AUTO_CLOSE)
    story.say("recompute_terms", TUESDAY + HOUR, reason="Summer time was decreed")
    given = TermsAnswer(terms=fresh.model_copy(update={"calendar": calendar}))
    story.adopt(take_terms(story.case, given, TUESDAY + HOUR))
    assert story.due(Clock.AUTO_CLOSE) == before - HOUR


def test_a_raised_response_is_counted_again_from_the_change() -> None:
    at = utc("2027-06-17T07:00")  # Thursday five in the afternoon
    story = opened_under(twelve_by_five(at), at, **P3)
    changed = at + HOUR + 30 * MINUTE
    story.say("change_level", changed, level="P1", reason="All users")
    assert story.due(Clock.INITIAL_RESPONSE) == utc("2027-06-17T21:30")
    fresh = twelve_by_five(changed + MINUTE, holidays=(date(2027, 6, 18),))
    story.say("recompute_terms", changed + MINUTE, reason="Friday was proclaimed a holiday")
    story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), changed + MINUTE))
    assert story.due(Clock.INITIAL_RESPONSE) == utc("2027-06-20T21:30")
    assert story.clock(Clock.INITIAL_RESPONSE).warn_at == utc("2027-06-20T21:15")


def test_another_target_of_the_policy_is_told_in_words_too() -> None:
    story = opened(**P2)
    fresh = terms(TUESDAY + MINUTE)
    levels = tuple(
        level.model_copy(update={"initial_response": Target(within=2 * HOUR)}) if level.id == "P2" else level
        for level in fresh.rules.levels
    )
    fresh = fresh.model_copy(update={"rules": fresh.rules.model_copy(update={"levels": levels})})
    story.say("recompute_terms", TUESDAY + MINUTE, reason="A new policy")
    story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), TUESDAY + MINUTE))
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 2 * HOUR
    assert story.clock(Clock.INITIAL_RESPONSE).rule == "2 h"


def test_a_warning_of_a_recomputed_deadline_never_lies_in_the_past() -> None:
    story = opened(under=terms(holidays=()), **P4)
    story.until(TUESDAY + DAY)
    assert story.clock(Clock.INITIAL_RESPONSE).warn_at == TUESDAY + 36 * HOUR
    fresh = terms(TUESDAY + DAY, holidays=())
    levels = tuple(
        level.model_copy(update={"initial_response": Target(within=25 * HOUR)})
        for level in fresh.rules.levels
    )
    fresh = fresh.model_copy(update={"rules": fresh.rules.model_copy(update={"levels": levels})})
    story.say("recompute_terms", TUESDAY + DAY, reason="A new policy")
    story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), TUESDAY + DAY))
    assert story.clock(Clock.INITIAL_RESPONSE).warn_at == TUESDAY + DAY


def test_a_run_under_earlier_rules_asks_for_its_terms_as_before() -> None:
    story = opened(**P1)
    old = story.case.model_copy(update={"rules": RULES_0_3})
    assert terms_wanted_again(old, TUESDAY + DAY).counts_from is None
    assert terms_wanted_again(story.case, TUESDAY + DAY).counts_from == TUESDAY


def test_a_case_open_across_the_change_of_rules_keeps_every_promise_told_before() -> None:
    at = utc("2027-06-18T08:40")
    story = opened_under(twelve_by_five(at), at, **P1)
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.say("respond", at + 10 * MINUTE, text="We have begun")
    told = story.due(Clock.UPDATE)
    assert told == at + 70 * MINUTE
    story.case = story.case.model_copy(update={"rules": story.case.rules + 1})  # the run turns over
    fresh = twelve_by_five(at + 20 * MINUTE)
    story.say("recompute_terms", at + 20 * MINUTE, reason="To be sure")
    story.adopt(take_terms(story.case, TermsAnswer(terms=fresh), at + 20 * MINUTE))
    assert story.due(Clock.UPDATE) == told
    story.until(told)
    assert story.due(Clock.UPDATE) == utc("2027-06-20T22:00")


def test_levels_that_flip_for_days_do_not_make_a_case_grow() -> None:
    story = opened(under=terms(), **P3)
    generator = random.Random(5)
    for minute in range(1, 60):
        level = generator.choice([name for name in ("P2", "P3", "P4") if name != story.case.level])
        story.say("change_level", TUESDAY + minute * MINUTE, level=level, reason="So it seems")
        due = story.due(Clock.INITIAL_RESPONSE)
        assert len(story.clock(Clock.INITIAL_RESPONSE).moves) <= 8
    _recompute(story, TUESDAY + HOUR)
    assert story.due(Clock.INITIAL_RESPONSE) == due
