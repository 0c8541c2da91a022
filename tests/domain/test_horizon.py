"""No promise is counted past what is known: a calendar reaches as far as anything may begin (GAP-22)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from activities.terms import TermsActivities
from domain.case_step import awaits_terms, take_terms, terms_wanted, terms_wanted_again
from domain.clocks import Clock
from domain.later_terms import shift_request
from domain.policy import SupportPolicy
from domain.rules import RULES_0_3
from domain.terms import HORIZON, Terms, TermsAnswer, TermsRequest
from domain.time.calendar import add_business_days
from domain.timeline import EntryKind
from policies import PolicyInvalid, parse_policy
from policies.holiday_tables import holiday_table
from policies.zones import local_zone
from tests.domain.cases import DAY, HOUR, Story, closed, opened, policy_with, terms
from tests.domain.desks import utc
from tests.domain.own_desk import opened_under
from tests.people import KIM, P3, request

P4 = {"impact": "low", "urgency": "medium"}
CHRISTMAS = utc("2027-12-22T20:00")  # Thursday the 23rd, nine o'clock in Auckland
OPENED = utc("2026-11-20T00:00")


def _compiled(asked: TermsRequest, policy: SupportPolicy | None = None) -> Terms:
    compiler = TermsActivities(policies=lambda _: policy) if policy else TermsActivities()
    answer = asyncio.run(compiler.compile_terms(asked))
    assert answer.terms is not None, answer.refused
    return answer.terms


def _truth(zone: str, calendar: str, start: datetime, days: int) -> datetime:
    """The instant by all holidays and offsets there are."""
    known = terms(start, zone, calendar).calendar
    years = {
        "zone": local_zone(zone, start - DAY, start + 900 * DAY),
        "holidays": holiday_table(calendar).dates,
    }
    return add_business_days(known.model_copy(update=years), start, days)


def _renew(story: Story, at: datetime, policy: SupportPolicy | None = None) -> None:
    asked = terms_wanted_again(story.case, at)
    story.adopt(take_terms(story.case, TermsAnswer(terms=_compiled(asked, policy)), at))


def _planned(start_at: datetime) -> dict[str, object]:
    return {
        "start_at": start_at,
        "start_zone": "Pacific/Auckland",
        "zone": "Pacific/Auckland",
        "calendar": "NZ-AUK",
    }


def test_planned_work_is_counted_on_the_holidays_after_its_start() -> None:
    wanted = terms_wanted(request("INC-1", received_at=OPENED, **_planned(CHRISTMAS), **P4), OPENED)
    under = _compiled(wanted)
    assert under.valid_until == CHRISTMAS + HORIZON
    story = opened_under(under, OPENED, **_planned(CHRISTMAS), **P4)
    right = _truth("Pacific/Auckland", "NZ-AUK", CHRISTMAS, 2)
    assert story.due(Clock.INITIAL_RESPONSE) == right == utc("2027-12-28T20:00")


def test_what_was_counted_short_is_counted_again_when_the_calendar_is_prolonged() -> None:
    short = terms(OPENED, "Pacific/Auckland", "NZ-AUK")
    story = opened_under(short, OPENED, **_planned(CHRISTMAS), **P4)
    right = _truth("Pacific/Auckland", "NZ-AUK", CHRISTMAS, 2)
    assert story.due(Clock.INITIAL_RESPONSE) != right
    renewal = story.due(Clock.TERMS_RENEWAL)
    assert renewal is not None
    assert awaits_terms(story.until(renewal).case)
    _renew(story, renewal)
    assert story.due(Clock.INITIAL_RESPONSE) == right
    (moved,) = [entry for entry in story.happened(EntryKind.TERMS_CHANGED) if entry.due_at is not None]
    assert (moved.about, moved.due_at, moved.internal) == (Clock.INITIAL_RESPONSE, right, True)


def test_a_calendar_is_prolonged_before_a_window_of_ninety_days_could_outlast_it() -> None:
    policy = policy_with("closing", reopen_business_days=90)
    at = utc("2026-01-06T00:00")
    story = opened_under(terms(at, policy=policy), at, **P3)
    story.say("respond", at + HOUR, text="We have begun")
    while (renewal := story.due(Clock.TERMS_RENEWAL)) is not None and renewal <= at + 350 * DAY:
        story.until(renewal)
        _renew(story, renewal, policy)
    closing = at + 350 * DAY
    story.until(closing).say("resolve", closing, kind="resolution", text="Done")
    story.say("reply", closing + HOUR, KIM, text="Yes", accepts=True)
    assert story.due(Clock.REOPEN_WINDOW) == _truth("Australia/Sydney", "AU-NSW", closing + HOUR, 90)
    assert story.due(Clock.REOPEN_WINDOW) <= story.case.terms.valid_until


def test_the_presets_are_prolonged_no_earlier_than_they_were() -> None:
    for plan in ("partner-24x7", "saas-12x5"):
        given = terms(plan=plan)
        assert given.renewal_due_at == given.valid_until - timedelta(days=45)


def test_by_earlier_rules_a_calendar_is_prolonged_forty_five_days_before_its_end() -> None:
    long = terms(policy=policy_with("closing", reopen_business_days=90))
    story = opened(under=long)
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    at = story.case.received_at + DAY
    story.adopt(take_terms(story.case, TermsAnswer(terms=long), at))
    assert story.due(Clock.TERMS_RENEWAL) == long.valid_until - timedelta(days=45)
    assert long.renewal_due_at < long.valid_until - timedelta(days=90)


def test_a_case_that_slept_over_its_horizon_misses_no_day_between() -> None:
    at = utc("2026-01-06T00:00")
    story = closed(at + DAY, under=terms(at))
    late = at + 500 * DAY
    asked = terms_wanted_again(story.case, late)
    assert asked.known_from == story.case.received_at
    story.adopt(take_terms(story.case, TermsAnswer(terms=_compiled(asked)), late))
    years = [day.isoformat() for day in story.case.terms.calendar.holidays]
    assert years == sorted(set(years))
    wanted = [
        day.isoformat()
        for day in holiday_table("AU-NSW").dates
        if at.date() <= day <= (late + HORIZON).date()
    ]
    assert [day for day in years if at.date().isoformat() <= day][: len(wanted)] == wanted


def test_a_request_received_long_ago_has_terms_that_reach_beyond_today() -> None:
    now = datetime(2027, 6, 15, tzinfo=UTC)
    asked = terms_wanted(request("INC-1", received_at=now - 500 * DAY), now - 500 * DAY, None, now)
    assert _compiled(asked).valid_until == now + HORIZON
    plain = terms_wanted(request("INC-1", received_at=now - HOUR), now - HOUR, None, now)
    assert plain.counts_until is None


def test_a_shifted_request_asks_for_another_time_whole() -> None:
    asked = TermsRequest(policy="rhipe-csp", at=OPENED, counts_from=OPENED - DAY, counts_until=CHRISTMAS)
    moved = shift_request(asked, -2)
    assert (moved.at, moved.counts_from, moved.counts_until) == tuple(
        at - 14 * DAY for at in (OPENED, OPENED - DAY, CHRISTMAS)
    )


# --- policy check -----------------------------------------------------------------------------------------


def _own(extra: str) -> SupportPolicy:
    return parse_policy(
        f'name = "own"\nversion = "1"\ntitle = "Own"\nextends = "rhipe-csp"\n{extra}', "own.toml"
    )


LONG = [
    ("[rules.closing]\nreopen_business_days = 365", "rules.closing.reopen_business_days"),
    (
        (
            '[plans.weekly]\ntitle = "Mondays"\naround_the_clock = false\n'
            'hours = { mon = [{ opens = "09:00", closes = "10:00" }] }\n'
            "targets = { P4 = { initial_response = { business_days = 60 } } }"
        ),
        "plans.weekly.targets.P4.initial_response",
    ),
    (
        (
            '[plans.weekly]\ntitle = "Mondays"\naround_the_clock = false\n'
            'hours = { mon = [{ opens = "09:00", closes = "10:00" }] }'
        ),
        "rules.levels.P4.update_every",
    ),
    (
        (
            '[plans.hours]\ntitle = "Hours"\naround_the_clock = false\n'
            'hours = { mon = [{ opens = "09:00", closes = "17:00" }] }\n'
            'targets = { P2 = { initial_response = { within = "900h" } } }'
        ),
        "plans.hours.targets.P2.initial_response",
    ),
]


@pytest.mark.parametrize(("extra", "path"), LONG)
def test_a_span_no_horizon_can_hold_is_refused_with_its_place(extra: str, path: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        _own(extra)
    assert path in [error.split(":")[0] for error in refused.value.errors]
    assert "370 days" in str(refused.value)


def test_ninety_business_days_and_long_elapsed_windows_are_held() -> None:
    _own("[rules.closing]\nreopen_business_days = 200")
    _own("[rules.closing]\nreopen_business_days = 60\nauto_close_business_days = 60")
