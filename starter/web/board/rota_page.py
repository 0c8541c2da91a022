"""The page of the rota: a week of one centre, who works when, and when nobody does."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.board import Board
from starter.door.days import read_day, this_week, week_of
from starter.door.faults import all_at_once
from starter.door.policies_in_force import known_region, known_regions
from starter.door.rota_week import see_week
from starter.web.board.answers import page
from starter.web.board.visitors import session_of, visitor

ROTA = "/rota"
_WEEK = timedelta(days=7)


async def show_rota(request: Request) -> Response:
    """Show a week of a centre: the viewer's own, unless another is named."""
    who, session = await visitor(request), session_of(request)
    board: Board = request.app.state.board
    asked = request.query_params.get("centre", "").strip()[:200]
    with all_at_once() as look:
        named = look.at(read_day, request.query_params.get("week", "")[:200], "week")
        centre = look.at(known_region, asked) if asked else None
    centre = centre or await board.centre_of(who.actor)
    zone, now = ZoneInfo(known_regions()[centre].zone), session.now()
    days = week_of(named, zone.key) if named else this_week(now, zone)
    return page(
        "rota.html",
        visitor=who,
        found=await see_week(session, who.actor, centre, days),
        centres=sorted(known_regions()),
        zone=zone,
        before=(days.first - _WEEK).isoformat(),
        after=(days.first + _WEEK).isoformat(),
        at=now,
    )


ROUTES = [Route(ROTA, show_rota, methods=["GET"])]
