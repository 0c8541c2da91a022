"""How an outage ends: service is back and validated, its level was lowered, it was none, its case is closed.

DED-28, DED-32, DED-35. The order is fixed: the customer validates, everybody hears that service is
back, the case is resolved. Where nobody has sent that notice, resolving sends it first. An outage that has
ended stays so: where service fails again, another one is declared.
"""

from datetime import datetime

from domain.case import Case
from domain.clocks import Clock
from domain.decision import Draft, refuse
from domain.effects import EffectKind
from domain.lifecycle.outage import count_as_update, must_run
from domain.lifecycle.outage_notices import running_outage, tell_audience, tell_inside
from domain.messages.outage import OutageResolutionNotification, WithdrawOutage
from domain.outage import Outage, OutageEnd, minutes_between
from domain.timeline import EntryKind


def outage_resolution_notification(draft: Draft, message: OutageResolutionNotification) -> None:
    """Tell everybody that service is back, once the customer has validated it (DED-35).

    Raises: Refusal with `ResolutionNotValidated` before that.
    """
    must_run(draft, message.actor)
    _must_be_validated(draft)
    rules = draft.case.terms.outage
    count_as_update(draft, ends_response=rules is not None and rules.ends_response)
    tell_restored(draft, message.text)


def tell_restored(draft: Draft, text: str | None) -> None:
    """End a running outage as restored and tell everybody; without one it does nothing.

    Service was back when the customer validated it, so that is where its minutes end. Raises: Refusal.
    """
    if running_outage(draft.case) is None:
        return
    _must_be_validated(draft)
    number = draft.enter(EntryKind.OUTAGE_RESOLVED, text)
    _end(draft, OutageEnd.RESTORED, draft.case.validated_at or draft.at)
    _tell_end(draft, EffectKind.OUTAGE_RESOLVED, text, number, audience=True)


def wants_validation(case: Case) -> bool:
    """Tell whether an outage runs whose end is told once the customer has seen it (DED-35)."""
    rules = case.terms.outage
    return running_outage(case) is not None and rules is not None and rules.validated_before_notice


def _must_be_validated(draft: Draft) -> None:
    if wants_validation(draft.case) and draft.case.validated_at is None:
        refuse(
            "ResolutionNotValidated",
            "nobody is told that service is back before the customer has validated it",
            "ask for it with validate_resolution, or say there that it was validated on a call",
        )


def withdraw_outage(draft: Draft, message: WithdrawOutage) -> None:
    """End what was no outage after all. Raises: Refusal.

    It is measured and never counted; whoever heard of it hears that too.
    """
    outage = must_run(draft, message.actor)
    if message.reason is None:
        refuse(
            "ReasonRequired",
            "withdrawing an outage needs a reason",
            "say why it was not an outage",
            ("reason",),
        )
    _end_early(draft, outage, OutageEnd.WITHDRAWN, message.reason)


def lowered(draft: Draft, why: str | None) -> None:
    """End an outage whose case has got a level that outages do not have (DED-28)."""
    outage, rules = running_outage(draft.case), draft.case.terms.outage
    if outage is not None and rules is not None and draft.case.level not in rules.levels:
        _end_early(draft, outage, OutageEnd.LOWERED, why)


def end_with_case(draft: Draft) -> None:
    """End an outage whose case is closed without a resolution, as its requester wished."""
    outage = running_outage(draft.case)
    if outage is not None:
        _end_early(draft, outage, OutageEnd.CLOSED, None)


def _end_early(draft: Draft, outage: Outage, by: OutageEnd, why: str | None) -> None:
    number = _end(draft, by, draft.at, why)
    _tell_end(draft, EffectKind.OUTAGE_ENDED, why, number if why else None, audience=outage.notices > 0)


def _end(draft: Draft, by: OutageEnd, at: datetime, why: str | None = None) -> int:
    outage = draft.case.outage
    assert outage is not None
    minutes = minutes_between(outage.began_at, at)
    draft.stop(Clock.OUTAGE_NOTIFICATION)
    draft.set(outage=outage.model_copy(update={"ended_at": at, "ended_by": by, "minutes": minutes}))
    return draft.enter(EntryKind.OUTAGE_ENDED, why, about=by, count=minutes)


def _tell_end(
    draft: Draft, kind: EffectKind, text: str | None, number: int | None, *, audience: bool
) -> None:
    """Tell our lists, and the audience where it has heard of the outage or service is back."""
    outage = draft.case.outage
    assert outage is not None
    facts = {
        "about": outage.ended_by,
        "text": text,
        "text_entry": number,
        "by": draft.actor.label,
        "first_at": outage.began_at,
        "last_at": outage.ended_at,
        "minutes": outage.minutes,
    }
    tell_inside(draft, kind, **facts)
    if audience:
        tell_audience(draft, kind, **facts)
