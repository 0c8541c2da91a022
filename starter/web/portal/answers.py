"""How a page of the portal is answered: drawn from its own templates, in the reader's language."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from activities.plain_text import one_line, plain
from starter.web.board.answers import FOR_EVER, asset_path
from starter.web.board.visitors import Visitor
from starter.web.file_rows import TEMPLATES
from starter.web.page_templates import templates_in
from starter.web.portal.speech import NAMES, Speech, spoken

_HERE = Path(__file__).parent
CSS = "portal.css"
LANGUAGE = "sunrelay-language"
"""The cookie in which a browser keeps the language somebody has chosen."""


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Draw a page; `say` is in the language of the request, unless a page knows better."""
    who: Visitor | None = getattr(request.state, "visitor", None)
    given = {"visitor": who, "base": request.scope.get("root_path", ""), "names": NAMES, "tab": None}
    given |= {"say": speech_for(request), "here": request.url.path, **facts}
    return HTMLResponse(_drawn().get_template(template).render(**given), status)


def speech_for(request: Request, wanted: str | None = None, zone: str = "UTC") -> Speech:
    """Return what speaks to whoever asks: in the language they chose, that of a case, their browser's."""
    chosen = request.cookies.get(LANGUAGE, "")
    ranges = request.headers.get("accept-language", "")[:200].split(",")
    asked = [one.partition(";")[0].strip() for one in ranges]
    return Speech(spoken(filter(None, (chosen, wanted, *asked))), zone)


def base_of(request: Request) -> str:
    """Return the path under which the portal is."""
    return str(request.scope.get("root_path", ""))


@lru_cache
def _drawn() -> Environment:
    drawn = templates_in(_HERE / "templates", TEMPLATES)
    drawn.globals.update(board_asset=asset_path, css=_css()[1])
    drawn.filters.update(line=one_line, text=plain)
    return drawn


@lru_cache
def _css() -> tuple[bytes, str]:
    content = (_HERE / "static" / CSS).read_bytes()
    return content, sha256(content).hexdigest()[:16]


async def asset(request: Request) -> Response:
    """Give a browser our styles."""
    content, digest = _css()
    if request.path_params["digest"] != digest:
        return Response(status_code=404)
    return Response(content, media_type="text/css", headers={"Cache-Control": FOR_EVER})
