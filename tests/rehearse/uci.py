"""The real incident log, which stays outside the project: where it is looked for, and what is taken of it.

Part of the tests. SUNRELAY_DATA_DIR names the directory; else it is ../shared/data beside the repository.
"""

import csv
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Row = dict[str, str]

CUT = 8
"""Places at which the log is cut off."""

_NAME = "uci_servicenow_incidents_sample.csv.gz"
_BESIDE = Path(__file__).parents[2] / ".." / "shared" / "data"


@contextmanager
def uci_sample() -> Iterator[Iterator[Row]]:
    """This will read the sample row by row, or skip the test where it is absent."""
    path = Path(os.environ.get("SUNRELAY_DATA_DIR") or _BESIDE) / _NAME
    if not path.is_file():
        pytest.skip(f"the real incident log is not here: no {_NAME} in SUNRELAY_DATA_DIR or ../shared/data")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield csv.DictReader(file)


def forty_cases() -> dict[str, list[Row]]:
    """This will take every eighth case, from the fourth on: all levels, waits and reopenings are in it."""
    cases: dict[str, list[Row]] = {}
    with uci_sample() as rows:
        for row in rows:
            cases.setdefault(row["case_id"], []).append(row)
    return {case: cases[case] for case in list(cases)[3::8][:40]}
