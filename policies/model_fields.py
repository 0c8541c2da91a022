"""What a policy may contain at a place, read off the domain's models.

Part of the room of policies; it knows the models and no document.
"""

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from domain.frozen import Frozen
from domain.policy import SupportPolicy


def known_keys(steps: Sequence[str | int]) -> tuple[str, ...]:
    """Name the keys of the table at a place; none where it is no table of known keys."""
    kind: Any = SupportPolicy
    for step in steps:
        kind = _inside(_bare(kind), step)
    model = _bare(kind)
    return tuple(model.model_fields) if _is_model(model) else ()


def models() -> tuple[type[Frozen], ...]:
    """List every model a policy is made of, each once, the policy first."""
    found: dict[type[Frozen], None] = {}
    waiting: list[type[Frozen]] = [SupportPolicy]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found[model] = None
            waiting += [one for field in model.model_fields.values() for one in _models_in(field.annotation)]
    return tuple(found)


def _models_in(kind: Any) -> Iterator[type[Frozen]]:
    if _is_model(kind):
        yield kind
    for argument in get_args(kind):
        yield from _models_in(argument)


def _inside(kind: Any, step: str | int) -> Any:
    """Name the type of what a key or position of a table, mapping or list holds."""
    if _is_model(kind):
        field = kind.model_fields.get(str(step))
        return None if field is None else field.annotation
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return arguments[1]
    return arguments[0] if get_origin(kind) is tuple else None


def _bare(kind: Any) -> Any:
    """Take off what only refines a type: annotations, and that it may be none."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(argument for argument in get_args(kind) if argument is not NoneType)
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Frozen)
