"""The sample of a real incident log that comes along, and what is taken of it.

Part of the tests.
"""

import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager

from starter.rehearse.log import SAMPLE

Row = dict[str, str]

CUT = 8
"""Places at which the log is cut off."""


@contextmanager
def uci_sample() -> Iterator[Iterator[Row]]:
    """The sample, row by row."""
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as file:
        yield csv.DictReader(file)


_LONG = ("INC0005303", "INC0015788", "INC0030175")
"""Half of all clock instants of those taken are theirs; `make rehearse-sample` plays them, too."""


def sampled_cases() -> dict[str, list[Row]]:
    """Every eighth case, from the fourth on, but the longest: all levels, waits and reopenings are in it."""
    cases: dict[str, list[Row]] = {}
    with uci_sample() as rows:
        for row in rows:
            cases.setdefault(row["case_id"], []).append(row)
    return {case: cases[case] for case in list(cases)[3::8] if case not in _LONG}
