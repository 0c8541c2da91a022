"""`python -m tests.mutations`: break the product line by line and see whether its tests notice.

Each line is tried in a scratch copy of the tree: its text is replaced, its tests are run up to the first
failure, the copy is mended, and the test that failed must pass again. Exit code 0: every line was caught; 1:
one was not, or could not be tried; 2: no line has the name given.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.lines import Mutation, read
from tests.mutations.scratch import Result, Scratch, Verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the lines asked for and print what became of each. Returns the exit code."""
    given = _arguments(arguments)
    chosen = [one for one in read() if not given.only or any(map(one.is_about, given.only))]
    if not chosen:
        print(f"no line is about {' or '.join(given.only)}; --list names them", file=sys.stderr)
        return 2
    if given.list:
        for one in chosen:
            print(f"{one.number:>4}  {one.promise} ({one.breaks}; {one.tests})")
        return 0
    begun, results = time.monotonic(), []
    for result in _tried(chosen, given.jobs):
        results.append(result)
        print(_line(result), flush=True)
    return _summary(results, time.monotonic() - begun)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument(
        "--only", metavar="N|WORD", action="append", default=[], help="the line of that number, or about it"
    )
    parser.add_argument("--list", action="store_true", help="name the lines and try none")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    return parser.parse_args(arguments)


def _tried(chosen: Sequence[Mutation], jobs: int) -> Iterator[Result]:
    """Each line's result, in their order; a worker has a copy of its own."""
    with tempfile.TemporaryDirectory(prefix="sunrelay-mutations-") as room:
        copies: SimpleQueue[Scratch] = SimpleQueue()
        for number in range(min(jobs, len(chosen))):
            copies.put(Scratch(Path(room) / str(number)))

        def one(mutation: Mutation) -> Result:
            copy = copies.get()
            try:
                return copy.try_out(mutation)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(max_workers=jobs) as pool:
            yield from pool.map(one, chosen)


def _line(result: Result) -> str:
    one = result.mutation
    head = f"{result.verdict:<15} {one.number:>4} {result.seconds:>6.1f} s  {one.promise} ({one.breaks})"
    return f"{head}\n{'':>21}{result.said}" if result.said else head


def _summary(results: Sequence[Result], seconds: float) -> int:
    lost = [result for result in results if result.verdict is not Verdict.CAUGHT]
    counts = [f"{sum(one.verdict is verdict for one in results)} {verdict}" for verdict in Verdict]
    print(f"{len(results)} lines in {seconds:.0f} s: {', '.join(counts)}")
    for result in lost:
        print(_line(result))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
