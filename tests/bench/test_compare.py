"""Two results are compared where that says something, and refused where it does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.compare import NotComparable, compare

MACHINE = {"processor": "X", "cores": 2, "memory_gib": 24, "system": "Linux"}


def result(place: Path, name: str, **more: Any) -> Path:
    stamp = {"revision": name, "machine": MACHINE, "load": [0.1, 0.2]}
    told = {
        "bench": "real",
        "ratios": {"openings": 0.6, "worker_cpu_opening": 2.0},
        "product": {"events": 17},
    }
    file = place / f"{name}.json"
    file.write_text(json.dumps({**told, "stamp": stamp, **more}))
    return file


@pytest.mark.parametrize(
    ("after", "worse"),
    [
        ({"product": {"events": 18}}, ["product.events"]),
        ({"product": {"events": 16}}, []),
        ({"ratios": {"openings": 0.44, "worker_cpu_opening": 2.0}}, ["ratios.openings"]),
        ({"ratios": {"openings": 0.46, "worker_cpu_opening": 2.4}}, []),
        ({"ratios": {"openings": 0.9, "worker_cpu_opening": 2.6}}, ["ratios.worker_cpu_opening"]),
    ],
)
def test_one_event_more_is_worse_and_a_ratio_may_move_by_a_quarter(
    tmp_path: Path, after: dict[str, Any], worse: list[str]
) -> None:
    assert compare(result(tmp_path, "a"), result(tmp_path, "b", **after))["worse"] == worse


def test_results_of_two_machines_are_not_compared(tmp_path: Path) -> None:
    other = {"revision": "b", "machine": {**MACHINE, "cores": 8}, "load": [0, 0]}
    with pytest.raises(NotComparable, match="two machines: cores 2 and 8"):
        compare(result(tmp_path, "a"), result(tmp_path, "b", stamp=other))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "no result"),
        ('{"bench": "real"}', "without a stamp"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "x.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(NotComparable, match=said):
        compare(result(tmp_path, "a"), file)


def test_results_of_two_measurements_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(NotComparable, match="one is of real, the other of step"):
        compare(result(tmp_path, "a"), result(tmp_path, "b", bench="step"))
