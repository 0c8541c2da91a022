"""The page behind a survey's link: looking at it records nothing, sending its form records one answer.

Mail scanners follow every link they see, so only a POST counts. Of the token nothing is
logged: whoever has it may answer.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from activities.plain_text import plain
from activities.words.signed_links import LinkInvalid
from starter.door.faults import Fault, Kind
from starter.door.session import Session
from starter.web import survey_page
from starter.web.survey_answers import Asked, look_up, take
from starter.web.vendor import read_body
from starter.web.vendor_answers import Answer

if TYPE_CHECKING:
    from activities.words.survey_links import SurveyLinks

PATH = "/survey"

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_ENDED = {"SurveyAlreadyAnswered": ("answered", 409), "SurveyClosed": ("closed", 410)}
_BAD_TOKEN = ("unknown", 404)

_log = logging.getLogger(__name__)


def survey_app(session: Session, links: "SurveyLinks") -> Starlette:
    """Make the application: a page for each link, and its form."""

    async def page(request: Request) -> Response:
        try:
            asked = await _asked(session, links, request)
            if asked.is_answered:
                return _notice(asked, "answered", 200)
            if datetime.now(UTC) > asked.ticket.until:
                return _notice(asked, "closed", 410)
            return _html(survey_page.form(asked)) if request.method != "POST" else await _post(asked, request)
        except _Ended as ended:
            return ended.answer

    async def _post(asked: Asked, request: Request) -> Response:
        given = await _fields(request)
        try:
            await take(session, asked, given)
        except Fault as fault:
            return _refused(asked, fault, given)
        return _notice(asked, "thanks", 200)

    async def is_well(_request: Request) -> Response:
        return PlainTextResponse("ready\n")

    routes = [
        Route(f"{PATH}/{{token}}", page, methods=["GET", "POST"]),
        Route("/health", is_well, methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={Exception: _fault, 404: _nowhere})


class _Ended(Exception):
    """Carries an answer out that ends a request early."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


async def _asked(session: Session, links: "SurveyLinks", request: Request) -> Asked:
    """Read which survey a link is about. Raises: _Ended."""
    try:
        return await look_up(session, links.read(request.path_params["token"]))
    except LinkInvalid:
        raise _Ended(_html(survey_page.notice(_wished(request), _BAD_TOKEN[0]), _BAD_TOKEN[1])) from None
    except Fault as fault:
        what, status = _BAD_TOKEN if fault.kind is Kind.NOT_FOUND else ("later", 503)
        raise _Ended(_html(survey_page.notice(_wished(request), what), status)) from None


async def _fields(request: Request) -> Mapping[str, str]:
    """Read the form, at most 64 KiB within 10 s. Raises: _Ended."""
    try:
        body = await read_body(request)
        given = parse_qs(body.decode("ascii", "replace"), max_num_fields=20)
    except (Answer, ValueError) as error:
        status = error.status if isinstance(error, Answer) else 400
        raise _Ended(_html(survey_page.notice(_wished(request), "later"), status)) from None
    filled_in = {one: given.get(one, [""])[0] for one in survey_page.FIELDS}
    texts = {one: plain(filled_in[one])[: survey_page.MOST_CHARACTERS] for one in survey_page.TEXTS}
    return filled_in | texts


def _refused(asked: Asked, fault: Fault, given: Mapping[str, str]) -> Response:
    """Say why an answer was not taken; a form filled in wrongly comes back as it was."""
    if fault.code == "ValidationError":
        return _html(survey_page.form(asked, given, mistake=True), 422)
    what, status = _ENDED.get(fault.code, ("later", 503))
    if status == 503:
        _log.warning("an answer about %s was not taken: %s", asked.case.number, fault.code)
    return _notice(asked, what, status)


def _notice(asked: Asked, what: str, status: int) -> Response:
    return _html(survey_page.notice(asked.case.request.language, what), status)


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, headers=_HEADERS)


def _wished(request: Request) -> str:
    """Take the first language the browser asks for; the case's own is not known yet."""
    return request.headers.get("accept-language", "en").partition(",")[0].partition(";")[0].strip()


async def _nowhere(request: Request, _error: Exception) -> Response:
    return _html(survey_page.notice(_wished(request), _BAD_TOKEN[0]), _BAD_TOKEN[1])


async def _fault(request: Request, _error: Exception) -> Response:
    return _html(survey_page.notice(_wished(request), "later"), 500)
