"""Shares the cases of a rehearsal out to lanes, one process and one server each, and collects what they find.

Part of the rehearsals. A skipping server has one clock for all its cases and passes about 60 timers a second
(measured), so cases that have nothing to do with each other are spread over the machine's cores.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from domain.policy import SupportPolicy
from starter.door.faults import Fault, Kind
from starter.rehearse.lane import Job, LaneFault, LaneProgress, LaneResult
from starter.rehearse.story import Story

_MOST_LANES = 4
_CASES_A_LANE = 10  # fewer are not worth a process and a server of their own
_LONGEST_LINE = 256 * 1024 * 1024  # bytes; a result holds every finding of its cases
_DEFAULT_EVERY = timedelta(days=1)

Report = Callable[[int, LaneProgress], None]
"""Called with the number of the lane."""

_LINE: TypeAdapter[LaneProgress | LaneResult | LaneFault] = TypeAdapter(
    Annotated[LaneProgress | LaneResult | LaneFault, Field(discriminator="kind")]
)


def share_out(stories: Sequence[Story], policy: SupportPolicy) -> list[tuple[Story, ...]]:
    """Share cases out so that every lane has about as many timers to pass, heaviest cases first."""
    count = max(1, min(_MOST_LANES, os.cpu_count() or 1, len(stories) // _CASES_A_LANE))
    lanes: list[list[Story]] = [[] for _ in range(count)]
    loads = [0.0] * count
    every = _shortest_cadences(policy)
    for story in sorted(stories, key=lambda story: -_weight(story, every)):
        lightest = loads.index(min(loads))
        lanes[lightest].append(story)
        loads[lightest] += _weight(story, every)
    return [tuple(lane) for lane in lanes if lane]


def _shortest_cadences(policy: SupportPolicy) -> dict[tuple[str | None, str | None], timedelta]:
    levels = {level.id: level.update_every or _DEFAULT_EVERY for level in policy.rules.levels}
    return {(cell.impact, cell.urgency): levels[cell.level] for cell in policy.rules.matrix}


def _weight(story: Story, every: dict[tuple[str | None, str | None], timedelta]) -> float:
    """Guess how many timers and messages a case takes: it only balances the lanes."""
    cadence = every.get((story.submit.impact, story.submit.urgency), _DEFAULT_EVERY)
    return 10 + 2 * len(story.turns) + 2 * ((story.ends_at - story.opens_at) / cadence)


async def rehearse_all(jobs: Iterable[Job], report: Report) -> list[LaneResult]:
    """Run every lane at once and wait for all. Raises: Fault where one could not go on."""
    try:
        async with asyncio.TaskGroup() as group:
            lanes = [group.create_task(_run(number, job, report)) for number, job in enumerate(jobs)]
    except BaseExceptionGroup as group_of_faults:
        raise group_of_faults.exceptions[0] from None  # the first ends the others
    return [lane.result() for lane in lanes]


async def _run(number: int, job: Job, report: Report) -> LaneResult:
    """Run one lane; whatever ends this ends the lane's process, and it its server. Raises: Fault.

    The process has a session of its own: Ctrl-C reaches us alone, and its input ending is what stops it.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "starter.rehearse.lane",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{job.model_dump_json()}\n".encode())
        async for line in process.stdout:
            match _read(line):
                case LaneProgress() as progress:
                    report(number, progress)
                case LaneFault(reason=reason):
                    raise _failed(reason)
                case LaneResult() as result:
                    return result
    finally:
        with suppress(ConnectionError):
            process.stdin.close()
        await process.wait()
    raise _failed(f"a lane ended with exit code {process.returncode} and no result")


def _failed(reason: str) -> Fault:
    return Fault(Kind.FAULT, "RehearsalFailed", reason)


def _read(line: bytes) -> LaneProgress | LaneResult | LaneFault | None:
    """Read a line of ours; what a library printed in between goes to standard error."""
    try:
        return _LINE.validate_json(line)
    except ValidationError:
        sys.stderr.write(line.decode(errors="replace"))
        return None
