"""An outage while it lasts: declared, told inside first, then to the audience at the level's cadence.

DED-28 to DED-31, GAP-03; how it ends is in `outage_endings`.
"""

from datetime import datetime

from domain.actor import Actor, ActorKind, Role
from domain.clocks import Clock
from domain.counting import run_target
from domain.decision import Draft, refuse
from domain.effects import EffectKind
from domain.lifecycle.breaches import kept
from domain.lifecycle.outage_notices import (
    SHORT,
    next_notice_at,
    running_outage,
    tell_audience,
    tell_inside,
)
from domain.lifecycle.updates import count_update, give_first_answer, restart_cadence
from domain.messages.outage import OutageNotification
from domain.outage import Outage
from domain.policy import Target
from domain.text import MAX_TEXT_BYTES, clipped, excerpt
from domain.timeline import EntryKind


def may_be_declared(draft: Draft, level: str) -> bool:
    """Tell whether an outage can begin: the policy names the level, and none runs already."""
    rules = draft.case.terms.outage
    return rules is not None and level in rules.levels and running_outage(draft.case) is None


def declare(draft: Draft, why: str | None) -> None:
    """Begin an outage as of now (DED-28), where one can begin: our lists hear of it first (DED-29).

    What the customer validated before it counts no more. A second outage of a case is measured from its
    declaration, for the onset was that of the first.
    """
    if not may_be_declared(draft, draft.case.level):
        return
    before, onset = draft.case.outage, draft.case.request.onset_at
    outage = Outage(
        declared_at=draft.at,
        began_at=draft.at if onset is None or before is not None else min(onset, draft.at),
        earlier_minutes=before.counted_minutes if before else 0,
        audience=before.audience if before else (),
    )
    draft.set(outage=outage, validated_at=None)
    number = draft.enter(EntryKind.OUTAGE_DECLARED, why)
    _run_clock(draft)
    tell_inside(
        draft,
        EffectKind.OUTAGE_DECLARED,
        text=why,
        text_entry=number if why else None,
        impact=excerpt(draft.case.business_impact, SHORT) if draft.case.business_impact else None,
        by=draft.actor.label,
        first_at=outage.began_at,
        due_at=_due_at(draft),
    )


def _run_clock(draft: Draft) -> None:
    """Let the first notice fall due, elapsed since the declaration (1 h: DED-30, GAP-03)."""
    rules = draft.case.terms.outage
    assert rules is not None
    if not draft.case.has_sla:
        return
    target = Target(within=rules.notify_within)
    draft.run(run_target(draft.case, Clock.OUTAGE_NOTIFICATION, draft.at, target))


def _due_at(draft: Draft) -> datetime | None:
    running = draft.case.clock(Clock.OUTAGE_NOTIFICATION)
    return running.due_at if running else None


def may_speak(draft: Draft, actor: Actor) -> None:
    """Let the vendor's incident management speak, and our staff (DED-30). Raises: Refusal."""
    if actor.kind is ActorKind.VENDOR and (
        actor.role is not Role.INCIDENT_MANAGEMENT or draft.case.terms.outage is None
    ):
        refuse(
            "RoleNotPermitted",
            "under this policy, only the vendor's incident management can do this for the vendor",
            "let them or our staff do it",
        )


def must_run(draft: Draft, actor: Actor) -> Outage:
    """Return the outage somebody speaks of, where they may and one is under way. Raises: Refusal."""
    may_speak(draft, actor)
    outage = running_outage(draft.case)
    if outage is None:
        refuse(
            "InvalidTransition",
            "this case has no outage under way",
            "declare one: change the level, with outage",
        )
    return outage


def outage_notification(draft: Draft, message: OutageNotification) -> None:
    """Tell the audience of the outage (DED-30, DED-31). Raises: Refusal.

    It counts as an update, so the cadence restarts, and as the initial response where the policy says so. The
    customer's own duty stays as it is: they have told us nothing.
    """
    outage, rules = must_run(draft, message.actor), draft.case.terms.outage
    wanted = rules.content if rules else ()  # terms computed anew may know no outages any more
    missing = tuple(name for name in wanted if getattr(message, name) is None)
    if missing:
        refuse(
            "OutageNotificationIncomplete",
            f"an outage notice needs {', '.join(wanted)}",
            f"give {', '.join(missing)}",
            missing,
        )
    expected = message.expected_resolution_at
    if expected is not None and expected < draft.at:
        refuse(
            "ValidationError",
            "expected_resolution_at is in the past",
            "say when service is expected back",
            ("expected_resolution_at",),
        )
    count_as_update(draft, ends_response=rules is not None and rules.ends_response)
    draft.set(outage=_after_notice(draft, outage, message))
    said = "\n\n".join(filter(None, (message.incident_details, message.impact)))
    number = draft.enter(EntryKind.OUTAGE_NOTIFIED, clipped(said, MAX_TEXT_BYTES))
    _tell_notice(draft, message, None if message.impact else number)


def _after_notice(draft: Draft, outage: Outage, message: OutageNotification) -> Outage:
    details, impact = message.incident_details, message.impact
    return outage.model_copy(
        update={
            "notices": outage.notices + 1,
            "noticed_at": draft.at,
            "expected_resolution_at": message.expected_resolution_at,
            "audience": message.audience or outage.audience,
            "details": excerpt(details, SHORT) if details else None,
            "impact": excerpt(impact, SHORT) if impact else None,
        }
    )


def _tell_notice(draft: Draft, message: OutageNotification, number: int | None) -> None:
    """Tell the audience; `number` is the entry that has the details and nothing else, if one does."""
    outage = draft.case.outage
    assert outage is not None
    tell_audience(
        draft,
        EffectKind.OUTAGE_NOTICE,
        text=message.incident_details,
        text_entry=number,
        impact=outage.impact,
        expected_at=outage.expected_resolution_at,
        first_at=outage.began_at,
        by=message.actor.label,
        next_update_at=next_notice_at(draft.case),
    )


def count_as_update(draft: Draft, *, ends_response: bool) -> None:
    """Count what was told of an outage as our update, and as the response where that is wanted."""
    running = draft.case.clock(Clock.OUTAGE_NOTIFICATION)
    if running is not None:
        kept(draft, running)
        draft.stop(Clock.OUTAGE_NOTIFICATION)
    if ends_response:
        give_first_answer(draft)
    count_update(draft)
    if not draft.case.owes_first_answer:
        restart_cadence(draft)
