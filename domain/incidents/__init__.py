"""The life of a major incident: `declare` opens it, `decide` takes what is said, `fall_due` what time says.

The checks are those of a case in the same order: role, state, required fields. Whom a notice is for
is worked out in `domain.incidents.notices`, when the next one is due in `domain.incidents.cadence`.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from domain.actor import SYSTEM
from domain.decision import Refusal, Refused, refuse
from domain.incidents.cadence import first_notice, settle, settle_missed
from domain.incidents.lifecycle import IncidentAccepted, not_past
from domain.incidents.notices import enter
from domain.incidents.record import Incident, IncidentPhase, incident_number
from domain.incidents.verbs import IncidentVerb
from domain.messages.base import Message
from domain.messages.incident import Declare
from domain.rules import CURRENT_RULES
from domain.stamps import received_at, stamp_at_fault

__all__ = [
    "NOT_DECLARED",
    "IncidentAccepted",
    "decide",
    "declare",
    "declared_again",
    "digest",
    "fall_due",
    "refuse_access",
]

NOT_DECLARED = Refused(
    code="InvalidTransition", reason="the incident is not declared", remedy="declare it first"
)


def digest(message: Declare) -> str:
    """Return a digest that is equal for two declarations that say the same, whoever sends them when."""
    said = message.model_dump_json(exclude={"actor", "received_at", "request_id"})
    return sha256(said.encode()).hexdigest()[:16]


def declare(
    message: Declare, identity: str, now: datetime, rules: int = CURRENT_RULES
) -> IncidentAccepted | Refused:
    """Declare an incident under the id of its workflow; `now` is UTC, `rules` the release it is held to."""
    try:
        _staff_only(message)
        at = received_at(message, now, rules)
        not_past(message.expected_resolution_at, at)
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
        rules=rules,
    )
    opened = first_notice(opened, message.update_every, message.actor, at)
    opened = enter(opened, at, "declared", message.actor, message.text)
    return _stamp_noted(IncidentAccepted(incident=opened), message, now)


def declared_again(incident: Incident, message: Declare) -> Refused | None:
    """Refuse another content under the reference of an incident; its own changes nothing."""
    if incident.digest == digest(message):
        return None
    return Refused(
        code="DuplicateRequestConflict",
        reason=f"the reference {message.reference} is {incident.number}, with other content",
        remedy="use a new reference, or post an update there",
    )


def refuse_access(message: Message) -> Refused | None:
    """Say whether incidents are closed to the speaker, whatever they say."""
    try:
        _staff_only(message)
    except Refusal as refusal:
        return refusal.refused
    return None


def decide(
    incident: Incident, verb: IncidentVerb, message: Message, now: datetime
) -> IncidentAccepted | Refused:
    """Decide a message handled at `now` (UTC); it counts for no earlier than the last entry.

    What fell due before its receipt is settled first; an update received at the due instant is in time.
    """
    try:
        _staff_only(message)
        received = received_at(message, now, incident.rules)
        if incident.phase is IncidentPhase.CLOSED:
            refuse("CaseClosed", f"{incident.number} is closed", "declare another incident")
        due, effects = settle_missed(incident, received - timedelta(microseconds=1))
        assert verb.rule is not None
        decision = verb.rule(due, message, max(received, due.timeline[-1].at))
    except Refusal as refusal:
        return refusal.refused
    return _stamp_noted(decision.model_copy(update={"effects": effects}), message, now)


def _stamp_noted(decision: IncidentAccepted, message: Message, now: datetime) -> IncidentAccepted:
    """Note a stamp at fault, which drops nothing of what was said."""
    if (fault := stamp_at_fault(message, now)) is None:
        return decision
    code, reason = fault
    incident = decision.incident
    noted = enter(incident, incident.timeline[-1].at, "noted", SYSTEM, f"{code}: {reason}")
    warnings = (*decision.warnings, code)
    return decision.model_copy(update={"incident": noted, "warnings": warnings})


def fall_due(incident: Incident, now: datetime) -> IncidentAccepted | None:
    """Settle in one step what is due at or before `now` (UTC), or return None: nothing is."""
    settled_now, effects = settle(incident, now)
    return None if settled_now is incident else IncidentAccepted(incident=settled_now, effects=effects)


def _staff_only(message: Message) -> None:
    if not message.actor.is_staff:
        refuse(
            "RoleNotPermitted",
            f"a {message.actor.kind} does not lead a major incident",
            "let one of our staff do it",
        )
