"""The record lane: how the case store learns what happened to a case.

Durable code. Each activation's news leave in one local write of at most a second. Where the store is away, or
one write would be too large, a regular activity goes on while the case goes on living.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from domain.case import Case
from domain.clocks import FiredClock
from domain.lives import StoredLife
from domain.moment import Moment
from domain.phase import Phase
from domain.record import RecordBatch, RecordReceipt, TakenMessage, row_of
from domain.rules import CURRENT_RULES, RULES_0_3
from domain.timeline import TimelineEntry
from domain.views.as_of import may_have_moved, moment_of
from workflows import delivery
from workflows.ui_details import show_again

MOST_ENTRIES = 250
MOST_MESSAGES = 500
MOST_BYTES = 256 * 1024
"""What one write holds beside the case itself: bytes of JSON; under the first rules, of text alone.

An activity's input above what the server takes, 512 KiB where we set it, would stop the case for ever.
"""


MOST_FIRED = 60
"""How many fired clocks a write holds, and wait for one: of more the newest, some 150 bytes each (ours)."""

MOST_MOMENTS = 60
"""How many moments a write holds, and wait for one: of more the newest, of some 600 bytes each (ours)."""


class RecordLane:
    """Timeline entries and messages taken that the store does not have yet, and the version it holds.

    `moments` are how the case has stood, `fired` how late its clocks were acted on, and the store does not
    know: they hold up nothing, and are never waited for.

    `earlier` is a life of the same id the store holds: it takes nothing of this one before it has its own.
    `file` names the life of the case and writes down what it would take to a fresh run, beside so many
    entries of a write that brings the store to that version; `answered` hears to which run the store spoke.
    `has_caught_up` stays set until whoever waits for it has taken it back.
    """

    def __init__(
        self,
        unrecorded: Iterable[TimelineEntry],
        recorded_version: int,
        file: Callable[[int, int], tuple[str, str]],
        answered: Callable[[str | None], None],
        moments: Iterable[Moment] = (),
        fired: Iterable[FiredClock] = (),
    ) -> None:
        self.moments = list(moments)
        self.fired = list(fired)
        self._stands: tuple[Case, Moment] | None = None
        self.unrecorded = list(unrecorded)
        self.recorded_version = recorded_version
        self.earlier: StoredLife | None = None
        self._taken_messages: list[TakenMessage] = []
        self._file = file
        self._hears_answers = answered
        self._catching_up: asyncio.Task[None] | None = None
        self.has_caught_up = False
        self._case: Case | None = None

    def put(
        self,
        entries: Sequence[TimelineEntry],
        case: Case,
        now: datetime,
        fired: Iterable[FiredClock] = (),
    ) -> None:
        """Queue entries in the order of their numbers, and how the case stands since the last of them.

        How late clocks `fired` goes with them.
        """
        self.fired = [*self.fired, *fired][-MOST_FIRED:]
        self.unrecorded.extend(entries)
        self.stands(case, entries[-1].at if entries else now)

    def stands(self, case: Case, at: datetime, *, is_known: bool = False) -> None:
        """Queue how the case stands from an instant (UTC) on, where that differs from how it stood.

        `is_known`: the store has it, or will have it from what waits already.
        """
        before, last = self._stands or (None, None)
        if not may_have_moved(before, case):
            return
        moment = moment_of(case, at)
        if not is_known and not moment.says_the_same_as(last):
            self.moments = [*self.moments, moment][-MOST_MOMENTS:]
        self._stands = (case, moment)

    def put_message(self, message: TakenMessage) -> None:
        """Queue a message the case has taken, in the order of their numbers."""
        self._taken_messages.append(message)

    def goes_on_from(
        self,
        unrecorded: Iterable[TimelineEntry],
        recorded_version: int,
        case: Case,
        moments: Iterable[Moment] = (),
        fired: Iterable[FiredClock] = (),
    ) -> None:
        """Go on from what the store has of a case that is ahead of this one."""
        self.unrecorded = list(unrecorded)
        self.moments = list(moments)
        self.fired = list(fired)
        self._stands = None
        self.stands(case, case.received_at, is_known=True)
        self.recorded_version = recorded_version
        self._taken_messages.clear()
        self._case = case

    @property
    def is_behind(self) -> bool:
        """True while the store is being caught up with."""
        return self._catching_up is not None and not self._catching_up.done()

    def is_up_to_date(self, case: Case) -> bool:
        """Tell whether the store holds the case as it stands."""
        return case.version == self.recorded_version and not self.is_behind

    @property
    def has_all(self) -> bool:
        """True once the store holds the case as this lane was last asked to write it."""
        return self._case is None or self.is_up_to_date(self._case)

    async def write(self, case: Case) -> None:
        """Tell the store the case as it stands; it returns within about a second, come what may."""
        self._case = case
        if case.version == self.recorded_version or self.is_behind or self.earlier is not None:
            return
        batch, is_all = self._batch(case), self._is_all_in_one()
        if (receipt := await delivery.record_at_once(batch)) is not None:
            self._answered(receipt, batch, is_all=is_all)
        if case.version != self.recorded_version and self.earlier is None:
            self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        while self._case is not None and self._case.version != self.recorded_version:
            batch, is_all = self._batch(self._case), self._is_all_in_one()
            self._answered(await delivery.record_patiently(batch), batch, is_all=is_all)
            if self.earlier is not None:
                break
        # It must leave an event of its own: a replay sees a task without any together with the next update,
        # or apart, as it happens, and whether we are behind decides what an update causes.
        if self._case is not None:
            show_again(self._case)
        self.has_caught_up = True

    def _batch(self, case: Case) -> RecordBatch:
        whole = case if case.phase in (Phase.CLOSED, Phase.ARCHIVED) else None
        entries = self._first_few()
        recorded = case.version if len(entries) == len(self.unrecorded) else self.recorded_version
        life, file = self._file(len(entries), recorded)
        return RecordBatch(
            row=row_of(case),
            entries=entries,
            case=whole,
            life=life,
            file=file,
            taken=tuple(self._taken_messages[:MOST_MESSAGES]),
            moments=tuple(self.moments),
            fired=tuple(self.fired),
        )

    def _first_few(self) -> tuple[TimelineEntry, ...]:
        size = 0
        for count, entry in enumerate(self.unrecorded[:MOST_ENTRIES]):
            size += _size(entry, self._case.rules if self._case else CURRENT_RULES)
            if size > MOST_BYTES:
                return tuple(self.unrecorded[:count])
        return tuple(self.unrecorded[:MOST_ENTRIES])

    def _is_all_in_one(self) -> bool:
        return len(self._first_few()) == len(self.unrecorded)

    def _answered(self, receipt: RecordReceipt, batch: RecordBatch, *, is_all: bool) -> None:
        self._hears_answers(receipt.run)
        self.earlier = receipt.earlier
        if receipt.earlier is not None:
            return
        if batch.row.version <= self.recorded_version:  # the case went on from a later record meanwhile
            return
        if receipt.keeps_moments:
            written = {moment.version for moment in batch.moments}
            self.moments = [moment for moment in self.moments if moment.version not in written]
        if receipt.keeps_lateness:
            self.fired = [one for one in self.fired if one not in batch.fired]
        if receipt.keeps:
            del self._taken_messages[: len(batch.taken)]
        del self.unrecorded[: len(batch.entries)]
        if is_all:
            self.recorded_version = batch.row.version


def _size(entry: TimelineEntry, rules: int) -> int:
    if rules < RULES_0_3:
        return len((entry.text or "").encode())
    return len(entry.model_dump_json().encode())
