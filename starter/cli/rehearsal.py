"""`sunrelay rehearse`: reads a log, lets its cases live under a policy, and prints the figures.

Part of the rehearsals, and the only module of them that the command line calls.
"""

import asyncio
import os
from pathlib import Path
from typing import Literal, NamedTuple

from starter.cli.exits import Exit, end_of
from starter.cli.output import Format, Output
from starter.cli.pages.rehearsal import case_bar, difference_lines, progress_bar
from starter.cli.pages.rehearsal_beside import tables_of
from starter.door.faults import Fault, usage
from starter.rehearse.comparison import compare
from starter.rehearse.figure_rows import Answer, csv_of, rehearsals_of
from starter.rehearse.figures import Rehearsal
from starter.rehearse.in_memory import processes_for, rehearse_in_memory
from starter.rehearse.log import SAMPLE
from starter.rehearse.script import Script, read_cases, read_script
from starter.rehearse.timelines import CaseTimeline
from starter.rehearse.trials import Asked, tried
from starter.web.rehearsal.page import page_of

Engine = Literal["domain", "temporal", "both"]


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
    engine: Engine = "domain",
    processes: int | None = None,
    *,
    also: Also = _NOTHING_ELSE,
) -> int:
    """Rehearse a log, or our sample where None is given, and return the exit code.

    On both engines it is a difference of any case that fails. Faults are one line on standard error.
    """
    out = Output(Format(output))
    path = log or SAMPLE
    asked = Asked(policy, also.compare, also.changes, also.sweep)
    differences: list[str] = []

    def play(name: str) -> Rehearsal:
        if engine == "domain":
            return _in_memory(path, name, mapping, cases, processes, out)
        script = read_script(path, name, mapping, cases)
        is_compared = engine == "both"
        result, timelines = asyncio.run(_on_server(script, out, timelines=is_compared))
        differences.extend(compare(script, timelines, result) if is_compared else ())
        return result

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
    _show(out, answer)
    if engine == "both":
        for line in difference_lines(rehearsals_of(answer)[0], tuple(differences)):
            out.say(line)
    return Exit.FAULT if differences else Exit.DONE


def _show(out: Output, answer: Answer) -> None:
    if not out.is_text:
        out.record(answer)
        return
    for table in tables_of(answer):
        out.show(table)


def _in_memory(
    path: Path, policy: str, mapping: str | None, cases: int | None, processes: int | None, out: Output
) -> Rehearsal:
    reading = read_cases(path, policy, mapping, cases)
    with case_bar(out, reading) as report:
        return rehearse_in_memory(reading, processes_for(reading, processes), report)


async def _on_server(script: Script, out: Output, *, timelines: bool) -> tuple[Rehearsal, list[CaseTimeline]]:
    """Play a script on the server; `timelines` are wanted to compare what every case did."""
    from starter.rehearse.on_server import play_on_server  # noqa: PLC0415  Temporal is for who asks for it

    with progress_bar(out, script) as report:
        return await play_on_server(script, report, timelines=timelines)


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
