"""What may be read from a major incident at any time."""

from datetime import datetime, timedelta

from domain.frozen import Frozen
from domain.incidents.record import Child, Incident, IncidentEntry, IncidentPhase

PAGE = 500
"""Children shown in one answer; the engine takes 2 MiB."""


class IncidentView(Frozen):
    """How an incident stands; every instant UTC. `cases` are in it now, `had` were in it at any time.

    `unheard` counts cases the last notice has not reached yet, `waiting` the notices not with everybody.
    `next_update_at` is None once it is resolved or closed; `updates_missed` counts intervals without one.
    """

    incident_id: str
    number: str
    reference: str
    title: str
    level: str | None
    phase: IncidentPhase
    declared_at: datetime
    declared_by: str
    resolved_at: datetime | None
    closed_at: datetime | None
    expected_resolution_at: datetime | None
    news: str
    impact: str | None
    cases: int
    had: int
    notices: int
    waiting: int
    unheard: int
    update_every: timedelta | None
    next_update_at: datetime | None
    updates_missed: int
    led_by: str | None
    timeline: tuple[IncidentEntry, ...]


_OF_THE_INCIDENT = frozenset(IncidentView.model_fields) & frozenset(Incident.model_fields)


def view(incident: Incident) -> IncidentView:
    """Show how the incident stands."""
    inside = [child for child in incident.children if child.is_in]
    return IncidentView(
        **{name: getattr(incident, name) for name in _OF_THE_INCIDENT},
        incident_id=incident.id,
        cases=len(inside),
        had=len(incident.children),
        waiting=len(incident.outgoing),
        update_every=incident.clock.every if incident.clock else None,
        next_update_at=incident.next_update_at,
        unheard=sum(child.heard < incident.notices and _waits(incident, child) for child in inside),
    )


def _waits(incident: Incident, child: Child) -> bool:
    return any(notice.number > child.heard for notice in incident.outgoing)


def children(incident: Incident, offset: int) -> tuple[Child, ...]:
    """List the cases from the `offset`-th on, at most 500, in the order they joined."""
    return incident.children[max(offset, 0) : max(offset, 0) + PAGE]
