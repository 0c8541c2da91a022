"""Completing a request that came in incomplete.

Pure. RHIPE-46, CONF-10: the response clock has run on meanwhile, and nothing restarts.
"""

from domain.decision import Draft, Refusal, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.checks import check_values, is_too_large
from domain.lifecycle.entitlement import misplaced_file
from domain.lifecycle.informing import restart_cadence
from domain.lifecycle.rating import check_cap
from domain.lifecycle.required import missing_fields
from domain.phase import Phase
from domain.request import Contact, ContactPart, ProvideInformation, Submit
from domain.timeline import EntryKind

_NOT_KEPT = {"actor", "received_at", "request_id", "verification"}
"""Fields of a message that do not go into the request; items of a verification are compared or dropped."""


def provide_information(draft: Draft, message: ProvideInformation) -> None:
    """This will complete a request that came in incomplete (RHIPE-46). Raises: Refusal.

    The response clock has run on meanwhile; nothing restarts.
    """
    given = message.model_dump(exclude_none=True, exclude=_NOT_KEPT)
    if not given:
        refuse("ValidationError", "nothing was given", "give the missing fields", draft.case.missing)
    intake = draft.case.terms.rules.intake
    check_values(message, intake, draft.at)
    request = _completed(draft.case.request, message, tuple(given))
    if is_too_large(request):
        refuse("ValidationError", "the request would grow larger than 16 KiB", "shorten the texts")
    check_cap(draft.case.rule, message.category, draft.case.terms)
    if misplaced := misplaced_file(request, draft.case.terms):
        raise Refusal(misplaced)
    missing = missing_fields(request, draft.case.terms)
    draft.set(request=request, missing=missing)
    draft.enter(EntryKind.INFORMATION_PROVIDED, about=", ".join(sorted(given)))
    if message.business_impact is not None:
        draft.set(business_impact=message.business_impact)
    if missing:
        draft.warn("IntakeIncomplete")
        draft.tell(EffectKind.INFORMATION_NEEDED, Recipient.CUSTOMER, missing=missing)
        return
    answered = draft.case.responded_at is not None
    draft.set(phase=Phase.IN_PROGRESS if answered else Phase.RECEIVED)
    if answered:
        restart_cadence(draft)
    draft.tell(
        EffectKind.CUSTOMER_REPLIED,
        Recipient.ASSIGNEE,
        about="information",
        text=f"Now complete: {', '.join(sorted(given))}",
        by=message.actor.label,
        said_by=message.actor.kind,
    )


def _completed(request: Submit, message: ProvideInformation, given: tuple[str, ...]) -> Submit:
    told = {field: getattr(message, field) for field in given}
    if message.contact is not None:
        told["contact"] = _added(request.contact, message.contact)
    return request.model_copy(update=told)


def _added(known: Contact | None, given: ContactPart) -> Contact:
    """This will add to the contact that is known; another name is another person. Raises: Refusal."""
    name = given.name or (known.name if known is not None else None)
    if name is None:
        refuse(
            "ValidationError",
            "contact.name: nobody is known whom this belongs to",
            "give his name too",
            ("contact.name",),
        )
    kept = known.model_dump() if known is not None and known.name == name else {}
    return Contact.model_validate(kept | given.model_dump(exclude_none=True) | {"name": name})
