"""Saying something to a case by a form of the portal; what is not taken comes back as it was typed."""

from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starter.door.case_reader import Seen
from starter.door.faults import Fault, Kind
from starter.door.speak import speak
from starter.web.board.answers import see_other
from starter.web.board.case_seen import CASE, NEWEST, see_or_stored, seen_by
from starter.web.board.case_written import Written, read_written
from starter.web.board.visitors import Visitor, away_of, session_of
from starter.web.portal.acts import ACTS, Act, Form
from starter.web.portal.answers import base_of, speech_for
from starter.web.portal.case_page import case_page
from starter.web.portal.refusals import status_of, wrong_in
from starter.web.portal.visitors import by_the_clock_of, customer_speaking

_CHANGED = "VersionConflict"


async def say_it(request: Request) -> Response:
    """Take a form, and lead on to the case; or show the case with the form as it was, and what is wrong."""
    who, form = await customer_speaking(request)
    seen = await seen_by(request, who)
    who = by_the_clock_of(who, seen.view.zone)
    act, session = _act(request), session_of(request)
    written = read_written(act.verb, form)
    said = _meant(request, act, written, seen).means(who.zone)
    try:
        said.check(session, who.actor)
        answer = await speak(session, who.actor, seen.view.case_id, said)
    except Fault as fault:
        if fault.is_for_audit or fault.code == "CaseNotFound":
            raise
        return await _back(request, who, seen, Form(act, act.fields(seen.view), written), fault)
    told = {"said": act.name, NEWEST: answer.receipt.version or 0}
    return see_other(f"{base_of(request)}{CASE}/{seen.view.number}?{urlencode(told)}")


def _act(request: Request) -> Act:
    act = ACTS.get(request.path_params["act"])
    if act is None:
        raise Fault(Kind.NOT_FOUND, "VerbNotFound", "nothing of that name can be said to a case", "")
    return act


def _meant(request: Request, act: Act, written: Written, seen: Seen) -> Written:
    """Add what the button says to what was typed; what the form does not ask for is left out."""
    asked = {one.path for one in act.fields(seen.view)}
    typed = {path: text for path, text in written.typed.items() if path in asked and text.strip()}
    if act.otherwise is not None and act.asks is not None and act.asks not in typed:
        typed[act.asks] = speech_for(request, seen.view.language).plain(act.otherwise)
    return replace(written, typed={**typed, **act.fixed})


async def _back(request: Request, who: Visitor, seen: Seen, form: Form, fault: Fault) -> Response:
    if fault.kind is Kind.UNREACHABLE:
        away_of(request).is_away(fault.code)
    if fault.code == _CHANGED:
        if seen.view.version <= form.written.version:  # our store is a moment behind the case
            seen = await see_or_stored(request, who, seen.view.case_id)
        view = seen.view
        form = replace(form, written=replace(form.written, version=view.version, entries=view.entries))
    say = speech_for(request, seen.view.language, seen.view.zone)
    return await case_page(request, who, seen, status_of(fault), form, wrong_in(fault, form.fields, say))


ROUTES = [Route(f"{CASE}/{{case}}/say/{{act}}", say_it, methods=["POST"])]
