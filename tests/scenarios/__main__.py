"""`python -m tests.scenarios [FILE...] [--engine domain|temporal] [--only ID]`: plays what the files hold.

Without a file those that ship. A line for each scenario that failed or is not supported yet, then the count.
Exit code 0: nothing failed; 1: a scenario failed; 2: a file is missing or not of the format.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.scenarios import on_domain
from tests.scenarios.files import SHIPPED, BadFile, Scenario, read
from tests.scenarios.support import lacking

Results = list[list[str]]


def _on_domain(scenarios: list[Scenario]) -> Results:
    return [on_domain.play(scenario) for scenario in scenarios]


def _on_temporal(scenarios: list[Scenario]) -> Results:
    from tests.scenarios import on_temporal  # the SDK takes a second to load

    return on_temporal.play(scenarios)


ENGINES: dict[str, Callable[[list[Scenario]], Results]] = {"domain": _on_domain, "temporal": _on_temporal}


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="scenario files")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="domain", help="where to play them")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="only this one; repeatable")
    return parser.parse_args(given)


def _read_all(paths: list[Path], only: list[str]) -> tuple[list[Scenario], bool]:
    """The wanted scenarios of the files, and whether every file could be read and every id is there."""
    scenarios: list[Scenario] = []
    readable = True
    for path in paths:
        try:
            scenarios += read(path)
        except BadFile as error:
            readable = False
            print(f"BAD FILE {error}", file=sys.stderr)
    absent = set(only) - {scenario.id for scenario in scenarios}
    if absent:
        print(f"there is no scenario {', '.join(sorted(absent))} in the files", file=sys.stderr)
    wanted = [scenario for scenario in scenarios if not only or scenario.id in only]
    return wanted, readable and not absent


def main(given: list[str]) -> int:
    """Plays the files; see the module. Returns the exit code."""
    arguments = _arguments(given)
    scenarios, readable = _read_all(arguments.files or [SHIPPED], arguments.only)
    lacks = [lacking(scenario) for scenario in scenarios]
    playable = [scenario for scenario, reasons in zip(scenarios, lacks, strict=True) if not reasons]
    results = iter(ENGINES[arguments.engine](playable) if playable else [])
    failed = 0
    for scenario, reasons in zip(scenarios, lacks, strict=True):
        if reasons:
            print(f"NOT SUPPORTED {scenario.id}: {'; '.join(reasons)}")
        elif wrong := next(results):
            failed += 1
            print(f"FAILED {scenario.id}: {'; '.join(wrong)}")
    print(
        f"{len(playable) - failed} passed, {failed} failed, "
        f"{len(scenarios) - len(playable)} not supported yet"
    )
    return 1 if failed else (0 if readable else 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
