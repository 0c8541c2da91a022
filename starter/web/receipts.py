"""Where anybody checks the record of a promise: a page to paste it or hand in its file, and our public keys.

Nobody signs in, nothing is kept, and nothing that was sent is repeated: what is shown is what a key of ours
has signed.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_form
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from activities.receipts.signature import KEYS, VERIFY, Believed
from starter.door.faults import Fault
from starter.door.promise_receipts import Checked, check_receipt, with_what_is_known
from starter.door.session import Session
from starter.web import receipt_page
from starter.web.request_bytes import Unread, bytes_of

MOST = 64 * 1024  # bytes of a form

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_KEY_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}
_log = logging.getLogger(__name__)
Page = Callable[[Request], Awaitable[Response]]


def receipts_app(session: Session, believed: Believed) -> Starlette:
    """Make the application: the page, what is sent to it, and the keys."""

    async def page(request: Request) -> Response:
        if request.method != "POST":
            return _html(receipt_page.form(_wished(request)))
        language = _wished(request)
        try:
            checked = check_receipt(_sent(request, await bytes_of(request, MOST)), believed)
        except Unread as unread:
            return _html(receipt_page.refused(language, "ReceiptTooLarge"), unread.status)
        except Fault as fault:
            return _html(receipt_page.refused(language, fault.code), 422)
        return _html(receipt_page.result(language, await _known(session, checked), session.now()))

    async def keys(_request: Request) -> Response:
        return JSONResponse(believed.published, headers=_KEY_HEADERS, media_type="application/jwk-set+json")

    return Starlette(
        routes=[
            Route(VERIFY, page, methods=["GET", "POST"]),
            Route(KEYS, keys, methods=["GET"]),
        ],
        exception_handlers={Exception: _fault},
    )


async def _known(session: Session, checked: Checked) -> Checked:
    with suppress(Fault):  # a record stands by itself, whether the store is there or not
        return await with_what_is_known(session, checked)
    return checked


def _sent(request: Request, body: bytes) -> bytes:
    """Return what was handed in as a file, else what was pasted; nothing, where it is no form at all."""
    found: dict[bytes, bytes] = {}

    def field(one: object) -> None:
        name, value = getattr(one, "field_name", None), getattr(one, "value", None)
        if name is not None and value is not None:
            found.setdefault(bytes(name), bytes(value))

    def file(one: object) -> None:
        name, content = getattr(one, "field_name", None), getattr(one, "file_object", None)
        if name is not None and content is not None:
            content.seek(0)
            found.setdefault(bytes(name), content.read())

    headers = {
        "Content-Type": request.headers.get("content-type", "").encode("latin-1"),
        "Content-Length": str(len(body)).encode(),
    }
    try:
        parse_form(headers, BytesIO(body), field, file)
    except (FormParserError, ValueError):
        return b""
    return found.get(b"file") or found.get(b"record", b"")


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, headers=_HEADERS)


def _wished(request: Request) -> str:
    """Take the first language of ours that the browser asks for."""
    return receipt_page.language_of(request.headers.get("accept-language", ""))


async def _fault(request: Request, _error: Exception) -> Response:
    _log.exception("a record could not be checked")
    return _html(receipt_page.refused(_wished(request), "InternalError"), 500)
