"""The command blocks of two pages are typed as they stand; only the number told by `open` is put in."""

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.servers import dev_server
from tests.starter.conftest import Commands, run

__all__ = ["dev_server", "run"]

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"SR-\w{4}-\w{4}-\w")


@pytest.mark.parametrize("page", ["outages.md", "special-requests.md"])
def test_the_commands_of_a_page_work_as_they_are_written(
    run: Commands, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    number, typed = "", 0
    for kind, block in _BLOCK.findall((DOCS / page).read_text("utf-8")):
        if kind == "json":
            Path("customers.json").write_text(block, encoding="utf-8")
            continue
        for line in block.replace("\\\n", " ").splitlines():
            answer = run(*shlex.split(line.replace("SR-XXXX-XXXX-X", number), comments=False)[1:])
            assert answer.code == os.EX_OK, f"{line}: {answer.err}"
            if line.startswith("sunrelay open"):
                number = _NUMBER.findall(answer.out)[0]
            typed += 1
    assert typed >= 7
