"""What changes around a case while it is open: its scope, an agreed interval, another system that tracks it.

O365-25, O365-26, DED-02, DED-27.
"""

from datetime import timedelta

from domain.case import Tracking
from domain.clocks import Clock
from domain.counting import due
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.customer_update import discharge
from domain.lifecycle.updates import next_update_at, restart_cadence
from domain.lifecycle.what_was_said import changes
from domain.messages.case import AgreeInterval, TrackElsewhere, UpdateScope
from domain.policy import Target, in_words
from domain.terms import HORIZON
from domain.timeline import EntryKind

_REVIEW = "review"


def update_scope(draft: Draft, message: UpdateScope) -> None:
    """Tell the engineer at once that the problem has changed (O365-25).

    A worse impact asks them to look at the level again; nothing else changes it.
    """
    if message.actor.is_requester:
        discharge(draft)
    worse, before = is_worse(message), draft.case
    if message.business_impact is not None:
        draft.set(business_impact=message.business_impact)
    if message.users_affected is not None:
        request = draft.case.request.model_copy(update={"users_affected": message.users_affected})
        draft.set(request=request)
    text = "\n".join(filter(None, (message.text, message.business_impact)))[:8000]
    told = "\n".join(filter(None, (text, changes(before, draft.case, ("users_affected",)))))
    number = draft.enter(EntryKind.SCOPE_UPDATED, told, about=_REVIEW if worse else None)
    draft.tell(
        EffectKind.SCOPE_CHANGED,
        Recipient.ASSIGNEE,
        about=_REVIEW if worse else None,
        text=text,
        text_entry=number,
        by=message.actor.label,
        count=message.users_affected,
    )


def is_worse(message: UpdateScope) -> bool:
    """Tell whether a change of scope asks for a look at the level."""
    return message.worse or (message.business_impact is not None and message.actor.is_requester)


def agree_interval(draft: Draft, message: AgreeInterval) -> None:
    """Let the updates of an advisory case come as often as was agreed (DED-27). Raises: Refusal.

    It counts from the response, and from now where there was one; at most as long as terms last (400 days).
    """
    case = draft.case
    if not case.rule.update_as_agreed:
        refuse(
            "PolicyOverrideNotPermitted",
            f"the policy sets how often a case of level {case.level} gets updates",
            "change the level, or post updates more often",
        )
    if message.every > HORIZON or _ends_after(draft, message.every) > HORIZON:
        refuse(
            "ValidationError",
            f"every: {message.every.days} days is too long",
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


def _ends_after(draft: Draft, every: timedelta) -> timedelta:
    """Say how long an interval takes from now; one that is counted in a plan's hours takes longer."""
    return due(draft.case, Clock.UPDATE, draft.at, Target(within=every)) - draft.at


def track_elsewhere(draft: Draft, message: TrackElsewhere) -> None:
    """Note where else the case is worked on; its own clocks run on meanwhile (O365-26)."""
    draft.set(external_tracking=Tracking(system=message.system, reference=message.external_ref))
    about = f"{message.system} {message.external_ref}"[:200]
    draft.enter(EntryKind.TRACKED_ELSEWHERE, internal=True, about=about)
