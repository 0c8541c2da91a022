"""The rules of a major incident: who joins and leaves, what is put out, how it ends.

Every rule takes the incident, the message and the instant (UTC) it counts for.
"""

from datetime import datetime

from domain.decision import refuse
from domain.effects import Effect
from domain.frozen import Frozen
from domain.incident_link import NewsKind
from domain.incidents.cadence import after_update
from domain.incidents.notices import enter, gone, is_full, put_out, settled
from domain.incidents.record import MOST_CHILDREN, MOST_ID_BYTES, Child, Incident, IncidentPhase
from domain.messages.incident import CloseIncident, Join, Leave, PostNews, ResolveIncident
from domain.rules import RULES_0_3
from domain.text import MAX_TEXT_BYTES


class IncidentAccepted(Frozen):
    """Yes: the incident as it is now, and what our own people must be told."""

    incident: Incident
    effects: tuple[Effect, ...] = ()
    warnings: tuple[str, ...] = ()


def not_past(expected: datetime | None, at: datetime) -> None:
    """Want an expected time that lies ahead (DED-30). Raises: Refusal."""
    if expected is not None and expected <= at:
        refuse(
            "ValidationError",
            "expected_resolution_at is in the past",
            "give a future time, or leave it out",
            ("expected_resolution_at",),
        )


def join(incident: Incident, message: Join, at: datetime) -> IncidentAccepted:
    """Let cases join, also late; one that belongs already is left as it is. Raises: Refusal."""
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
    if not _has_room_for(incident, fresh):
        refuse(
            "ValidationError",
            f"an incident has at most {MOST_CHILDREN} cases, fewer where their ids are long",
            "declare another one for the rest",
            ("cases",),
        )
    _must_have_room(incident)
    told, number = put_out(incident, NewsKind.JOINED, message.actor, at, incident.news)
    others = tuple(child for child in told.children if child.case_id not in fresh)
    joined = tuple(Child(case_id=case, joined_at=at, since=number) for case in fresh)
    told = told.model_copy(update={"children": (*others, *joined)})
    told = enter(told, at, "joined", message.actor, _few(fresh), notice=number, count=len(fresh))
    skipped = len(message.cases) > len(fresh)
    return IncidentAccepted(incident=told, warnings=("AlreadyJoined",) if skipped else ())


def _has_room_for(incident: Incident, fresh: tuple[str, ...]) -> bool:
    ids = {child.case_id for child in incident.children} | set(fresh)
    is_short = incident.rules < RULES_0_3 or sum(map(len, ids)) <= MOST_ID_BYTES
    return len(ids) <= MOST_CHILDREN and is_short


def leave(incident: Incident, message: Leave, at: datetime) -> IncidentAccepted:
    """Let cases leave that have another cause, and tell them so. Raises: Refusal."""
    if message.reason is None:
        refuse("ReasonRequired", "why do these cases leave?", "give a reason", ("reason",))
    there = {child.case_id for child in incident.children if child.is_in}
    asked = tuple(dict.fromkeys(case for case in message.cases if case in there))
    if not asked:
        refuse("NoChange", "none of these cases belongs to the incident", "look at them: incident show")
    _must_have_room(incident)
    told, number = put_out(incident, NewsKind.LEFT, message.actor, at, message.reason)
    told = settled(gone(told, asked, number))
    told = enter(told, at, "left", message.actor, message.reason, notice=number, count=len(asked))
    skipped = len(message.cases) > len(asked)
    return IncidentAccepted(incident=told, warnings=("NotAChild",) if skipped else ())


def post_update(incident: Incident, message: PostNews, at: datetime) -> IncidentAccepted:
    """Put out news; each audience is told once. Raises: Refusal."""
    not_past(message.expected_resolution_at, at)
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
    told = enter(told, at, "updated", message.actor, text, notice=number, count=_in(told))
    return IncidentAccepted(incident=settled(told))


def resolve(incident: Incident, message: ResolveIncident, at: datetime) -> IncidentAccepted:
    """Offer every case resolution: the cause is gone. Raises: Refusal."""
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
    told = enter(told, at, "resolved", message.actor, message.text, notice=number, count=_in(told))
    return IncidentAccepted(incident=settled(told))


def close(incident: Incident, message: CloseIncident, at: datetime) -> IncidentAccepted:
    """End it; where it was never resolved its cases are let go, and told so."""
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
    return IncidentAccepted(incident=enter(over, at, "closed", message.actor, message.reason))


def _must_have_room(incident: Incident) -> None:
    """Refuse more notices than can wait. Raises: Refusal."""
    if is_full(incident):
        refuse(
            "InvalidTransition",
            f"{len(incident.outgoing)} notices are still on their way",
            "wait until the first has reached everybody",
        )


def _in(incident: Incident) -> int:
    return sum(child.is_in for child in incident.children)


def _few(cases: tuple[str, ...]) -> str:
    return ", ".join(cases[:5]) + (f" and {len(cases) - 5} more" if len(cases) > 5 else "")
