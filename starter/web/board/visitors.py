"""Who is at the pages: their session, and the proof that a form is one of ours.

A form counts where the browser says that it comes from this very place (`Origin`) and it carries what only a
page of this session has; the cookie alone, which a browser sends along for anybody, moves nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Actor, Door
from starter.door.audit import note_refusal
from starter.door.browser_sessions import Begun, Known, is_form_token, who_is_in
from starter.door.faults import Fault, Kind
from starter.door.identity import Caller
from starter.door.permission import staff_only
from starter.door.reader_zone import zone_of
from starter.door.session import Session
from starter.web.board.away import STORE, Away, Missing
from starter.web.request_bytes import WITHIN, Unread, bytes_of

FORM_TOKEN = "form"  # noqa: S105  the name of a field
_COOKIE = "sunrelay"
_SECURE_COOKIE = f"__Host-{_COOKIE}"
_MOST_FIELDS = 200

MOST_IN_A_FORM = 256 * 1024
"""Bytes of a form as it is sent (ours), where a letter may take nine: five texts of 8 KiB in any script."""


class Unknown(Exception):
    """Ends a call of whom we do not know."""


class LedOn(Exception):
    """Ends a call of somebody whose pages are elsewhere: where these begin."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class Unsent(Exception):
    """Ends a call with a form that was not taken: why, in words, and what to do."""

    def __init__(self, status: int, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Visitor:
    """Somebody at the pages, the clock they read, and what of the engine they have to do without."""

    known: Known
    zone: ZoneInfo
    away: Missing | None = None

    @property
    def actor(self) -> Actor:
        """Who speaks."""
        return self.known.caller.actor

    @property
    def caller(self) -> Caller:
        """Who speaks, and by which session."""
        return self.known.caller


def session_of(request: Request) -> Session:
    """Return what the core works with."""
    session: Session = request.app.state.session
    return session


def away_of(request: Request) -> Away:
    """Return what all pages know of what is away."""
    away: Away = request.app.state.away
    return away


async def visitor(request: Request) -> Visitor:
    """Return who looks at a page for our own people. Raises: Unknown; LedOn; Fault (refused, unreachable)."""
    known = await who_is_at(request, Door.BOARD)
    portal: str | None = request.app.state.portal
    if portal is not None and known.caller.actor.is_requester and request.method == "GET":
        raise LedOn(portal)
    staff_only(known.caller.actor, "the board")
    return await reading(request, known, await zone_of(session_of(request), known.caller.actor))


async def reading(request: Request, known: Known, zone: ZoneInfo) -> Visitor:
    """Return who looks at a page, by which clock; pages that end early know it, too."""
    found = Visitor(known, zone, await away_of(request).engine())
    request.state.visitor = found
    return found


async def who_is_at(request: Request, door: Door) -> Known:
    """Return whose session a browser is in, whoever that is. Raises: Unknown; Fault (unreachable)."""
    secret = secret_of(request)
    if secret is None:
        raise Unknown
    try:
        known = await who_is_in(session_of(request), secret, door)
    except Fault as fault:
        if fault.kind is Kind.UNAUTHENTICATED:
            raise Unknown from None
        raise
    away_of(request).is_back(STORE)
    request.state.caller = known.caller
    return known


async def note_at_page(request: Request, fault: Fault) -> None:
    """Note what was refused to somebody whose session we know, at the door they came through."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or caller.actor.door is None:
        return
    route = getattr(request.scope.get("route"), "path", "elsewhere")
    await note_refusal(
        session_of(request),
        fault,
        door=caller.actor.door,
        asked=f"{request.method} {route}",
        credential=caller.credential,
        actor=caller.actor,
    )


async def speaking(
    request: Request, who: Callable[[Request], Awaitable[Visitor]] = visitor
) -> tuple[Visitor, Mapping[str, list[str]]]:
    """Return who sends a form, and what is in it. Raises: Unknown; Unsent; Fault."""
    form = await read_form(request)
    found = await who(request)
    with_token(next(iter(form.get(FORM_TOKEN, [])), ""), found)
    return found, form


def with_token(token: str, found: Visitor) -> None:
    """See that a form is of the session it comes with. Raises: Unsent."""
    if not is_form_token(token, found.known):
        reason = "This form is of another session"
        raise Unsent(403, reason, "Somebody has signed in anew since its page was loaded. Load it again.")


async def read_form(request: Request) -> Mapping[str, list[str]]:
    """Read a form that a browser says it sends from here; what is in it stays at hand. Raises: Unsent."""
    from_here(request)
    try:
        body = await bytes_of(request, MOST_IN_A_FORM)
    except Unread as error:
        raise _unread(error) from None
    try:
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Unsent(400, "This form has more fields than any of ours", "Load the page again.") from None
    request.state.form = form
    return form


def from_here(request: Request) -> None:
    """See that a browser says it sends a form from a page of ours. Raises: Unsent."""
    if not _is_from_here(request):
        raise not_ours()


def not_ours() -> Unsent:
    """Return what ends a call with a form that no page of ours has."""
    return Unsent(403, "This form is not one of ours", "Go back, load the page again and send it.")


def form_of(request: Request) -> Mapping[str, list[str]]:
    """Return what a form of ours held, whatever became of it; nothing where none was sent."""
    form: Mapping[str, list[str]] = getattr(request.state, "form", {})
    return form


def _unread(error: Unread) -> Unsent:
    if error.status == 413:
        reason = f"This form is too large: {error.size // 1024} KiB, and {MOST_IN_A_FORM // 1024} are taken"
        remedy = "Go back: what you typed is still there. Shorten it; a long log is better linked."
    else:
        reason = f"This form did not arrive within {WITHIN:g} s"
        remedy = "Go back: what you typed is still there. Send it again."
    return Unsent(error.status, reason, remedy)


def _is_from_here(request: Request) -> bool:
    """Tell whether the page a form was on has our own host and port; a proxy may have changed the scheme."""
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.headers.get("host", "")


def is_secure(request: Request) -> bool:
    """Tell whether the browser came by https, by its own word: what is behind a proxy sees http."""
    return request.headers.get("origin", "").startswith("https:")


def secret_of(request: Request) -> str | None:
    """Return the secret of the session a browser is in."""
    return request.cookies.get(_SECURE_COOKIE) or request.cookies.get(_COOKIE)


def let_in(response: Response, begun: Begun, *, secure: bool) -> Response:
    """Give a browser its session. No other site's page sends it along, and no script reads it."""
    name = _SECURE_COOKIE if secure else _COOKIE
    response.set_cookie(
        name, begun.secret, expires=begun.expires_at, httponly=True, samesite="lax", secure=secure
    )
    return response


def let_out(response: Response) -> Response:
    """Take a browser's session away, and the drafts it keeps."""
    response.delete_cookie(_COOKIE, httponly=True, samesite="lax")
    response.delete_cookie(_SECURE_COOKIE, httponly=True, samesite="lax", secure=True)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
