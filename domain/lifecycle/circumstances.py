"""What changes around a case while it is open: its scope, an agreed interval, another system that tracks it.

Pure. O365-25, O365-26, DED-02, DED-27.
"""

from domain.case import Tracking
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.duty import discharge
from domain.lifecycle.informing import next_update_at, restart_cadence
from domain.messages import AgreeInterval, TrackElsewhere, UpdateScope
from domain.policy import in_words
from domain.terms import HORIZON
from domain.timeline import EntryKind

_REVIEW = "review"


def update_scope(draft: Draft, message: UpdateScope) -> None:
    """This will tell the engineer at once that the problem has changed (O365-25).

    A worse impact asks him to look at the level again; nothing else changes it.
    """
    if message.actor.is_requester:
        discharge(draft)
    worse = message.worse or (message.business_impact is not None and message.actor.is_requester)
    if message.business_impact is not None:
        draft.set(business_impact=message.business_impact)
    if message.users_affected is not None:
        request = draft.case.request.model_copy(update={"users_affected": message.users_affected})
        draft.set(request=request)
    text = "\n".join(filter(None, (message.text, message.business_impact)))[:8000]
    number = draft.enter(EntryKind.SCOPE_UPDATED, text, about=_REVIEW if worse else None)
    draft.tell(
        EffectKind.SCOPE_CHANGED,
        Recipient.ASSIGNEE,
        about=_REVIEW if worse else None,
        text=text,
        text_entry=number,
        by=message.actor.label,
        count=message.users_affected,
    )


def agree_interval(draft: Draft, message: AgreeInterval) -> None:
    """This will let the updates of an advisory case come as often as was agreed (DED-27). Raises: Refusal.

    It counts from the response, and from now where there was one; at most as long as terms last (400 days).
    """
    case = draft.case
    if not case.rule.update_as_agreed:
        refuse(
            "PolicyOverrideNotPermitted",
            f"the policy says how often a case of level {case.level} is told news",
            "change the level, or post updates more often",
        )
    if message.every > HORIZON:
        refuse(
            "ValidationError",
            f"every: {message.every.days} days are too long",
            f"agree on {HORIZON.days} days or less",
            ("every",),
        )
    draft.set(agreed_interval=message.every)
    if case.responded_at is not None:
        restart_cadence(draft)
    draft.enter(EntryKind.INTERVAL_AGREED, about=f"every {in_words(message.every)}")
    draft.tell(
        EffectKind.INTERVAL_AGREED,
        Recipient.CUSTOMER,
        about=f"every {in_words(message.every)}",
        next_update_at=next_update_at(draft),
    )


def track_elsewhere(draft: Draft, message: TrackElsewhere) -> None:
    """This will note where else the case is worked on; its own clocks run on meanwhile (O365-26)."""
    draft.set(external_tracking=Tracking(system=message.system, reference=message.external_ref))
    about = f"{message.system} {message.external_ref}"[:200]
    draft.enter(EntryKind.TRACKED_ELSEWHERE, internal=True, about=about)
