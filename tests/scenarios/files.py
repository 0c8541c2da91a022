"""Scenario files: whether their form is right, and what each scenario holds once defaults are laid under it.

The format is written down in `data/scenario-format.md`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, relevance

DATA = Path(__file__).parent / "data"
SHIPPED = DATA / "scenarios.json"
OURS = (  # what the shipped ones leave out, in the same format; read in this order
    DATA / "more-scenarios.json",
    DATA / "overview-scenarios.json",
    DATA / "dedicated-scenarios.json",
    DATA / "boundary-scenarios.json",
    DATA / "guide-scenarios.json",
)

Json = dict[str, Any]

_CHECKS = frozenset(
    {
        "deadline",
        "no_deadline",
        "state",
        "closed",
        "level",
        "owner",
        "breach",
        "effects",
        "linked_case",
        "contact",
        "vendor",
        "scope",
        "mail",
    }
)
_INSTANTS = frozenset({"at", "due", "since", "received_at", "responded_at"})


class BadFile(Exception):
    """A file cannot be read as scenarios; the message has a line for each reason."""


@dataclass(frozen=True)
class Step:
    """One thing said to a case; `name` is how it is told apart from the others in what is printed."""

    name: str
    at: datetime
    case: str
    actor: Json
    do: str
    fields: Json
    expect: Json


@dataclass(frozen=True)
class Check:
    """One thing that must be true of a case at an instant."""

    name: str
    at: datetime
    case: str
    kind: str
    body: Json


@dataclass(frozen=True)
class Scenario:
    """One scenario with everything of its file that it needs; `steps` and `checks` are in order of time."""

    id: str
    title: str
    policy: str
    plan: str
    overrides: Json
    covers: tuple[str, ...]
    cases: dict[str, Json]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    regions: tuple[Json, ...]
    calendars: dict[str, tuple[date, ...]]
    submit: Json = field(default_factory=dict)
    records: Json = field(default_factory=dict)

    @property
    def is_regional(self) -> bool:
        """Whether it looks at who owns a case."""
        return any(check.kind == "owner" for check in self.checks)

    @property
    def reads_mail(self) -> bool:
        """Whether it looks at what has arrived by mail."""
        return any(check.kind == "mail" for check in self.checks)

    @property
    def instants(self) -> list[datetime]:
        """Every instant at which something is said, was said before, or is looked at."""
        starts = [
            instant(case[key])
            for case in self.cases.values()
            for key in ("received_at", "responded_at")
            if key in case
        ]
        return sorted({*starts, *(step.at for step in self.steps), *(check.at for check in self.checks)})

    def linked_to(self, parent: str) -> list[str]:
        """The keys of the cases that come into being as linked cases of that one, in the file's order."""
        return [key for key, case in self.cases.items() if case.get("linked_to") == parent]


def instant(text: str) -> datetime:
    """An instant from text such as `2027-06-15T00:00:00Z`."""
    return datetime.fromisoformat(text)


def read(path: Path) -> list[Scenario]:
    """The scenarios of a file, in order. Raises: BadFile."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path}: no JSON: {error}") from error
    errors = form_errors(document) or list(_errors_of_names(document))
    if errors:
        raise BadFile("\n".join(f"{path}: {error}" for error in errors[:20]))
    return [_scenario(document, body) for body in document["scenarios"]]


def read_all(paths: Iterable[Path]) -> list[Scenario]:
    """The scenarios of several files, in order. Raises: BadFile."""
    return [scenario for path in paths for scenario in read(path)]


def form_errors(document: object) -> list[str]:
    """What is wrong with the form of a file, a line each, with the place; nothing when it is right."""
    schema = json.loads((DATA / "scenario.schema.json").read_text(encoding="utf-8"))
    checker = FormatChecker(formats=["date"])
    errors = Draft202012Validator(schema, format_checker=checker).iter_errors(document)
    told = [_told(error) for error in sorted(errors, key=lambda error: list(map(str, error.absolute_path)))]
    return told or list(_errors_of_instants(document, ()))


def _told(error: ValidationError) -> str:
    """The error that says most: where one of several forms would do, the one that comes nearest."""
    while error.context:
        error = min(error.context, key=relevance)
    return f"{'/'.join(map(str, error.absolute_path)) or 'the file'}: {error.message[:200]}"


def _errors_of_instants(value: object, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _errors_of_instants(part, (*path, str(key)))
    elif path and path[-1] in _INSTANTS and isinstance(value, str):
        try:
            instant(value)
        except ValueError:
            yield f"{'/'.join(path)}: {value!r} is no instant"


def _errors_of_names(document: Json) -> Iterator[str]:
    """What a schema cannot see: cases, calendars and regions that are named but not there."""
    regions = {region["name"] for region in document["regions"]}
    for number, body in enumerate(document["scenarios"]):
        for key, case in body["cases"].items():
            place = f"scenarios/{number}/cases/{key}"
            if case["calendar"] not in document["calendars"]:
                yield f"{place}/calendar: there is no calendar {case['calendar']!r}"
            if case["home_region"] is not None and case["home_region"] not in regions:
                yield f"{place}/home_region: there is no region {case['home_region']!r}"
            if case.get("linked_to", key) not in body["cases"] or case.get("linked_to") == key:
                yield f"{place}/linked_to: there is no other case {case['linked_to']!r}"
        for group in ("steps", "checks"):
            for index, entry in enumerate(body[group]):
                if entry["case"] not in body["cases"]:
                    yield f"scenarios/{number}/{group}/{index}/case: there is no case {entry['case']!r}"


def _scenario(document: Json, body: Json) -> Scenario:
    default = document["defaults"][body["policy"]]
    return Scenario(
        id=body["id"],
        title=body["title"],
        policy=body["policy"],
        plan=body["plan"],
        overrides=body["overrides"],
        covers=tuple(body["covers"]),
        cases=body["cases"],
        steps=tuple(sorted(_steps(body), key=lambda step: step.at)),
        checks=tuple(sorted(_checks(body), key=lambda check: check.at)),
        regions=tuple(document["regions"]),
        calendars={
            name: tuple(sorted(map(date.fromisoformat, days))) for name, days in document["calendars"].items()
        },
        submit=default["submit"],
        records=default["records"],
    )


def _steps(body: Json) -> Iterator[Step]:
    for number, step in enumerate(body["steps"], 1):
        yield Step(
            name=f"step {number} {step['do']} at {step['at']}",
            at=instant(step["at"]),
            case=step["case"],
            actor=step["actor"],
            do=step["do"],
            fields=step["with"],
            expect=step["expect"],
        )


def _checks(body: Json) -> Iterator[Check]:
    for number, check in enumerate(body["checks"], 1):
        (kind,) = _CHECKS & check.keys()
        yield Check(
            name=f"check {number} {kind} of {check['case']} at {check['at']}",
            at=instant(check["at"]),
            case=check["case"],
            kind=kind,
            body=check[kind],
        )
