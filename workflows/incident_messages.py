"""Names and shapes that doors and the workflow of a major incident share: receipts, the turn-over value.

No rule and no I/O; light enough for a command that only wants to send a message.
"""

import base64
import zlib
from datetime import datetime
from typing import Any

from domain.effects import Effect
from domain.frozen import Frozen
from domain.incidents.record import Incident, IncidentPhase
from domain.rules import CURRENT_RULES, FIRST_RULES
from domain.waiting import LaneFile

INCIDENT_WORKFLOW = "MajorIncident"

READABLE = 128 * 1024
"""Bytes of JSON up to which an incident travels as it is (ours); with 5,000 cases it has 1 MiB: too many."""


class IncidentReceipt(Frozen):
    """The answer to a message: how the incident stands. `waiting` notices are not with everybody yet.

    `at` is the instant (UTC) the message counts as received, `notice` the number of the last notice put out,
    `next_update_at` (UTC) when the next update is due, None where none is any more.
    `repeated`: this request was taken before and nothing was done again. `asked_at` is the stamp of the
    message this answers, as its door wrote it.
    """

    incident_id: str
    number: str
    outcome: str = "accepted"
    at: datetime
    phase: IncidentPhase
    cases: int
    notice: int
    waiting: int
    next_update_at: datetime | None = None
    warnings: tuple[str, ...] = ()
    repeated: bool = False
    asked_at: datetime | None = None


class IncidentFile(Frozen):
    """The one value the workflow is started with and carries over when it turns over; at first empty.

    `undelivered`: what our own people have not been told yet. `rules` is the release of the rules the run is
    held to. A large incident travels `packed`: its JSON, compressed, in base64.
    """

    rules: int = FIRST_RULES
    incident: Incident | None = None
    packed: str | None = None
    undelivered: tuple[Effect, ...] = ()
    lanes: tuple[LaneFile, ...] = ()
    seen: tuple[str, ...] = ()
    turn_overs: int = 0

    @property
    def living(self) -> Incident | None:
        """The incident that goes on, however it travelled; None for one that is not declared yet."""
        if self.packed is None:
            return self.incident
        return Incident.model_validate_json(zlib.decompress(base64.b64decode(self.packed)))


def packed_incident(incident: Incident) -> dict[str, Any]:
    """Return the field an incident travels in: in words up to 128 KiB, for people to read; else packed."""
    written = incident.model_dump_json().encode()
    if len(written) <= READABLE:
        return {"incident": incident}
    return {"packed": base64.b64encode(zlib.compress(written)).decode()}


def new_incident() -> IncidentFile:
    """Return what a door starts an incident with: today's rules; its declaration follows."""
    return IncidentFile(rules=CURRENT_RULES)


class IncidentOutcome(Frozen):
    """The result of the workflow once the incident is closed."""

    incident_id: str
    number: str
    closed_at: datetime | None = None
    cases: int = 0
    notices: int = 0
    turn_overs: int = 0
