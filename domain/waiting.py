"""What waits to be told longer than a run may carry, and the contracts by which the case store keeps it.

A lane that is away for long must not make a case long: what waits in it goes to the store whole, and
the case carries how far it has told it. The activities are named here as those of `domain.effects` are there.
"""

import hashlib
from datetime import datetime

from domain.effects import Effect, Lane
from domain.frozen import Frozen, Sparse

KEEP_WAITING = "keep_waiting"
READ_WAITING = "read_waiting"


def queue_of(workflow_id: str, begun_at: datetime) -> str:
    """Return the key of one life's queues in the store, 40 hex digits: two lives of an id never share one.

    `begun_at` is the instant the run began that kept the first of them; later runs carry the key.
    """
    return hashlib.sha256(f"{workflow_id}@{begun_at.isoformat()}".encode()).hexdigest()[:40]


class LaneFile(Sparse):
    """How a lane stands at a turn-over, beside the effects that travel with it.

    The store keeps `kept` effects of it, numbered above `told` (None: it keeps none); they go before those
    that travel. `numbered` is the highest number ever given, none is given twice. The first `trying` of the
    lane are under way since `since` (UTC), with which the next run goes on: neither the batch nor the time
    for which it is tried begins anew. `queue` is the key under which the store keeps them.
    """

    lane: Lane
    queue: str | None = None
    numbered: int = 0
    told: int | None = None
    kept: int = 0
    trying: int = 0
    since: datetime | None = None


class WaitingEffect(Frozen):
    """One effect of a lane in its order; numbers grow and may have gaps."""

    number: int
    effect: Effect


class WaitingBatch(Frozen):
    """The input of `keep_waiting`: effects of one lane of a case, or of an incident."""

    queue: str
    lane: Lane
    effects: tuple[WaitingEffect, ...]


class WaitingKept(Frozen):
    """The output of `keep_waiting`: how many the store has taken."""

    kept: int


class WaitingWanted(Frozen):
    """The input of `read_waiting`: the next few of a lane, after the number told last."""

    queue: str
    lane: Lane
    told: int
    most: int


class WaitingFound(Frozen):
    """The output of `read_waiting`; empty where no more is kept."""

    effects: tuple[WaitingEffect, ...] = ()
