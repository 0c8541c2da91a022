"""Resolving, and what the requester says to it: validation before, confirmation after.

Pure. RHIPE-35, CSS-13, DED-32, DED-33, DED-35, CONF-09, GAP-08.
"""

from datetime import datetime

from domain.clocks import Clock, RunningClock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import informing, outage_endings, root_cause
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.closing import WORK_CLOCKS, business_clock, close_now, must_be_validated
from domain.lifecycle.duty import discharge, run_duty
from domain.lifecycle.informing import end_streak, restart_cadence, settle_response, tell_of_reply
from domain.lifecycle.repeating import tell_once
from domain.lifecycle.vendor_follow_up import run_follow_up
from domain.messages import Reply, Resolve, ValidateResolution
from domain.phase import OPEN, CloseReason, Phase
from domain.policy import in_words
from domain.text import clipped
from domain.timeline import EntryKind

_KINDS = ("resolution", "workaround")
_CAUSE_BYTES = 1024
"""How much of a root cause a notice says (ours); the timeline has the whole."""


def validate_resolution(draft: Draft, message: ValidateResolution) -> None:
    """This will ask the customer whether it works, or note that he has said so already (DED-33, DED-35).

    Whoever asks again doubts what was validated before. Both cadences go on, or begin with a first answer.
    """
    is_first = settle_response(draft)
    if is_first:
        run_duty(draft)
    end_streak(draft)
    was_waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    draft.set(assignee=draft.case.assignee or message.actor.name)
    if message.validated:
        _validated(draft, message.text)
        if is_first or was_waiting:
            restart_cadence(draft)
        return
    await_validation(draft)
    number = draft.enter(EntryKind.VALIDATION_ASKED, message.text)
    restart_cadence(draft)
    draft.tell(
        EffectKind.VALIDATION_REQUEST,
        Recipient.CUSTOMER,
        text=message.text,
        text_entry=number,
        by=message.actor.label,
        next_update_at=informing.next_update_at(draft),
    )


def await_validation(draft: Draft) -> None:
    """This will let the case wait for the customer to see for himself whether it works (DED-33)."""
    draft.set(phase=Phase.VALIDATING_RESOLUTION, waiting_since=None, waiting_for=None, validated_at=None)


def _validated(draft: Draft, text: str | None = None) -> None:
    draft.set(validated_at=draft.at, phase=draft.case.working_phase, waiting_since=None, waiting_for=None)
    draft.enter(EntryKind.VALIDATED, text)


def resolve(draft: Draft, message: Resolve) -> None:
    """This will record a resolution; auto-close runs from the last one (RHIPE-35). Raises: Refusal.

    Where only the requester's word closes the case he is asked for it (CSS-13). What he was told already,
    word for word, is refused.
    """
    if message.kind not in _KINDS:
        refuse(
            "ResolutionKindRequired",
            "what kind of solution is it?",
            "give kind: resolution or workaround",
            ("kind",),
        )
    must_be_validated(draft)
    tell_once(draft, Phase.RESOLVED, message.kind, message.text, message.root_cause)
    outage_endings.tell_restored(draft, message.text)
    settle_response(draft)
    end_streak(draft)
    draft.stop(*WORK_CLOCKS, Clock.VENDOR_FOLLOW_UP)
    draft.set(
        phase=Phase.RESOLVED,
        resolved_at=draft.at,
        waiting_since=None,
        waiting_for=None,
        assignee=draft.case.assignee or message.actor.name,
    )
    _await_the_end(draft)
    number = draft.enter(EntryKind.RESOLVED, message.text, about=message.kind)
    if message.root_cause is not None:
        root_cause.found(draft, message.root_cause)
    _tell_resolution(draft, message, number)


def _tell_resolution(draft: Draft, message: Resolve, number: int) -> None:
    auto_close = draft.case.clock(Clock.AUTO_CLOSE)
    asks = draft.case.terms.rules.closing.awaits_confirmation
    draft.tell(
        EffectKind.CONFIRM_RESOLUTION if asks else EffectKind.CASE_RESOLVED,
        Recipient.CUSTOMER,
        about=message.kind,
        text=message.text,
        text_entry=number,
        by=message.actor.label,
        auto_close_at=auto_close.due_at if auto_close else None,
        cause=clipped(message.root_cause, _CAUSE_BYTES) if message.root_cause else None,
    )


def _await_the_end(draft: Draft) -> None:
    """This will let the case close by itself after some business days (3: RHIPE-35), or remind of the word
    that is still wanted (off by default, GAP-08).
    """
    closing = draft.case.terms.rules.closing
    if closing.auto_close_business_days is not None:
        draft.run(business_clock(draft, Clock.AUTO_CLOSE, draft.at, closing.auto_close_business_days))
    every = closing.reminder_every
    if every is not None:
        draft.run(
            RunningClock(
                clock=Clock.CONFIRMATION,
                started_at=draft.at,
                due_at=draft.at + every,
                every=every,
                rule=f"every {in_words(every)}",
            )
        )


def confirmation_falls_due(draft: Draft, running: RunningClock, until: datetime) -> None:
    """This will ask once more for the word that closes the case, however many reminders were missed."""
    last = running.last_due_by(until)
    assert running.every is not None
    draft.set(settled_at=last)
    draft.run(running.model_copy(update={"started_at": last, "due_at": last + running.every}))
    draft.cause, draft.at = due_cause(running, last), last
    draft.enter(EntryKind.CONFIRMATION_ASKED, about=Clock.CONFIRMATION, due_at=last)
    draft.tell(
        EffectKind.CONFIRM_RESOLUTION,
        Recipient.CUSTOMER,
        about=Clock.CONFIRMATION,
        due_at=last,
        next_update_at=last + running.every,
    )


def reply(draft: Draft, message: Reply) -> None:
    """This will take what the customer says, in whatever phase the case is.

    To a resolved case: yes closes it, no takes it back to work, neither delays auto-close. To a solution he
    is to validate: yes validates it, no sets it aside, also later while the case is open. To a closed case:
    it is kept and told, and reopens nothing, for reopening is asked for (RHIPE-03).
    """
    discharge(draft)
    draft.set(told_last=None)
    if message.accepts is False and draft.case.phase in OPEN:
        draft.set(validated_at=None)
    match draft.case.phase:
        case Phase.RESOLVED:
            _reply_to_resolution(draft, message)
        case Phase.VALIDATING_RESOLUTION if message.accepts is not None:
            _reply_to_validation(draft, message)
        case _:
            informing.reply(draft, message)


def _reply_to_validation(draft: Draft, message: Reply) -> None:
    number = _enter_reply(draft, message)
    if message.accepts:
        _validated(draft)
    else:
        draft.set(phase=draft.case.working_phase)
    tell_of_reply(draft, message, number, "validated" if message.accepts else "rejected")


def _reply_to_resolution(draft: Draft, message: Reply) -> None:
    number = _enter_reply(draft, message)
    draft.stop(Clock.AUTO_CLOSE, Clock.CONFIRMATION)
    if message.accepts is True:
        close_now(draft, CloseReason.CUSTOMER_CONFIRMED, draft.at)
    elif message.accepts is False:
        draft.set(phase=draft.case.working_phase, validated_at=None)
        run_follow_up(draft)
        restart_cadence(draft)
        run_duty(draft)
        tell_of_reply(draft, message, number, "rejected")
    else:
        _await_the_end(draft)
        draft.warn("AnswerUnclear")
        tell_of_reply(draft, message, number, "unclear")


def _enter_reply(draft: Draft, message: Reply) -> int:
    if message.message_id:
        draft.refer_to(message.message_id)
    return draft.enter(EntryKind.REPLIED, message.text, about=_answer(message.accepts))


def _answer(accepts: bool | None) -> str | None:
    return None if accepts is None else ("accepted" if accepts else "rejected")
