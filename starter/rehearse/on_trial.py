"""Varied policies kept for as long as they are rehearsed, where whoever plays a case looks for policies.

Part of the rehearsals. What a company has of its own stays beside them.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from policies import POLICY_DIR
from policies.variation import Varied


@contextmanager
def on_trial(policies: Iterable[Varied]) -> Iterator[None]:
    """Keep varied policies in a directory of this process and of those it starts, and forget them after."""
    with TemporaryDirectory(prefix="sunrelay-policies-") as name:
        room, before = Path(name), os.environ.get(POLICY_DIR)
        if before and Path(before).is_dir():
            for file in Path(before).glob("*.toml"):
                shutil.copy(file, room)
        for one in policies:
            (room / f"{one.policy.name}.toml").write_text(one.text, encoding="utf-8")
        os.environ[POLICY_DIR] = name
        try:
            yield
        finally:
            os.environ.pop(POLICY_DIR)
            if before is not None:
                os.environ[POLICY_DIR] = before
