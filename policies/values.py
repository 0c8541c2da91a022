"""A policy as a flat list: every value with its path, in words, and where it comes from.

Part of the room of policies; it reads a validated policy and no file. What `show` prints and `diff` compares.
"""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import NamedTuple

from domain.frozen import Frozen
from domain.policy import Document, MatrixCell, OpenHours, PlanTarget, SupportPolicy, Target, in_words
from domain.policy.operations import Shift
from policies.paths import KEYS, Path, longest_fit, part_name, spelled

NO_COMMITMENT = "no commitment"
"""How a target that is `none` is said (O365-08)."""

DEFAULT = "default"
"""The mark of a value nobody wrote down: the product's own default."""

_IDENTITY = ("name", "version", "extends", "sources")


class Value(NamedTuple):
    """One value. `mark` is `stated`, `assumed` or `own` with what it refers to, `default`, or empty."""

    path: str
    words: str
    mark: str

    @property
    def kind(self) -> str:
        """The mark without what it refers to."""
        return self.mark.partition(" ")[0]


class _Found(NamedTuple):
    path: Path
    words: str
    written: bool


def values(policy: SupportPolicy) -> tuple[Value, ...]:
    """List every value that says something; empty lists and texts are left out.

    A part of a list is called by its `id` or `name`, a cell of the matrix by its impact and urgency.
    """
    return tuple(
        Value(path, found.words, _mark(policy.sources, path, found.written))
        for found in _of_record(policy, (), written=True)
        if (path := spelled(found.path)).partition(".")[0] not in _IDENTITY
    )


def promise(policy: SupportPolicy, plan: str, level: str, name: str) -> Value:
    """Say what a plan promises at a level: `initial_response` or `update_every`.

    The plan's own goes before the level's; a plan without service level promises nothing.
    """
    rule = next(one for one in policy.rules.levels if one.id == level)
    target = policy.plans[plan].targets.get(level)
    by_plan = target is not None and name in target.model_fields_set
    path = spelled(("plans", plan, "targets", level, name) if by_plan else ("rules", "levels", level, name))
    if not policy.plans[plan].service_level:
        no_level = spelled(("plans", plan, "service_level"))
        return Value(path, NO_COMMITMENT, _mark(policy.sources, no_level, written=True))
    promised = getattr(target if by_plan else rule, name)
    if promised is None and name == "update_every" and rule.update_as_agreed:
        return Value(path, "as agreed", _mark(policy.sources, path, written=True))
    written = by_plan or name in rule.model_fields_set
    return Value(
        path, NO_COMMITMENT if promised is None else _words(promised), _mark(policy.sources, path, written)
    )


def _mark(sources: Mapping[str, str], path: str, written: bool) -> str:
    if not written and path not in sources:
        return DEFAULT
    return longest_fit(sources, path) or ""


def _of_record(record: Frozen, path: Path, *, written: bool) -> Iterator[_Found]:
    for name in type(record).model_fields:
        said = name in record.model_fields_set
        if (isinstance(record, PlanTarget) and not said) or (
            path and name in KEYS and path[-1] == getattr(record, name)
        ):
            continue
        value = getattr(record, name)
        if value is None:
            if said:
                yield _Found((*path, name), NO_COMMITMENT, written)
            continue
        yield from _of_value(value, (*path, name), written=written and said)


def _of_value(value: object, path: Path, *, written: bool) -> Iterator[_Found]:
    if isinstance(value, Document):
        yield _Found(path, value.link or "no link", written)
    elif isinstance(value, MatrixCell):
        yield _Found(path, value.level, written)
    elif isinstance(value, Frozen) and not isinstance(value, Target):
        yield from _of_record(value, path, written=written)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _of_value(part, (*path, str(key)), written=written)
    elif isinstance(value, tuple) and value and all(_is_called(part) for part in value):
        for part in value:
            yield from _of_value(part, (*path, _called(part)), written=written)
    elif words := _words(value):
        yield _Found(path, words, written)


def _is_called(part: object) -> bool:
    return isinstance(part, MatrixCell) or (
        isinstance(part, Frozen) and any(key in type(part).model_fields for key in KEYS)
    )


def _called(part: object) -> str:
    if isinstance(part, MatrixCell):
        return f"{part.impact}/{part.urgency}"
    return part_name({key: getattr(part, key, None) for key in KEYS}, 0)


def _words(value: object) -> str:
    """Say one value as people do; an empty list or text has no words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return in_words(value) if value >= timedelta(minutes=1) else f"{value.total_seconds():g} s"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, OpenHours):
        return f"{_words(value.opens)}-{_words(value.closes)}"
    if isinstance(value, Shift):
        return f"{' '.join(value.days)} {_words(value.start)}-{_words(value.end)}"
    if isinstance(value, tuple):
        return (", " if not any(isinstance(part, Shift) for part in value) else "; ").join(map(_words, value))
    return str(value)
