"""Desks of companies with hours of their own, laid over rhipe-csp, and what their cases are held to."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from domain.decision import Accepted
from domain.policy import SupportPolicy
from domain.terms import Terms
from policies import parse_policy
from tests.domain.cases import Story, opening, terms

WEEK = ("mon", "tue", "wed", "thu", "fri")
LUNCH = "9:13 14:18"
"""Open from nine to six, closed for lunch."""


@lru_cache
def desk(hours: str, friday: str | None = None, extra: str = "") -> SupportPolicy:
    """A policy whose plan `day` is open Monday to Friday, such as `9:13 14:18`; Friday may differ."""
    by_day = dict.fromkeys(WEEK, hours) | ({"fri": friday} if friday else {})
    rows = [f"{day} = [{', '.join(_span(one) for one in text.split())}]" for day, text in by_day.items()]
    return parse_policy(
        "\n".join(
            (
                'name = "own"\nversion = "1"\ntitle = "Own"\nextends = "rhipe-csp"\ndefault_plan = "day"',
                '[plans.day]\ntitle = "Day"\naround_the_clock = false\n[plans.day.hours]',
                *rows,
                extra,
            )
        ),
        "own.toml",
    )


def _span(text: str) -> str:
    opens, closes = text.split(":")
    return f'{{ opens = "{int(opens):02d}:00", closes = "{int(closes):02d}:00" }}'


def held_to(at: datetime, policy: SupportPolicy, holidays: Sequence[date] | None = None) -> Terms:
    return terms(at, plan="day", policy=policy, holidays=holidays)


def twelve_by_five(at: datetime, holidays: Sequence[date] | None = None) -> Terms:
    """The preset's own plan with hours: Monday to Friday, seven to seven."""
    return terms(at, plan="saas-12x5", holidays=holidays)


def opened_under(under: Terms, at: datetime, **fields: Any) -> Story:
    decision = opening(at, under, **fields)
    assert isinstance(decision, Accepted), decision
    story = Story(decision.case)
    story.adopt(decision)
    return story


def local(story: Story, at: datetime | None) -> str:
    """An instant as the clock of the customer shows it."""
    assert at is not None
    return f"{story.case.terms.calendar.zone.to_local(at):%a %d %b %H:%M}"
