"""Why a clock is due when it is, in words an engineer can check."""

import pytest

from domain.centres.closures import ClosedReason
from domain.clocks import Clock
from domain.views.explain import Arithmetic, explain, sources
from policies import load_policy, policy_names
from tests.domain.cases import HOUR, MINUTE, TUESDAY, answered, closed, opened, resolved, terms
from tests.domain.desks import utc
from tests.people import P1, P3, P5


def test_business_days_say_which_weekend_and_holidays_were_skipped() -> None:
    thursday = utc("2027-03-24T23:00")  # 10:00 in Sydney, on the day before Good Friday
    story = opened(thursday, terms(thursday), **P3)
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert (told.rule, told.arithmetic) == ("1 business day", Arithmetic.BUSINESS_DAYS)
    assert (told.started_at, told.due_at) == (thursday, utc("2027-03-29T23:00"))
    assert [(span.on.day, span.reason) for span in told.closed] == [
        (26, ClosedReason.HOLIDAY),
        (27, ClosedReason.HOLIDAY),
        (28, ClosedReason.HOLIDAY),
        (29, ClosedReason.HOLIDAY),
    ]
    assert "Skipped as holidays: 2027-03-26, 2027-03-27, 2027-03-28, 2027-03-29." in told.steps
    assert told.steps[0].startswith("It runs from Thu 2027-03-25 10:00:00: the request was received")
    assert told.steps[-1] == "So it is due at Tue 2027-03-30 10:00:00."


def test_coverage_says_which_hours_were_skipped() -> None:
    friday = utc("2027-06-18T08:40")  # twenty minutes before closing
    story = opened(friday, terms(friday, plan="saas-12x5"), **P1)
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert told.arithmetic is Arithmetic.COVERAGE
    assert {span.reason for span in told.closed} == {ClosedReason.OUTSIDE_HOURS, ClosedReason.WEEKEND}
    assert "Weekends were skipped." in told.steps
    assert "Hours outside the plan's coverage were skipped." in told.steps
    assert told.due_at == utc("2027-06-20T21:40")


def test_elapsed_time_skips_nothing() -> None:
    saturday = utc("2027-06-19T00:00")
    told = explain(opened(saturday).case, Clock.INITIAL_RESPONSE)
    assert (told.arithmetic, told.closed) == (Arithmetic.ELAPSED, ())
    assert told.sources == ("RHIPE-13", "RHIPE-14")
    assert (told.zone, told.calendar) == ("Australia/Sydney", "AU-NSW")


@pytest.mark.parametrize(
    ("clock", "source"),
    [(Clock.UPDATE, "GAP-07"), (Clock.TRIAGE, "RHIPE-15"), (Clock.TERMS_RENEWAL, "GAP-22")],
)
def test_every_explanation_names_its_sources(clock: Clock, source: str) -> None:
    assert source in explain(opened(channel="email").case, clock).sources


def test_closing_clocks_are_explained_in_business_days() -> None:
    told = explain(resolved().case, Clock.AUTO_CLOSE)
    assert (told.rule, told.arithmetic) == ("3 business days", Arithmetic.BUSINESS_DAYS)
    window = explain(closed().case, Clock.REOPEN_WINDOW)
    assert (window.rule, window.sources) == ("5 business days", ("RHIPE-36",))
    assert window.due_at == utc("2027-06-22T00:00")


ELEVEN, TWELVE = "Tue 2027-06-15 11:00:00", "Tue 2027-06-15 12:00:00"


def test_a_missed_clock_says_when_it_was_due() -> None:
    story = opened().until(TUESDAY + 2 * HOUR)
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert (told.due_at, told.missed_at) == (None, TUESDAY + HOUR)
    assert told.steps[-2:] == (
        f"It was due at {ELEVEN} and was missed.",
        f"The customer was told so at {ELEVEN}, and promised it anew: 1 h from then, by {TWELVE}.",
    )


@pytest.mark.parametrize(
    ("clock", "because"),
    [
        (Clock.INITIAL_RESPONSE, "P5 has no response target"),
        (Clock.UPDATE, "P5 has no update cadence"),
        (Clock.AUTO_CLOSE, "while the case is received"),
    ],
)
def test_a_clock_that_does_not_run_says_why(clock: Clock, because: str) -> None:
    told = explain(opened(**P5).case, clock)
    assert not told.running
    assert because in told.steps[0]


def test_a_case_without_a_service_level_says_so() -> None:
    told = explain(opened(channel="other").case, Clock.UPDATE)
    assert "a channel without a service level (RHIPE-64)" in told.steps[0]


def test_where_the_policy_commits_to_nothing_nothing_is_invented() -> None:
    assert explain(opened(**P5).case, Clock.INITIAL_RESPONSE).rule == "no commitment in the policy"


def test_the_cadence_is_explained_from_the_last_news() -> None:
    story = answered()
    story.say("post_update", TUESDAY + 20 * MINUTE, text="News.")
    told = explain(story.case, Clock.UPDATE)
    assert (told.rule, told.started_at) == ("every 1 h", TUESDAY + 20 * MINUTE)


def _cited(name: str, plan: str, level: str, clock: Clock) -> tuple[str, ...]:
    under = terms(policy=load_policy(name), plan=plan)
    story = opened(under=terms())
    return sources(story.case.model_copy(update={"terms": under, "level": level}), clock)


@pytest.mark.parametrize(
    ("name", "plan", "level", "clock", "source"),
    [
        ("o365-overview", "premier-base", "A", Clock.INITIAL_RESPONSE, ("O365-15",)),
        ("o365-overview", "standard", "A", Clock.INITIAL_RESPONSE, ("GAP-05", "O365-08", "GAP-31")),
        ("o365-dedicated", "dedicated", "1", Clock.INITIAL_RESPONSE, ("GAP-03",)),
        ("o365-dedicated", "dedicated", "B", Clock.INITIAL_RESPONSE, ("DED-21",)),
        ("o365-dedicated", "dedicated", "A", Clock.CUSTOMER_UPDATE, ("DED-24",)),
        ("distributor-css", "css", "high", Clock.VENDOR_FOLLOW_UP, ("GAP-09",)),
        ("rhipe-csp", "partner-24x7", "P1", Clock.INITIAL_RESPONSE, ("RHIPE-13", "RHIPE-14")),
        ("rhipe-csp", "partner-24x7", "P1", Clock.AUTO_CLOSE, ("RHIPE-35",)),
    ],
)
def test_a_promise_cites_the_marks_of_its_own_policy(
    name: str, plan: str, level: str, clock: Clock, source: tuple[str, ...]
) -> None:
    assert _cited(name, plan, level, clock) == source


@pytest.mark.parametrize("name", policy_names())
def test_no_policy_cites_another_guide(name: str) -> None:
    policy = load_policy(name)
    own = " ".join(policy.sources.values())
    for plan in policy.plans:
        for level in policy.rules.levels:
            for clock in Clock:
                for source in _cited(name, plan, level.id, clock):
                    assert source in own or source.startswith("GAP-"), (plan, level.id, clock, source)


def test_terms_from_before_0_4_cite_what_they_did() -> None:
    story = opened()
    before = story.case.model_copy(update={"terms": story.case.terms.model_copy(update={"cited": None})})
    assert sources(before, Clock.INITIAL_RESPONSE) == ("RHIPE-13", "RHIPE-14")
