"""Saying a verb to a case by a form: read, looked ahead at, shown before a customer reads it, then said.

What is for our own people alone is said at once. A form that could not be taken comes back as it was typed,
with all that is wrong beside its fields, or with what has changed in the case meanwhile.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.verbs import Verb
from starter.door.case_reader import Seen, see_timeline
from starter.door.dry_run import Outlook, look_ahead
from starter.door.faults import Fault, Kind
from starter.door.speak import Said, speak
from starter.web.board.answers import page, see_other
from starter.web.board.case_choices import choices_for
from starter.web.board.case_fields import words_about
from starter.web.board.case_letters import letters_of, writing_of
from starter.web.board.case_seen import CASE, NEWEST, see_or_stored, seen_by
from starter.web.board.case_verbs import verb_named
from starter.web.board.case_writers import writers_of
from starter.web.board.case_written import CHANGE, Written, blank, faulty, read_written, warnings_in
from starter.web.board.visitors import Visitor, away_of, session_of, speaking, visitor

_CHANGED = "VersionConflict"
_STATUS = {Kind.UNREACHABLE: 503, Kind.UNKNOWN: 504, Kind.USAGE: 422}
_AWAY = frozenset({Kind.UNREACHABLE, Kind.UNKNOWN})


async def show_form(request: Request) -> Response:
    """Show the form of one verb."""
    who = await visitor(request)
    seen, verb = await seen_by(request, who), _verb(request)
    writers_of(request).heard(seen.view.case_id, who.actor.label, session_of(request).now())
    return await _form(request, who, seen, blank(verb, seen.view))


async def say(request: Request) -> Response:
    """Take what somebody wrote: say it, show what a customer will read of it, or say what is wrong."""
    who, form = await speaking(request)
    seen = await seen_by(request, who)
    written = read_written(_verb(request), form)
    if CHANGE in form:
        return await _form(request, who, seen, written)
    session, said = session_of(request), written.means(who.zone)
    try:
        said.check(session, who.actor)
        outlook = None if written.is_confirmed else await _ahead(request, who, seen, said, written)
        if outlook is not None and (outlook.told_outside or outlook.read_by_customer):
            return _preview(request, who, seen, written, outlook)
        answer = await speak(session, who.actor, seen.view.case_id, said)
    except Fault as fault:
        if fault.is_for_audit or fault.code == "CaseNotFound":
            raise
        if fault.kind is Kind.UNREACHABLE:
            away_of(request).is_away(fault.code)
        return await _form(request, who, seen, written, fault)
    writers_of(request).ended(seen.view.case_id, who.actor.label)
    return say_said(seen, written.verb, answer.receipt.version, (*answer.receipt.warnings, *answer.warnings))


async def still_writes(request: Request) -> Response:
    """Note that somebody writes, and name who else does."""
    who, _ = await speaking(request)
    seen = await seen_by(request, who)
    writers, name, now = writers_of(request), who.actor.label, session_of(request).now()
    writers.heard(seen.view.case_id, name, now)
    return JSONResponse({"others": writers.others(seen.view.case_id, name, now)})


def _verb(request: Request) -> Verb:
    """Return the verb that is meant. Raises: Fault (not found)."""
    verb = verb_named(request.path_params["verb"])
    if verb is None:
        raise Fault(Kind.NOT_FOUND, "VerbNotFound", "nothing of that name can be said to a case", "")
    return verb


async def _ahead(request: Request, who: Visitor, seen: Seen, said: Said, written: Written) -> Outlook | None:
    """Look ahead; None where the case has moved on, for it then refuses, or knows that this was said.

    Raises: Fault.
    """
    try:
        return await look_ahead(session_of(request), who.actor, seen.view.case_id, said)
    except Fault as fault:
        if fault.code == _CHANGED and seen.view.version > written.version:
            return None
        raise


def _preview(request: Request, who: Visitor, seen: Seen, written: Written, outlook: Outlook) -> Response:
    return page(
        "case_preview.html",
        visitor=who,
        view=seen.view,
        written=written,
        outlook=outlook,
        warnings=warnings_in(outlook.warnings),
        letters=letters_of(outlook, writing_of(request)),
    )


async def _form(
    request: Request, who: Visitor, seen: Seen, written: Written, fault: Fault | None = None
) -> Response:
    session = session_of(request)
    has_changed = fault is not None and fault.code == _CHANGED
    if has_changed and seen.view.version <= written.version:  # our store is a moment behind the case
        seen = await see_or_stored(request, who, seen.view.case_id)
    view = seen.view
    entries = (await see_timeline(session, who.actor, seen)).entries if has_changed else ()
    others = writers_of(request).others(view.case_id, who.actor.label, session.now())
    wrong = faulty(fault, written.fields) if fault is not None and not has_changed else None
    return page(
        "case_form.html",
        200 if fault is None else _STATUS.get(fault.kind, 409),
        visitor=who,
        view=view,
        written=written,
        wrong=wrong,
        is_away=fault is not None and fault.kind in _AWAY,
        has_changed=has_changed,
        news=tuple(entry for entry in entries if entry.number > written.entries),
        others=others,
        choices=await choices_for(session, view),
        about=words_about(written.verb),
    )


def say_said(seen: Seen, verb: Verb, version: int | None, warnings: tuple[str, ...]) -> RedirectResponse:
    """Lead back to the case, which says what was said and what it warned of."""
    told = {"said": verb.value, NEWEST: version or 0, "warned": warnings}
    return see_other(f"{CASE}/{seen.view.number}?{urlencode(told, doseq=True)}")


ROUTES = [
    Route(f"{CASE}/{{case}}/say/{{verb}}", show_form, methods=["GET"]),
    Route(f"{CASE}/{{case}}/say/{{verb}}", say, methods=["POST"]),
    Route(f"{CASE}/{{case}}/writing", still_writes, methods=["POST"]),
]
