"""Names and shapes that doors and the workflow of a major incident share: receipts, the turn-over value.

No rule and no I/O; light enough for a command that only wants to send a message.
"""

from datetime import datetime

from domain.effects import Effect
from domain.frozen import Frozen
from domain.incident import Incident, IncidentPhase

INCIDENT_WORKFLOW = "MajorIncident"


class IncidentReceipt(Frozen):
    """The answer to a message: how the incident stands. `waiting` notices are not with everybody yet.

    `at` is the instant (UTC) the message counts as received, `notice` the number of the last notice put out,
    `next_update_at` (UTC) when the next update is due, None where none is any more.
    `repeated`: this request was taken before and nothing was done again.
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


class IncidentFile(Frozen):
    """The one value the workflow is started with and carries over when it turns over; at first empty.

    `undelivered`: what our own people have not been told yet.
    """

    incident: Incident | None = None
    undelivered: tuple[Effect, ...] = ()
    seen: tuple[str, ...] = ()
    turn_overs: int = 0


class IncidentOutcome(Frozen):
    """The result of the workflow once the incident is closed."""

    incident_id: str
    number: str
    closed_at: datetime | None = None
    cases: int = 0
    notices: int = 0
    turn_overs: int = 0
