"""Files at the page of a case: given by a form of their own, and handed out."""

from types import MappingProxyType
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.files import in_bytes
from domain.messages.request import MOST_FILES
from domain.uploads import MOST_BYTES
from starter.door.case_reader import Seen
from starter.door.faults import Fault, Kind
from starter.door.files import Given, find_file, take
from starter.web.board.answers import page
from starter.web.board.case_saying import say_said
from starter.web.board.case_seen import CASE, seen_by
from starter.web.board.case_written import REQUEST
from starter.web.board.visitors import (
    FORM_TOKEN,
    Unsent,
    Visitor,
    from_here,
    not_ours,
    session_of,
    visitor,
    with_token,
)
from starter.web.handed_out import handed_out
from starter.web.request_bytes import Unread
from starter.web.uploads import WITHIN, UploadForm, uploaded

WORDS = MappingProxyType(
    {
        "none": "None yet.",
        "internal": "internal",
        "files": "Files",
        "bounds": f"At most {MOST_FILES}, and {in_bytes(MOST_BYTES)} together. No programs.",
        "text": "What they are (may be left out)",
        "whom": "For whom",
        "ours": "our own people alone",
        "theirs": "the customer may read them",
        "give": "Give files",
    }
)


def carried_by(who: Visitor) -> dict[str, str]:
    """Return what the form of files carries unseen: that it is ours, and what it is known by again."""
    return {FORM_TOKEN: who.known.form_token, REQUEST: f"files-{uuid4()}"}


async def give(request: Request) -> Response:
    """Take files; what is wrong with them is told at once, and what was typed comes back."""
    from_here(request)
    who = await visitor(request)
    seen, session = await seen_by(request, who), session_of(request)
    try:
        async with uploaded(request, session) as form:
            request.state.form = {name: [told] for name, told in form.fields.items()}
            with_token(form.fields.get(FORM_TOKEN, ""), who)
            try:
                kept = await take(session, who.actor, seen.view.case_id, form.files.files, _given(form))
            except Fault as fault:
                if fault.is_for_audit or fault.code == "CaseNotFound":
                    raise
                return _refused(who, seen, form, fault)
    except Unread as error:
        raise unsent(error) from None
    receipt = kept.answer.receipt
    return say_said(seen, kept.verb, receipt.version, (*receipt.warnings, *kept.answer.warnings))


async def hand_out(request: Request) -> Response:
    """Hand a file out, to be kept."""
    who = await visitor(request)
    seen = await seen_by(request, who)
    file_id = request.path_params["file"]
    return handed_out(await find_file(session_of(request), who.actor, seen.view.case_id, file_id))


def _given(form: UploadForm) -> Given:
    internal = form.fields.get("internal") != "false"
    return Given(form.fields.get("text", "").strip() or None, internal, form.fields.get(REQUEST) or None)


def _refused(who: Visitor, seen: Seen, form: UploadForm, fault: Fault) -> Response:
    status = {Kind.UNREACHABLE: 503, Kind.UNKNOWN: 504, Kind.FAULT: 500}.get(fault.kind, 409)
    lines = fault.lines or (f"{fault.reason}; {fault.remedy}" if fault.remedy else fault.reason,)
    carried = carried_by(who)
    if fault.kind in (Kind.UNREACHABLE, Kind.UNKNOWN):
        carried[REQUEST] = form.fields.get(REQUEST) or carried[REQUEST]  # perhaps it was taken
    return page(
        "files_refused.html",
        status,
        visitor=who,
        view=seen.view,
        lines=lines,
        words=WORDS,
        carried=carried,
        text=form.fields.get("text", ""),
    )


def unsent(error: Unread) -> Unsent:
    """Say why files did not come in."""
    remedy = "Go back, and send fewer at a time, or the part that shows the problem."
    match error.status:
        case 408:
            reason = f"The files did not arrive within {WITHIN:g} s"
        case 413:
            reason = f"This is too large: more than {in_bytes(error.size)}"
        case 415:
            return not_ours()
        case _:
            reason, remedy = "The files did not arrive as a whole", "Go back, and send them again."
    return Unsent(error.status, reason, remedy)


ROUTES = [
    Route(f"{CASE}/{{case}}/files", give, methods=["POST"]),
    Route(f"{CASE}/{{case}}/files/{{file}}", hand_out, methods=["GET"]),
]
