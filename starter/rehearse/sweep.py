"""One forward sweep of a skipping clock through the stories of many cases.

Part of the rehearsals. At each instant at which a story says something the clock stands still and it is
said, received at that very instant; between them the server skips from timer to timer of every open case.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby

from temporalio.testing import WorkflowEnvironment

from domain.phase import OPEN, Phase
from starter.rehearse.end_of_log import PEACE, SETTLE, SOLVED
from starter.rehearse.idle_clock import sleep
from starter.rehearse.journal import Journal
from starter.rehearse.receivers import Receivers
from starter.rehearse.speaker import Speaker, session_with
from starter.rehearse.story import Story, Turn

_STRIDE = timedelta(
    days=1
)  # slept at once, so that the bar moves; a P1 has about 50 timers in it, one second
_AFTER = timedelta(seconds=1)
"""How long after an instant its messages are said, received at the instant all the same.

Timers due at that very instant fire first. The server cannot have both at once: it does not answer a workflow
that stops a timer while it fires, and the case hangs (seen in three of five runs).
"""

Progress = Callable[[int, datetime], None]
"""Called with the turns told so far and the instant of the log."""


class Sweep:
    """The cases of one server. `weeks` is how far the log was moved into the server's future."""

    def __init__(
        self, env: WorkflowEnvironment, receivers: Receivers, weeks: int, progress: Progress
    ) -> None:
        self._env = env
        self._receivers = receivers
        self._shift = timedelta(weeks=weeks)
        self._progress = progress
        self._told = 0
        self.journal = Journal()

    async def through(self, stories: Iterable[Story], log_ends_at: datetime) -> None:
        """Tell every story, go on to the end of the log, and let solved cases close in peace.

        Of a case still open then nothing more is known, so it ends there.
        """
        turns = sorted(self._turns(stories), key=lambda turn: turn[0])
        for at, group in groupby(turns, key=lambda turn: turn[0]):
            await self._sleep_until(at + _AFTER)
            await self._tell(list(group))
        await self._sleep_until(log_ends_at + self._shift + SETTLE)
        await self._let_go_of_the_open()
        peace_ends_at = log_ends_at + self._shift + PEACE
        while self._is_any_solved() and (now := await self._env.get_current_time()) < peace_ends_at:
            await self._sleep_until(now + timedelta(days=1))

    def _turns(self, stories: Iterable[Story]) -> list[tuple[datetime, Speaker, Turn | None]]:
        """List each opening (no turn) and each turn with its instant on the server's clock."""
        session = session_with(self._env.client)
        turns: list[tuple[datetime, Speaker, Turn | None]] = []
        for story in stories:
            speaker = Speaker(session, story, self._shift, self._receivers, self.journal)
            turns.append((story.opens_at + self._shift, speaker, None))
            turns.extend((turn.at + self._shift, speaker, turn) for turn in story.turns)
        return turns

    async def _tell(self, parts: list[tuple[datetime, Speaker, Turn | None]]) -> None:
        """Say everything of one instant: case beside case, within a case in order."""
        by_speaker: dict[Speaker, list[Turn | None]] = {}
        for _, speaker, turn in parts:
            by_speaker.setdefault(speaker, []).append(turn)
        await asyncio.gather(*(_in_order(speaker, turns) for speaker, turns in by_speaker.items()))
        self._told += len(parts)

    async def _sleep_until(self, at: datetime) -> None:
        """Let the server skip to an instant of its clock, which may have passed it already."""
        while (now := await self._env.get_current_time()) < at:
            self._progress(self._told, now - self._shift)
            await sleep(self._env, min(at - now, _STRIDE), self._living)

    def _living(self) -> list[str]:
        """List the cases that are not archived."""
        records = self._receivers.records.values()
        return [record.row.case_id for record in records if record.row.phase is not Phase.ARCHIVED]

    async def _let_go_of_the_open(self) -> None:
        for record in self._receivers.records.values():
            if record.row.phase in OPEN:
                handle = self._env.client.get_workflow_handle(record.row.case_id)
                await handle.terminate("the log ends here")

    def _is_any_solved(self) -> bool:
        return any(record.row.phase in SOLVED for record in self._receivers.records.values())


async def _in_order(speaker: Speaker, turns: list[Turn | None]) -> None:
    for turn in turns:
        await (speaker.open() if turn is None else speaker.take(turn))
