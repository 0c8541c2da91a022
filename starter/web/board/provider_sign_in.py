"""Coming in by an identity provider: the browser is sent there, and comes back with a code.

What has to be the same then (state, nonce, verifier) stays in a cookie of this very browser for some minutes:
a way back that somebody else's browser began opens nothing in this one. Where a browser is sent, and where it
comes back to, are settings; nothing of an address that is asked for is ever a place to go.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.actor import Door
from starter.door import browser_sign_in
from starter.door.browser_sessions import begin
from starter.door.browser_sign_in import Pending, who_came_back
from starter.door.faults import Fault, Kind
from starter.door.identity import Subject
from starter.door.provider import Provider
from starter.web.board.answers import page, see_other
from starter.web.board.visitors import let_in, session_of

SIGN_IN = "/sign-in"
BACK = "/signed-in"

_COOKIE = "sunrelay-sign-in"
_LASTS = 600  # s to sign in at the provider (ours)
_ELSEWHERE = "It was not begun in this browser, or longer than ten minutes ago, or it is over already."
_NOT_THERE = "You were not signed in there, or what came back was not what was asked for."
_READS = TypeAdapter(Pending)


def provider_name(request: Request) -> str | None:
    """Return what people call the provider browsers sign in at; None without one."""
    provider: Provider | None = request.app.state.provider
    return provider.settings.called if provider else None


async def start(request: Request) -> Response:
    """Send a browser to the provider; not where a page of another site asks for it."""
    provider = _provider(request)
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return _not_let_in(provider, 403, why="Another site led you here: sign in by the button.")
    address, pending = await browser_sign_in.begin(provider, f"{provider.settings.board_url}{BACK}")
    sent = see_other(address)
    secure = _is_secure(provider)
    sent.set_cookie(
        _name(secure), _kept(pending), max_age=_LASTS, httponly=True, samesite="lax", secure=secure
    )
    return sent


async def come_back(request: Request) -> Response:
    """Sign in who comes back from the provider; who is nobody of ours is told so, and nobody is made."""
    provider = _provider(request)
    answer = await _answered(request, provider)
    secure = _is_secure(provider)
    answer.delete_cookie(_name(secure), httponly=True, samesite="lax", secure=secure)
    return answer


async def _answered(request: Request, provider: Provider) -> Response:
    session, pending = session_of(request), _read(request.cookies.get(_name(_is_secure(provider)), ""))
    if pending is None:
        return _not_let_in(provider, 400, why=_ELSEWHERE)
    try:
        subject = await who_came_back(session, provider, pending, str(request.url), Door.BOARD)
    except Fault as fault:
        return _refused(provider, fault)
    try:
        caller = await browser_sign_in.let_in(session, subject, Door.BOARD)
    except Fault as fault:
        return _refused(provider, fault, subject)
    return let_in(see_other("/"), await begin(session, caller), secure=_is_secure(provider))


def _refused(provider: Provider, fault: Fault, subject: Subject | None = None) -> Response:
    if fault.kind is not Kind.UNAUTHENTICATED:
        raise fault
    return _not_let_in(provider, 403, subject, _NOT_THERE)


def _not_let_in(provider: Provider, status: int, subject: Subject | None = None, why: str = "") -> Response:
    return page("not_let_in.html", status, provider=provider.settings.called, subject=subject, why=why)


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _is_secure(provider: Provider) -> bool:
    return (provider.settings.board_url or "").startswith("https:")


def _name(secure: bool) -> str:
    """Name the cookie; by https no other host can give a browser one of that name."""
    return f"__Host-{_COOKIE}" if secure else _COOKIE


def _kept(pending: Pending) -> str:
    return urlsafe_b64encode(_READS.dump_json(pending)).decode()


def _read(text: str) -> Pending | None:
    try:
        return _READS.validate_json(urlsafe_b64decode(text))
    except (ValueError, ValidationError):
        return None


ROUTES = [
    Route(SIGN_IN, start, methods=["GET"]),
    Route(BACK, come_back, methods=["GET"]),
]
