"""One server's share of a rehearsal, in a process of its own: `python -m starter.rehearse.lane`.

Part of the rehearsals. The job comes as one line of JSON on standard input; progress and the result leave as
lines of JSON on standard output. It ends when its input ends, so that no lane outlives the command.
"""

import asyncio
import os
import sys
import time
import warnings
from datetime import datetime, timedelta
from typing import Literal

from temporalio.service import RPCError

from domain.frozen import Frozen
from policies import load_policy
from starter.door.faults import Fault
from starter.rehearse.examination import examine
from starter.rehearse.findings import CaseFinding, Unheard
from starter.rehearse.ownership import Owned, owned
from starter.rehearse.receivers import Receivers
from starter.rehearse.server import skipping_server
from starter.rehearse.story import Story
from starter.rehearse.sweep import Progress, Sweep
from starter.rehearse.timelines import CaseTimeline, timeline_of

_REPORT_EVERY = 0.5  # s between two lines of progress


class Job(Frozen):
    """What one lane does. Where cases follow the sun, each of the policy's centres has a worker.

    `timelines` are wanted where another engine is compared.
    """

    policy: str
    follows_the_sun: bool = False
    weeks: int
    log_ends_at: datetime
    stories: tuple[Story, ...]
    timelines: bool = False


class LaneProgress(Frozen):
    """How far a lane is: turns told, notices taken, and the instant of the log."""

    kind: Literal["progress"] = "progress"
    turns: int
    notices: int
    at: datetime


class LaneResult(Frozen):
    """What a lane found."""

    kind: Literal["result"] = "result"
    said: dict[str, int]
    unheard: tuple[Unheard, ...]
    told: dict[str, int]
    findings: tuple[CaseFinding, ...]
    owned: tuple[Owned, ...] = ()
    timelines: tuple[CaseTimeline, ...] = ()


class LaneFault(Frozen):
    """Why a lane could not go on, in one line."""

    kind: Literal["fault"] = "fault"
    reason: str


async def run(job: Job) -> LaneResult:
    """Tell the stories of a job to their cases and examine what the cases report."""
    receivers = Receivers(job.weeks, follows_the_sun=job.follows_the_sun)
    regions = load_policy(job.policy).regions if job.follows_the_sun else ()
    async with skipping_server(receivers.all, len(job.stories), regions, receivers.regional) as env:
        sweep = Sweep(env, receivers, job.weeks, _reporter(receivers))
        await sweep.through(job.stories, job.log_ends_at)
    return LaneResult(
        said=dict(sweep.journal.said),
        unheard=tuple(sweep.journal.unheard),
        told=dict(receivers.told),
        findings=_examined(job, receivers),
        owned=_owned(job, receivers) if job.follows_the_sun else (),
        timelines=_timelines(job, receivers) if job.timelines else (),
    )


def _examined(job: Job, receivers: Receivers) -> tuple[CaseFinding, ...]:
    policy, shift = load_policy(job.policy), timedelta(weeks=job.weeks)
    return tuple(
        examine(record, record.row.reference, policy, shift) for record in receivers.records.values()
    )


def _owned(job: Job, receivers: Receivers) -> tuple[Owned, ...]:
    homes, shift = {story.case: story.submit.region for story in job.stories}, timedelta(weeks=job.weeks)
    return tuple(
        owned(record, homes.get(record.row.reference), shift) for record in receivers.records.values()
    )


def _timelines(job: Job, receivers: Receivers) -> tuple[CaseTimeline, ...]:
    shift, told = timedelta(weeks=job.weeks), receivers.told_of
    return tuple(
        timeline_of(record, told[record.row.case_id], shift) for record in receivers.records.values()
    )


def _reporter(receivers: Receivers) -> Progress:
    """Print progress now and then."""
    last = 0.0

    def report(turns: int, at: datetime) -> None:
        nonlocal last
        if time.monotonic() - last >= _REPORT_EVERY:
            last = time.monotonic()
            _print(LaneProgress(turns=turns, notices=receivers.told.total(), at=at))

    return report


def _print(line: Frozen) -> None:
    sys.stdout.write(f"{line.model_dump_json()}\n")
    sys.stdout.flush()


async def main() -> None:
    """Do the job of standard input, unless its end comes first.

    Where hundreds of cases change hands at one instant, records take longer than the second they have and are
    written again by a regular activity; the SDK warns of each, on the terminal of whoever rehearses.
    """
    warnings.filterwarnings("ignore", message="Cannot find activity to cancel")
    loop = asyncio.get_running_loop()
    job = Job.model_validate_json(await loop.run_in_executor(None, sys.stdin.readline))
    working = asyncio.create_task(run(job))
    orphaned = loop.run_in_executor(None, sys.stdin.read)
    await asyncio.wait({working, orphaned}, return_when=asyncio.FIRST_COMPLETED)
    if not working.done():
        working.cancel()
    try:
        _print(await working)
    except asyncio.CancelledError:
        _print(LaneFault(reason="it was broken off"))
    except Fault as fault:
        _print(LaneFault(reason=f"{fault}; {fault.remedy}"))
    except (RPCError, RuntimeError) as error:
        _print(LaneFault(reason=f"{type(error).__name__}: {error}"[:500]))
    sys.stdout.flush()
    os._exit(
        0
    )  # threads of the SDK may abort the interpreter while it is taken down, and one waits for input


if __name__ == "__main__":
    asyncio.run(main())
