"""Promises that a change of policy moves, as people read them: in UTC and by the centre's own clock."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from domain.case import Case
from domain.frozen import Frozen
from domain.policy import SupportPolicy
from domain.recomputing import Moved
from domain.time.local_time import LocalZone
from policies.zones import local_zone


class MovedPromise(Frozen):
    """One promise that moves: both instants in UTC, and by the centre's clock with its offset.

    `by_seconds` is below zero where it falls due earlier; `at_once`: it would have been due by now.
    """

    clock: str
    old_due_at: datetime
    due_at: datetime
    old_due_local: datetime
    due_local: datetime
    by_seconds: int
    at_once: bool


class MovedCase(Frozen):
    """A case of which promises move; `zone` is that of the centre that owns it."""

    case_id: str
    number: str
    tenant: str
    level: str
    phase: str
    region: str
    zone: str
    moved: tuple[MovedPromise, ...]


class PromiseTotal(Frozen):
    """What the moves of one promise add up to: how many cases, in which direction, and by how much."""

    clock: str
    cases: int
    earlier: int
    later: int
    at_once: int
    by_seconds: int


def moved_case(case: Case, moved: Iterable[Moved], policy: SupportPolicy) -> MovedCase:
    """Show what moves of a case; a centre that the policy does not have any more reads the case's clock."""
    known = policy.regions.get(case.region)
    zone = known.zone if known else case.terms.calendar.zone.name
    return MovedCase(
        case_id=case.id,
        number=case.number,
        tenant=case.request.tenant,
        level=case.level,
        phase=case.phase,
        region=case.region,
        zone=zone,
        moved=tuple(_shown(one, zone) for one in moved),
    )


def totals_of(cases: Iterable[MovedCase]) -> tuple[PromiseTotal, ...]:
    """Add up what moves, promise by promise, in the order in which they first occur."""
    found: dict[str, list[MovedPromise]] = {}
    for case in cases:
        for one in case.moved:
            found.setdefault(one.clock, []).append(one)
    return tuple(
        PromiseTotal(
            clock=clock,
            cases=len(moved),
            earlier=sum(one.by_seconds < 0 for one in moved),
            later=sum(one.by_seconds > 0 for one in moved),
            at_once=sum(one.at_once for one in moved),
            by_seconds=sum(one.by_seconds for one in moved),
        )
        for clock, moved in found.items()
    )


def _shown(one: Moved, zone: str) -> MovedPromise:
    return MovedPromise(
        clock=one.clock,
        old_due_at=one.old_due_at,
        due_at=one.due_at,
        old_due_local=_local(one.old_due_at, zone),
        due_local=_local(one.due_at, zone),
        by_seconds=int(one.by / timedelta(seconds=1)),
        at_once=one.at_once,
    )


def _local(at: datetime, zone: str) -> datetime:
    there: LocalZone = local_zone(zone, at, at)
    return at.astimezone(UTC).astimezone(timezone(there.offset_at(at)))
