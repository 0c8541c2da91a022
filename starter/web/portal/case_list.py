"""The cases of a company: the open ones by what falls due first, then the closed ones, the newest first."""

from datetime import datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.store.case_list import CaseFilter
from domain.clocks import Clock
from domain.phase import Phase
from domain.record import CaseRow
from starter.door.board_facts import BoardFacts
from starter.door.case_lists import list_cases
from starter.web.board.visitors import session_of
from starter.web.portal.answers import page, speech_for
from starter.web.portal.speech import Speech
from starter.web.portal.visitors import customer

_MOST_OPEN, _MOST_OVER = 200, 50
_OVER = (Phase.RESOLVED, Phase.CLOSED, Phase.ARCHIVED)


class Line(NamedTuple):
    """One case in the list: what is next for its customer, by its own clock, and whether that is late."""

    row: CaseRow
    received: str
    next: str
    is_late: bool


async def show_cases(request: Request) -> Response:
    """List the cases of a company that its visitor may see."""
    who, session = await customer(request), session_of(request)
    before = _instant(request.query_params.get("before", ""))
    wanted = CaseFilter(open_only=True, limit=_MOST_OPEN)
    running = () if before else await list_cases(session, who.actor, wanted)
    over = await list_cases(
        session,
        who.actor,
        CaseFilter(phases=_OVER, newest_first=True, received_before=before, limit=_MOST_OVER),
    )
    zones = {
        case_id: facts.zone for case_id, facts in (await BoardFacts(session).of((*running, *over))).items()
    }
    say, now = speech_for(request), session.now()
    return page(
        request,
        "cases.html",
        tab="cases",
        company=who.actor.tenant,
        running=[_line(row, say, zones, now) for row in running],
        over=[_line(row, say, zones, now) for row in over],
        older=over[-1].received_at.isoformat() if len(over) == _MOST_OVER else None,
        is_first=before is None,
    )


def _line(row: CaseRow, say: Speech, zones: dict[str, str], now: datetime) -> Line:
    say = Speech(say.language, zones.get(row.case_id, "UTC"))
    clock = Clock(row.owed_clock) if row.owed_clock else None
    if clock is None or row.owed_at is None or not clock.is_told:
        return Line(row, say.when(row.received_at), "", False)
    due = say.plain("by", when=say.when(row.owed_at))
    return Line(row, say.when(row.received_at), f"{say.plain(f'clock_{clock}')}, {due}", row.owed_at < now)


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and 1970 < at.year < 9999 else None


ROUTES = [Route("/", show_cases, methods=["GET"])]
