"""What a link in a letter leads to: one case, to read. Nothing is done there, and it leads nowhere else."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.words.case_links import PATH
from activities.words.signed_links import LinkInvalid
from starter.door.case_links import case_behind
from starter.door.faults import Fault, Kind
from starter.web.board.visitors import session_of
from starter.web.portal.answers import page, speech_for
from starter.web.portal.standing import standing_of
from starter.web.portal.visitors import outfit_of


async def show_case_link(request: Request) -> Response:
    """Show the case of a link, whoever holds it; of any other the answer is the same."""
    session = session_of(request)
    try:
        ticket = outfit_of(request).case_links.read(request.path_params["token"])
        seen, reader = await case_behind(session, ticket)
    except LinkInvalid:
        return _opens_nothing(request)
    except Fault as fault:
        if fault.kind is not Kind.NOT_FOUND:
            raise
        return _opens_nothing(request)
    say = speech_for(request, seen.view.language, seen.view.zone)
    it = await standing_of(session, reader, seen, say)
    return page(request, "case_link.html", say=say, it=it, until=say.when(ticket.until))


def _opens_nothing(request: Request) -> Response:
    return page(request, "case_link_bad.html", 404)


ROUTES = [Route(f"/{PATH}/{{token}}", show_case_link, methods=["GET"])]
