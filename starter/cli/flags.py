"""What a person types for a field: each parameter of a command is named for the field it fills.

Two underscores reach into a field, as in `contact__email`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from typer.models import ArgumentInfo, OptionInfo

Options = dict[str, tuple[Any, Any]]
"""Parameters of a command: name to annotation and default."""

Typed = Mapping[str, str]
"""What is typed for each field of one command."""


def typed_by(options: Options) -> dict[str, str]:
    """Return what is typed for the fields of a command with these options."""
    return {name.replace("__", "."): _typed(name, annotation) for name, (annotation, _) in options.items()}


def _typed(name: str, annotation: Any) -> str:
    found = next((one for one in get_args(annotation) if isinstance(one, OptionInfo | ArgumentInfo)), None)
    if isinstance(found, ArgumentInfo):
        return (found.metavar or name.upper()).strip("[]")
    # Within an annotation the first name stands where the default would.
    names = (found.default, *(found.param_decls or ())) if found else ()
    declared = (one for one in names if isinstance(one, str) and one.strip(" /").startswith("--"))
    return next(declared, f"--{name.replace('_', '-')}").strip(" /").partition("/")[0]


def typed_for(field: str, typed: Typed) -> str:
    """Return what to type for a field, for its parts, or for what it is part of; empty where none."""
    if field in typed:
        return typed[field]
    within = [flag for name, flag in typed.items() if name.startswith(f"{field}.")]
    outer, dot, _ = field.rpartition(".")
    return ", ".join(within) or (typed_for(outer, typed) if dot else "")


def all_typed_for(fields: Iterable[str], *tables: Typed) -> dict[str, str]:
    """Return what to type for each field, by the first table that has it, if any has."""
    found = {field: next(filter(None, (typed_for(field, one) for one in tables)), "") for field in fields}
    return {field: flag for field, flag in found.items() if flag}


def with_flags(fields: Iterable[str], typed: Typed) -> str:
    """Name fields, each with what to type: `explanation (--explanation), access_id`."""
    return ", ".join(f"{field} ({typed[field]})" if field in typed else field for field in fields)
