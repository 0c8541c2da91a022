"""A week of a centre as its rota plans it: who works when, who is away, and when nobody is planned."""

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from activities.people.rota import Rota
from domain.actor import Actor
from domain.centres.rota import Presence
from domain.centres.shifts import OpenSpan, without
from starter.door.coverage_day import CentreHours, Planned, see_coverage
from starter.door.days import Days
from starter.door.permission import staff_only
from starter.door.policies_in_force import known_regions, policy_named, policy_with
from starter.door.session import Session


class DayPlan(NamedTuple):
    """One day by the centre's own clock: when it is open, who works, and when it is open and nobody does."""

    start: datetime
    open: tuple[OpenSpan, ...]
    planned: tuple[Planned, ...]
    gaps: tuple[OpenSpan, ...]


class WeekPlan(NamedTuple):
    """The week of a centre; `people` are those of its rota, and its guests. Without any there are no gaps."""

    centre: CentreHours
    days: Days
    people: tuple[Presence, ...]
    plan: tuple[DayPlan, ...]


async def see_week(session: Session, actor: Actor, centre: str, days: Days) -> WeekPlan:
    """Read the plan of a known centre for some days by its own clock. Raises: Fault."""
    staff_only(actor, "the rota")
    local = days.model_copy(update={"zone": known_regions()[centre].zone})
    policy = policy_named(policy_with(centre))
    (found,) = (await see_coverage(session, actor, policy, local, (centre,))).centres
    people = await session.read(lambda store: Rota(store).people(centre))
    bounds = local.bounds()
    plan = tuple(
        _day(found, start, end, has_rota=any(one.engineer.region == centre for one in people))
        for start, end in pairwise(bounds)
    )
    return WeekPlan(found, local, people, plan)


def _day(centre: CentreHours, start: datetime, end: datetime, *, has_rota: bool) -> DayPlan:
    """Return what begins on a day, and what of the day itself nobody is planned for."""
    inside = tuple(span for one in centre.open if (span := _part(one, start, end)))
    busy = tuple(one.span for one in centre.planned)
    return DayPlan(
        start=start,
        open=tuple(one for one in centre.open if start <= one.opens_at < end),
        planned=tuple(one for one in centre.planned if start <= one.span.opens_at < end),
        gaps=without(inside, busy) if has_rota else (),
    )


def _part(span: OpenSpan, start: datetime, end: datetime) -> OpenSpan | None:
    opens_at, closes_at = max(span.opens_at, start), min(span.closes_at, end)
    return OpenSpan(opens_at=opens_at, closes_at=closes_at) if opens_at < closes_at else None
