"""Resolving, and what the requester says to it: validation before, confirmation after.

RHIPE-35, CSS-13, DED-32, DED-33, DED-35, CONF-09, GAP-08.
"""

from domain.clocks import Clock, RunningClock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import outage_end, root_cause, updates
from domain.lifecycle.auto_close import await_the_end
from domain.lifecycle.breaches import repeat
from domain.lifecycle.closing import close_now, must_be_validated
from domain.lifecycle.customer_update import discharge, run_duty
from domain.lifecycle.given_files import take_files
from domain.lifecycle.repeated_text import tell_once
from domain.lifecycle.updates import end_streak, give_first_answer, restart_cadence, tell_of_reply
from domain.lifecycle.vendor_follow_up import run_follow_up
from domain.lifecycle.when_due import CatchUp, when_due
from domain.messages.case import Reply, Resolve, ValidateResolution
from domain.phase import OPEN, CloseReason, Phase
from domain.rules import RULES_0_4
from domain.text import clipped
from domain.timeline import EntryKind

_KINDS = ("resolution", "workaround")
_CAUSE_BYTES = 1024
"""How much of a root cause a notice says (ours); the timeline has the whole."""


def validate_resolution(draft: Draft, message: ValidateResolution) -> None:
    """Ask the customer whether it works, or note that they have said so already (DED-33, DED-35).

    Whoever asks again doubts what was validated before. Both cadences go on, or begin with a first answer.
    """
    is_first = give_first_answer(draft)
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
        next_update_at=updates.next_update_at(draft),
    )


def await_validation(draft: Draft) -> None:
    """Let the case wait for the customer to see for themselves whether it works (DED-33)."""
    draft.set(phase=Phase.VALIDATING_RESOLUTION, waiting_since=None, waiting_for=None, validated_at=None)


def _validated(draft: Draft, text: str | None = None) -> None:
    draft.set(validated_at=draft.at, phase=draft.case.working_phase, waiting_since=None, waiting_for=None)
    draft.enter(EntryKind.VALIDATED, text)


def resolve(draft: Draft, message: Resolve) -> None:
    """Record a resolution; auto-close runs from the last one (RHIPE-35). Raises: Refusal.

    Where only the requester's word closes the case they are asked for it (CSS-13). What they were told
    already, word for word, is refused.
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
    outage_end.tell_restored(draft, message.text)
    give_first_answer(draft)
    end_streak(draft)
    draft.stop(Clock.VENDOR_FOLLOW_UP)
    draft.set(
        phase=Phase.RESOLVED,
        resolved_at=draft.at,
        waiting_since=None,
        waiting_for=None,
        answer_owed_since=None,
        assignee=draft.case.assignee or message.actor.name,
    )
    await_the_end(draft)
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


@when_due(Clock.CONFIRMATION)
def confirmation_falls_due(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Ask once more for the word that closes the case, however many reminders were missed."""
    last, next_due = repeat(draft, running, catch_up)
    draft.enter(EntryKind.CONFIRMATION_ASKED, about=Clock.CONFIRMATION, due_at=last)
    draft.tell(
        EffectKind.CONFIRM_RESOLUTION,
        Recipient.CUSTOMER,
        about=Clock.CONFIRMATION,
        due_at=last,
        next_update_at=next_due,
    )


def reply(draft: Draft, message: Reply) -> None:
    """Take what the customer says, in whatever phase the case is.

    To a resolved case: yes closes it, no takes it back to work, neither asks for our answer. To a solution
    they is to validate: yes validates it, no sets it aside, also later while the case is open. To a closed
    case: it is kept and told, and reopens nothing, for reopening is asked for (RHIPE-03).
    """
    discharge(draft)
    take_files(draft, message)
    draft.set(told_last=None)
    if message.accepts is False and draft.case.phase in OPEN:
        draft.set(validated_at=None)
    match draft.case.phase:
        case Phase.RESOLVED:
            _reply_to_resolution(draft, message)
        case Phase.VALIDATING_RESOLUTION if message.accepts is not None:
            _reply_to_validation(draft, message)
        case _:
            updates.reply(draft, message)


def _reply_to_validation(draft: Draft, message: Reply) -> None:
    number = _enter_reply(draft, message)
    if message.accepts:
        _validated(draft)
    else:
        draft.set(phase=draft.case.working_phase)
    tell_of_reply(draft, message, number, "validated" if message.accepts else "rejected")


def _reply_to_resolution(draft: Draft, message: Reply) -> None:
    number = _enter_reply(draft, message)
    if message.accepts is True:
        close_now(draft, CloseReason.CUSTOMER_CONFIRMED, draft.at)
    elif message.accepts is False:
        take_back(draft)
        tell_of_reply(draft, message, number, "rejected")
    else:
        settle_nothing(draft)
        draft.warn("AnswerUnclear")
        tell_of_reply(draft, message, number, "unclear")


def take_back(draft: Draft) -> None:
    """Take a resolved case back to work: it is not solved, the customer says."""
    draft.set(phase=draft.case.working_phase, validated_at=None, answer_owed_since=None)
    run_follow_up(draft)
    restart_cadence(draft)
    run_duty(draft)


def settle_nothing(draft: Draft) -> None:
    """Take a word to a resolution that says neither yes nor no (house rule).

    The case stays resolved and stops closing by itself: an answer is owed, and the level's updates run from
    the first such word. Where the policy says `restart`, and before 0.4, auto-close begins anew instead.
    """
    draft.stop(Clock.AUTO_CLOSE, Clock.CONFIRMATION)
    if draft.case.rules < RULES_0_4 or draft.case.terms.rules.closing.unclear_reply == "restart":
        await_the_end(draft)
    elif draft.case.answer_owed_since is None:
        draft.set(answer_owed_since=draft.at)
        restart_cadence(draft)


def _enter_reply(draft: Draft, message: Reply) -> int:
    if message.message_id:
        draft.refer_to(message.message_id)
    return draft.enter(EntryKind.REPLIED, message.text, about=_answer(message.accepts))


def _answer(accepts: bool | None) -> str | None:
    return None if accepts is None else ("accepted" if accepts else "rejected")
