"""The door before Temporal's UI: it answers to its own names, and takes changes from its own pages alone.

The UI itself asks nobody who they are and answers under any name. A web page elsewhere can
make a browser ask it, under the page's own name or across origins; neither passes here. The same door stands
before a mail catcher. WebSockets do not pass: Temporal's UI has none, and a catcher's page does without.
"""

from collections.abc import Iterable

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from starter.web.guard import HEALTH

_READS = ("GET", "HEAD")
_CHANGES = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LONGEST_POLL = 90.0  # s; the UI waits up to a minute for news of a case
_HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"proxy-authorization",
    )
)


def own_names(port: int) -> tuple[str, ...]:
    """Return the names of a door on loopback, as a Host header writes them."""
    return tuple(f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]"))


def page_behind(upstream: str) -> bool:
    """Tell whether this is the address of a page a door can stand before: plain HTTP, with a host."""
    try:
        behind = httpx.URL(upstream)
    except httpx.InvalidURL:
        return False
    return behind.scheme == "http" and bool(behind.host)


def ui_app(upstream: str, names: Iterable[str]) -> Starlette:
    """Make the door before the UI at `upstream`; `names` are the Host headers it answers to."""
    known = frozenset(name.lower() for name in names)
    client = httpx.AsyncClient(timeout=_LONGEST_POLL, follow_redirects=False, trust_env=False)

    async def pass_on(request: Request) -> Response:
        if reason := _foreign(request, known):
            return PlainTextResponse(f"{reason}; this door answers at http://{min(known)}\n", 403)
        try:
            answer = await client.send(_onwards(client, upstream, request), stream=True)
        except httpx.TransportError:
            return PlainTextResponse("the page behind this door does not answer\n", 502)
        passed = StreamingResponse(answer.aiter_raw(), answer.status_code, background=_closing(answer))
        passed.raw_headers = _passed(answer.headers.raw)
        return passed

    async def is_well(_request: Request) -> Response:
        return PlainTextResponse("ready\n")

    everything = Route("/{path:path}", pass_on, methods=[*_READS, *_CHANGES])
    return Starlette(routes=[Route(HEALTH, is_well, methods=["GET"]), everything])


def _foreign(request: Request, known: frozenset[str]) -> str | None:
    """Say why a request is not one of our own pages' (or of a person who typed the address), or None."""
    if request.headers.get("host", "").lower() not in known:
        return "not a name of this door"
    origin = request.headers.get("origin")
    if origin is None:
        return None if request.method in _READS else "no origin was named"
    scheme, _, name = origin.lower().partition("://")
    return None if scheme == "http" and name in known else "asked by a page of elsewhere"


def _onwards(client: httpx.AsyncClient, upstream: str, request: Request) -> httpx.Request:
    target = request.scope["raw_path"] + b"?" + request.scope["query_string"]
    url = httpx.URL(upstream).copy_with(raw_path=target.removesuffix(b"?"))
    body = request.stream() if request.method in _CHANGES else None
    return client.build_request(request.method, url, headers=_passed(request.headers.raw), content=body)


def _passed(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def _closing(answer: httpx.Response) -> BackgroundTask:
    return BackgroundTask(answer.aclose)
