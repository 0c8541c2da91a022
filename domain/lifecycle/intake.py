"""Taking a case in: what must be in a request, which level it gets, and the first clocks.

Pure. RHIPE-02, RHIPE-10 to RHIPE-20, RHIPE-45, RHIPE-46, RHIPE-64; the order of checks is GAP-28's.
"""

from datetime import datetime

from domain.case import Case, LevelSource, case_id, case_number
from domain.clocks import Clock, RunningClock, run_target
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.checks import (
    check_identity,
    check_opening,
    check_values,
    has_service_level,
    is_too_large,
    missing_fields,
    request_digest,
)
from domain.lifecycle.informing import restart_cadence
from domain.lifecycle.levels import bounds_warning, rated
from domain.messages import ProvideInformation, Submit
from domain.phase import Phase
from domain.policy import Target
from domain.terms import Terms
from domain.timeline import EntryKind


def open_case(request: Submit, terms: Terms, at: datetime, identity: str | None = None) -> Draft:
    """This will open a case received at `at` (UTC) under these terms. Raises: Refusal."""
    check_opening(request)
    identity = identity or case_id(request.tenant, request.source, request.reference)
    check_identity(identity)
    intake = terms.rules.intake
    has_sla = has_service_level(request, intake)
    check_values(request, intake)
    missing = missing_fields(request, intake)
    if missing and intake.on_incomplete == "refuse":
        refuse("ValidationError", "the request is incomplete", "give the missing fields", missing)
    level, source = _first_level(request, terms)
    draft = Draft(
        Case(
            id=identity,
            number=case_number(identity),
            parent=request.linked_to,
            request=request,
            request_digest=request_digest(request),
            terms=terms,
            phase=Phase.AWAITING_INFORMATION if missing else Phase.RECEIVED,
            level=level,
            level_source=source,
            has_sla=has_sla,
            missing=missing,
            region=terms.region,
            received_at=at,
        ),
        at,
        "opening",
        request.actor,
    )
    _start_clocks(draft)
    _warn(draft)
    draft.enter(EntryKind.SUBMITTED, request.explanation or request.title, about=request.channel)
    _tell(draft)
    return draft


def _first_level(request: Submit, terms: Terms) -> tuple[str, LevelSource]:
    """This will rate a request: by matrix where staff take the call, else by the channel's default.

    Staff rate every call (RHIPE-12); mail and portal get the default until triage (RHIPE-15); what a
    requester rates himself is kept as a wish.
    """
    intake = terms.rules.intake
    by_staff = request.actor.is_staff and request.channel not in intake.default_level_channels
    if by_staff and request.impact and request.urgency:
        return rated(terms, request.impact, request.urgency), LevelSource.MATRIX
    return intake.default_level, LevelSource.CHANNEL_DEFAULT


def _start_clocks(draft: Draft) -> None:
    case, terms = draft.case, draft.case.terms
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=terms.renewal_due_at))
    if not case.has_sla:
        return
    start_response(draft)
    if case.level_source is LevelSource.CHANNEL_DEFAULT and terms.rules.intake.triage_within:
        target = Target(within=terms.rules.intake.triage_within)
        draft.run(run_target(terms, Clock.TRIAGE, draft.at, target))


def start_response(draft: Draft) -> None:
    """This will start the clock of the initial response from now, where the level promises one (RHIPE-13)."""
    target = draft.case.rule.initial_response
    if target is not None and draft.case.has_sla:
        draft.run(run_target(draft.case.terms, Clock.INITIAL_RESPONSE, draft.at, target))


def _warn(draft: Draft) -> None:
    case, request = draft.case, draft.case.request
    intake = case.terms.rules.intake
    if case.missing:
        draft.warn("IntakeIncomplete")
    if not case.has_sla:
        draft.warn("SlaNotApplicable")
    if request.language not in intake.languages and intake.languages_mode == "best_effort":
        draft.warn("LanguageNotAvailable")
    wished = (
        rated(case.terms, request.impact, request.urgency) if request.impact and request.urgency else None
    )
    if request.channel in intake.default_level_channels and wished in intake.phone_first_levels:
        draft.warn("UsePhoneForUrgent")
    if bounds_warning(case.rule, request.users_affected_percent, request.workaround):
        draft.warn("PriorityBoundsMismatch")


def _tell(draft: Draft) -> None:
    case = draft.case
    response = case.clock(Clock.INITIAL_RESPONSE)
    draft.tell(
        EffectKind.ACKNOWLEDGEMENT,
        Recipient.CUSTOMER,
        received_at=case.received_at,
        due_at=response.due_at if response else None,
        missing=case.missing,
        advice=_advice(draft.warnings),
        linked_case=case.parent,
        linked_number=case_number(case.parent) if case.parent else None,
    )
    if not case.request.actor.is_staff:
        draft.tell(
            EffectKind.NEW_CASE,
            Recipient.ASSIGNEE,
            text=case.request.explanation,
            by=case.request.actor.label,
            due_at=response.due_at if response else None,
        )


def _advice(warnings: list[str]) -> str | None:
    if "UsePhoneForUrgent" in warnings:
        return "call"
    if "SlaNotApplicable" in warnings:
        return "relodge"
    return None


def provide_information(draft: Draft, message: ProvideInformation) -> None:
    """This will complete a request that came in incomplete (RHIPE-46). Raises: Refusal.

    The response clock has run on meanwhile; nothing restarts.
    """
    given = message.model_dump(exclude_none=True, exclude={"actor", "received_at", "request_id"})
    if not given:
        refuse("ValidationError", "nothing was given", "give the missing fields", draft.case.missing)
    intake = draft.case.terms.rules.intake
    check_values(message, intake)
    request = draft.case.request.model_copy(update={field: getattr(message, field) for field in given})
    if is_too_large(request):
        refuse("ValidationError", "the request would grow larger than 16 KiB", "shorten the texts")
    missing = missing_fields(request, intake)
    draft.set(request=request, missing=missing)
    draft.enter(EntryKind.INFORMATION_PROVIDED, about=", ".join(sorted(given)))
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
    )
