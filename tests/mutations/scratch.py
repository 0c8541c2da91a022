"""A copy of the tree in which the product may be broken; the working tree is never touched."""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutations.lines import Mutation
from tests.mutations.tree import ROOT, Place, patched, places_of, sources

_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".sunrelay", "__pycache__", ".*_cache", ".hypothesis")
_PATIENCE = 900  # s for the tests of a line; a test that stands still fails by its own timeout long before
_TOLD = re.compile(r"(FAILED|ERROR) tests/")
_FAILED_TEST = re.compile(r"tests/[\w/]+\.py(::\w+)+")
_FAILED, _NO_VERDICT = 1, 2  # what pytest answers where a test failed, and where it could not run


class Verdict(StrEnum):
    CAUGHT = "caught"
    NOT_CAUGHT = "NOT CAUGHT"
    NOT_UNIQUE = "text not unique"
    FAILS_ANYHOW = "fails anyhow"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Result:
    """What became of one line: by which test it was caught, or what stood in the way."""

    mutation: Mutation
    verdict: Verdict
    seconds: float = 0.0
    said: str = ""


class Scratch:
    """One copy of the tree, for one worker; a file is broken, its tests are run, and it is whole again."""

    def __init__(self, place: Path) -> None:
        self._root = place
        shutil.copytree(ROOT, place, ignore=_LEFT_OUT)
        (place / ".venv").symlink_to(Path(sys.prefix))
        # By its content, not by its time: a text broken and mended within a second may not leave stale code.
        compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "."]
        subprocess.run([sys.executable, *compiled], cwd=place, check=False, capture_output=True)
        self._product = sources(place)

    def try_out(self, mutation: Mutation) -> Result:
        """Break the copy by one line and run its tests; the one that fails must pass on the whole copy."""
        places = places_of(mutation.text, self._product)
        if len(places) != 1:
            where = ", ".join(place.path for place in places) or "nowhere"
            return Result(mutation, Verdict.NOT_UNIQUE, said=where)
        begun = time.monotonic()
        code, said = self._broken(mutation, places[0])
        return Result(mutation, self._verdict(code, said), time.monotonic() - begun, said)

    def _verdict(self, code: int, said: str) -> Verdict:
        """A line is caught where a test failed that passes on the whole copy."""
        if code == 0:
            return Verdict.NOT_CAUGHT
        failed = _FAILED_TEST.match(said)
        if code != _FAILED or failed is None:
            return Verdict.NOT_RUN
        # All cases of a test together: what stands in the brackets is not always one word to pytest.
        return Verdict.CAUGHT if self._run(failed[0])[0] == 0 else Verdict.FAILS_ANYHOW

    def _broken(self, mutation: Mutation, place: Place) -> tuple[int, str]:
        file, whole = self._root / place.path, self._product[place.path]
        file.write_text(patched(whole, place, mutation.by), encoding="utf-8")
        try:
            return self._run(mutation.tests)
        finally:
            file.write_text(whole, encoding="utf-8")

    def _run(self, tests: str) -> tuple[int, str]:
        """The exit code of pytest, and the first line in which it says why."""
        options = ["-x", "-q", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, tests]
        environment = os.environ | {"PYTHONPATH": str(self._root)}
        try:
            ended = subprocess.run(
                command, cwd=self._root, env=environment, capture_output=True, text=True, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            return _NO_VERDICT, f"no end within {_PATIENCE} s"
        return ended.returncode, _why(ended.stdout)


def _why(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    told = next(filter(_TOLD.match, lines), lines[-1] if lines else "")
    return told.removeprefix("FAILED ").removeprefix("ERROR ").partition(" - ")[0]
