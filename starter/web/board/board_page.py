"""The lists of the board, the search through all cases, and taking the next case."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.store.case_search import Search
from starter.door.board import Board, Lists, Wanted
from starter.door.centre_now import see_centre
from starter.door.engine_now import has_workers
from starter.door.faults import Fault
from starter.door.finding import find_cases
from starter.door.policies_in_force import known_regions
from starter.web.board.answers import page, see_other
from starter.web.board.away import SERVER
from starter.web.board.case_seen import CASE
from starter.web.board.cells import BLANK, cells
from starter.web.board.past import Past, asked_instant
from starter.web.board.past_pages import show_list_as_of
from starter.web.board.visitors import Visitor, away_of, session_of, speaking, visitor
from starter.web.board.wanted import PATHS, TITLES, address, query_of, read_wanted, stream_address

PULL = "/pull"
SEARCH = "/search"
_MOST_FOUND = 50


async def show_list(request: Request) -> Response:
    """Show a list of cases."""
    shown = next(one for one, path in PATHS.items() if path == request.url.path)
    who, board = await visitor(request), board_of(request)
    wanted = await _with_centre(board, who, read_wanted(shown, request.query_params))
    if (at := asked_instant(request.query_params)) is not None:
        return await show_list_as_of(request, who, wanted, at)
    found = await board.page(who.actor, wanted)
    facts = await _centre_facts(request, who, wanted, found.at) if shown is Lists.CENTRE else {"centre": None}
    last = found.lines[-1].place if found.more else None
    return page(
        "board.html",
        visitor=who,
        tab=shown,
        title=TITLES[shown],
        tabs=[(one, TITLES[one], PATHS[one], found.counts[one]) for one in Lists],
        wanted=wanted,
        past=Past(found.at, found.at, who.zone, PATHS[shown], query_of(wanted)),
        found=found,
        rows=[cells(line, who.zone, found.at) for line in found.lines],
        blank=BLANK,
        stream=stream_address(wanted) if wanted.after is None else "",
        first=address(wanted) if wanted.after else "",
        more=address(wanted, last) if last else "",
        here=PATHS[shown],
        **facts,
    )


async def show_found(request: Request) -> Response:
    """Show what was found; a number that is one case's leads to it."""
    who, session = await visitor(request), session_of(request)
    text = request.query_params.get("q", "").strip()[:200]
    found = await find_cases(session, who.actor, Search(text=text, limit=_MOST_FOUND))
    if found.total == 1 and found.cases[0].row.number in text.upper():
        return see_other(f"{CASE}/{found.cases[0].row.number}")
    return page("search.html", visitor=who, text=text, found=found, most=_MOST_FOUND)


async def pull(request: Request) -> Response:
    """Give the visitor the first case in their centre that nobody has, and lead them to it."""
    who, _ = await speaking(request)
    number = await board_of(request).pull(who.actor)
    return see_other(f"{CASE}/{number}")


def board_of(request: Request) -> Board:
    """Return the board all visitors share."""
    board: Board = request.app.state.board
    return board


async def _with_centre(board: Board, who: Visitor, wanted: Wanted) -> Wanted:
    return wanted.model_copy(update={"centre": await board.centre_of(who.actor, wanted.centre)})


async def _centre_facts(request: Request, who: Visitor, wanted: Wanted, now: datetime) -> dict[str, Any]:
    """Read how a centre stands, and whether its workers are there."""
    name, session, board = wanted.centre or "", session_of(request), board_of(request)
    centre = await see_centre(session, who.actor, name)
    return {
        "centre": centre,
        "centres": sorted(known_regions()),
        "span": centre.centre.span_at(now),
        "opens_at": centre.centre.opens_after(now),
        "zone": ZoneInfo(centre.zone),
        "workers": await _workers(request, who, name),
        "offers": await board.offers(who.actor, name),
        "unowned": await board.unowned(name),
    }


async def _workers(request: Request, who: Visitor, centre: str) -> bool | None:
    """Tell whether a centre's workers are there; None where the engine does not say it."""
    if who.away is not None and who.away.code == SERVER:
        return None
    try:
        return await has_workers(session_of(request), centre)
    except Fault:
        away_of(request).is_away(SERVER)
        return None


ROUTES = [
    *(Route(path, show_list, methods=["GET"]) for path in PATHS.values()),
    Route(SEARCH, show_found, methods=["GET"]),
    Route(PULL, pull, methods=["POST"]),
]
