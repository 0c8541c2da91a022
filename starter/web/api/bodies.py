"""Reads the body of a call: one JSON object of at most 256 KiB, within 10 s, not nested beyond reason.

What it means is the core's to say: it names every field at fault at once.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request

from starter.web.api.problems import Refusal
from starter.web.request_bytes import WITHIN, Unread, bytes_of

MAX_BODY = 256 * 1024  # bytes


@dataclass(frozen=True)
class Body:
    """The fields of a body, and a digest of them whatever their order."""

    fields: dict[str, Any]

    @property
    def digest(self) -> str:
        """Return what tells this body from another: 64 hex digits."""
        return hashlib.sha256(json.dumps(self.fields, sort_keys=True).encode()).hexdigest()


def no_fields(body: Body) -> None:
    """See that nothing is said where the path says it all. Raises: Refusal (422)."""
    if body.fields:
        reason = "; ".join(f"{name}: it is no field here" for name in sorted(body.fields)[:50])
        raise Refusal(422, "ValidationError", reason, "send no body")


async def read_body(request: Request, within: float = WITHIN) -> Body:
    """Read a JSON object; no body at all is an empty one. Raises: Refusal (400, 408, 413, 415)."""
    raw = await _bytes_of(request, within)
    if not raw.strip():
        return Body({})
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "MediaTypeUnknown", f"the body is {kind or 'of no type'}", "send application/json")
    try:
        fields = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise _unreadable(str(error)) from None
    if not isinstance(fields, dict):
        raise _unreadable("it is no object")
    try:
        json.dumps(fields).encode()
    except (UnicodeEncodeError, RecursionError):
        raise _unreadable("it holds characters that are none") from None
    return Body(fields)


async def _bytes_of(request: Request, within: float) -> bytes:
    try:
        return await bytes_of(request, MAX_BODY, within)
    except Unread as error:
        match error.status:
            case 408:
                reason = f"the body did not arrive within {within:g} s"
                told = Refusal(
                    408, "RequestTimeout", reason, "send it again", headers={"Connection": "close"}
                )
            case 413:
                remedy = "shorten it; longer texts and files are references"
                told = Refusal(413, "PayloadTooLarge", f"{error.size} bytes, more than {MAX_BODY}", remedy)
            case _:
                told = _unreadable("the call ended before it")
        raise told from None


def _unreadable(why: str) -> Refusal:
    return Refusal(400, "BodyUnreadable", f"the body cannot be read: {why[:200]}", "send one JSON object")
