"""Where a new policy's file goes on this machine, and what to type once it is there."""

import os
from pathlib import Path
from shlex import quote

from policies import POLICY_DIR
from starter.door.new_policy import Begun


def policy_place(directory: Path | None) -> Path:
    """Return the directory given, or the one of the machine's own policies, or this one."""
    return directory or Path(os.environ.get(POLICY_DIR) or ".")


def next_steps(begun: Begun) -> tuple[str, ...]:
    """Say what to do with the new file."""
    place = begun.file.parent.absolute()
    at_home = os.environ.get(POLICY_DIR) and Path(os.environ[POLICY_DIR]).absolute() == place
    setting = () if at_home else (f"then, for commands and workers: export {POLICY_DIR}={quote(str(place))}",)
    return (
        f"{begun.name} promises what {begun.extends} promises; take the # away before what you change",
        *setting,
        f"then: sunrelay policy check {begun.file}",
        f"then: sunrelay policy show {begun.name}, and restart the workers: they read a policy once",
    )
