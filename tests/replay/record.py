"""Records the golden histories: `python -m tests.replay.record [LIFE...]`; without a name, all of them.

Each life is played on the time-skipping server, or where that cannot on the real one, with the product's own
worker and adapters. Record anew after
a deliberate change that only adds (a new verb, a new clock, another order under `workflow.patched`), and look
at what the gate said before it. A gate that fails by surprise has found an open case that would stop at the
next deployment: there the code is wrong, not the history.

A history that went out with a release stands for the cases that run by it. It is not deleted lightly, and not
overwritten: raise `VERSION` in `tests.replay.histories`, record, and both folders are replayed from then on.
One may go when no case that old can be open any more.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from temporalio.client import WorkflowHistory

from tests.desk import Desk, time_skipping
from tests.e2e.station import Station
from tests.live_case import LiveCase
from tests.replay.histories import keep
from tests.replay.lives import EARNEST, FOLLOW_THE_SUN, LIVES


async def record(names: list[str]) -> list[str]:
    """Returns the lives that could not be lived to their end; those keep the histories they had."""
    failed = []
    for name in names:
        began = time.monotonic()
        try:
            kept = keep(name, await (_lived(name) if name in EARNEST else _played(name)))
        except Exception as error:
            failed.append(name)
            print(f"{name:42} failed: {type(error).__name__} {str(error)[:200]}", flush=True)
            continue
        sizes = ", ".join(f"{one.path.stat().st_size / 1024:.1f}" for one in kept)
        print(f"{name:42} {time.monotonic() - began:5.1f} s  {sizes} KiB", flush=True)
    return failed


async def _lived(name: str) -> list[WorkflowHistory]:
    """On the real server."""
    with tempfile.TemporaryDirectory() as place:
        async with Station(Path(place)).open() as station:
            station.start_worker()
            return [run for case in await EARNEST[name](station) for run in await _runs(case)]


async def _played(name: str) -> list[WorkflowHistory]:
    with tempfile.TemporaryDirectory() as place:
        async with (
            time_skipping() as env,
            Desk(env, Path(place), 0).at_work(follow_the_sun=name in FOLLOW_THE_SUN) as desk,
        ):
            await LIVES[name](desk)
            await desk.rest()
            return [run for case in desk.cases for run in await _runs(case)]


async def _runs(case: LiveCase) -> list[WorkflowHistory]:
    """Every run of a case, the first one first.

    A reset run begins with the events of the run it was made from, and with that one's id: a worker is told
    the right one by the server, a replayer reads it there.
    """
    runs = [await case.handle.fetch_history()]
    newest = runs[0].events[0].workflow_execution_started_event_attributes
    newest.original_execution_run_id = (await case.handle.describe()).run_id
    while before := runs[0].events[0].workflow_execution_started_event_attributes.continued_execution_run_id:
        earlier = case.desk.client.get_workflow_handle(case.id, run_id=before)
        runs.insert(0, await earlier.fetch_history())
    return runs


def main(names: list[str]) -> int:
    known = [*LIVES, *EARNEST]
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such life: {', '.join(unknown)}; known are {', '.join(known)}", file=sys.stderr)
        return 2
    return 1 if asyncio.run(record(names or known)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
