"""Coming in by a link, and going out.

Whoever looks at what a link leads to is shown a button, for mail scanners and chat programs look at every
link; the button uses the link up. The link is in the path, and nothing of it is logged.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.actor import Door
from starter.door.browser_sessions import come_in, see_link, sign_out
from starter.door.faults import Fault, Kind
from starter.web.board.answers import page, see_other
from starter.web.board.provider_sign_in import provider_name
from starter.web.board.visitors import (
    is_secure,
    let_in,
    let_out,
    read_form,
    secret_of,
    session_of,
    speaking,
)

LINK = "/link"
SIGN_OUT = "/sign-out"


async def show_link(request: Request) -> Response:
    """Show whom a link signs in, and a button."""
    try:
        person = await see_link(session_of(request), request.path_params["secret"])
    except Fault as fault:
        return _used(request, fault)
    return page("link.html", person=person)


async def use_link(request: Request) -> Response:
    """Sign somebody in, once."""
    await read_form(request)
    try:
        begun = await come_in(session_of(request), request.path_params["secret"], Door.BOARD)
    except Fault as fault:
        return _used(request, fault)
    return let_in(see_other("/"), begun, secure=is_secure(request))


async def leave(request: Request) -> Response:
    """Sign somebody out."""
    await speaking(request)
    secret = secret_of(request)
    assert secret is not None
    await sign_out(session_of(request), secret)
    return let_out(page("signed_out.html"))


def _used(request: Request, fault: Fault) -> Response:
    if fault.kind is not Kind.UNAUTHENTICATED:
        raise fault
    return page("sign_in.html", 404, was_link=True, typed=(), provider=provider_name(request))


ROUTES = [
    Route(f"{LINK}/{{secret}}", show_link, methods=["GET"]),
    Route(f"{LINK}/{{secret}}", use_link, methods=["POST"]),
    Route(SIGN_OUT, leave, methods=["POST"]),
]
