"""A reference that is used again: the case it made is the answer, or this is a new one linked to it.

GAP-17, DED-14. Two lives are never mixed: not in an id, not in a timeline, not in what was told.
"""

from datetime import datetime

from domain.case import Case
from domain.decision import Accepted, Draft, Refused, instant_key
from domain.effects import EffectKind, Recipient
from domain.lifecycle.intake_checks import request_digest
from domain.lifecycle.undelivered import OURSELVES
from domain.lives import StoredLife
from domain.messages.case import Submit
from domain.naming import case_id, case_number
from domain.timeline import EntryKind


def submitted_again(case: Case, request: Submit) -> Refused | None:
    """Refuse another content under the reference of an open case (DED-14); its own changes nothing."""
    if request_digest(request) == case.request_digest:
        return None
    return Refused(
        code="DuplicateRequestConflict",
        reason=f"the reference {request.reference} is case {case.number}, with other content",
        remedy="use a new reference, or update that case",
    )


def answered_before(request: Submit, life: StoredLife | None) -> Refused | None:
    """Refuse a request whose very content made a case that is over: that case is the answer."""
    if life is None or life.is_own or not life.is_over or life.request_digest != request_digest(request):
        return None
    closed = f", closed {life.closed_at:%Y-%m-%d}" if life.closed_at else ""
    return Refused(
        code="CaseClosed",
        reason=f"this reference made {life.number}, which is {life.phase}{closed}",
        remedy="reopen that case, or use a new reference",
    )


def conflicts(request: Submit, life: StoredLife, linked: Submit | None = None) -> Refused:
    """Return the refusal of a reference used again for something else; `linked` says what became of it."""
    became = f"; this request is now {case_number(_identity(linked))}" if linked else ""
    return Refused(
        code="DuplicateRequestConflict",
        reason=f"the reference {request.reference} made {life.number} before{became}",
        remedy="use a new reference, or reopen that case",
    )


def linked_to_life(request: Submit, life: StoredLife) -> Submit:
    """Return the request of the linked case another content becomes; sent again it names the same case."""
    return _linked(request, life, request_digest(request)[:12])


def take_earlier_life(case: Case, life: StoredLife, now: datetime) -> Accepted:
    """Make a case, opened while the store was away, a linked one of that which its reference made before.

    From now (UTC) on it has an id and a number of its own; it goes on in the workflow it was begun in, and
    what was told already keeps the old number. Staff are told.
    """
    assert case.begun_at is not None
    request = _linked(case.request, life, instant_key(case.begun_at))
    identity = _identity(request)
    renamed = case.model_copy(
        update={
            "id": identity,
            "number": case_number(identity),
            "workflow_id": case.workflow_id or case.id,
            "parent": life.case_id,
            "request": request,
        }
    )
    at = max(now.replace(microsecond=0), case.timeline[-1].at)
    draft = Draft(renamed, at, f"again@{instant_key(case.begun_at)}", OURSELVES)
    text = (
        f"The reference {case.request.reference} had made {life.number} before. This case, opened as "
        f"{case.number} while our records could not be read, is {renamed.number} from now on."
    )
    draft.enter(EntryKind.NOTED, text, internal=True, about=life.case_id)
    draft.tell(EffectKind.NEW_CASE, Recipient.ASSIGNEE, about="again", text=text, linked_number=life.number)
    return draft.accepted()


def _linked(request: Submit, life: StoredLife, mark: str) -> Submit:
    reference = f"{request.reference[:110]}/again/{mark}"
    return request.model_copy(update={"reference": reference, "linked_to": life.case_id, "request_id": None})


def _identity(request: Submit) -> str:
    return case_id(request.tenant, request.source, request.reference)
