"""Writes the file of a new policy, and the schema its editor reads. Part of the doors.

Nothing that is there is ever overwritten.
"""

import os
import re
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from domain.policy import SupportPolicy
from policies import POLICY_DIR, policy_names
from policies.beginning import new_policy
from policies.schema import SCHEMA_FILE, schema_text
from starter.faults import usage

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,63}")
"""As a policy's name is in the model, asked before it becomes the name of a file."""


class Begun(NamedTuple):
    """What was written; `schema` is None where there was one already."""

    name: str
    extends: str
    file: Path
    schema: Path | None

    def as_record(self) -> dict[str, object]:
        """This will be what was done as JSON prints it."""
        schema = str(self.schema) if self.schema else None
        return {"name": self.name, "extends": self.extends, "file": str(self.file), "schema": schema}

    @property
    def next_steps(self) -> tuple[str, ...]:
        """This will say what to do with the new file."""
        place = self.file.parent.absolute()
        at_home = os.environ.get(POLICY_DIR) and Path(os.environ[POLICY_DIR]).absolute() == place
        setting = (
            () if at_home else (f"then, for commands and workers: export {POLICY_DIR}={quote(str(place))}",)
        )
        return (
            f"{self.name} promises what {self.extends} promises; take the # away before what you change",
            *setting,
            f"then: sunrelay policy check {self.file}",
            f"then: sunrelay policy show {self.name}, and restart the workers: they read a policy once",
        )


def begin(name: str, parent: SupportPolicy, directory: Path | None) -> Begun:
    """This will write `NAME.toml`, and the schema beside it where there is none.

    Raises: Fault (usage) for a name that is none, or taken, and for a place that cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise usage(f"{name!r} is no name for a policy", "use letters, digits, - and _, at most 64")
    if name in policy_names():
        raise usage(f"there is a policy {name} already", "choose another name")
    place = directory or Path(os.environ.get(POLICY_DIR) or ".")
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
