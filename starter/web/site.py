"""Everything of ours that answers over HTTP, on one port: API, board, portal, vendors, surveys, records.

What is not set up here is not there. `/health` is outside every limit, and asks nobody else how they are.
"""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from activities.receipts.signature import KEYS, VERIFY
from starter.web.api.application import PREFIX
from starter.web.survey import PATH as SURVEY

_HEALTH = "/health"
_VENDOR = "/vendor"
_API = f"{PREFIX}{{rest:path}}"

PORTAL = "/portal"
"""Where the pages of customers are."""


def site(
    api: ASGIApp,
    survey: Starlette | None = None,
    vendor: Starlette | None = None,
    board: ASGIApp | None = None,
    portal: ASGIApp | None = None,
    receipts: Starlette | None = None,
) -> Starlette:
    """Put the applications together; each keeps its own limits and its own words."""
    routes: list[Route | Mount] = [Route(_HEALTH, _is_well, methods=["GET"])]
    for app, path in ((survey, SURVEY), (vendor, _VENDOR), (receipts, VERIFY), (receipts, KEYS)):
        if app is not None:
            routes += _routes_of(app, path)
    if portal is not None:
        routes += [Route(PORTAL, _to_the_portal, methods=["GET"]), Mount(PORTAL, portal)]
    if board is not None:
        routes += [Route(_API, _Within(api)), Mount("/", board)]
    else:
        routes.append(Mount("/", api))
    return Starlette(routes=routes)


def _routes_of(app: Starlette, path: str) -> Sequence[Route]:
    """Let an application answer for its paths, as itself."""
    return [
        Route(one.path, _Within(app), methods=list(one.methods or ()))
        for one in app.routes
        if isinstance(one, Route) and one.path.startswith(path)
    ]


class _Within:
    """An application as the endpoint of a route: it gets the call as it came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(scope, receive, send)  # type: ignore[arg-type]


async def _to_the_portal(_request: Request) -> Response:
    return RedirectResponse(f"{PORTAL}/", 308)


async def _is_well(_request: Request) -> Response:
    return JSONResponse({"code": "Ready"})
