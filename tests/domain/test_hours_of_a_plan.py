"""Under a plan with hours warnings, cadences and reminders run in them; what nobody is bound to see waits."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import Clock
from domain.effects import EffectKind
from domain.outage import Outage
from domain.phase import Phase
from domain.rules import RULES_0_3
from domain.time.calendar import is_open, open_time_between
from tests.domain.cases import DAY, HOUR, MINUTE, SECOND, TUESDAY, Story, opened, policy_with, rhipe, terms
from tests.domain.desks import utc
from tests.domain.own_desk import LUNCH, desk, held_to, local, opened_under, twelve_by_five
from tests.people import P1, P2, P3

FRIDAY = utc("2027-06-18T08:40")  # 18:40 in Sydney, twenty minutes before the plan closes
MONDAY = utc("2027-06-20T21:00")  # 07:00, when it opens
P4 = {"impact": "low", "urgency": "medium"}


def _answered(level=P1, **informing) -> Story:
    policy = policy_with("informing", **informing) if informing else None
    story = opened_under(terms(FRIDAY, plan="saas-12x5", policy=policy), FRIDAY, **level)
    story.say("respond", FRIDAY + 10 * MINUTE, text="We have begun")
    return story


# --- warnings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "warned"), [(P1, "Mon 21 Jun 07:25"), (P2, "Mon 21 Jun 09:40"), (P3, "Mon 21 Jun 15:40")]
)
def test_the_warning_comes_at_three_quarters_of_the_counted_time(level, warned) -> None:
    story = opened_under(twelve_by_five(FRIDAY), FRIDAY, **level)
    assert local(story, story.clock(Clock.INITIAL_RESPONSE).warn_at) == warned


def test_business_days_are_warned_of_on_business_days_around_the_clock_too() -> None:
    friday = utc("2027-06-18T00:00")  # ten in the morning; three quarters of two days of the week
    story = opened(friday, **P4)
    assert local(story, story.due(Clock.INITIAL_RESPONSE)) == "Tue 22 Jun 10:00"
    assert local(story, story.clock(Clock.INITIAL_RESPONSE).warn_at) == "Mon 21 Jun 22:00"


def test_ten_minutes_before_are_counted_too() -> None:
    at = utc("2027-06-18T08:50")
    policy = desk("7:19", extra='[plans.day.targets]\nP1 = { initial_response = { within = "15m" } }')
    story = opened_under(held_to(at, policy), at, **P1)
    assert local(story, story.due(Clock.INITIAL_RESPONSE)) == "Mon 21 Jun 07:05"
    assert local(story, story.clock(Clock.INITIAL_RESPONSE).warn_at) == "Fri 18 Jun 18:55"


@settings(max_examples=60)
@given(
    st.integers(0, 60 * 24 * 60), st.sampled_from([P1, P2, P3, P4]), st.sampled_from([LUNCH, "7:19", "22:24"])
)
def test_a_warning_comes_in_hours_and_leaves_a_quarter_of_the_time(minutes, level, hours) -> None:
    at = utc("2027-03-01T00:00") + timedelta(minutes=minutes)
    story = opened_under(held_to(at, desk(hours)), at, **level)
    response, calendar = story.clock(Clock.INITIAL_RESPONSE), story.case.terms.calendar
    assert response.due_at is not None
    if response.warn_at is None:
        assert open_time_between(calendar, at, response.due_at) <= 10 * MINUTE
        return
    assert is_open(calendar, response.warn_at) or is_open(calendar, response.warn_at - SECOND)
    total = open_time_between(calendar, at, response.due_at)
    left = open_time_between(calendar, response.warn_at, response.due_at)
    assert abs(left - max(total / 4, 10 * MINUTE)) < SECOND


# --- cadences ------------------------------------------------------------------------------------------


def test_nobody_is_told_anything_between_friday_evening_and_monday_morning() -> None:
    story = _answered()
    before = len(story.effects)
    story.until(MONDAY)
    assert story.effects[before:] == []
    assert local(story, story.due(Clock.UPDATE)) == "Mon 21 Jun 07:50"
    assert local(story, story.clock(Clock.UPDATE).warn_at) == "Mon 21 Jun 07:35"


def test_the_cadence_goes_on_by_the_hour_while_the_plan_is_open() -> None:
    story = _answered().until(utc("2027-06-21T09:00"))
    sent = [local(story, effect.caused_at) for effect in story.told(EffectKind.STATUS_UPDATE)]
    assert sent == [f"Mon 21 Jun {hour:02d}:50" for hour in range(7, 19)]
    assert story.case.score.system == 12
    story.until(utc("2027-06-21T23:00"))
    assert len(story.told(EffectKind.STATUS_UPDATE)) == 14


def test_an_update_due_at_closing_is_due_then_and_the_next_an_hour_after_the_opening() -> None:
    at = FRIDAY - 50 * MINUTE
    story = opened_under(twelve_by_five(at), at, **P1)
    story.say("respond", at + 10 * MINUTE, text="We have begun")
    assert local(story, story.due(Clock.UPDATE)) == "Fri 18 Jun 19:00"
    story.until(MONDAY)
    assert local(story, story.due(Clock.UPDATE)) == "Mon 21 Jun 08:00"


def test_catching_up_counts_only_the_updates_of_open_hours() -> None:
    story = _answered().away_until(utc("2027-06-21T05:00"))  # Monday three in the afternoon
    (breach,) = story.breaches(Clock.UPDATE)
    assert (local(story, breach.due_at), local(story, breach.last_due_at)) == (
        "Mon 21 Jun 07:50",
        "Mon 21 Jun 14:50",
    )
    assert breach.count == 8
    assert len(story.told(EffectKind.STATUS_UPDATE)) == 1
    assert local(story, story.due(Clock.UPDATE)) == "Mon 21 Jun 15:50"


def test_a_policy_may_say_that_cadences_run_day_and_night() -> None:
    story = _answered(cadence_counts="elapsed").until(MONDAY)
    assert len(story.told(EffectKind.STATUS_UPDATE)) == 60


def test_a_plan_around_the_clock_has_its_cadence_day_and_night() -> None:
    story = opened(FRIDAY, **P1)
    story.say("respond", FRIDAY + 10 * MINUTE, text="We have begun")
    assert len(story.until(MONDAY).told(EffectKind.STATUS_UPDATE)) == 60


def test_a_run_under_earlier_rules_keeps_its_cadence_until_it_turns_over() -> None:
    story = opened_under(twelve_by_five(FRIDAY), FRIDAY, **P1)
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.say("respond", FRIDAY + 10 * MINUTE, text="We have begun")
    assert len(story.until(MONDAY).told(EffectKind.STATUS_UPDATE)) == 60


def test_reminders_to_the_customer_come_in_hours_too() -> None:
    policy = policy_with(
        "closing", confirmation="required", auto_close_business_days=None, reminder_every=4 * HOUR
    )
    story = opened_under(terms(FRIDAY, plan="saas-12x5", policy=policy), FRIDAY, **P3)
    story.say("resolve", FRIDAY + 10 * MINUTE, kind="resolution", text="Done")
    assert local(story, story.due(Clock.CONFIRMATION)) == "Mon 21 Jun 10:50"
    story.away_until(utc("2027-06-21T08:59"))
    assert len(story.told(EffectKind.CONFIRM_RESOLUTION)) == 2
    assert local(story, story.due(Clock.CONFIRMATION)) == "Tue 22 Jun 10:50"


def test_silence_is_told_of_when_the_plan_opens() -> None:
    at = FRIDAY + DAY  # Saturday: a week later is one too
    story = opened_under(twelve_by_five(at), at, impact="low", urgency="low")
    assert local(story, story.due(Clock.STALE)) == "Mon 28 Jun 07:00"


@settings(max_examples=40)
@given(st.integers(0, 20 * 24 * 60), st.sampled_from([P1, P2, P3]), st.sampled_from([LUNCH, "7:19"]))
def test_no_cadence_ever_speaks_while_the_plan_is_closed(minutes, level, hours) -> None:
    at = utc("2027-03-20T00:00") + timedelta(minutes=minutes)  # Easter and the end of summer time
    story = opened_under(held_to(at, desk(hours)), at, **level)
    story.say("respond", at + MINUTE, text="We have begun")
    before = len(story.effects)
    story.until(at + 5 * DAY)
    calendar = story.case.terms.calendar
    closed = [
        effect
        for effect in story.effects[before:]
        if not (is_open(calendar, effect.caused_at) or is_open(calendar, effect.caused_at - SECOND))
    ]
    assert Counter(effect.kind for effect in closed) == {}


# --- waiting stretches ---------------------------------------------------------------------------------


def _waiting(assumed: tuple[str, ...] | None, **changes) -> Story:
    under = terms().model_copy(update={"assumed_cadences": assumed})
    story = opened(under=under, **P1)
    story.case = story.case.model_copy(update=changes)
    story.say("wait_for_customer", TUESDAY + MINUTE, text="Since when?")
    assert story.case.phase is Phase.AWAITING_CUSTOMER
    return story


def test_the_presets_know_which_cadence_no_guide_states() -> None:
    assert terms().assumed_cadences == ("P1", "P2", "P3", "P4", "P5")


def test_waiting_stretches_a_cadence_we_assumed() -> None:
    assert _waiting(("P1",)).due(Clock.UPDATE) == TUESDAY + MINUTE + DAY


def test_waiting_does_not_stretch_a_cadence_the_guide_states() -> None:
    story = _waiting(("P2", "P3"))
    assert story.due(Clock.UPDATE) == TUESDAY + MINUTE + HOUR
    assert len(story.until(TUESDAY + 5 * HOUR).told(EffectKind.STATUS_UPDATE)) == 4


def test_waiting_never_stretches_the_notices_of_an_outage() -> None:
    outage = Outage(declared_at=TUESDAY, began_at=TUESDAY)
    assert _waiting(("P1",), outage=outage).due(Clock.UPDATE) == TUESDAY + MINUTE + HOUR
    over = outage.model_copy(update={"ended_at": TUESDAY})
    assert _waiting(("P1",), outage=over).due(Clock.UPDATE) == TUESDAY + MINUTE + DAY


def test_where_nobody_noted_who_said_it_the_cadence_stays_as_it_was_told() -> None:
    assert _waiting(None).due(Clock.UPDATE) == TUESDAY + MINUTE + DAY


def test_a_run_under_earlier_rules_stretches_every_cadence() -> None:
    assert _waiting((), rules=RULES_0_3).due(Clock.UPDATE) == TUESDAY + MINUTE + DAY


def test_an_interval_is_agreed_on_only_as_far_as_the_calendar_can_reach_in_its_hours() -> None:
    levels = tuple(level.model_copy(update={"update_as_agreed": True}) for level in rhipe().rules.levels)
    policy = rhipe().model_copy(update={"rules": rhipe().rules.model_copy(update={"levels": levels})})
    story = opened_under(terms(FRIDAY, plan="saas-12x5", policy=policy), FRIDAY, **P3)
    story.say("respond", FRIDAY + MINUTE, text="We have begun")
    refused = story.refused("agree_interval", FRIDAY + HOUR, every=timedelta(days=200))
    assert (refused.code, refused.missing) == ("ValidationError", ("every",))
    story.say("agree_interval", FRIDAY + HOUR, every=timedelta(hours=60))
    assert local(story, story.due(Clock.UPDATE)) == "Fri 25 Jun 19:00"
