"""The life of a major incident: `declare` opens it, `decide` takes what is said, `fall_due` what time says.

Pure. The checks are those of a case in the same order: role, state, required fields. Whom a notice is for
is worked out in `domain.incidents.notices`, when the next one is due in `domain.incidents.cadence`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from domain.decision import Refusal, Refused, refuse
from domain.effects import Effect
from domain.frozen import Frozen
from domain.incident import MOST_CHILDREN, Child, Incident, IncidentPhase, incident_number
from domain.incident_link import NewsKind
from domain.incident_messages import (
    CloseIncident,
    Declare,
    IncidentVerb,
    Join,
    Leave,
    PostNews,
    ResolveIncident,
)
from domain.incidents.cadence import after_update, first_notice, settle, settle_missed
from domain.incidents.notices import enter, gone, is_full, put_out, settled
from domain.lifecycle import received_at
from domain.message import Message
from domain.text import MAX_TEXT_BYTES

__all__ = ["IncidentAccepted", "decide", "declare", "digest", "fall_due"]


class IncidentAccepted(Frozen):
    """Yes: the incident as it is now, and what our own people must be told."""

    incident: Incident
    effects: tuple[Effect, ...] = ()
    warnings: tuple[str, ...] = ()


def digest(message: Declare) -> str:
    """This will be equal for two declarations that say the same, whoever sends them when."""
    said = message.model_dump_json(exclude={"actor", "received_at", "request_id"})
    return sha256(said.encode()).hexdigest()[:16]


def declare(message: Declare, identity: str, now: datetime) -> IncidentAccepted | Refused:
    """This will declare an incident under the id of its workflow; `now` is UTC."""
    try:
        _staff_only(message)
        at = received_at(message, now)
        _not_past(message.expected_resolution_at, at)
    except Refusal as refusal:
        return refusal.refused
    opened = Incident(
        id=identity,
        number=incident_number(identity),
        source=message.source,
        reference=message.reference,
        digest=digest(message),
        title=message.title,
        level=message.level,
        declared_at=at,
        declared_by=message.actor.label,
        expected_resolution_at=message.expected_resolution_at,
        news=message.text,
    )
    opened = first_notice(opened, message.update_every, message.actor, at)
    return IncidentAccepted(incident=enter(opened, at, "declared", message.actor.label, message.text))


def decide(
    incident: Incident, verb: IncidentVerb, message: Message, now: datetime
) -> IncidentAccepted | Refused:
    """This will decide a message handled at `now` (UTC); it counts for no earlier than the last entry.

    What fell due before its receipt is settled first; an update received at the due instant is in time.
    """
    try:
        _staff_only(message)
        received = received_at(message, now)
        if incident.phase is IncidentPhase.CLOSED:
            refuse("CaseClosed", f"{incident.number} is closed", "declare another incident")
        due, effects = settle_missed(incident, received - timedelta(microseconds=1))
        decision = _HANDLERS[verb](due, message, max(received, due.timeline[-1].at))
    except Refusal as refusal:
        return refusal.refused
    return decision.model_copy(update={"effects": effects})


def fall_due(incident: Incident, now: datetime) -> IncidentAccepted | None:
    """This will settle in one step what is due at or before `now` (UTC), or return None: nothing is."""
    settled_now, effects = settle(incident, now)
    return None if settled_now is incident else IncidentAccepted(incident=settled_now, effects=effects)


def _staff_only(message: Message) -> None:
    if not message.actor.is_staff:
        refuse(
            "RoleNotPermitted",
            f"a {message.actor.kind} does not lead a major incident",
            "let one of our staff do it",
        )


def _not_past(expected: datetime | None, at: datetime) -> None:
    """This will want an expected time that lies ahead (DED-30). Raises: Refusal."""
    if expected is not None and expected <= at:
        refuse(
            "ValidationError",
            "expected_resolution_at lies in the past",
            "give a time that is still to come, or leave it out",
            ("expected_resolution_at",),
        )


def _join(incident: Incident, message: Join, at: datetime) -> IncidentAccepted:
    if incident.phase is not IncidentPhase.DECLARED:
        refuse(
            "InvalidTransition",
            f"{incident.number} is {incident.phase}",
            "resolve the case itself, or declare another incident",
        )
    there = {child.case_id for child in incident.children if child.is_in}
    fresh = tuple(dict.fromkeys(case for case in message.cases if case not in there))
    if not fresh:
        refuse("NoChange", "these cases belong to the incident already")
    if len(incident.children) + len(fresh) > MOST_CHILDREN:
        refuse(
            "ValidationError",
            f"an incident has at most {MOST_CHILDREN} cases",
            "declare another one for the rest",
            ("cases",),
        )
    _must_have_room(incident)
    told, number = put_out(incident, NewsKind.JOINED, message.actor, at, incident.news)
    others = tuple(child for child in told.children if child.case_id not in fresh)
    joined = tuple(Child(case_id=case, joined_at=at, since=number) for case in fresh)
    told = told.model_copy(update={"children": (*others, *joined)})
    told = enter(told, at, "joined", message.actor.label, _few(fresh), notice=number, count=len(fresh))
    skipped = len(message.cases) > len(fresh)
    return IncidentAccepted(incident=told, warnings=("AlreadyJoined",) if skipped else ())


def _leave(incident: Incident, message: Leave, at: datetime) -> IncidentAccepted:
    if message.reason is None:
        refuse("ReasonRequired", "why do these cases leave?", "give a reason", ("reason",))
    there = {child.case_id for child in incident.children if child.is_in}
    asked = tuple(dict.fromkeys(case for case in message.cases if case in there))
    if not asked:
        refuse("NoChange", "none of these cases belongs to the incident", "look at them: incident show")
    _must_have_room(incident)
    told, number = put_out(incident, NewsKind.LEFT, message.actor, at, message.reason)
    told = settled(gone(told, asked, number))
    told = enter(told, at, "left", message.actor.label, message.reason, notice=number, count=len(asked))
    skipped = len(message.cases) > len(asked)
    return IncidentAccepted(incident=told, warnings=("NotAChild",) if skipped else ())


def _post_update(incident: Incident, message: PostNews, at: datetime) -> IncidentAccepted:
    _not_past(message.expected_resolution_at, at)
    text = "\n\n".join(filter(None, (message.text, message.incident_details)))
    if len(text.encode()) > MAX_TEXT_BYTES:
        refuse(
            "ValidationError",
            f"text and incident_details together have more than {MAX_TEXT_BYTES} bytes",
            "shorten them",
            ("text", "incident_details"),
        )
    _must_have_room(incident)
    expected = message.expected_resolution_at or incident.expected_resolution_at
    expected = expected if expected is not None and expected > at else None
    newer = incident.model_copy(
        update={
            "news": text,
            "impact": message.impact or incident.impact,
            "expected_resolution_at": expected,
        }
    )
    newer = after_update(newer, message.update_every, message.actor, at)
    told, number = put_out(newer, NewsKind.UPDATE, message.actor, at, text)
    told = enter(told, at, "updated", message.actor.label, text, notice=number, count=_in(told))
    return IncidentAccepted(incident=settled(told))


def _resolve(incident: Incident, message: ResolveIncident, at: datetime) -> IncidentAccepted:
    _must_have_room(incident)
    solved = incident.model_copy(
        update={
            "phase": IncidentPhase.RESOLVED,
            "resolved_at": at,
            "news": message.text,
            "expected_resolution_at": None,
            "clock": None,
        }
    )
    told, number = put_out(solved, NewsKind.RESOLVED, message.actor, at, message.text)
    told = enter(told, at, "resolved", message.actor.label, message.text, notice=number, count=_in(told))
    return IncidentAccepted(incident=settled(told))


def _close(incident: Incident, message: CloseIncident, at: datetime) -> IncidentAccepted:
    """This will end it; where it was never resolved its cases are let go, and told so."""
    over = incident
    if incident.phase is IncidentPhase.DECLARED:
        if message.reason is None:
            refuse(
                "ReasonRequired",
                f"{incident.number} was never resolved",
                "resolve it first, or give a reason",
                ("reason",),
            )
        there = tuple(child.case_id for child in incident.children if child.is_in)
        over, number = put_out(over, NewsKind.LEFT, message.actor, at, message.reason)
        over = settled(gone(over, there, number))
    over = over.model_copy(update={"phase": IncidentPhase.CLOSED, "closed_at": at, "clock": None})
    return IncidentAccepted(incident=enter(over, at, "closed", message.actor.label, message.reason))


def _must_have_room(incident: Incident) -> None:
    """This will refuse more notices than can wait. Raises: Refusal."""
    if is_full(incident):
        refuse(
            "InvalidTransition",
            f"{len(incident.outgoing)} notices are still on their way",
            "wait until the first of them is with everybody",
        )


def _in(incident: Incident) -> int:
    return sum(child.is_in for child in incident.children)


def _few(cases: tuple[str, ...]) -> str:
    return ", ".join(cases[:5]) + (f" and {len(cases) - 5} more" if len(cases) > 5 else "")


_HANDLERS: dict[IncidentVerb, Callable[[Incident, Any, datetime], IncidentAccepted]] = {
    IncidentVerb.JOIN: _join,
    IncidentVerb.LEAVE: _leave,
    IncidentVerb.POST_UPDATE: _post_update,
    IncidentVerb.RESOLVE: _resolve,
    IncidentVerb.CLOSE: _close,
}
