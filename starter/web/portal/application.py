"""The pages of the portal put together, and what is said where something kept one from being drawn."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.faults import Fault, Kind
from starter.door.provider import Provider
from starter.door.session import Session
from starter.web.board.answers import Guarded
from starter.web.board.application import led_on
from starter.web.board.away import Away
from starter.web.board.case_written import typed_in
from starter.web.board.visitors import LedOn, Unknown, Unsent, away_of, form_of, note_at_page
from starter.web.portal import (
    case_files,
    case_link,
    case_list,
    case_page,
    case_records,
    lodging,
    saying,
    sign_in,
)
from starter.web.portal.answers import CSS, asset, page
from starter.web.portal.mailed_links import MailedLinks
from starter.web.portal.sign_in import sign_in_page
from starter.web.portal.visitors import Outfit

_RETRY = {"Retry-After": "5"}  # s (ours)
_log = logging.getLogger("sunrelay.portal")


def portal(session: Session, outfit: Outfit | None = None, provider: Provider | None = None) -> Guarded:
    """Make the application, to be mounted; browsers may sign in at the `provider`, as at the board."""
    app = Starlette(
        routes=[
            *case_list.ROUTES,
            *lodging.ROUTES,
            *case_page.ROUTES,
            *saying.ROUTES,
            *case_files.ROUTES,
            *case_records.ROUTES,
            *case_link.ROUTES,
            *sign_in.ROUTES,
            Route(f"/assets/{{digest}}/{CSS}", asset, methods=["GET"]),
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
    app.state.away = Away(session)
    app.state.provider = provider if provider and provider.settings.board_url else None
    app.state.outfit = outfit or Outfit()
    app.state.links = MailedLinks(session, app.state.outfit)
    return Guarded(app)


async def _unknown(request: Request, _error: Exception) -> Response:
    typed = typed_in(form_of(request))
    return sign_in_page(request, 401, was_unsent=request.method == "POST", typed=typed)


async def _unsent(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unsent)
    return _notice(request, error.status, "wrong_form", "wrong_form_remedy")


async def _fault(request: Request, error: Exception) -> Response:
    """Say what the core could not do, in the reader's language; another's case is not there."""
    assert isinstance(error, Fault)
    await note_at_page(request, error)
    match error.kind:
        case Kind.NOT_FOUND | Kind.USAGE:
            return _notice(request, 404, "not_found_title", "not_found")
        case Kind.UNREACHABLE | Kind.UNKNOWN:
            away_of(request).is_away(error.code)
            answer = _notice(request, 503, "later_title", "later")
            answer.headers.update(_RETRY)
            return answer
        case Kind.FAULT:
            return _notice(request, 500, "fault_title", "fault")
        case _:
            return _notice(request, 403, "forbidden_title", "forbidden")


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _notice(request, error.status_code, "not_found_title", "not_found")


async def _ours(request: Request, error: Exception) -> Response:
    _log.error("a page ended by a fault of ours", exc_info=error)
    return _notice(request, 500, "fault_title", "fault")


def _notice(request: Request, status: int, title: str, text: str) -> Response:
    return page(request, "notice.html", status, title=title, text=text, typed=typed_in(form_of(request)))
