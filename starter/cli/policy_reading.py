"""A policy as a command is given it: by name, by NAME@VERSION, or as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from starter.cli import core
from starter.door.faults import usage

if TYPE_CHECKING:
    from domain.policy import SupportPolicy

REFERENCE = "A name, NAME@VERSION, or a file."


def policy_of(reference: str) -> "SupportPolicy":
    """Read a policy by name or file. Raises: Fault (refused, usage)."""
    return core.policy_named(reference, _read)


def read_strictly(reference: str) -> "SupportPolicy":
    """Read a policy by name or file as its writer is told of it. Raises: as `_read`."""
    return _read(reference) if _is_file(reference) else core.check_policy(reference)


def _read(reference: str) -> "SupportPolicy":
    """Read a policy by name, or the file where what is given looks like one.

    Raises: PolicyUnknown; PolicyInvalid; Fault (usage).
    """
    if not _is_file(reference):
        return core.load_policy(reference)
    try:
        return core.read_path(Path(reference))
    except (OSError, ValueError) as error:  # a name with NUL in it is a ValueError
        raise usage(f"{reference}: {error}", "name a file that can be read") from error


def _is_file(reference: str) -> bool:
    return reference.endswith(".toml") or "/" in reference
