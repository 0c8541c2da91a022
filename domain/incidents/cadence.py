"""When the next update of a major incident is due, and who of our own people hears that it is, or was.

DED-31: further notices as scheduled; one that comes earlier restarts the interval. Customers hear
nothing by this clock: what each was promised is on the clocks of their own case. After a time in which nobody
was at work one step settles it: however many intervals were missed, each recipient has one notice.
"""

from datetime import datetime, timedelta
from typing import Any

from domain.actor import SYSTEM, Actor
from domain.clocks import Clock, RunningClock
from domain.decision import instant_key, refuse
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.facts import Facts
from domain.incidents.notices import enter, enter_anew
from domain.incidents.record import Incident, IncidentPhase
from domain.lifecycle.breaches import due_cause
from domain.policy import in_words
from domain.text import excerpt, without_hostile

WARN_AT_SHARE = 0.75
"""Of the interval: there the incident manager is warned, as the assignee of a case is (house rule)."""

WARN_BEFORE_AT_LEAST = timedelta(minutes=5)
"""A warning that comes later is none any more (ours); an interval of 5 minutes has no warning."""

MISSED, NOT_DELIVERED, CANCEL_ASKED = "update_missed", "delivery_failed", "cancel_asked"


def first_notice(incident: Incident, every: timedelta, actor: Actor, at: datetime) -> Incident:
    """Let the next update fall due one interval (elapsed time) after the declaration."""
    return _told_by(incident, actor, at, _running(at, every))


def after_update(incident: Incident, every: timedelta | None, actor: Actor, at: datetime) -> Incident:
    """Restart the interval at an update, or a new one; a resolved incident has none any more.

    Raises: Refusal with `InvalidTransition` where an interval is given for one that is resolved.
    """
    running = incident.clock
    if incident.phase is not IncidentPhase.DECLARED:
        if every is not None:
            refuse(
                "InvalidTransition",
                f"{incident.number} is {incident.phase}: no more updates are due",
                "leave update_every out",
                ("update_every",),
            )
        return incident
    known = running.every if running else None
    interval = every or known
    return _told_by(incident, actor, at, _running(at, interval) if interval else None)


def _told_by(incident: Incident, actor: Actor, at: datetime, clock: RunningClock | None) -> Incident:
    changes: dict[str, object] = {"clock": clock, "news_at": at, "missed_in_a_row": 0}
    return incident.model_copy(update=changes | {"led_by": actor.label, "led_from": actor.region})


def _running(start: datetime, every: timedelta, after: datetime | None = None) -> RunningClock:
    """Run the clock from `start` on; a warning at or before `after` comes too late to be one."""
    due_at = start + every
    warn_at = min(start + every * WARN_AT_SHARE, due_at - WARN_BEFORE_AT_LEAST).replace(microsecond=0)
    return RunningClock(
        clock=Clock.UPDATE,
        started_at=start,
        due_at=due_at,
        warn_at=warn_at if warn_at > (after or start) else None,
        every=every,
        rule=f"every {in_words(every)}",
    )


def settle(incident: Incident, until: datetime) -> tuple[Incident, tuple[Effect, ...]]:
    """Settle in one step what is due at or before `until` (UTC), and say who must be told."""
    after, effects = settle_missed(incident, until)
    running = after.clock
    if running is None or running.warn_at is None or running.warn_at > until:
        return after, effects
    return _warn(after, running)


def settle_missed(incident: Incident, until: datetime) -> tuple[Incident, tuple[Effect, ...]]:
    """Settle the updates due at or before `until` (UTC); nobody is warned of one being written."""
    running = incident.clock
    if running is None or running.due_at is None or running.due_at > until:
        return incident, ()
    return _miss(incident, running, until)


def _warn(incident: Incident, running: RunningClock) -> tuple[Incident, tuple[Effect, ...]]:
    """Warn the incident manager once: whoever wrote last, at the address of their centre."""
    assert running.due_at is not None
    assert running.warn_at is not None
    cause, at = due_cause(running, running.due_at), running.warn_at
    warned = incident.model_copy(update={"clock": running.model_copy(update={"warn_at": None})})
    kind, to = EffectKind.INCIDENT_UPDATE_DUE, Recipient.ASSIGNEE
    return warned, (_effect(warned, cause, at, kind, to, due_at=running.due_at),)


def _miss(incident: Incident, running: RunningClock, until: datetime) -> tuple[Incident, tuple[Effect, ...]]:
    """Count the intervals missed, and let TSS and SDM hear of all of them at once."""
    assert running.due_at is not None
    assert running.every is not None
    last = running.last_due_by(until)
    missed = (last - running.due_at) // running.every + 1
    silent = incident.model_copy(
        update={
            "clock": _running(last, running.every, after=until),
            "updates_missed": incident.updates_missed + missed,
            "missed_in_a_row": incident.missed_in_a_row + missed,
        }
    )
    said = f"{silent.missed_in_a_row} in a row, {running.rule}"
    noted = enter_anew(silent, max(last, incident.timeline[-1].at), MISSED, SYSTEM, said)
    cause, kind = due_cause(running, last), EffectKind.INCIDENT_UPDATE_MISSED
    facts = {"due_at": last, "next_update_at": noted.next_update_at, "count": noted.missed_in_a_row}
    told = tuple(_effect(noted, cause, last, kind, to, **facts) for to in (Recipient.TSS, Recipient.SDM))
    return noted, told


def _effect(
    incident: Incident, cause: str, at: datetime, kind: EffectKind, to: Recipient, **facts: Any
) -> Effect:
    return Effect(
        id=f"{incident.id}/{cause}/{kind}/{to}",
        case_id=incident.id,
        case_number=incident.number,
        kind=kind,
        to=to,
        caused_at=at,
        about=Clock.UPDATE,
        region=incident.led_from,
        facts=Facts(
            title=incident.title,
            level=incident.level,
            phase=incident.phase,
            owner=incident.led_by,
            first_at=incident.news_at,
            **facts,
        ),
    )


def cancel_asked(incident: Incident, reason: str, now: datetime) -> tuple[Incident, tuple[Effect, ...]]:
    """Note that the engine was asked at `now` (UTC) to cancel the incident, and tell the incident manager.

    `reason` is the operator's, empty for none. The incident goes on, and so does its clock.
    """
    at = max(now.replace(microsecond=0), incident.timeline[-1].at)
    said = excerpt(without_hostile(reason).strip())
    noted = enter(incident, at, CANCEL_ASKED, SYSTEM, said or None)
    if incident.phase is IncidentPhase.CLOSED:
        return noted, ()
    kind, cause = EffectKind.INCIDENT_CANCEL_ASKED, f"cancel@{instant_key(at)}"
    return noted, (_effect(noted, cause, at, kind, Recipient.ASSIGNEE, reason=said or None),)


def take_outcomes(incident: Incident, outcomes: tuple[Outcome, ...], now: datetime) -> Incident:
    """Note which of our own people could not be told, and why; `now` is UTC."""
    lost = [outcome for outcome in outcomes if outcome.status is not OutcomeStatus.DELIVERED]
    return _not_told(incident, [outcome.reason or "no reason given" for outcome in lost], now)


def left_behind(incident: Incident, effects: tuple[Effect, ...], now: datetime) -> Incident:
    """Note how many notices did not travel to the next run; `now` is UTC."""
    reasons = [f"{len(effects)} notices were left behind at a turn-over"] if effects else []
    return _not_told(incident, reasons, now)


def _not_told(incident: Incident, reasons: list[str], now: datetime) -> Incident:
    if not reasons:
        return incident
    at = max(now.replace(microsecond=0), incident.timeline[-1].at)
    return enter_anew(incident, at, NOT_DELIVERED, SYSTEM, "; ".join(dict.fromkeys(reasons)))
