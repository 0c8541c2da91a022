"""Resolving, closing, archiving.

Pure. RHIPE-27, RHIPE-34 to RHIPE-36, GAP-16, GAP-17.
"""

from datetime import datetime

from domain.calendar import add_business_days
from domain.clocks import Clock, RunningClock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.informing import (
    end_streak,
    reply,
    restart_cadence,
    settle_response,
    tell_of_reply,
)
from domain.messages import Close, Reply, Resolve
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind

_BY_PEOPLE = (CloseReason.RESOLVED, CloseReason.REQUESTED, CloseReason.NO_FURTHER_TROUBLESHOOTING)
_KINDS = ("resolution", "workaround")
_WORK_CLOCKS = (Clock.INITIAL_RESPONSE, Clock.TRIAGE, Clock.UPDATE)


def resolve(draft: Draft, message: Resolve) -> None:
    """This will record a resolution; auto-close runs from the last one (RHIPE-35). Raises: Refusal."""
    if message.kind not in _KINDS:
        refuse(
            "ResolutionKindRequired",
            "what kind of solution is it?",
            "give kind: resolution or workaround",
            ("kind",),
        )
    settle_response(draft)
    end_streak(draft)
    draft.stop(*_WORK_CLOCKS)
    draft.set(
        phase=Phase.RESOLVED,
        resolved_at=draft.at,
        waiting_since=None,
        waiting_for=None,
        assignee=draft.case.assignee or message.actor.name,
    )
    _run_auto_close(draft)
    number = draft.enter(EntryKind.RESOLVED, message.text, about=message.kind)
    auto_close = draft.case.clock(Clock.AUTO_CLOSE)
    draft.tell(
        EffectKind.CASE_RESOLVED,
        Recipient.CUSTOMER,
        about=message.kind,
        text=message.text,
        text_entry=number,
        by=message.actor.label,
        auto_close_at=auto_close.due_at if auto_close else None,
    )


def _run_auto_close(draft: Draft) -> None:
    """This will let the case close by itself 3 business days from now (RHIPE-35; policy field)."""
    days = draft.case.terms.rules.closing.auto_close_business_days
    if days is not None:
        draft.run(_business_clock(draft, Clock.AUTO_CLOSE, draft.at, days))


def _business_clock(draft: Draft, clock: Clock, start: datetime, days: int) -> RunningClock:
    due_at = add_business_days(draft.case.terms.calendar, start, days)
    return RunningClock(clock=clock, started_at=start, due_at=due_at, rule=f"{days} business days")


def reply_to_closed_or_resolved(draft: Draft, message: Reply) -> None:
    """This will take a reply to a resolved case: yes closes it, no reopens it, neither delays auto-close.

    A reply to a closed case is kept and told, and reopens nothing: reopening is asked for (RHIPE-03).
    """
    if draft.case.phase is not Phase.RESOLVED:
        reply(draft, message)
        return
    if message.message_id:
        draft.refer_to(message.message_id)
    number = draft.enter(EntryKind.REPLIED, message.text, about=_answer(message.accepts))
    draft.stop(Clock.AUTO_CLOSE)
    if message.accepts is True:
        close_now(draft, CloseReason.CUSTOMER_CONFIRMED, draft.at)
    elif message.accepts is False:
        draft.set(phase=Phase.IN_PROGRESS)
        restart_cadence(draft)
        tell_of_reply(draft, message, number, "rejected")
    else:
        _run_auto_close(draft)
        tell_of_reply(draft, message, number, "unclear")


def _answer(accepts: bool | None) -> str | None:
    return None if accepts is None else ("accepted" if accepts else "rejected")


def close(draft: Draft, message: Close) -> None:
    """This will close the case on somebody's word (RHIPE-34). Raises: Refusal."""
    if message.reason is None:
        refuse("ReasonRequired", "closing needs a reason", f"use one of {', '.join(_BY_PEOPLE)}", ("reason",))
    if message.reason not in _BY_PEOPLE:
        refuse(
            "ValidationError",
            f"reason: {message.reason} is none",
            f"use one of {', '.join(_BY_PEOPLE)}",
            ("reason",),
        )
    reason = CloseReason(message.reason)
    if message.actor.is_requester and reason is not CloseReason.REQUESTED:
        refuse("RoleNotPermitted", "this reason is for our staff to give", "close with the reason requested")
    if reason is CloseReason.RESOLVED and draft.case.phase in (Phase.RECEIVED, Phase.AWAITING_INFORMATION):
        refuse(
            "InvalidTransition", "nobody has worked on this case", "resolve it first, or give another reason"
        )
    settle_if_staff(draft)
    if reason is CloseReason.RESOLVED and draft.case.resolved_at is None:
        draft.set(resolved_at=draft.at)
    close_now(draft, reason, draft.at, message.text)


def settle_if_staff(draft: Draft) -> None:
    """This will count a closing by our staff as an answer; a case its requester gives up needs none."""
    if draft.actor.is_staff:
        settle_response(draft)


def close_now(draft: Draft, reason: CloseReason, closed_at: datetime, text: str | None = None) -> None:
    """This will close the case as of `closed_at`, start the reopen window and ask how it went (RHIPE-27)."""
    closing = draft.case.terms.rules.closing
    draft.stop(*_WORK_CLOCKS, Clock.AUTO_CLOSE)
    draft.set(
        phase=Phase.CLOSED,
        closed_at=closed_at,
        close_reason=reason,
        closures=draft.case.closures + 1,
        waiting_since=None,
        waiting_for=None,
    )
    window = _reopen_window(draft, closed_at)
    draft.run(window)
    draft.enter(EntryKind.CLOSED, text, about=reason)
    draft.tell(
        EffectKind.CASE_CLOSED,
        Recipient.CUSTOMER,
        about=reason,
        text=text,
        by=draft.actor.label,
        reopen_until=window.due_at if closing.reopen_business_days else None,
    )
    if closing.survey:
        draft.tell(EffectKind.CSAT_SURVEY, Recipient.CUSTOMER, about=reason, count=draft.case.closures)


def _reopen_window(draft: Draft, closed_at: datetime) -> RunningClock:
    """This will run until a closed case may still be reopened, and archive it a margin later.

    5 business days from the last closure (RHIPE-36); the margin lets a reopening received at the deadline
    still find its case. Without a window the case is archived after the margin.
    """
    closing = draft.case.terms.rules.closing
    days = closing.reopen_business_days
    window = (
        _business_clock(draft, Clock.REOPEN_WINDOW, closed_at, days)
        if days
        else RunningClock(clock=Clock.REOPEN_WINDOW, started_at=closed_at, due_at=closed_at, rule="none")
    )
    assert window.due_at is not None
    return window.model_copy(update={"fires_at": window.due_at + closing.archive_margin})


def auto_close_falls_due(draft: Draft, running: RunningClock, until: datetime, now: datetime) -> None:
    """This will close a resolved case nobody answered (RHIPE-35).

    It counts as closed at the due instant; where we come to it late (`late_after`), at `until`, so that our
    own outage never shortens the customer's reopen window.
    """
    assert running.due_at is not None
    late = now - running.due_at > draft.case.terms.rules.informing.late_after
    draft.set(settled_at=running.due_at)
    draft.cause = f"{Clock.AUTO_CLOSE}@{running.due_at:%Y%m%dT%H%M%SZ}"
    draft.at = until.replace(microsecond=0) if late else running.due_at
    close_now(draft, CloseReason.AUTO_CLOSE, draft.at)


def archive(draft: Draft, running: RunningClock) -> None:
    """This will end the case: the reopen window and its margin are over."""
    assert running.due_at is not None
    draft.set(settled_at=running.due_at, phase=Phase.ARCHIVED, clocks=())
    draft.enter(EntryKind.ARCHIVED)
