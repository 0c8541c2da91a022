"""Reopening: within the window the same case, afterwards a new one that is linked to it.

RHIPE-36, GAP-13 to GAP-16.
"""

from datetime import datetime

from domain.case import Case
from domain.clocks import Clock
from domain.decision import Declined, Draft, refuse
from domain.effects import Effect, EffectKind, Recipient
from domain.files import FILES
from domain.lifecycle.closing import NEVER_REOPENED, NO_WINDOW
from domain.lifecycle.handoff import look_again
from domain.lifecycle.intake import start_response
from domain.lifecycle.intake_checks import size_of
from domain.messages.case import MAX_LINKED_BYTES, Reopen, Submit
from domain.messages.request import Attachment, reference_of
from domain.naming import case_id
from domain.phase import Phase
from domain.text import MAX_TEXT_BYTES, clipped
from domain.timeline import EntryKind

_HISTORY = 10
"""How many of the last entries the engineer is shown; the whole timeline is a command away."""

_IT_IS_BACK = "The problem is back."


def reopen(draft: Draft, message: Reopen) -> Declined | None:
    """Reopen a closed case, or open a linked one where the window is over (RHIPE-36, GAP-14).

    The level is kept, the response clock runs anew from now. Raises: Refusal with `ReopenNotPermitted`.
    """
    case = draft.case
    if case.close_reason in NEVER_REOPENED:
        refuse("ReopenNotPermitted", f"the case was closed as {case.close_reason}", "open a new case")
    window = case.clock(Clock.REOPEN_WINDOW)
    ended_at = window.due_at if window else case.settled_at  # an archived case has no clocks any more
    has_window = window is None or window.rule != NO_WINDOW
    if ended_at is not None and (case.phase is Phase.ARCHIVED or not has_window or draft.at > ended_at):
        return _open_linked(draft, message, ended_at)
    draft.set(
        phase=Phase.IN_PROGRESS,
        closed_at=None,
        close_reason=None,
        resolved_at=None,
        validated_at=None,
        reopens=case.reopens + 1,
    )
    start_response(draft)
    look_again(draft)
    number = draft.enter(EntryKind.REOPENED, message.reason or _IT_IS_BACK)
    response = draft.case.clock(Clock.INITIAL_RESPONSE)
    draft.tell(EffectKind.CASE_REOPENED, Recipient.CUSTOMER, due_at=response.due_at if response else None)
    draft.tell(
        EffectKind.CUSTOMER_REPLIED,
        Recipient.ASSIGNEE,
        about="reopened",
        history=draft.case.timeline[:-1][-_HISTORY:],
        text=message.reason or _IT_IS_BACK,
        text_entry=number,
        by=message.actor.label,
        said_by=message.actor.kind,
    )
    return None


def linked_reference(reference: str, cause: str) -> str:
    """Name the request of a linked case after the reopening that caused it."""
    return f"{reference[:110]}/reopened/{cause[:60]}"


def linked_request(case: Case, effect: Effect) -> Submit:
    """Write the request of the linked case that a late reopening opens (RHIPE-36).

    It is rated and informed as the old one was, received when the reopening was, and says why it came. Its
    requester is of the case's tenant: before 0.3 a case could be opened by one who named none.
    """
    text = f"{effect.facts.text}\n\nEarlier case {case.number}: {case.request.explanation or case.title}"
    request = case.request.model_copy(
        update={
            "reference": effect.facts.reason or case.request.reference,
            "actor": case.request.actor.model_copy(update={"tenant": case.request.tenant}),
            "linked_to": case.id,
            "received_at": effect.caused_at,
            "request_id": None,
            "take": None,
            "title": f"Again: {case.title}"[:200],
            "explanation": None,
            "outage": False,  # one that goes on, or begins again, is declared by whoever knows
            "start_at": None,
            "start_zone": None,
            "imported": None,
            **_public_files(case),
        }
    )
    room = (MAX_LINKED_BYTES - size_of(request)) // 2  # JSON writes a quote or a line break in two bytes
    return request.model_copy(update={"explanation": clipped(text, min(room, MAX_TEXT_BYTES))})


def _public_files(case: Case) -> dict[str, tuple[str | Attachment, ...]]:
    """Return the files of a request that go on with it: of one who gives them nothing is known there."""
    ours = {(file.field, file.reference) for file in case.files if file.internal}
    named = {field: getattr(case.request, field) for field in FILES}
    return {
        field: tuple(file for file in files if (field, reference_of(file)) not in ours)
        for field, files in named.items()
    }


def _open_linked(draft: Draft, message: Reopen, due_at: datetime) -> Declined:
    request = draft.case.request
    reference = linked_reference(request.reference, draft.cause)
    linked = case_id(request.tenant, request.source, reference)
    draft.set(linked_cases=(*draft.case.linked_cases, linked)[-10:])
    draft.enter(EntryKind.REOPEN_DECLINED, message.reason or _IT_IS_BACK, about=linked, due_at=due_at)
    draft.tell(EffectKind.REOPEN_TOO_LATE, Recipient.CUSTOMER, linked_case=linked, reopen_until=due_at)
    draft.tell(
        EffectKind.LINKED_CASE,
        Recipient.CASES,
        linked_case=linked,
        text=message.reason or _IT_IS_BACK,
        reason=reference,
        by=draft.actor.label,
    )
    return draft.declined(
        "ReopenWindowExpired", "the reopen window is over", f"a new case was opened instead: {linked}"
    )
