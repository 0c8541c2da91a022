"""The pages of the desk put together, and what is said where something kept one from being drawn."""

import asyncio
import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.board import Board
from starter.door.deliveries import Webhooks
from starter.door.faults import Fault, Kind
from starter.door.provider import Provider
from starter.door.session import Session
from starter.door.vendor_list import VendorHere
from starter.web.board import (
    board_page,
    case_page,
    coverage_page,
    incidents_page,
    policies_page,
    provider_sign_in,
    rehearsal_page,
    rota_page,
    sign_in,
    statistics_page,
    stream,
    undelivered_page,
    vendors_page,
)
from starter.web.board.answers import Guarded, asset, page, see_other
from starter.web.board.away import Away, what_is_away
from starter.web.board.case_letters import Writing
from starter.web.board.case_writers import Writers
from starter.web.board.case_written import typed_in
from starter.web.board.feed import Feed
from starter.web.board.provider_sign_in import provider_name
from starter.web.board.visitors import LedOn, Unknown, Unsent, away_of, form_of, note_at_page

_STATUS = {
    Kind.USAGE: 400,
    Kind.NOT_FOUND: 404,
    Kind.UNREACHABLE: 503,
    Kind.UNKNOWN: 504,
    Kind.FAULT: 500,
    Kind.UNAUTHENTICATED: 401,
}
_RETRY = {"Retry-After": "5"}  # s (ours)
_PARTS = (
    board_page,
    case_page,
    sign_in,
    provider_sign_in,
    stream,
    coverage_page,
    rota_page,
    incidents_page,
    policies_page,
    vendors_page,
    statistics_page,
    rehearsal_page,
    undelivered_page,
)
_log = logging.getLogger("sunrelay.board")


def board(
    session: Session,
    writing: Writing | None = None,
    provider: Provider | None = None,
    portal: str | None = None,
    *,
    webhooks: Webhooks | None = None,
    vendor: VendorHere | None = None,
) -> Guarded:
    """Make the application; `writing` is of letters as this desk sends them, else without its own address.

    Browsers sign in at the `provider`, if its settings say where they reach the board. Customers are led to
    the `portal`, if there is one. What got lost is sent again by `webhooks`; `vendor` is the one set up here.
    """
    app = Starlette(
        routes=[
            *(route for part in _PARTS for route in part.ROUTES),
            Route("/assets/{digest}/{name}", asset, methods=["GET"]),
        ],
        exception_handlers={
            Unknown: _unknown,
            LedOn: led_on,
            Unsent: _unsent,
            Fault: _fault,
            HTTPException: _elsewhere,
            Exception: _ours,
        },
    )
    app.state.session = session
    app.state.portal = portal
    app.state.away = Away(session)
    app.state.provider = provider if provider and provider.settings.board_url else None
    app.state.board = Board(session)
    app.state.feed = Feed(app.state.board, session.now, app.state.away)
    app.state.writing = writing or Writing()
    app.state.writers = Writers()
    app.state.rehearsing = asyncio.Lock()
    app.state.webhooks = webhooks
    app.state.vendor = vendor
    return Guarded(app)


async def _unknown(request: Request, _error: Exception) -> Response:
    return page("sign_in.html", 401, was_link=False, provider=provider_name(request), **_head(request))


async def led_on(_request: Request, error: Exception) -> Response:
    """Lead somebody to the pages that are theirs."""
    assert isinstance(error, LedOn)
    return see_other(error.where)


async def _unsent(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unsent)
    return _notice(request, error.status, error.reason, f"Nothing was sent. {error.remedy}")


async def _fault(request: Request, error: Exception) -> Response:
    """Say what the core could not do; a part of the desk that is away is said with since when."""
    assert isinstance(error, Fault)
    await note_at_page(request, error)
    if error.kind is Kind.UNREACHABLE:
        return _away(request, error)
    status = 403 if error.code == "RoleNotPermitted" else _STATUS.get(error.kind, 409)
    return _notice(request, status, error.reason, error.remedy, error.lines)


def _away(request: Request, error: Fault) -> Response:
    since = away_of(request).is_away(error.code)
    what = what_is_away(error.code)
    answer = page("away.html", 503, what=what, reason=error.reason, since=since, **_head(request))
    answer.headers.update(_RETRY)
    return answer


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _notice(request, 404, "There is no such page", "The board has all there is.")
    return _notice(request, error.status_code, str(error.detail), "")


async def _ours(request: Request, error: Exception) -> Response:
    _log.error("a page ended by a fault of ours", exc_info=error)
    return _notice(request, 500, "A fault of ours kept this page from being drawn", "Try it again.")


def _notice(request: Request, status: int, reason: str, remedy: str, lines: Sequence[str] = ()) -> Response:
    return page("notice.html", status, reason=reason, remedy=remedy, lines=lines, **_head(request))


def _head(request: Request) -> dict[str, object]:
    """Say who looks, what they sent that was not taken, and where they may go on."""
    typed = typed_in(form_of(request))
    leads_back = request.method == "GET" or "verb" in request.path_params  # each form has a page of its own
    here = request.url.path if leads_back else "/"
    return {"visitor": getattr(request.state, "visitor", None), "tab": None, "typed": typed, "here": here}
