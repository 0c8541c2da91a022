"""Changes of single values of a policy, each by its kind: what a test asks of every field of the model."""

from collections.abc import Iterator
from datetime import time, timedelta
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from domain.frozen import Frozen
from domain.policy import SupportPolicy, Target

Steps = tuple[str | int, ...]


def places(record: Frozen, at: Steps = ()) -> Iterator[tuple[str, Steps, Any]]:
    """Yield every field of every record in a policy: `Model.field`, the way to it, and its value."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        yield f"{type(record).__name__}.{name}", (*at, name), value
        yield from _inside(value, (*at, name))


def _inside(value: Any, at: Steps) -> Iterator[tuple[str, Steps, Any]]:
    if isinstance(value, Frozen):
        yield from places(value, at)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _inside(part, (*at, key))
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            yield from _inside(part, (*at, position))


def with_value(node: Any, steps: Steps, value: Any) -> Any:
    """Return a copy of a policy in which the place has another value."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(node, Frozen):
        inside = with_value(getattr(node, str(step)), tuple(rest), value)
        return node.model_copy(update={str(step): inside})
    if isinstance(node, dict):
        return {**node, step: with_value(node[step], tuple(rest), value)}
    assert isinstance(step, int)
    return (*node[:step], with_value(node[step], tuple(rest), value), *node[step + 1 :])


def field_of(policy: SupportPolicy, steps: Steps) -> Any:
    node: Any = policy
    for step in steps[:-1]:
        node = getattr(node, str(step)) if isinstance(node, Frozen) else node[step]
    return type(node).model_fields[str(steps[-1])]


def others(value: Any, annotation: Any) -> Iterator[Any]:
    """Yield other values of the same kind."""
    choices = _choices(annotation)
    match value:
        case None:
            yield from choices[:2] or _of_kind(annotation)
        case bool():
            yield not value
        case timedelta():
            yield value * 3
            yield value / 2
        case Target():
            days = value.business_days
            yield (
                Target(business_days=days + 3) if days else Target(within=3 * (value.within or timedelta(1)))
            )
        case Enum():
            yield from [one for one in type(value) if one is not value][:2]
        case str() if choices:
            yield from [one for one in choices if one != value]
        case int():
            yield value + 40
            yield max(value - 40, 0)
        case float():
            yield value / 2
        case time():
            yield value.replace(hour=(value.hour + 3) % 24)
        case str():
            yield f"{value} otherwise" if value else "otherwise"
        case tuple() | dict() if value:
            yield type(value)()
            yield value[1:] if isinstance(value, tuple) else dict(list(value.items())[1:])
        case tuple() | dict():
            yield from _of_kind(annotation)


def _choices(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for part in get_args(annotation) if part is not annotation for choice in _choices(part)]


def _of_kind(annotation: Any) -> list[Any]:
    """Make values of a kind where there was none."""
    if get_origin(annotation) is dict:
        return []
    if get_origin(annotation) is tuple:
        return [("otherwise",), ("P1",), ("A",), ("high",), (".png",), ("phone",)]
    found: dict[Any, list[Any]] = {
        Target: [Target(within=timedelta(hours=1))],
        timedelta: [timedelta(hours=1)],
        bool: [True],
        int: [1, 60],
        str: ["otherwise"],
    }
    bare = [part for part in (annotation, *get_args(annotation)) if part in found]
    inside = [value for part in get_args(annotation) for value in _of_kind(part)]
    return [value for part in bare for value in found[part]] or inside
