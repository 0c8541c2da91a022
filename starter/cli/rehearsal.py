"""`sunrelay rehearse`: reads a log, lets its cases live through the real workflow, and prints the figures.

Part of the rehearsals, and the only module of them that the command line calls.
"""

import asyncio
import math
import os
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from starter.cli.exits import Exit, end_of
from starter.cli.output import Format, Output
from starter.cli.pages.rehearsal import progress_bar
from starter.cli.pages.rehearsal_beside import tables_of
from starter.door.faults import Fault, usage
from starter.rehearse.beside import Hands, compared, family, hands
from starter.rehearse.figure_rows import Answer, csv_of
from starter.rehearse.figures import Rehearsal, by_level, figures_of, refusals
from starter.rehearse.findings import CaseFinding
from starter.rehearse.lane import Job, LaneResult
from starter.rehearse.lanes import rehearse_all, share_out
from starter.rehearse.log import SAMPLE
from starter.rehearse.problems import EXAMPLES
from starter.rehearse.script import Script, read_script
from starter.rehearse.server import server_binary
from starter.rehearse.trials import Asked, tried
from starter.web.rehearsal.page import page_of

_AHEAD = timedelta(days=1)  # between the servers' start and the first case, however slowly they start
_WEEK = timedelta(weeks=1)


class Also(NamedTuple):
    """What else may be asked for: files, a second policy, values to vary."""

    html: Path | None = None
    csv: Path | None = None
    compare: tuple[str, str] | None = None
    changes: tuple[str, ...] = ()
    sweep: str | None = None


_NOTHING_ELSE = Also()


def rehearse(
    log: Path | None,
    policy: str,
    mapping: str | None,
    cases: int | None,
    json_out: Path | None,
    output: str,
    *,
    also: Also = _NOTHING_ELSE,
) -> int:
    """Rehearse a log, or our sample where None is given, and return the exit code.

    Faults are one line on standard error.
    """
    out = Output(Format(output))
    asked = Asked(policy, also.compare, also.changes, also.sweep)

    def play(name: str) -> Rehearsal:
        return asyncio.run(perform(read_script(log or SAMPLE, name, mapping, cases), out))

    try:
        for target in (json_out, also.html, also.csv):
            _check_target(target)
        answer = tried(asked, play)
        _write_all(answer, json_out, also)
    except Fault as fault:
        out.fault(fault)
        return end_of(fault)
    except KeyboardInterrupt:
        out.say("broken off; nothing was written")
        return Exit.FAULT
    if out.is_text:
        for table in tables_of(answer):
            out.show(table)
    else:
        out.record(answer)
    return Exit.DONE


async def perform(script: Script, out: Output) -> Rehearsal:
    """Play a script. Raises: Fault where the server is missing or a lane could not go on."""
    server_binary()
    weeks = math.ceil((datetime.now(UTC) + _AHEAD - script.begins_at) / _WEEK)
    shares = share_out(script.stories, script.policy)
    jobs = [
        Job(
            policy=script.policy.name,
            follows_the_sun=script.mapping.follows_the_sun,
            weeks=weeks,
            log_ends_at=script.ends_at,
            stories=stories,
        )
        for stories in shares
    ]
    begun = time.monotonic()
    with progress_bar(out, script) as report:
        results = await rehearse_all(jobs, report)
    return _result(script, weeks, results, time.monotonic() - begun)


def _result(script: Script, weeks: int, results: list[LaneResult], seconds: float) -> Rehearsal:
    findings = _in_log_order(script, results)
    unheard = sorted((one for lane in results for one in lane.unheard), key=lambda one: one.line)
    return Rehearsal(
        log=script.log,
        mapping=script.mapping.name,
        policy=f"{script.policy.name}@{script.policy.version}",
        zone=script.mapping.zone,
        begins_at=script.begins_at,
        ends_at=script.ends_at,
        shift_weeks=weeks,
        cases=len(script.stories),
        linked_cases=sum(one.parent is not None for one in findings),
        rows=script.rows,
        said=_summed(lane.said for lane in results),
        refused=refusals(unheard, EXAMPLES),
        told=_summed(lane.told for lane in results),
        warnings=sum(one.warnings for one in findings),
        clock_instants=sum(one.clock_instants for one in findings),
        seconds=round(seconds, 1),
        servers=len(results),
        levels=by_level(findings, script.policy),
        total=figures_of(findings),
        findings=findings,
        handoffs=_handoffs(script, results, findings),
    )


def _handoffs(script: Script, results: list[LaneResult], findings: tuple[CaseFinding, ...]) -> Hands | None:
    if not script.mapping.follows_the_sun:
        return None
    owned = [one for lane in results for one in lane.owned]
    return hands(compared(script.hands, owned, findings, script.policy), script.centres, script.policy)


def _in_log_order(script: Script, results: list[LaneResult]) -> tuple[CaseFinding, ...]:
    """Put cases back into the order of the log, a linked case behind its parent's."""
    place = {story.case: number for number, story in enumerate(script.stories)}
    found = [one for lane in results for one in lane.findings]
    first = {one.case: place.get(family(one.case), len(place)) for one in found}
    return tuple(sorted(found, key=lambda one: (first[one.case], one.received_at)))


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))


def _check_target(path: Path | None) -> None:
    """See before the work whether its result can be written. Raises: Fault (usage)."""
    if path is not None and (path.is_dir() or not os.access(path.parent, os.W_OK)):
        raise usage(f"{path} cannot be written", "name a file in a directory that is there")


def _write_all(answer: Answer, json_out: Path | None, also: Also) -> None:
    """Write the files that were asked for. Raises: Fault (usage)."""
    if json_out is not None:
        _write(json_out, f"{answer.model_dump_json(indent=2)}\n")
    if also.csv is not None:
        _write(also.csv, csv_of(answer))
    if also.html is not None:
        _write(also.html, page_of(answer))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise usage(f"{path}: {error.strerror or error}", "name a file that can be written") from None
