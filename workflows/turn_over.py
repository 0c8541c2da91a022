"""How a case or a major incident moves to a fresh run: when, and what goes along.

Durable code; the bounds are `domain.turnover`'s. What a life has beside its outbox it says itself.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from temporalio import workflow

from domain.effects import Effect
from domain.rules import RULES_0_3
from domain.timeline import TimelineEntry
from domain.turnover import (
    CARRIED_EFFECTS,
    CARRIED_ENTRIES,
    QUIET_BYTES,
    QUIET_EVENTS,
    carried,
    is_time,
)
from workflows.outbox import Outbox
from workflows.rules import history_size


class TurningOver(Protocol):
    """The part of a life that begins a run anew before its history grows too long."""

    _outbox: Outbox
    _rules: int

    # what waits that this run must take or answer first, and what is under way that is in no lane
    def _has_news(self) -> bool: ...
    def _is_busy(self) -> bool: ...

    # what travels: its file, and the remarks on what later notices replace and on what does not fit
    def _next_file(self, undelivered: tuple[Effect, ...]) -> Any: ...
    def _note_void(self, effects: tuple[Effect, ...]) -> None: ...
    def _note_left(self, effects: tuple[Effect, ...]) -> None: ...

    def _unrecorded(self) -> Sequence[TimelineEntry]:
        return ()

    def _taken_here(self) -> tuple[int, int]:
        """Return the updates and the signals taken in this run, where they are counted."""
        return 0, 0

    def _is_long(self) -> bool:
        return is_time(
            workflow.info().get_current_history_length(),
            *self._taken_here(),
            history_size(self._rules),
            quiet=self._is_quiet() and not self._is_busy(),
            fits=self._may_travel(),
            rules=self._rules,
        )

    def _is_quiet(self) -> bool:
        return self._outbox.is_empty or (self._rules >= RULES_0_3 and self._outbox.is_stuck)

    def _may_travel(self) -> bool:
        unrecorded = self._unrecorded()
        if self._rules < RULES_0_3:
            return self._outbox.size <= CARRIED_EFFECTS and len(unrecorded) <= CARRIED_ENTRIES
        return self._is_short() or self._outbox.may_travel(unrecorded)

    def _is_short(self) -> bool:
        length = workflow.info().get_current_history_length()
        return length < QUIET_EVENTS and history_size(self._rules) < QUIET_BYTES

    async def _turn_over(self) -> None:
        """Move the record to a fresh run; what is under way travels as undelivered, its ids unchanged."""
        await workflow.wait_condition(lambda: self._has_news() or workflow.all_handlers_finished())
        if self._has_news():  # the main loop answers what waits, so it must not wait here for an answer
            return
        if self._rules >= RULES_0_3:
            if void := self._outbox.drop_replaced():
                self._note_void(void)
            await self._outbox.make_room(self._unrecorded())
            if self._has_news() or not self._is_long():
                return
        undelivered, left = carried(self._outbox.undelivered)
        if left:
            self._note_left(left)
        workflow.continue_as_new(self._next_file(undelivered))
