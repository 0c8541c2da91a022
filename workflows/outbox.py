"""What is waiting to be told, lane by lane, and the couriers that carry it out.

One courier a lane, each in order: a stuck lane holds up neither a clock nor another lane. Durable code: no
rule, no I/O.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from temporalio import workflow

from domain.effects import Effect, EffectKind, Lane, Outcome
from workflows import delivery
from workflows.ledger import RecordLane

_BATCH = 10
"""Effects of one lane that share an activity, at most; ten texts of 8 KiB stay far below 2 MiB."""

TELLS_ASSIGNEE = "who-is-given-a-case-is-told"
"""A run that gave its case to somebody before he was told of it goes on as it began."""

_ALONE = Lane.REGION
"""News for centres go one by one: each centre has its own queue."""

Ended = Callable[[tuple[Effect, ...], tuple[Outcome, ...]], None]
OpenLinked = Callable[[Effect], Awaitable[None]]


class Outbox:
    """Effects in the order of their causes; those under way stay in it until their end is known."""

    def __init__(
        self, undelivered: Iterable[Effect], ended: Ended, open_linked: OpenLinked, record: RecordLane
    ) -> None:
        self._lanes: dict[Lane, list[Effect]] = {lane: [] for lane in Lane}
        self._under_way = dict.fromkeys(Lane, 0)
        self._couriers: dict[Lane, asyncio.Task[None]] = {}
        self._ended = ended
        self._open_linked = open_linked
        self._record = record
        self.put(undelivered)

    def put(self, effects: Iterable[Effect]) -> None:
        """This will queue effects, each in its lane."""
        for effect in effects:
            if effect.kind is not EffectKind.CASE_ASSIGNED or workflow.patched(TELLS_ASSIGNEE):
                self._lanes[effect.lane].append(effect)

    def send(self) -> None:
        """This will see to it that every lane with something in it has a courier on his way."""
        for lane, waiting in self._lanes.items():
            courier = self._couriers.get(lane)
            if waiting and (courier is None or courier.done()):
                self._couriers[lane] = asyncio.create_task(self._carry(lane))

    async def _carry(self, lane: Lane) -> None:
        # The answer to a message goes before what it caused. Where a worker takes a case over, an update may
        # come in one activation with the end of a delivery, which a later replay sees apart. Whether a
        # courier was still on his way must not change the order of our commands: such a case stood still.
        await workflow.wait_condition(lambda: self._has_turn(lane))
        waiting = self._lanes[lane]
        while waiting:
            batch = tuple(waiting[: 1 if lane is _ALONE else _BATCH])
            self._under_way[lane] = len(batch)
            if lane is Lane.CASES:
                outcomes: tuple[Outcome, ...] = ()
                for effect in batch:
                    await self._open_linked(effect)
            else:
                outcomes = await delivery.tell(lane, batch)
            del waiting[: len(batch)]
            self._under_way[lane] = 0
            self._ended(batch, outcomes)
            if waiting and not self._has_turn(lane):
                await workflow.wait_condition(lambda: self._has_turn(lane))

    def _has_turn(self, lane: Lane) -> bool:
        """This will let lanes set out in one order, also where a courier comes back in the same activation.

        A lane waits for an earlier one that has not set out with its news yet, at most until the case is on
        record: that is an event of its own, so whoever is not back by then is really still on his way.
        """
        earlier = list(Lane)[: list(Lane).index(lane)]
        lags = any(len(self._lanes[one]) > self._under_way[one] for one in earlier)
        return not lags or self._record.has_all

    @property
    def undelivered(self) -> tuple[Effect, ...]:
        """This will list what has not been told yet, lane by lane."""
        return tuple(effect for lane in Lane for effect in self._lanes[lane])

    @property
    def size(self) -> int:
        """This will count what has not been told yet."""
        return sum(map(len, self._lanes.values()))

    @property
    def is_empty(self) -> bool:
        """This will be true when nothing waits and nothing is under way."""
        return not any(self._lanes.values())
