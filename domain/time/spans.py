"""How long what is promised may take on a calendar: what a case's horizon has to hold."""

from collections.abc import Iterator
from datetime import timedelta

from domain.policy import Rules, Target
from domain.time.plan_week import Week

_HOLIDAYS_AMONG_DAYS = 1.15
_CLOSED_IN_A_ROW = timedelta(days=14)
"""How much longer than its week a span may take: 15 % of the days are holidays, and a fortnight of them in
a row, more than in any calendar we know (ours)."""

_NO_END = timedelta(days=3660)
"""What never ends is said to take ten years, as a calendar that never opens (ours)."""


def counted_spans(rules: Rules, week: Week, *, coverage: bool) -> Iterator[tuple[str, timedelta]]:
    """List what is counted on a calendar, each with its path and how long it takes at most (an estimate).

    Business days are, and in a plan with hours (`coverage`) hours too.
    """
    for path, target in _targets(rules):
        if coverage or target.business_days is not None:
            yield path, _at_most(target, week)


def _targets(rules: Rules) -> Iterator[tuple[str, Target]]:
    durations = {
        "intake.triage_within": rules.intake.triage_within,
        "informing.waiting_update_every": rules.informing.waiting_update_every,
        "intake.reminder_every": rules.intake.reminder_every,
        "closing.reminder_every": rules.closing.reminder_every,
    }
    for level in rules.levels:
        if level.initial_response is not None:
            yield f"levels.{level.id}.initial_response", level.initial_response
        durations[f"levels.{level.id}.update_every"] = level.update_every
        durations[f"levels.{level.id}.customer_update_every"] = level.customer_update_every
    for path, within in durations.items():
        if within is not None:
            yield path, Target(within=within)
    for name in ("auto_close_business_days", "reopen_business_days"):
        if (days := getattr(rules.closing, name)) is not None:
            yield f"closing.{name}", Target.model_construct(within=None, business_days=days)


def _at_most(target: Target, week: Week) -> timedelta:
    """Estimate from above how long a target takes on a week of open hours, holidays and all."""
    if target.business_days is not None:
        weeks = target.business_days / max(sum(1 for day in week if day), 1)
    else:
        assert target.within is not None
        minutes = sum(span.close_minute - span.open_minute for day in week for span in day)
        weeks = target.within / timedelta(minutes=max(minutes, 1))
    if weeks > _NO_END / timedelta(weeks=1):
        return _NO_END
    return timedelta(weeks=weeks * _HOLIDAYS_AMONG_DAYS) + _CLOSED_IN_A_ROW
