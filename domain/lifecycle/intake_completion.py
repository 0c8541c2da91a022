"""Completing a request that came in incomplete, and asking again for what it lacks.

RHIPE-46, CONF-10: the response clock has run on meanwhile, and nothing restarts. Asking again is off by
default (GAP-08).
"""

from domain.actor import Actor
from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.counting import run_cadence
from domain.decision import Draft, Refusal, refuse
from domain.effects import EffectKind, Recipient
from domain.files import FILES, with_givers
from domain.lifecycle.breaches import repeat
from domain.lifecycle.given_files import with_files
from domain.lifecycle.intake_checks import check_values, is_too_large
from domain.lifecycle.intake_entitlement import misplaced_file
from domain.lifecycle.intake_level import check_cap
from domain.lifecycle.intake_required import missing_fields, welcome_fields
from domain.lifecycle.updates import restart_cadence
from domain.lifecycle.what_was_said import changes, to_take_up
from domain.lifecycle.when_due import CatchUp, after_step, when_due
from domain.messages.request import Contact, ContactPart, ProvideInformation, Submit
from domain.phase import Phase
from domain.rules import RULES_0_3, RULES_0_4
from domain.text import parts_of
from domain.timeline import EntryKind

_NOT_KEPT = {"actor", "received_at", "request_id", "automatic", "verification"}
"""Fields of a message that do not go into the request; items of a verification are compared or dropped."""


def provide_information(draft: Draft, message: ProvideInformation) -> None:
    """Complete a request that came in incomplete (RHIPE-46). Raises: Refusal.

    The response clock has run on meanwhile; nothing restarts.
    """
    given = message.model_dump(exclude_none=True, exclude=_NOT_KEPT)
    if not given:
        refuse("ValidationError", "nothing was given", "give the missing fields", draft.case.missing)
    intake = draft.case.terms.rules.intake
    check_values(message, intake, draft.at)
    request = _completed(draft, message, tuple(given))
    if is_too_large(request):
        refuse("ValidationError", "the request would grow larger than 16 KiB", "shorten the texts")
    check_cap(draft.case.rule, message.category, draft.case.terms)
    if misplaced := misplaced_file(request, draft.case.terms):
        raise Refusal(misplaced)
    missing = missing_fields(request, draft.case.terms)
    known = draft.case
    draft.set(
        request=request,
        missing=missing,
        givers=with_givers(known.givers, message, draft.at),
        business_impact=message.business_impact or known.business_impact,
    )
    text = _enter(draft, known, tuple(given))
    if missing:
        draft.warn("IntakeIncomplete")
        welcome = welcome_fields(request, draft.case.terms)
        draft.tell(EffectKind.INFORMATION_NEEDED, Recipient.CUSTOMER, missing=missing, welcome=welcome)
        draft.stop(Clock.INFORMATION_REMINDER)  # it counts from now
        return
    answered = draft.case.responded_at is not None
    draft.set(phase=Phase.IN_PROGRESS if answered else Phase.RECEIVED)
    if answered:
        restart_cadence(draft)
    draft.tell(
        EffectKind.CUSTOMER_REPLIED,
        Recipient.ASSIGNEE,
        about="information",
        text=(text if draft.case.rules >= RULES_0_4 else None) or f"Now complete: {', '.join(sorted(given))}",
        by=message.actor.label,
        said_by=message.actor.kind,
        **to_take_up(draft.case, "title"),
    )


def _enter(draft: Draft, before: Case, given: tuple[str, ...]) -> str | None:
    """Enter what was given, and what it replaces; return what was entered, but for what proves identity.

    What is longer than a text may be is entered in parts, so that nothing said is lost.
    """
    about = ", ".join(sorted(given))
    text = changes(before, draft.case, given)
    for part in parts_of(text) or ("",):
        draft.enter(EntryKind.INFORMATION_PROVIDED, part or None, about=about)
    return parts_of(text)[0] if text else None


@after_step
def await_information(draft: Draft, _speaker: Actor) -> None:
    """Let the next reminder of what is missing fall due, where the policy has any (GAP-08)."""
    case, every = draft.case, draft.case.terms.rules.intake.reminder_every
    is_awaited = case.phase is Phase.AWAITING_INFORMATION and case.clock(Clock.INFORMATION_REMINDER) is None
    if every is None or not is_awaited or case.rules < RULES_0_3:
        return
    draft.run(run_cadence(case, Clock.INFORMATION_REMINDER, draft.at, every))


@when_due(Clock.INFORMATION_REMINDER)
def still_missing(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Ask once more for what is missing, however many reminders were missed."""
    last, next_due = repeat(draft, running, catch_up)
    missing = draft.case.missing
    draft.enter(EntryKind.QUESTION_ASKED, ", ".join(missing), about=Clock.INFORMATION_REMINDER, due_at=last)
    draft.tell(
        EffectKind.INFORMATION_NEEDED,
        Recipient.CUSTOMER,
        about=Clock.INFORMATION_REMINDER,
        missing=missing,
        welcome=welcome_fields(draft.case.request, draft.case.terms),
        next_update_at=next_due,
    )


def _completed(draft: Draft, message: ProvideInformation, given: tuple[str, ...]) -> Submit:
    """Return the request with what was given; a value replaces another, files are added. Raises: Refusal."""
    request = draft.case.request
    told = {field: getattr(message, field) for field in given}
    if message.contact is not None:
        told["contact"] = _added(request.contact, message.contact)
    for field in FILES if draft.case.rules >= RULES_0_4 else ():
        if field in told:
            told[field] = with_files(field, getattr(request, field), told[field])
    return request.model_copy(update=told)


def _added(known: Contact | None, given: ContactPart) -> Contact:
    """Add to the contact that is known; another name is another person. Raises: Refusal."""
    name = given.name or (known.name if known is not None else None)
    if name is None:
        refuse(
            "ValidationError",
            "contact.name: we do not know whose details these are",
            "give their name too",
            ("contact.name",),
        )
    kept = known.model_dump() if known is not None and known.name == name else {}
    return Contact.model_validate(kept | given.model_dump(exclude_none=True) | {"name": name})
