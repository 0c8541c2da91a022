"""Bridge calls: the customer is asked to join one, to look for the cause or to see that service is back.

DED-33, DED-34. The participant code goes to them and nowhere else: neither the case nor its timeline
keeps it.
"""

from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.outage import may_speak
from domain.lifecycle.resolution import await_validation
from domain.lifecycle.updates import end_streak, give_first_answer, next_update_at, restart_cadence
from domain.messages.outage import StartBridge
from domain.phase import Phase
from domain.timeline import EntryKind

_DETAILS = ("phone_number", "participant_code")
_TO_VALIDATE = "to_validate"


def start_bridge(draft: Draft, message: StartBridge) -> None:
    """Ask the customer to join a call; it is an answer to them, and no news. Raises: Refusal."""
    may_speak(draft, message.actor)
    _check(draft, message)
    if give_first_answer(draft):
        restart_cadence(draft)
    end_streak(draft)
    if message.to_validate:
        was_waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
        await_validation(draft)
        if was_waiting:
            restart_cadence(draft)
    about = _TO_VALIDATE if message.to_validate else None
    number = draft.enter(EntryKind.BRIDGE_STARTED, message.text, about=about)
    draft.tell(
        EffectKind.BRIDGE_CALL,
        Recipient.CUSTOMER,
        about=about,
        text=message.text,
        text_entry=number if message.text else None,
        by=message.actor.label,
        phone=message.phone_number,
        participant_code=message.participant_code,
        due_at=message.starts_at,
        next_update_at=next_update_at(draft),
    )


def _check(draft: Draft, message: StartBridge) -> None:
    rules = draft.case.terms.outage
    wanted = rules.bridge_details if rules else _DETAILS
    missing = tuple(name for name in wanted if getattr(message, name) is None)
    if missing:
        refuse(
            "BridgeInfoIncomplete",
            "nobody can join without the phone number and the participant code",
            f"give {' and '.join(missing)}",
            missing,
        )
    if message.starts_at is not None and message.starts_at < draft.at:
        refuse("ValidationError", "starts_at is in the past", "say when the call begins", ("starts_at",))
