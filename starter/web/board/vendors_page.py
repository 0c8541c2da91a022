"""The page of the vendors: which one is set up, and which cases are with them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.vendor_list import MOST, see_vendors
from starter.web.board.answers import page
from starter.web.board.visitors import session_of, visitor

VENDORS = "/vendors"


async def show_vendors(request: Request) -> Response:
    """Show how the vendor is reached from here, and the cases that are with them."""
    who = await visitor(request)
    found = await see_vendors(session_of(request), who.actor, request.app.state.vendor)
    return page("vendors.html", visitor=who, found=found, most=MOST)


ROUTES = [Route(VENDORS, show_vendors, methods=["GET"])]
