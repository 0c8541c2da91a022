"""Major incidents as somebody looks them through: how the open ones stand, and one with its cases."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.incidents.record import Child, IncidentPhase
from domain.incidents.views import IncidentView
from domain.naming import case_number
from domain.record import CaseRow
from starter.door.faults import Fault
from starter.door.incidents import find_incident, list_incidents, see_children, see_incident
from starter.door.permission import staff_only
from starter.door.session import Session

MOST = 100
"""Incidents that are listed (ours)."""

_LOOKED_INTO = 20  # open ones that are asked how they stand


class Listed(NamedTuple):
    """An incident in the list; `view` is how it stands, None where it is over or does not answer."""

    number: str
    title: str
    level: str | None
    phase: str | None
    declared_at: datetime
    view: IncidentView | None

    @property
    def is_over(self) -> bool:
        """Whether it is closed."""
        return self.phase == IncidentPhase.CLOSED


class LinkedCase(NamedTuple):
    """A case the incident has had, with its row where the store has it."""

    number: str
    child: Child
    row: CaseRow | None


class OneIncident(NamedTuple):
    """An incident and every case it has had, in the order they joined."""

    view: IncidentView
    cases: tuple[LinkedCase, ...]


async def see_incidents(session: Session, actor: Actor) -> tuple[Listed, ...]:
    """List incidents, the latest first, and ask the open ones how they stand. Raises: Fault."""
    records = await list_incidents(session, actor, MOST)
    is_open = [one["incident_id"] for one in records if one["phase"] != IncidentPhase.CLOSED]
    views = await _views(session, is_open[:_LOOKED_INTO])
    return tuple(
        Listed(
            number=one["number"] or one["incident_id"],
            title=one["title"],
            level=one["level"],
            phase=one["phase"],
            declared_at=datetime.fromisoformat(one["declared_at"]),
            view=views.get(one["incident_id"]),
        )
        for one in records
    )


async def see_one(session: Session, actor: Actor, incident: str) -> OneIncident:
    """Read an incident and its cases. Raises: Fault (refused, not found, unreachable)."""
    staff_only(actor, "an incident")
    identity = await find_incident(session, incident)
    view = await see_incident(session, identity)
    children = await see_children(session, identity, view.had)

    async def read(store: CaseStore) -> dict[str, CaseRow | None]:
        return {one.case_id: await store.case_row(one.case_id) for one in children}

    rows = await session.read(read)
    cases = tuple(LinkedCase(case_number(one.case_id), one, rows[one.case_id]) for one in children)
    return OneIncident(view, cases)


async def _views(session: Session, ids: Sequence[str]) -> dict[str, IncidentView]:
    """Ask incidents how they stand; of one that does not answer nothing is known."""
    found = await asyncio.gather(*(see_incident(session, one) for one in ids), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Fault):
            raise one
    return {id_: view for id_, view in zip(ids, found, strict=True) if isinstance(view, IncidentView)}
