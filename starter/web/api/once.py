"""A request of a program is carried out once: under its Idempotency-Key it is answered alike for ever.

The key is the request id of the message too, so that a call that broke off after the case had taken it finds
it taken. What was answered is kept in our store, for as long as the case.
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse

from activities.store.answered import Answered
from starter.web.api.bodies import Body, read_body
from starter.web.api.callers import Call
from starter.web.api.headers import REPLAYED
from starter.web.api.problems import Refusal

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Answer:
    """What a request is answered: a status, a record, headers, and whose case it is of."""

    status: int
    record: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    case_id: str | None = None
    is_final: bool = True


Do = Callable[[Body, str], Awaitable[Answer]]
"""Carries a request out: its body, and the request id its key stands for."""


async def once(call: Call, do: Do) -> JSONResponse:
    """Carry a request out, or answer it as before. Raises: Fault; Refusal (400, 413, 415, 422)."""
    key = key_of(call)
    call.request.state.message_request_id = said_as = request_id(call, key)
    body = await read_body(call.request)
    digest = hashlib.sha256(f"{call.request.url.path}\n{body.digest}".encode()).hexdigest()
    known = await call.session.read(lambda store: store.answered.find(_name(call), key))
    if known is not None:
        return _again(known, digest, key)
    answer = await do(body, said_as)
    if answer.case_id is not None:
        call.is_about(answer.case_id)
    if answer.is_final:
        await _keep(call, key, digest, answer)
    return _response(answer.status, dict(answer.record), answer.headers)


def key_of(call: Call) -> str:
    """Return the key of a request. Raises: Refusal (400)."""
    key = call.request.headers.get("idempotency-key", "").strip().strip('"')
    if not key:
        remedy = "send Idempotency-Key, new for each thing you do and the same when you repeat it"
        raise Refusal(400, "IdempotencyKeyMissing", "there is no Idempotency-Key", remedy)
    if not _KEY.fullmatch(key):
        remedy = "use 1 to 255 visible ASCII characters, such as a UUID"
        raise Refusal(400, "IdempotencyKeyInvalid", "the Idempotency-Key is no key", remedy)
    return key


def request_id(call: Call, key: str) -> str:
    """Name the request by its key and whose it is: another caller's equal key is another request."""
    return "api-" + hashlib.sha256(f"{_name(call)}\n{key}".encode()).hexdigest()[:32]


def _name(call: Call) -> str:
    """Name who calls, whichever of their credentials they use."""
    actor = call.actor
    return json.dumps([actor.kind.value, actor.tenant, actor.name or call.caller.credential])


def _again(known: Answered, digest: str, key: str) -> JSONResponse:
    if known.digest != digest:
        reason = f"the Idempotency-Key {key} was used before, for something else"
        remedy = "use a new key; what was done under this one stands"
        raise Refusal(422, "IdempotencyKeyReused", reason, remedy)
    return _response(known.status, json.loads(known.body), {REPLAYED: "true"})


async def _keep(call: Call, key: str, digest: str, answer: Answer) -> None:
    """Keep an answer, so that it is given again; without the store the case itself knows the request."""
    kept = Answered(
        caller=_name(call),
        key=key,
        digest=digest,
        status=answer.status,
        body=json.dumps(answer.record),
        case_id=answer.case_id,
        answered_at=call.session.now(),
    )
    store = await call.session.store()
    try:
        await store.answered.keep(kept)
    except store.unusable:
        return  # the case has taken the request, and knows it by its id


def _response(status: int, record: dict[str, Any], headers: Mapping[str, str]) -> JSONResponse:
    more = (
        {"Location": f"/v1/cases/{record['case_id']}"} if status in (201, 202) and "case_id" in record else {}
    )
    return JSONResponse(record, status, headers={**more, **headers})
