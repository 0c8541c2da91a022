"""How a page is answered: drawn from a template, never kept by anybody, closed to frames and foreign scripts.

Every text is escaped where it is put into a page; `bdi` keeps its reading order to itself.
"""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from activities.plain_text import one_line, plain
from starter.door.plain import counted, span, words
from starter.web.board import wall_clock
from starter.web.board.places import places_for
from starter.web.file_rows import TEMPLATES
from starter.web.page_templates import templates_in
from starter.web.rehearsal.page import PARTS, dress

_HERE = Path(__file__).parent
_MEDIA = {
    "board.css": "text/css",
    "board.js": "text/javascript",
    "case.css": "text/css",
    "case.js": "text/javascript",
    "figures.css": "text/css",
    "rehearsal.css": "text/css",
    "rehearsal.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",  # with none at all a browser would not say where a form comes from
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
FOR_EVER = "public, max-age=31536000, immutable"


class Guarded:
    """An application whose every answer, also to a fault of ours, has the headers that keep a page ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


def page(template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Draw a page."""
    return HTMLResponse(_drawn().get_template(template).render(now=datetime.now(UTC), **facts), status)


def part(template: str, **facts: Any) -> str:
    """Draw a part of a page."""
    return _drawn().get_template(template).render(**facts)


def see_other(where: str) -> RedirectResponse:
    """Lead a browser on after a form was sent, so that going back sends nothing twice."""
    return RedirectResponse(where, 303)


@lru_cache
def _drawn() -> Environment:
    drawn = templates_in(_HERE / "templates", TEMPLATES, PARTS)
    dress(drawn)
    drawn.globals.update(asset=asset_path, counted=counted, places_for=places_for)
    drawn.filters.update(line=one_line, text=plain, words=words, span=span, iso=_iso)
    drawn.filters.update(city=wall_clock.city, day=wall_clock.day, second=wall_clock.second)
    return drawn


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache
def _asset(name: str) -> tuple[bytes, str]:
    content = (_HERE / "static" / name).read_bytes()
    return content, sha256(content).hexdigest()[:16]


def asset_path(name: str) -> str:
    """Return where a file of ours is; another content is another place, so that browsers may keep it."""
    return f"/assets/{_asset(name)[1]}/{name}"


async def asset(request: Request) -> Response:
    """Give a browser a file of ours."""
    name = request.path_params["name"]
    if name not in _MEDIA or request.path_params["digest"] != _asset(name)[1]:
        return Response(status_code=404)
    return Response(_asset(name)[0], media_type=_MEDIA[name], headers={"Cache-Control": FOR_EVER})
