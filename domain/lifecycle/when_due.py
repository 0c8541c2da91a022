"""Which rule settles a clock: each rule names its clocks, and all rules are called in one way.

Where a clock runs while a case stands somewhere, and not from one message on, its rule looks after each step.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from domain.actor import Actor
from domain.clocks import Clock, RunningClock
from domain.decision import Draft


class CatchUp(NamedTuple):
    """How far time has come, UTC: everything due at or before `until` is settled, and handled at `now`."""

    until: datetime
    now: datetime


WhenDue = Callable[[Draft, RunningClock, CatchUp], None]
"""Settles a clock that fell due, or gives its warning; `draft.at` is the deadline's instant."""

AfterStep = Callable[[Draft, Actor], None]
"""Sees what a message made of the case, and who sent it."""

RULES: dict[Clock, WhenDue] = {}
WARNINGS: dict[Clock, WhenDue] = {}
AFTER_STEP: list[AfterStep] = []


def when_due(*clocks: Clock) -> Callable[[WhenDue], WhenDue]:
    """Let the rule below settle these clocks when they fall due."""
    return _registered(RULES, clocks)


def when_warned(*clocks: Clock) -> Callable[[WhenDue], WhenDue]:
    """Let the rule below do what the warning of these clocks is for, in place of warning somebody."""
    return _registered(WARNINGS, clocks)


def after_step(rule: AfterStep) -> AfterStep:
    """Let the rule below look at the case after each message, the one that opens it too."""
    AFTER_STEP.append(rule)
    return rule


def _registered(rules: dict[Clock, WhenDue], clocks: tuple[Clock, ...]) -> Callable[[WhenDue], WhenDue]:
    def register(rule: WhenDue) -> WhenDue:
        rules.update(dict.fromkeys(clocks, rule))
        return rule

    return register
