"""Writes the file of a new policy, and the schema its editor reads.

Nothing that is there is ever overwritten.
"""

import re
from pathlib import Path
from typing import NamedTuple

from domain.policy import SupportPolicy
from policies import policy_names
from policies.beginning import new_policy
from policies.schema import SCHEMA_FILE, schema_text
from starter.door.faults import usage

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,63}")
"""As a policy's name is in the model, asked before it becomes the name of a file."""


class Begun(NamedTuple):
    """What was written; `schema` is None where there was one already."""

    name: str
    extends: str
    file: Path
    schema: Path | None

    def as_record(self) -> dict[str, object]:
        """Return what was done as JSON prints it."""
        schema = str(self.schema) if self.schema else None
        return {"name": self.name, "extends": self.extends, "file": str(self.file), "schema": schema}


def check_new_name(name: str) -> None:
    """Want a name that a policy may have, and none has. Raises: Fault (usage)."""
    if not _NAME.fullmatch(name):
        remedy = "use letters, digits, - and _, at most 64"
        raise usage(f"{name!r} is not a valid policy name", remedy, "name")
    if name in policy_names():
        raise usage(f"there is a policy {name} already", "choose another name", "name")


def begin_policy(name: str, parent: SupportPolicy, place: Path) -> Begun:
    """Write `NAME.toml` in a directory, and the schema beside it where there is none.

    Raises: Fault (usage) for a name that is none, or taken, and for a place that cannot be written.
    """
    check_new_name(name)
    file = place / f"{name}.toml"
    try:
        _write(file, new_policy(name, parent))
    except FileExistsError as error:
        raise usage(f"{file} is there already, and stays as it is", "choose another name") from error
    except OSError as error:
        raise usage(f"{file}: {error.strerror}", "name a directory that can be written") from error
    schema = place / SCHEMA_FILE
    if schema.exists():
        return Begun(name, f"{parent.name}@{parent.version}", file, None)
    _write(schema, schema_text())
    return Begun(name, f"{parent.name}@{parent.version}", file, schema)


def _write(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8") as new:
        new.write(text)
