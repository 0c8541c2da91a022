"""What became of one case in a rehearsal: promises kept and missed, waits, closings, as plain data.

Part of the rehearsals. Instants are the log's own (UTC); each finding names the level in force when it
happened.
"""

from datetime import datetime

from pydantic import Field

from domain.frozen import Frozen


class ResponseFinding(Frozen):
    """One initial response that was promised: at the opening, or anew at a reopening.

    `answered_at` is None where nobody answered; `late_seconds` is None where it was in time or never given.
    """

    level: str
    met: bool
    answered_at: datetime | None = None
    late_seconds: int | None = None


class UpdateFinding(Frozen):
    """How the due updates of one level were kept."""

    level: str
    staff: int = 0
    system: int = 0
    missed: int = 0


class BreachFinding(Frozen):
    """One breach entry. `late_seconds` is None where the promise was not kept later, or is no single one.

    `centre` is the one that had the case when the breach was booked.
    """

    level: str
    clock: str
    due_at: datetime
    count: int = 1
    late_seconds: int | None = None
    centre: str | None = None


class ClosingFinding(Frozen):
    """One closing: at which level, why, when."""

    level: str
    reason: str
    at: datetime


class Wait(Frozen):
    """A wait for the customer, from the question to their answer or our resolution; open while it goes on."""

    level: str
    since: datetime
    until: datetime | None = None


class BackFinding(Frozen):
    """The customer came back: `reopened` a closed case, `rejected` a solution, or opened a `linked` case."""

    level: str
    how: str
    at: datetime


class Unheard(Frozen):
    """Something a row stood for and the case refused: by which line of the log, and with which code."""

    line: int
    verb: str
    code: str
    reason: str


class CaseFinding(Frozen):
    """Everything found about one case. `level` is its last; `clock_instants` counts what time itself did.

    `messages` counts what people said, the opening too. `load` has an hour of the week for each of them, by
    the clock of the centre that had the case: 0 is Monday from 00:00, 167 Sunday from 23:00. `ways` counts
    its handoffs by `giver -> taker`; what they cost is in seconds until the first act of ours after each
    (`went_on_seconds`), or that there was none (`nobody_went_on`).
    """

    case: str
    case_id: str
    number: str
    parent: str | None
    level: str
    phase: str
    received_at: datetime
    responses: tuple[ResponseFinding, ...]
    updates: tuple[UpdateFinding, ...]
    breaches: tuple[BreachFinding, ...]
    closings: tuple[ClosingFinding, ...]
    waits: tuple[Wait, ...]
    came_back: tuple[BackFinding, ...]
    warnings: int
    clock_instants: int
    messages: int = 0
    load: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    ways: dict[str, int] = Field(default_factory=dict)
    went_on_seconds: tuple[int, ...] = ()
    nobody_went_on: int = 0
    asked_again: int = 0
