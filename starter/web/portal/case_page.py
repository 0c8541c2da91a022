"""The page of one case for its customer, and a report of it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from activities.receipts.signature import VERIFY
from activities.words.survey_links import SurveyTicket
from domain.files import in_bytes
from domain.messages.request import MOST_FILES
from domain.uploads import MOST_BYTES
from domain.verbs import Verb
from starter.door.case_reader import Seen, see_timeline
from starter.door.permission import may_say
from starter.door.policies_in_force import leaflet_of
from starter.door.promise_receipts import promises_of
from starter.reports.html import report_html
from starter.reports.incident_report import make_report
from starter.web.board.case_files import carried_by
from starter.web.board.case_seen import CASE, seen_by
from starter.web.board.visitors import Visitor, session_of
from starter.web.portal.acts import Form, forms_for
from starter.web.portal.answers import page, speech_for
from starter.web.portal.case_records import rows_of
from starter.web.portal.refusals import Wrong
from starter.web.portal.speech import Speech
from starter.web.portal.standing import standing_of
from starter.web.portal.visitors import customer, outfit_of

_REPORT_MAY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'; sandbox"
)


async def show_case(request: Request) -> Response:
    """Show a case."""
    who = await customer(request)
    return await case_page(request, who, await seen_by(request, who))


async def case_page(
    request: Request,
    who: Visitor,
    seen: Seen,
    status: int = 200,
    back: Form | None = None,
    wrong: Wrong | None = None,
    files: tuple[tuple[str, ...], str] = ((), ""),
) -> Response:
    """Draw the page of a case; a form that was not taken comes `back` with what is wrong.

    Of `files` that were not taken: what is wrong with them, and what was said of them.
    """
    session, view = session_of(request), seen.view
    say = speech_for(request, view.language, view.zone)
    forms = [back if back and form.act.name == back.act.name else form for form in _forms(who, seen)]
    if back is not None and back not in forms:
        forms = [back, *forms]
    said = request.query_params.get("said", "")
    return page(
        request,
        "case.html",
        status,
        say=say,
        it=await standing_of(session, who.actor, seen, say),
        forms=forms,
        back=back,
        wrong=wrong,
        done=say.plain("done_new", number=view.number)
        if said == "new"
        else say.plain("done")
        if said
        else None,
        records=rows_of((await promises_of(session, who.actor, view.case_id))[1], say),
        verify=VERIFY,
        surveys=await _surveys(request, seen, say),
        may_give=may_say(who.actor, Verb.REPLY, view, seen.case),
        carried=carried_by(who),
        file_words=_file_words(say),
        refused_files=files[0],
        files_text=files[1],
    )


def bounds_of_files(say: Speech) -> str:
    """Say how many files are taken."""
    return say.plain("files_bounds", most=str(MOST_FILES), size=in_bytes(MOST_BYTES))


def _file_words(say: Speech) -> Mapping[str, str]:
    bounds = bounds_of_files(say)
    words = {name: say.plain(f"files_{name}") for name in ("label", "text", "give")}
    return {"files": words["label"], "text": words["text"], "give": words["give"], "bounds": bounds}


def _forms(who: Visitor, seen: Seen) -> tuple[Form, ...]:
    return forms_for(who, seen.view, seen.case)


async def _surveys(request: Request, seen: Seen, say: Speech) -> Mapping[str, str]:
    """Return where each open survey of a case is answered, and until when."""
    links, session = outfit_of(request).survey_links, session_of(request)
    if links is None or not seen.view.surveys:
        return {}
    answered = {one.closure for one in await session.read(lambda store: store.answers(seen.view.case_id))}
    found = {}
    for one in seen.view.surveys:
        ticket = SurveyTicket(case_id=seen.view.case_id, closure=one.closure, until=one.open_until)
        link = links.link(ticket)
        if link and one.closure not in answered and session.now() <= one.open_until:
            found[link] = say.plain("until", when=say.when(one.open_until))
    return found


async def show_report(request: Request) -> Response:
    """Give a browser the report of a case to keep, as `sunrelay report` gives it to its customer."""
    who, session = await customer(request), session_of(request)
    seen = await seen_by(request, who)
    case_id = seen.view.case_id
    entries = (await see_timeline(session, who.actor, seen)).entries
    told = await session.read(lambda store: store.deliveries(case_id))
    answers = await session.read(lambda store: store.answers(case_id))
    written = make_report(seen, entries, told, answers, whole=False, leaflet=leaflet_of(seen.view))
    name = f"{seen.view.number}-{datetime.now(UTC):%Y-%m-%d}.html"
    headers = {
        "Content-Security-Policy": _REPORT_MAY,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return HTMLResponse(report_html(written), headers=headers)


ROUTES = [
    Route(f"{CASE}/{{case}}", show_case, methods=["GET"]),
    Route(f"{CASE}/{{case}}/report", show_report, methods=["GET"]),
]
