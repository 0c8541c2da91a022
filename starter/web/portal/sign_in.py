"""Coming in by a mailed link, going out, and the language pages are in.

Whether an address is known shows nowhere: the answer to who asks for a link is the same, and given at once.
Looking at what a link leads to uses nothing up, for mail scanners look at every link; the button there does.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.actor import Door
from domain.mailbox import is_mailbox
from starter.door.browser_sessions import come_in, see_link, sign_out
from starter.door.faults import Fault, Kind
from starter.web.board.answers import see_other
from starter.web.board.provider_sign_in import SIGN_IN as PROVIDER_SIGN_IN
from starter.web.board.provider_sign_in import provider_name
from starter.web.board.visitors import is_secure, let_in, let_out, read_form, secret_of, session_of
from starter.web.portal.answers import LANGUAGE, base_of, page, speech_for
from starter.web.portal.mailed_links import LINK, MailedLinks
from starter.web.portal.speech import NAMES
from starter.web.portal.visitors import customer_speaking, outfit_of

SIGN_IN = "/sign-in"
_KEEPS_LANGUAGE = timedelta(days=365)


def sign_in_page(request: Request, status: int, **facts: object) -> Response:
    """Show where one asks for a link, and what led there."""
    known = {"was_link": False, "was_unsent": False, "typed": (), "bad_address": None, **facts}
    return page(
        request,
        "sign_in.html",
        status,
        mails_links=outfit_of(request).mails_links,
        provider=provider_name(request),
        provider_path=PROVIDER_SIGN_IN,
        **known,
    )


async def show_sign_in(request: Request) -> Response:
    """Show where one asks for a link."""
    return sign_in_page(request, 200)


async def ask_for_link(request: Request) -> Response:
    """Take an address; what is answered does not depend on whether we know it."""
    form = await read_form(request)
    address = next(iter(form.get("address", ())), "").strip()[:320]
    if not is_mailbox(address):
        return sign_in_page(request, 422, bad_address=address)
    if not outfit_of(request).mails_links:
        return sign_in_page(request, 200)
    at, say = session_of(request).now(), speech_for(request)
    links: MailedLinks = request.app.state.links
    links.ask(address, say, at)
    return page(request, "asked.html", at=say.when(at), second=f"{at:%H:%M:%S} UTC")


async def show_link(request: Request) -> Response:
    """Show whom a link signs in, and a button."""
    try:
        person = await see_link(session_of(request), request.path_params["secret"])
    except Fault as fault:
        return _opens_nothing(request, fault)
    return page(request, "link.html", person=person)


async def use_link(request: Request) -> Response:
    """Sign somebody in, once."""
    await read_form(request)
    try:
        begun = await come_in(session_of(request), request.path_params["secret"], Door.PORTAL)
    except Fault as fault:
        return _opens_nothing(request, fault)
    return let_in(see_other(f"{base_of(request)}/"), begun, secure=is_secure(request))


async def leave(request: Request) -> Response:
    """Sign somebody out."""
    await customer_speaking(request)
    secret = secret_of(request)
    assert secret is not None
    await sign_out(session_of(request), secret)
    request.state.visitor = None
    return let_out(page(request, "signed_out.html"))


async def choose_language(request: Request) -> Response:
    """Keep in this browser which language somebody reads, and go back to where they were."""
    form = await read_form(request)
    language, back = (next(iter(form.get(name, ())), "") for name in ("language", "back"))
    base = base_of(request)
    is_ours = back.startswith(f"{base}/") and not any(char in back for char in "\\:\r\n") and "//" not in back
    answer = see_other(back if is_ours else f"{base}/")
    if language in NAMES:
        answer.set_cookie(
            LANGUAGE,
            language,
            max_age=int(_KEEPS_LANGUAGE.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )
    return answer


def _opens_nothing(request: Request, fault: Fault) -> Response:
    if fault.kind is not Kind.UNAUTHENTICATED:
        raise fault
    return sign_in_page(request, 404, was_link=True)


ROUTES = [
    Route(SIGN_IN, show_sign_in, methods=["GET"]),
    Route(SIGN_IN, ask_for_link, methods=["POST"]),
    Route(f"/{LINK}/{{secret}}", show_link, methods=["GET"]),
    Route(f"/{LINK}/{{secret}}", use_link, methods=["POST"]),
    Route("/sign-out", leave, methods=["POST"]),
    Route("/language", choose_language, methods=["POST"]),
]
