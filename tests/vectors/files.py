"""Vector files: where they lie, whether their form is right, and what each vector declares and expects.

The format is written down in `data/FORMAT.md`. Peers disagree, so every vector keeps the semantics of its own
file or group, and nothing is merged.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from domain.time.calendar import Boundary
from domain.time.local_time import Resolution

DATA = Path(__file__).parent / "data"

Json = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """What a file and a group say of all their vectors; `years` are those that occur in the file."""

    calendar: Json | None
    boundary: Boundary
    resolution: Resolution
    years: range


@dataclass(frozen=True)
class Vector:
    """One vector with the setting in which it is met."""

    body: Json
    setting: Setting

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def disagreement(self) -> str | None:
        """Why its source and we differ, when the vector says that they do."""
        return self.body.get("expect_disagreement")

    @property
    def expected(self) -> Answer:
        """Every expected field of the vector, in the form in which ours are given."""
        return {key: _same_form(key, value) for key, value in self.body.items() if key.startswith("expected")}


def shipped() -> list[Path]:
    """The vector files that lie beside this module; a schema is no vector file."""
    return [path for path in sorted(DATA.glob("*.json")) if not is_schema(path)]


def is_schema(path: Path) -> bool:
    return path.name.endswith(".schema.json")


def form_errors(document: object) -> list[str]:
    """What is wrong with the form of a file, a line each, with the place; nothing when it is right."""
    schema = json.loads((DATA / "vector.schema.json").read_text(encoding="utf-8"))
    errors = Draft202012Validator(schema).iter_errors(document)
    return [
        f"{'/'.join(map(str, error.absolute_path)) or 'the file'}: {error.message[:200]}"
        for error in sorted(errors, key=lambda error: list(map(str, error.absolute_path)))
    ]


def vectors_of(document: Json) -> Iterator[Vector]:
    """All vectors of a file of the right form, in order."""
    found = [int(year) for year in re.findall(r'"(\d{4})-\d\d-\d\d', json.dumps(document))]
    years = range(max(min(found) - 1, 1), min(max(found) + 6, 9999))
    for group in document["groups"]:
        declared = document | group
        setting = Setting(
            calendar=group.get("calendar"),
            boundary=Boundary(declared.get("boundary_semantics", Boundary.CLOSE)),
            resolution=Resolution(declared.get("local_time_resolution", Resolution.SHIFT_BY_GAP)),
            years=years,
        )
        for body in group["cases"]:
            yield Vector(body, setting)


def instant(text: str) -> datetime:
    """An instant from text with `Z` or an offset."""
    return datetime.fromisoformat(text)


def wall_clock(text: str) -> datetime:
    """A local time from text; `T24:00:00` is the next date's 00:00."""
    if text[11:13] != "24":
        return datetime.fromisoformat(text)
    if text[13:] != ":00:00":
        raise ValueError(f"the end of a date is T24:00:00, not {text}")
    return datetime.fromisoformat(text[:10]) + timedelta(days=1)


def _same_form(key: str, value: Any) -> Any:
    if key == "expected_handoffs_local":
        return [instant(text).isoformat() for text in value]
    return wall_clock(value).isoformat() if key == "expected_local" else value
