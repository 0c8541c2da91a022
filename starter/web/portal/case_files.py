"""Files at the portal's page of a case: given by a form of their own, and handed out."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.faults import Fault, Kind
from starter.door.files import Given, find_file, take
from starter.web.board.answers import see_other
from starter.web.board.case_files import unsent
from starter.web.board.case_seen import CASE, NEWEST, seen_by
from starter.web.board.case_written import REQUEST
from starter.web.board.visitors import FORM_TOKEN, away_of, from_here, session_of, with_token
from starter.web.handed_out import handed_out
from starter.web.portal.answers import base_of, speech_for
from starter.web.portal.case_page import case_page
from starter.web.portal.refusals import status_of, wrong_in
from starter.web.portal.visitors import customer
from starter.web.request_bytes import Unread
from starter.web.uploads import uploaded


async def give(request: Request) -> Response:
    """Take files, and lead on to the case; or show it with all that is wrong with them."""
    from_here(request)
    who, session = await customer(request), session_of(request)
    seen = await seen_by(request, who)
    try:
        async with uploaded(request, session) as form:
            request.state.form = {name: [told] for name, told in form.fields.items()}
            with_token(form.fields.get(FORM_TOKEN, ""), who)
            text = form.fields.get("text", "").strip()
            given = Given(text or None, None, form.fields.get(REQUEST) or None)
            try:
                kept = await take(session, who.actor, seen.view.case_id, form.files.files, given)
            except Fault as fault:
                if fault.is_for_audit or fault.code == "CaseNotFound":
                    raise
                if fault.kind is Kind.UNREACHABLE:
                    away_of(request).is_away(fault.code)
                say = speech_for(request, seen.view.language, seen.view.zone)
                wrong, status = wrong_in(fault, (), say), status_of(fault)
                details = tuple(fault.lines) or wrong.details
                return await case_page(request, who, seen, status, files=((wrong.lead, *details), text))
    except Unread as error:
        raise unsent(error) from None
    told = {"said": "files", NEWEST: kept.answer.receipt.version or 0}
    return see_other(f"{base_of(request)}{CASE}/{seen.view.number}?{urlencode(told)}")


async def hand_out(request: Request) -> Response:
    """Hand a file out, to be kept."""
    who = await customer(request)
    seen = await seen_by(request, who)
    file_id = request.path_params["file"]
    return handed_out(await find_file(session_of(request), who.actor, seen.view.case_id, file_id))


ROUTES = [
    Route(f"{CASE}/{{case}}/files", give, methods=["POST"]),
    Route(f"{CASE}/{{case}}/files/{{file}}", hand_out, methods=["GET"]),
]
