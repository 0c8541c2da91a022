"""Which case a page is about, read from our store where that is as new as what its reader was told."""

from starlette.requests import Request

from starter.door.case_lookup import find_stored
from starter.door.case_reader import Seen, find_for, see, see_stored
from starter.door.faults import Fault, Kind
from starter.web.board.case_written import number_in
from starter.web.board.visitors import Visitor, away_of, session_of

CASE = "/cases"
NEWEST = "v"
"""Names in a query the version of the case that its reader was answered with."""


async def seen_by(request: Request, who: Visitor) -> Seen:
    """Read the case that is meant. Raises: Fault (not found, away)."""
    session, case = session_of(request), request.path_params["case"]
    case_id = await find_for(session, who.actor, await find_stored(session, case) or case)
    seen = await see_stored(session, who.actor, case_id, newest_told(request))
    return seen or await see_or_stored(request, who, case_id)


def newest_told(request: Request) -> int:
    """Return the version of the case that its reader was answered with, 0 where there was no answer."""
    return number_in({NEWEST: request.query_params.getlist(NEWEST)}, NEWEST)


async def see_or_stored(request: Request, who: Visitor, case_id: str) -> Seen:
    """Ask the case itself; while the engine is away, read what our store has of it. Raises: Fault."""
    session = session_of(request)
    older = await see_stored(session, who.actor, case_id)
    if older is not None and who.away is not None:
        return older
    try:
        return await see(session, who.actor, case_id)
    except Fault as fault:
        if fault.kind is not Kind.UNREACHABLE:
            raise
        away_of(request).is_away(fault.code)
        if older is None:
            raise
        return older
