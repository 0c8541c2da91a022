"""Lodging a case by the policy's own form: everything that is wrong is said at once, and beside its field.

The reference of the case is made here, of the form itself: however often one form is sent, it is one case.
"""

from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.contents.records import KeptFile
from domain.lifecycle.intake_required import missing_fields
from domain.messages.case import Submit
from domain.naming import case_id, case_number
from domain.verbs import Verb
from starter.door.faults import Fault, Kind
from starter.door.files import bind, named_by
from starter.door.lodging import SOURCE, Lodging, lodging_for
from starter.door.opening import id_of, submit
from starter.door.opening_needs import terms_of
from starter.door.requests import build
from starter.web.board.answers import see_other
from starter.web.board.case_seen import CASE, NEWEST
from starter.web.board.case_written import Written, read_written
from starter.web.board.visitors import Visitor, away_of, session_of
from starter.web.portal.answers import base_of, page, speech_for
from starter.web.portal.case_page import bounds_of_files
from starter.web.portal.lodged_files import Sent, files_with, named_as, sent
from starter.web.portal.lodging_form import PRIVATE, asked_by, typed_values
from starter.web.portal.refusals import Wrong, status_of, wrong_in
from starter.web.portal.speech import Speech
from starter.web.portal.visitors import by_the_clock_of, customer

NEW = "/new"
ANYWAY = "anyway"
_MADE = "form_id"
_MADE_ALREADY = frozenset({"DuplicateRequestConflict", "RequestIdConflict", "CaseClosed"})


class _Back(NamedTuple):
    """A form as it is shown: by which policy, what was typed, its id, and the files it has kept."""

    lodging: Lodging
    written: Written
    form_id: str
    files: tuple[KeptFile, ...] = ()


async def show_form(request: Request) -> Response:
    """Show the form, with what we know of the company and its visitor."""
    who = await customer(request)
    lodging = await lodging_for(session_of(request), who.actor)
    return _form(request, _Back(lodging, Written(Verb.SUBMIT, lodging.known, 0, 0), str(uuid4())))


async def lodge(request: Request) -> Response:
    """Open the case, and lead on to it; or show the form as it was, with all that is wrong."""
    async with sent(request) as came:
        return await _lodged(request, came)


async def _lodged(request: Request, came: Sent) -> Response:
    (who, form, _), session = came, session_of(request)
    lodging = await lodging_for(session, who.actor)
    form_id = next(iter(form.get(_MADE, ())), "")[:100] or str(uuid4())
    say, written = speech_for(request), read_written(Verb.SUBMIT, form)
    secret = _reference(who, form_id)
    files = await files_with(request, came, secret, _case_of(who, form_id))
    back = _Back(lodging, written, form_id, files.files)
    try:
        message = _request(request, who, back)
        lacks = await _lacking(request, message)
        wrong = None if ANYWAY in form and _may_wait(lodging) else _missing(lacks, lodging, say)
        if wrong := _with_files(wrong, files.fault, say):
            return _form(request, back, wrong, 422)
        receipt = await submit(session, message)
        await bind(session, who.actor, message.tenant, secret, id_of(message))
    except Fault as fault:
        return _refused(request, who, back, fault)
    told = f"said=new&{NEWEST}={receipt.version or 0}"
    return see_other(f"{base_of(request)}{CASE}/{case_number(id_of(message))}?{told}")


def _request(request: Request, who: Visitor, back: _Back) -> Submit:
    """Make the request. Raises: Fault naming every field that is wrong."""
    (lodging, written, form_id, files), say = back, speech_for(request)
    asked = asked_by(lodging.policy, say)
    zone = str(lodging.fixed.get("zone") or "UTC")
    given = typed_values(asked, written.means(by_the_clock_of(who, zone).zone).fields)
    if not set(given.get("contact", {})):
        given.pop("contact", None)
    language = lodging.fixed.get("language") or say.language
    own = {"reference": _reference(who, form_id), "language": language, PRIVATE: PRIVATE in written.typed}
    named = {named_as(lodging.policy): named_by(files)} if files else {}
    fields = {**given, **lodging.fixed, **own, **named}
    message = build(session_of(request), who.actor, Verb.SUBMIT, fields, f"portal-{_reference(who, form_id)}")
    assert isinstance(message, Submit)
    return message


def _reference(who: Visitor, form_id: str) -> str:
    """Return the reference of the case that one form of one person makes."""
    return sha256(f"{who.actor.tenant}\n{who.actor.label}\n{form_id}".encode()).hexdigest()[:20].upper()


def _case_of(who: Visitor, form_id: str) -> str:
    """Return the id of the case that one form of one person makes."""
    return case_id(str(who.actor.tenant), SOURCE, _reference(who, form_id))


async def _lacking(request: Request, message: Submit) -> tuple[str, ...]:
    lacks = missing_fields(message, await terms_of(session_of(request), message))
    return (*lacks, *(() if message.title else ("title",)))


def _may_wait(lodging: Lodging) -> bool:
    """Whether the policy takes a request that lacks something, and waits for the rest."""
    return lodging.policy.rules.intake.on_incomplete == "await_information"


def _missing(lacks: tuple[str, ...], lodging: Lodging, say: Speech) -> Wrong | None:
    if not lacks:
        return None
    shown = {"contact": "contact.email", "priority": "severity", "verification": "verification.admin_name"}
    of_field = {shown.get(path, path): say.plain("wrong_missing") for path in lacks}
    lead = say.plain("lacks") if _may_wait(lodging) and lacks != ("title",) else say.plain("wrong_other")
    paths = {one.field.path for one in asked_by(lodging.policy, say)}
    others = tuple(say.field(path) for path in of_field if path not in paths)
    return Wrong(lead, of_field, others)


def _with_files(wrong: Wrong | None, fault: Fault | None, say: Speech) -> Wrong | None:
    """Add what is wrong with the files of a form to what is with its fields."""
    if fault is None:
        return wrong
    of_files = wrong_in(fault, (), say)
    details = (say.plain("files_refused"), *(fault.lines or of_files.details))
    if wrong is None:
        return Wrong(of_files.lead, {}, details)
    return Wrong(wrong.lead, wrong.of_field, (*wrong.details, *details))


def _refused(request: Request, who: Visitor, back: _Back, fault: Fault) -> Response:
    say = speech_for(request)
    if fault.kind is Kind.UNREACHABLE:
        away_of(request).is_away(fault.code)
    if fault.code in _MADE_ALREADY:
        number = case_number(_case_of(who, back.form_id))
        lead = say.plain("lodged_already", number=number)
        return _form(request, back, Wrong(lead, {}, ()), 409, number)
    fields = tuple(one.field for one in asked_by(back.lodging.policy, say))
    return _form(request, back, wrong_in(fault, fields, say), status_of(fault))


def _form(
    request: Request, back: _Back, wrong: Wrong | None = None, status: int = 200, number: str | None = None
) -> Response:
    (lodging, written, form_id, files), say = back, speech_for(request)
    return page(
        request,
        "new.html",
        status,
        tab="new",
        asked=asked_by(lodging.policy, say),
        written=written,
        form_id=form_id,
        wrong=wrong,
        number=number,
        kept_files=", ".join(file.name for file in files),
        files_bounds=bounds_of_files(say),
        may_wait=wrong is not None and _may_wait(lodging),
        is_private=PRIVATE in written.typed,
    )


ROUTES = [Route(NEW, show_form, methods=["GET"]), Route(NEW, lodge, methods=["POST"])]
