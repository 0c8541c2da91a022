"""What every word of a requester does, whatever verb it comes with; since 0.4.

It ends the waiting for them and counts as their update, and whoever works on the case hears of it, or the
centre that owns it. What a machine wrote, and mere thanks, are kept and do none of that. RHIPE-03, DED-19,
DED-23, O365-25; house rules.
"""

import json

from domain.case import Case
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.circumstances import is_worse
from domain.lifecycle.customer_update import discharge
from domain.lifecycle.given_files import take_files
from domain.lifecycle.resolution import settle_nothing, take_back
from domain.lifecycle.thanks import is_only_thanks
from domain.lifecycle.updates import restart_cadence
from domain.messages.base import CustomerMessage, Message
from domain.messages.case import AddNote, ProvideInformation, Reply, UpdateScope
from domain.phase import OPEN, Phase
from domain.rules import RULES_0_4
from domain.survey import AnswerSurvey
from domain.timeline import AUTOMATIC, THANKS, EntryKind

_OURS = frozenset({Recipient.ASSIGNEE, Recipient.REGION, Recipient.TSS, Recipient.SDM, Recipient.CASES})
"""Who of us may have been told already; a linked case tells of itself."""

_NOT_KEPT = {"actor", "received_at", "request_id", "automatic", "verification", "access_id"}
"""What is not of the words of a message, or proves who somebody is and is never shown."""

_WORDS = ("text", "reason", "comment", "business_impact")
_MOST = 8000  # characters of a message kept without words of its own


def is_kept_only(draft: Draft, message: Message) -> bool:
    """Keep what a machine wrote, or mere thanks, and say so; neither moves a clock, a phase or a person."""
    mark = _mark(draft.case, message)
    if mark is None:
        return False
    kind = EntryKind.REPLIED if isinstance(message, Reply) else EntryKind.NOTED
    if isinstance(message, Reply) and message.message_id and mark == THANKS:
        draft.refer_to(message.message_id)  # our next mail answers theirs, also where it only said thanks
    if isinstance(message, AddNote | Reply):
        take_files(draft, message)
    draft.enter(kind, _words(message) or _as_json(message), about=mark)
    draft.warn("AutomaticMessage" if mark == AUTOMATIC else "OnlyThanks")
    return True


def _mark(case: Case, message: Message) -> str | None:
    if case.rules < RULES_0_4:
        return None
    if isinstance(message, CustomerMessage) and message.automatic:
        return AUTOMATIC
    match message:
        case AddNote() | Reply() if message.attachments:
            return None
        case Reply(accepts=None):
            is_talk = True
        case AddNote():
            is_talk = message.actor.is_requester
        case UpdateScope(business_impact=None, users_affected=None, worse=False):
            is_talk = message.actor.is_requester
        case _:
            return None
    return THANKS if is_talk and is_only_thanks(message.text) else None


def heard(draft: Draft, message: Message) -> None:
    """Let a requester's word end the waiting for them, before the rule of its verb is asked.

    To a solution, a comment or a change of scope is what a reply would be: worse is a no, anything else
    neither yes nor no. An answer to a survey is about what is over.
    """
    if draft.case.rules < RULES_0_4 or not _is_theirs(message):
        return
    discharge(draft)
    draft.set(told_last=None)
    if draft.case.phase is Phase.AWAITING_CUSTOMER:
        draft.set(phase=draft.case.working_phase, waiting_since=None, waiting_for=None)
        restart_cadence(draft)
    elif isinstance(message, UpdateScope) and is_worse(message):
        _is_not_solved(draft)
    elif isinstance(message, AddNote | UpdateScope) and draft.case.phase is Phase.RESOLVED:
        settle_nothing(draft)


def _is_theirs(message: Message) -> bool:
    if isinstance(message, AnswerSurvey):
        return False
    return message.actor.is_requester or isinstance(message, Reply)


def _is_not_solved(draft: Draft) -> None:
    if draft.case.phase is Phase.RESOLVED:
        take_back(draft)
    elif draft.case.phase is Phase.VALIDATING_RESOLUTION:
        draft.set(phase=draft.case.working_phase)
    if draft.case.phase in OPEN:
        draft.set(validated_at=None)


def tell_of_change(draft: Draft, verb: str, message: Message, told_before: int) -> None:
    """Tell whoever works on the case, or the centre that owns it, what the customer did (DED-19, O365-25).

    Not again where the rule of the verb has told somebody of us; `told_before` effects are older than it.
    """
    if draft.case.rules < RULES_0_4 or not message.actor.is_requester:
        return
    if any(effect.to in _OURS for effect in draft.effects[told_before:]):
        return
    entry = draft.entries[-1] if draft.entries else None
    given = entry.text if entry is not None and isinstance(message, ProvideInformation) else None
    draft.tell(
        EffectKind.CUSTOMER_CHANGED,
        Recipient.ASSIGNEE,
        about=verb,
        text=given or _words(message),
        by=message.actor.label,
        said_by=message.actor.kind,
        reason=entry.about if entry is not None and given is None else None,
    )


def _words(message: Message) -> str | None:
    """Return what somebody wrote, in whichever field their verb has it."""
    return next(filter(None, (getattr(message, name, None) for name in _WORDS)), None)


def _as_json(message: Message) -> str:
    said = message.model_dump(mode="json", exclude=_NOT_KEPT, exclude_defaults=True, exclude_none=True)
    return json.dumps(said, ensure_ascii=False)[:_MOST]
