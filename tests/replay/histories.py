"""Where the recorded histories lie, and how they are read and written.

One gzipped JSON file for each run of each case of a life: `histories/VERSION/LIFE.NUMBER.json.gz`, readable
by `gunzip -c` and, with the id from its first event, by any replayer. Files are written without the time of
writing, so that an equal history is an equal file.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

VERSION = "0.3"
"""The folder that is written to. Raise it when what was released has changed; the old folders stay."""

FOLDER = Path(__file__).with_name("histories")
MOST_BYTES = 100 * 1024
MOST_BYTES_TOGETHER = 1536 * 1024
_SUFFIX = ".json.gz"
_ANYBODY = "anybody"


@dataclass(frozen=True)
class Recorded:
    """One file: the life it belongs to, and the run it holds."""

    path: Path

    @property
    def life(self) -> str:
        return self.path.name.split(".")[0]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name.removesuffix(_SUFFIX)}"

    def history(self) -> WorkflowHistory:
        kept = json.loads(gzip.decompress(self.path.read_bytes()))
        return WorkflowHistory.from_json(kept["workflowId"], kept)


def recorded(version: str = "*") -> list[Recorded]:
    """What is stored, of one version or of all."""
    return [Recorded(path) for path in sorted(FOLDER.glob(f"{version}/*{_SUFFIX}"))]


def keep(life: str, histories: list[WorkflowHistory]) -> list[Recorded]:
    """Write the histories of a life in place of those it had in this version."""
    for old in recorded(VERSION):
        if old.life == life:
            old.path.unlink()
    return [_keep(FOLDER / VERSION / f"{life}.{number}", one) for number, one in enumerate(histories, 1)]


def _keep(path: Path, history: WorkflowHistory) -> Recorded:
    kept = {"workflowId": history.workflow_id, **_without_machine(json.loads(history.to_json()))}
    text = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    path = path.with_name(path.name + _SUFFIX)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    return Recorded(path)


def _without_machine(value: Any) -> Any:
    """The same, without who recorded it and where his files lie; nothing that a replay looks at."""
    if isinstance(value, list):
        return [_without_machine(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _ANYBODY if key == "identity" else _without_machine(one)
        for key, one in value.items()
        if key != "stackTrace"
    }
