"""Two results of one measurement side by side: counts have to agree, ratios within a margin.

Results of two machines are not compared: only ratios within one run mean anything, and even those move.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARGIN = 0.25
"""Share by which a ratio may move between two runs on one machine (ours; measured: up to 0.15 when calm)."""

_EXACT = frozenset({"events", "caused", "actions", "workflow_tasks", "activities", "updates", "upserts"})
"""What does not depend on the machine; one more is a change."""

_BETTER_LARGE = frozenset({"openings", "messages"})


class NotComparable(Exception):
    """Two results that say nothing about each other."""


def compare(before: Path, after: Path) -> dict[str, Any]:
    """Return what has changed, and what has become worse. Raises: NotComparable."""
    one, other = _read(before), _read(after)
    _same_thing(one, other)
    left, right = dict(_figures(one)), dict(_figures(other))
    rows = {
        name: {"before": left[name], "after": right[name], **_change(left[name], right[name])}
        for name in left
        if name in right and left[name] != right[name]
    }
    return {
        "bench": one["bench"],
        "revisions": [one["stamp"]["revision"], other["stamp"]["revision"]],
        "load": [one["stamp"]["load"], other["stamp"]["load"]],
        "changed": rows,
        "worse": [name for name in rows if _is_worse(name, left[name], right[name])],
        "only_before": sorted(left.keys() - right.keys()),
        "only_after": sorted(right.keys() - left.keys()),
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        result = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise NotComparable(f"{path} cannot be read as a result: {error}") from None
    if not isinstance(result, dict) or not {"bench", "stamp"} <= result.keys():
        raise NotComparable(f"{path} is no result of `python -m bench ... -o json`, or one without a stamp")
    return result


def _same_thing(one: dict[str, Any], other: dict[str, Any]) -> None:
    if one["bench"] != other["bench"]:
        raise NotComparable(f"one is of {one['bench']}, the other of {other['bench']}")
    here, there = one["stamp"]["machine"], other["stamp"]["machine"]
    if here != there:
        unlike = ", ".join(
            f"{name} {here[name]} and {there.get(name)}" for name in here if here[name] != there.get(name)
        )
        raise NotComparable(f"they were measured on two machines: {unlike}")


def _figures(part: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Name every number of a result by its path."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key != "stamp":
                yield from _figures(value, f"{name}.{key}" if name else key)
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _figures(value, f"{name}[{number}]")
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield name, part


def _change(before: float, after: float) -> dict[str, float]:
    return {"ratio": round(after / before, 3)} if before else {}


def _is_worse(name: str, before: float, after: float) -> bool:
    last = name.rpartition(".")[2]
    if last in _EXACT:
        return after > before
    if ".ratio" not in f".{name}":
        return False
    if last in _BETTER_LARGE:
        return after < before * (1 - MARGIN)
    return after > before * (1 + MARGIN)
