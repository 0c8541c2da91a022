"""The door a vendor calls us through: `POST /vendor`, signed, small, and answered at once.

A call is read within 10 s and 64 KiB, then proved, then understood, in this order: nothing
is parsed that is not the vendor's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from starter.web.vendor_answers import Answer
from starter.web.vendor_events import Heard, heard
from starter.web.vendor_proof import Proof, Seen

MAX_BODY = 64 * 1024  # bytes
WITHIN = 10.0  # s, for reading a call

PassOn = Callable[[Heard], Awaitable[str]]
Unproved = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


def listening_app(
    proof: Proof, pass_on: PassOn, *, within: float = WITHIN, unproved: Unproved | None = None
) -> Starlette:
    """Make the application; `pass_on` hands what was heard to its case, `unproved` hears of who is nobody."""
    seen = Seen()

    async def take(request: Request) -> Response:
        try:
            body = await read_body(request, within)
            identity = proof.check(body, request.headers)
            if seen.is_repeated(identity, body):
                return JSONResponse({"code": "Repeated"}, 202)
            said = heard(body, identity, datetime.now(UTC))
            await pass_on(said)
        except Answer as answer:
            _log.info("a call was answered %s", answer)
            if answer.status == 401 and unproved is not None:
                await unproved()
            return JSONResponse(answer.as_record(), answer.status)
        seen.keep(identity, body)
        _log.info("%s was passed on as %s", identity, said.verb)
        return JSONResponse({"code": "Accepted"}, 202)

    async def is_well(_request: Request) -> Response:
        return JSONResponse({"code": "Ready"})

    return Starlette(
        routes=[Route("/vendor", take, methods=["POST"]), Route("/health", is_well, methods=["GET"])],
        exception_handlers={HTTPException: _elsewhere, Exception: _fault},
    )


async def read_body(request: Request, within: float = WITHIN) -> bytes:
    """Read a call's body. Raises: Answer (400, 408, 413)."""
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told[:12]) > MAX_BODY:
        raise _too_large()
    read = bytearray()
    try:
        async with asyncio.timeout(within):
            async for part in request.stream():
                read += part
                if len(read) > MAX_BODY:
                    raise _too_large()
    except TimeoutError:
        raise Answer(408, "RequestTimeout", f"the body did not arrive within {within:g} s") from None
    except ClientDisconnect:
        raise Answer(400, "ValidationError", "the call ended before its body") from None
    return bytes(read)


def _too_large() -> Answer:
    return Answer(413, "PayloadTooLarge", f"more than {MAX_BODY} bytes")


async def _elsewhere(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "NotFound", 405: "MethodNotAllowed"}.get(error.status_code, "RequestRefused")
    return JSONResponse({"code": code, "reason": "calls are POSTed to /vendor"}, error.status_code)


async def _fault(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"code": "InternalError", "reason": "try again with the same webhook-id"}, 500)
