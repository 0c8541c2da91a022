"""The API as one application: who calls is known, what goes wrong is a problem, each call has an id."""

import logging
import re
import time
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.actor import Door
from starter.door.audit import note_refusal
from starter.door.faults import Fault, Kind
from starter.door.identity import Caller
from starter.web.api import cases, deliveries, desk, drafts, exports, files, lateness, promises, search
from starter.web.api.callers import Backing, asked_for
from starter.web.api.described import BODIES, gathered_faults, times_of_day
from starter.web.api.problems import Problem, Refusal, answer_fault, answer_refusal, answer_status
from starter.web.api.samples import worked
from starter.web.api.speaking import verbs_router

PREFIX = "/v1"
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_OURS = Fault(Kind.FAULT, "InternalError", "a fault of ours ended the call", "repeat it with the same key")
_log = logging.getLogger(__name__)
_WORDS = """Support cases that keep their promises.

Every call needs `Authorization: Bearer` with an API key or a token of your identity provider; who speaks is
taken from it. Every POST needs an `Idempotency-Key`. What goes wrong is answered as
`application/problem+json` with a `code`, a `remedy` and a pointer to each field at fault.
"""


def api(backing: Backing) -> FastAPI:
    """Make the application."""
    app = FastAPI(
        title="Sunrelay",
        version="1",
        description=_WORDS,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.backing = backing
    parts = (promises, search, desk, drafts, exports, deliveries, files, lateness)
    for router in (cases.router, verbs_router(), *(part.router for part in parts)):
        app.include_router(router, prefix=PREFIX)
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _elsewhere)
    app.add_middleware(_Named)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


class _Named:
    """Gives a call its id, notes it, and lets nothing of ours out where it ends badly."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, began, status = Request(scope), time.perf_counter(), 0
        given = request.headers.get("x-request-id", "")
        request.state.id = given if _ID.fullmatch(given) else str(uuid4())
        request.state.headers = {}

        async def sends(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update({**request.state.headers, "X-Request-Id": request.state.id})
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, sends)
        except Exception:
            _log.exception("call %s ended by a fault of ours", request.state.id)
            if status:
                raise  # the answer had begun
            await answer_fault(_OURS, request.state.id)(scope, receive, sends)
        backing: Backing = request.app.state.backing
        backing.calls.note(request, status, time.perf_counter() - began)


async def _fault(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, Fault)
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is not None:
        backing: Backing = request.app.state.backing
        await note_refusal(
            backing.session,
            fault,
            door=Door.API,
            asked=asked_for(request),
            credential=caller.credential,
            actor=caller.actor,
        )
    return answer_fault(fault, request.state.id, reads=request.method == "GET")


async def _refusal(request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    return answer_refusal(refusal, request.state.id)


async def _misread(request: Request, error: Exception) -> JSONResponse:
    """Name every parameter at fault."""
    assert isinstance(error, RequestValidationError)
    told = [
        (str(one["loc"][min(1, len(one["loc"]) - 1)]), one["msg"].replace("Input should", "it must"))
        for one in error.errors()
    ]
    reason = "; ".join(f"{name}: {words}" for name, words in told)
    remedy = "correct the parameters; /v1/openapi.json has them all"
    fault = Fault(Kind.REFUSED, "ValidationError", reason, remedy, [name for name, _ in told])
    return answer_fault(fault, request.state.id)


async def _elsewhere(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return answer_status(error.status_code, request.state.id, str(error.detail), error.headers)


def _described(app: FastAPI) -> dict[str, Any]:
    """Describe the API once; the records of its bodies are our own."""
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            servers=[{"url": "/", "description": "Where this description is served."}],
        )
        template = "#/components/schemas/{model}"
        models = [(model, "validation") for model in (*BODIES.values(), Problem)]
        _, more = models_json_schema(models, ref_template=template)  # type: ignore[arg-type]
        described["components"]["schemas"] |= more["$defs"]
        times_of_day(described["components"]["schemas"])
        gathered_faults(described)
        worked(described, PREFIX)
        app.openapi_schema = described
    return app.openapi_schema
