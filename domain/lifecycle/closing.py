"""Closing and archiving.

RHIPE-27, RHIPE-34 to RHIPE-36, CSS-13, DED-02, DED-35, O365-23, CONF-09, GAP-08, GAP-16, GAP-17.
"""

from datetime import datetime
from typing import Any

from domain.clocks import Clock, RunningClock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.imported import is_silent
from domain.lifecycle import handoff, outage_end, planned_work, remote_session, survey
from domain.lifecycle.auto_close import business_clock
from domain.lifecycle.updates import give_first_answer
from domain.lifecycle.vendor_follow_up import leave_vendor
from domain.lifecycle.when_due import CatchUp, when_due
from domain.messages.case import Close
from domain.phase import CloseReason, Phase
from domain.policy import in_words
from domain.timeline import EntryKind

NEVER_REOPENED = (CloseReason.NOT_ENTITLED, CloseReason.OUT_OF_SCOPE)
"""A case closed for one of these needs a new one (GAP-15)."""

NO_WINDOW = "none"
"""The rule of a reopen window that is over the instant it begins (GAP-08)."""


def close(draft: Draft, message: Close) -> None:
    """Close the case on somebody's word (RHIPE-34). Raises: Refusal."""
    reason = _reason(draft, message)
    if message.actor.is_requester and reason is not CloseReason.REQUESTED:
        refuse("RoleNotPermitted", "only our staff can give this reason", "close with the reason requested")
    solved = reason in (CloseReason.RESOLVED, CloseReason.RESTORED)
    if solved and draft.case.phase in (Phase.RECEIVED, Phase.AWAITING_INFORMATION):
        refuse(
            "InvalidTransition", "nobody has worked on this case", "resolve it first, or give another reason"
        )
    if solved and draft.case.terms.rules.closing.awaits_confirmation:
        refuse(
            "ConfirmationRequired",
            "the requester has not confirmed that it is solved",
            "resolve it and wait for a reply that accepts, or pass one on",
        )
    is_solved_now = solved and draft.case.phase is not Phase.RESOLVED  # a rejected resolution was none
    if is_solved_now:
        must_be_validated(draft)
        outage_end.tell_restored(draft, message.text)
    settle_if_staff(draft)
    if is_solved_now:
        draft.set(resolved_at=draft.at)
    close_now(draft, reason, draft.at, message.text)


def _reason(draft: Draft, message: Close) -> CloseReason:
    allowed = draft.case.terms.rules.closing.reasons
    remedy = f"use one of {', '.join(allowed)}"
    if message.reason is None:
        refuse("ReasonRequired", "closing needs a reason", remedy, ("reason",))
    if message.reason not in allowed:
        refuse(
            "ValidationError", f"reason: {message.reason} is not a reason for closing", remedy, ("reason",)
        )
    return CloseReason(message.reason)


def must_be_validated(draft: Draft) -> None:
    """Want the customer's validation at the levels that need one (DED-35). Raises: Refusal."""
    case = draft.case
    if case.rule.validate_resolution and case.validated_at is None:
        refuse(
            "ResolutionNotValidated",
            f"a case of level {case.level} can be resolved only once the customer has validated the solution",
            "ask for it with validate_resolution, or say there that it was validated on a call",
        )


def settle_if_staff(draft: Draft) -> None:
    """Count a closing by our staff as an answer; a case its requester gives up needs none."""
    if draft.actor.is_staff:
        give_first_answer(draft)


def close_now(
    draft: Draft,
    reason: CloseReason,
    closed_at: datetime,
    text: str | None = None,
    /,
    *,
    letter: EffectKind = EffectKind.CASE_CLOSED,
    **facts: Any,
) -> None:
    """Close the case as of `closed_at`, start the reopen window and ask how it went (RHIPE-27).

    The customer is told by `letter`, with further `facts` of it.
    """
    outage_end.end_with_case(draft)
    remote_session.end_with_case(draft)
    planned_work.stop(draft)
    handoff.stop(draft)
    leave_vendor(draft, closed_at)
    draft.set(
        phase=Phase.CLOSED,
        closed_at=closed_at,
        close_reason=reason,
        closures=draft.case.closures + 1,
        waiting_since=None,
        waiting_for=None,
        answer_owed_since=None,
    )
    window = reopen_window(draft, closed_at, reason)
    draft.run(window)
    draft.enter(EntryKind.CLOSED, text, about=reason)
    draft.tell(
        letter,
        Recipient.CUSTOMER,
        about=reason,
        text=text,
        by=draft.actor.label,
        reopen_until=window.due_at if window.rule != NO_WINDOW else None,
        **facts,
    )
    survey.ask_how_it_went(draft, reason, closed_at)


def reopen_window(draft: Draft, closed_at: datetime, reason: CloseReason) -> RunningClock:
    """Run until a closed case may still be reopened, and archive it a margin later.

    Some business days from the last closure (5: RHIPE-36) or a span of time, as the policy says; the margin
    lets a reopening received at the deadline still find its case. Without a window, or where the case is
    never reopened (GAP-15), it is archived after the margin.
    """
    closing = draft.case.terms.rules.closing
    window = RunningClock(clock=Clock.REOPEN_WINDOW, started_at=closed_at, due_at=closed_at, rule=NO_WINDOW)
    if reason not in NEVER_REOPENED:
        if closing.reopen_business_days is not None:
            window = business_clock(draft, Clock.REOPEN_WINDOW, closed_at, closing.reopen_business_days)
        elif closing.reopen_within is not None:
            due_at, rule = closed_at + closing.reopen_within, in_words(closing.reopen_within)
            window = window.model_copy(update={"due_at": due_at, "rule": rule})
    assert window.due_at is not None
    return window.model_copy(update={"fires_at": window.due_at + closing.archive_margin})


@when_due(Clock.AUTO_CLOSE)
def auto_close_falls_due(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Close a resolved case nobody answered (RHIPE-35).

    It counts as closed at the due instant; where we come to it late (`late_after`), at `until`, so that our
    own outage never shortens the customer's reopen window. What was due before an import was not ours to do.
    """
    assert running.due_at is not None
    late = catch_up.now - running.due_at > draft.case.terms.rules.informing.late_after
    late = late and not is_silent(draft.case, running.due_at)
    draft.set(settled_at=running.due_at)
    draft.cause = f"{Clock.AUTO_CLOSE}@{running.due_at:%Y%m%dT%H%M%SZ}"
    draft.at = catch_up.until.replace(microsecond=0) if late else running.due_at
    close_now(draft, CloseReason.AUTO_CLOSE, draft.at)


@when_due(Clock.REOPEN_WINDOW)
def archive(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """End the case: the reopen window and its margin are over."""
    assert running.due_at is not None
    draft.set(settled_at=running.due_at, phase=Phase.ARCHIVED, clocks=())
    draft.enter(EntryKind.ARCHIVED)
