"""What is waiting to be told, lane by lane, and the couriers that carry it out.

One courier a lane, each in order: a stuck lane holds up neither a clock nor another lane. What waits too long
to travel to a next run is kept in the case store meanwhile. Durable code: no rule, no I/O.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from temporalio import workflow

from domain.effects import Effect, EffectKind, Lane, Outcome, OutcomeStatus
from domain.timeline import TimelineEntry
from domain.turnover import fits, replaced
from domain.waiting import LaneFile, queue_of
from workflows import delivery
from workflows.lane import Line
from workflows.record_lane import RecordLane

_BATCH = 10
"""Effects of one lane that share an activity, at most; ten texts of 8 KiB stay far below 2 MiB."""

TELLS_ASSIGNEE = "who-is-given-a-case-is-told"
"""A run that gave its case to somebody before they were told of it goes on as it began."""

_ALONE = Lane.REGION
"""News for centres go one by one: each centre has its own queue."""

_LONG_TRIED = timedelta(seconds=30)
"""As long as one attempt may take: what is under way since then was tried in vain, and is tried again.

Sooner, a turn-over would try again what a slow receiver is just taking.
"""

_LET_BE = timedelta(minutes=1)
"""So long nothing is offered to a store that has just not taken it."""

Ended = Callable[[tuple[Effect, ...], tuple[Outcome, ...]], None]
OpenLinked = Callable[[Effect], Awaitable[None]]


class Outbox:
    """Effects in the order of their causes; those under way stay in it until their end is known.

    `record` is the lane to the case store, for a life that has a row there; `open_linked` opens a case for
    one that may cause another. A life without has no such lane.
    """

    def __init__(
        self,
        undelivered: Iterable[Effect],
        ended: Ended,
        lanes: Iterable[LaneFile] = (),
        *,
        record: RecordLane | None = None,
        open_linked: OpenLinked | None = None,
    ) -> None:
        info = workflow.info()
        queue = queue_of(info.workflow_id, info.workflow_start_time)
        files = {file.lane: file for file in lanes}
        lanes_here = [lane for lane in Lane if lane is not Lane.CASES or open_linked is not None]
        self._lines = {lane: Line(queue, lane, files.get(lane)) for lane in lanes_here}
        self._couriers: dict[Lane, asyncio.Task[None]] = {}
        self._ended = ended
        self._open_linked = open_linked
        self._record = record
        self._is_keeping = False
        self._second_look: asyncio.Task[None] | None = None
        self._let_be_until = workflow.now()
        self.put(undelivered)

    def put(self, effects: Iterable[Effect]) -> None:
        """Queue effects, each in its lane."""
        for effect in effects:
            if effect.kind is not EffectKind.CASE_ASSIGNED or workflow.patched(TELLS_ASSIGNEE):
                self._lines[effect.lane].waiting.append(effect)

    def rename(self, case_id: str, number: str) -> None:
        """Let what has not set out yet speak of the case by its new id and number; its own id stays."""
        for line in self._lines.values():
            line.rename(case_id, number)

    def send(self) -> None:
        """See to it that every lane with something in it has a courier on their way."""
        for lane, line in self._lines.items():
            courier = self._couriers.get(lane)
            if not line.is_empty and (courier is None or courier.done()):
                self._couriers[lane] = asyncio.create_task(self._carry(lane))

    async def _carry(self, lane: Lane) -> None:
        # The answer to a message goes before what it caused. Where a worker takes a case over, an update may
        # come in one activation with the end of a delivery, which a later replay sees apart. Whether a
        # courier was still on their way must not change the order of our commands: such a case stood still.
        await workflow.wait_condition(lambda: self._has_turn(lane))
        line = self._lines[lane]
        while batch := await self._next(line):
            outcomes = await self._carried(line, batch)
            line.has_ended()
            self._ended(batch, outcomes)
            if line.waiting and not self._has_turn(lane):
                await workflow.wait_condition(lambda: self._has_turn(lane))

    async def _carried(self, line: Line, batch: tuple[Effect, ...]) -> tuple[Outcome, ...]:
        if line.lane is not Lane.CASES or self._open_linked is None:
            return await delivery.tell(line.lane, batch, line.since)
        for effect in batch:
            await self._open_linked(effect)
        return ()

    async def _next(self, line: Line) -> tuple[Effect, ...]:
        """Return the next batch of a lane, which is under way from now on; empty where nothing is left."""
        if self._is_keeping:
            await workflow.wait_condition(lambda: not self._is_keeping)
        most = 1 if line.lane is _ALONE else _BATCH
        if line.told is not None:
            found = await delivery.read_waiting(line.wanted(most))
            if line.kept and not found.effects:
                self._ended((), (_lost(line),))
            if batch := line.sets_out_again(found.effects, workflow.now()):
                return batch
        return line.sets_out(most, workflow.now())

    def _has_turn(self, lane: Lane) -> bool:
        """Let lanes set out in one order, also where a courier comes back in the same activation.

        A lane waits for an earlier one that has not set out with its news yet, at most until the case is on
        record: that is an event of its own, so whoever is not back by then is really still on their way.
        """
        if self._record is None or self._record.has_all:
            return True
        earlier = list(self._lines)[: list(self._lines).index(lane)]
        return not any(self._lines[one].lags for one in earlier)

    def goes_on_from(self, lanes: Iterable[LaneFile]) -> None:
        """Let the store keep what it kept when the case was recorded last, where that is more."""
        for file in lanes:
            self._lines[file.lane].goes_on_from(file)

    # --- turning over ------------------------------------------------------------------------------------

    @property
    def undelivered(self) -> tuple[Effect, ...]:
        """Everything that has not been told yet and is not kept in the store, lane by lane."""
        return tuple(effect for line in self._lines.values() for effect in line.waiting)

    @property
    def lanes(self) -> tuple[LaneFile, ...]:
        """How the lanes stand that a next run must know more of than their effects."""
        files = (line.file for line in self._lines.values())
        return tuple(file for file in files if file is not None)

    @property
    def size(self) -> int:
        """What has not been told yet."""
        return sum(len(line.waiting) + line.kept for line in self._lines.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return all(line.is_empty for line in self._lines.values())

    @property
    def is_stuck(self) -> bool:
        """True where all that waits is behind what was tried in vain; another run tries it as well."""
        tried_by = workflow.now() - _LONG_TRIED
        return all(line.is_empty or line.was_tried(tried_by) for line in self._lines.values())

    def look_again(self) -> None:
        """Have the case look again, once in a run, when what is under way has ended or was tried in vain."""
        if self._second_look is None and not self.is_empty:
            self._second_look = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await workflow.sleep(_LONG_TRIED, summary="is a lane away?")
        self._ended((), ())

    def may_travel(self, unrecorded: Iterable[TimelineEntry]) -> bool:
        """Return whether a turn-over loses nothing: all of it fits, or the store may keep what does not."""
        entries = tuple(unrecorded)
        store_is_there = workflow.now() >= self._let_be_until
        return fits((), entries) and (store_is_there or fits(self.undelivered, entries))

    def drop_replaced(self) -> tuple[Effect, ...]:
        """Take out notices of ours that a later one replaces, unless they are under way, and return them."""
        void = {effect.id for effect in replaced(self.undelivered)}
        return tuple(effect for line in self._lines.values() for effect in line.drop(void))

    async def make_room(self, unrecorded: Iterable[TimelineEntry]) -> None:
        """Let the store keep what does not fit; within about a second a lane, whether it does or not."""
        if fits(self.undelivered, tuple(unrecorded)):
            return
        self._is_keeping = True
        for line in self._lines.values():
            while batch := line.to_be_kept():
                if not await delivery.keep_waiting(batch):
                    self._let_be_until = workflow.now() + _LET_BE
                    break
                line.are_kept(batch.effects)
        self._is_keeping = False


def _lost(line: Line) -> Outcome:
    """Say that a store has lost what it kept: one that was restored from before, perhaps."""
    reason = f"{line.kept} notices to {line.lane} that waited to be told are no longer in the case store"
    return Outcome(effect_id=line.lane.value, status=OutcomeStatus.UNDELIVERABLE, reason=reason)
