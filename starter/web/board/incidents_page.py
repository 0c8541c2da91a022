"""The pages of major incidents: those that are open and those that were, and one with its cases.

The engine alone knows them: where it is away that is said, and nothing else is.
"""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.faults import Fault, Kind
from starter.door.incident_list import Listed, see_incidents, see_one
from starter.reports.incident_rows import incident_rows, next_update
from starter.reports.sentences import person
from starter.web.board.answers import page
from starter.web.board.visitors import away_of, session_of, visitor
from starter.web.board.wall_clock import full_day

INCIDENTS = "/incidents"


async def show_incidents(request: Request) -> Response:
    """Show the incidents, the latest first, and when the next news of each open one is due."""
    who = await visitor(request)
    found: tuple[Listed, ...] | None = None
    try:
        found = await see_incidents(session_of(request), who.actor)
    except Fault as fault:
        if fault.kind is not Kind.UNREACHABLE:
            raise
        away_of(request).is_away(fault.code)

    def due(one: Listed) -> str:
        return (one.view and next_update(one.view, lambda at: full_day(at, who.zone))) or "–"

    return page(
        "incidents.html",
        visitor=who,
        found=found,
        open=[(one, due(one)) for one in found or () if not one.is_over],
        past=[one for one in found or () if one.is_over],
    )


async def show_incident(request: Request) -> Response:
    """Show how an incident stands, its cases, and what was said."""
    who = await visitor(request)
    found = await see_one(session_of(request), who.actor, request.path_params["incident"])

    def when(at: datetime) -> str:
        return full_day(at, who.zone)

    rows = incident_rows(found.view, when)
    return page(
        "incident.html",
        visitor=who,
        view=found.view,
        facts=[(label, text) for label, text in rows if text is not None],
        cases=found.cases,
        told=[(entry, person(entry)) for entry in reversed(found.view.timeline)],
    )


ROUTES = [
    Route(INCIDENTS, show_incidents, methods=["GET"]),
    Route(f"{INCIDENTS}/{{incident}}", show_incident, methods=["GET"]),
]
