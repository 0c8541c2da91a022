"""Which cases are handed on and who accepts them, and until when nobody has to look who has one.

RHIPE-25, GAP-11. The rules are the case's own, who is open is in the roster.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.centres.regions import Centre, Roster, Wanted, next_opening
from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.lifecycle.vendor_cover import works_around_the_clock
from domain.phase import OPEN, Phase
from domain.policy import Acceptance, FollowTheSun
from domain.rules import RULES_0_4

_TRAVELLING = OPEN | {Phase.RESOLVED}
_SHIFT_END = "the end of the shift"
_LONGEST_SHIFT = timedelta(hours=12)
"""A cadence below it falls due in any night (ours; no guide says how long a shift is)."""


def follows_the_sun(case: Case) -> FollowTheSun | None:
    """Return the rules of handing on, where the policy has them and the case is not over."""
    return case.terms.follow_the_sun if case.phase in _TRAVELLING else None


def wanted_of(case: Case) -> Wanted:
    """Say what the case wants of a centre: its home, its boundary, its language, a skill."""
    return Wanted.made(
        home=case.home_region,
        within=case.terms.plan_rules.regions,
        language=case.request.language,
        skill=case.skill,
    )


def acceptance(case: Case, rules: FollowTheSun) -> Acceptance:
    """Say who has to accept a case of this level (house rule)."""
    return rules.acceptance.get(case.level, rules.acceptance_otherwise)


def travels(case: Case, rules: FollowTheSun, roster: Roster, at: datetime) -> bool:
    """Tell whether a case is handed on when its centre closes, or rests there.

    The levels the policy names, or, where it names none, those whose cadence is shorter than a shift, and any
    case with a deadline before its home centre opens. With the vendor only the latter, or all where they work
    around the clock. A centre closed by hand in its own hours keeps none (since 0.4).
    """
    if _is_shut(case, roster, at):
        return True
    if case.phase is Phase.VENDOR_ESCALATED:
        return works_around_the_clock(case) or _is_due_in_the_night(case, roster, at)
    if rules.levels:
        return case.level in rules.levels
    every = case.agreed_interval if case.rule.update_as_agreed else case.rule.update_every
    if every is not None and every < _LONGEST_SHIFT:
        return True
    return _is_due_in_the_night(case, roster, at)


def _is_shut(case: Case, roster: Roster, at: datetime) -> bool:
    owner = roster.centre(case.region)
    return case.rules >= RULES_0_4 and owner is not None and owner.is_shut_at(at)


def _is_due_in_the_night(case: Case, roster: Roster, at: datetime) -> bool:
    home = roster.centre(case.home_region or case.region)
    opens_at = home.opens_after(at) if home else None
    return opens_at is not None and any(
        clock.due_at is not None and clock.due_at < opens_at
        for clock in case.clocks
        if clock.clock.is_promise
    )


def watch(draft: Draft, roster: Roster, at: datetime) -> None:
    """Wake at the end of the owner's shift, or at the next opening where the owner is not open."""
    owner = roster.centre(draft.case.region)
    span = owner.span_at(at) if owner else None
    if span is not None:
        run_until(draft, span.closes_at)
        return
    own_next = _next_day_of(draft.case, owner, at) if owner else None
    rules = follows_the_sun(draft.case)
    if rules is None or not travels(draft.case, rules, roster, at):
        run_until(draft, own_next or roster.until, "its own centre opens")
    else:
        run_until(draft, next_opening(roster, at, wanted_of(draft.case)) or roster.until, "a centre opens")


def _next_day_of(case: Case, owner: Centre, at: datetime) -> datetime | None:
    """Name when a case that rests is looked at: as its centre opens, or would, were it not closed by hand."""
    return owner.opens_after(at) if case.rules < RULES_0_4 else owner.would_open_after(at)


def run_until(draft: Draft, due_at: datetime, rule: str = _SHIFT_END) -> None:
    """Look who has the case at an instant, and a lead time before where somebody has to accept.

    At the next whole second: decisions know no fractions of one, and a centre that was closed by hand may
    open within a second, so that a case would look again and again.
    """
    rules = draft.case.terms.follow_the_sun
    if due_at.microsecond:
        due_at = due_at.replace(microsecond=0) + timedelta(seconds=1)
    early = None
    if rules is not None and rule == _SHIFT_END and acceptance(draft.case, rules) != "automatic":
        early = due_at - rules.lead
        if early <= draft.at < due_at and draft.case.rules >= RULES_0_4:
            draft.set(roster_wanted_for=due_at)  # less than the lead is left: it is offered at once
    draft.run(
        RunningClock.made(
            clock=Clock.HANDOFF,
            started_at=draft.at,
            due_at=due_at,
            warn_at=early if early is not None and early > draft.at else None,
            rule=rule,
        )
    )
