"""docs/writing-a-policy.md, followed word for word: what it says to type is typed, what it shows is seen."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from starter.home import Home
from tests.starter.conftest import eventually

PAGE = Path(__file__).parents[2] / "docs" / "writing-a-policy.md"
_FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)


def blocks() -> Iterator[tuple[str, str, str]]:
    """The fenced blocks of the page in order: language, what follows it, content."""
    for fence in _FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        yield fence[1], fence[2], fence[3]


def commands(block: str) -> Iterator[tuple[str, str]]:
    """What is typed, and what is shown after it."""
    found = list(_COMMAND.finditer(block))
    for this, following in zip(found, [*found[1:], None], strict=True):
        yield this[1], block[this.end() : following.start() if following else len(block)]


def is_shown(expected: str, seen: str) -> bool:
    """Whether what was seen is what is shown; an ellipsis stands for anything, alone in a line for lines."""
    lines = [re.escape(line.rstrip()).replace("…", ".*") for line in expected.strip().splitlines()]
    pattern = "\n".join("(?s:.*)" if line == ".*" else line for line in lines)
    found = "\n".join(line.rstrip() for line in seen.strip().splitlines())
    return re.fullmatch(pattern.replace("\n(?s:.*)", "(?s:.*)"), found) is not None


class Reader:
    """Somebody who follows the page in an empty directory, with a second terminal where it asks for one."""

    def __init__(self, place: Path) -> None:
        clean = {
            key: value for key, value in os.environ.items() if not key.startswith(("TEMPORAL_", "SUNRELAY_"))
        }
        self.place = place
        path = f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}"
        own = {"PYTHONTZPATH": "", "COLUMNS": "110", "SUNRELAY_TIMEOUT": "60"}
        self.environment = {**clean, "PATH": path, **own}
        self.other: subprocess.Popen[str] | None = None

    def write(self, name: str, text: str) -> None:
        """A file grows part by part; one the page writes anew begins with the line for editors."""
        file = self.place / name
        begun = file.read_text(encoding="utf-8") + "\n" if file.exists() else ""
        file.write_text(text if text.startswith("#:schema") else begun + text, encoding="utf-8")

    def type(self, command: str) -> str:
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.environment[name] = value.replace("$PWD", str(self.place))
            return ""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.place,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return done.stdout

    def type_in_the_second_terminal(self, command: str) -> None:
        assert command == "sunrelay run"
        self.other = subprocess.Popen(
            ["sunrelay", "run"],
            cwd=self.place,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(lambda: Home(self.place / ".sunrelay").desk(), 150)

    def leave(self) -> None:
        if self.other is not None:
            self.other.terminate()
            self.other.wait(timeout=60)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    try:
        yield reader
    finally:
        reader.leave()


@pytest.mark.e2e
@pytest.mark.covers("RHIPE-21")
def test_the_page_takes_a_reader_from_a_guide_to_a_running_policy(reader: Reader) -> None:
    codes = []
    for language, where, content in blocks():
        if language == "toml":
            reader.write(where, content)
            continue
        for command, expected in commands(content):
            if where == "second terminal":
                reader.type_in_the_second_terminal(command)
                continue
            seen = reader.type(command)
            assert is_shown(expected, seen), f"$ {command}\n--- the page\n{expected}\n--- seen\n{seen}"
            codes += re.findall(r"refused: (\w+)", seen)
    assert codes == ["PolicyInvalid"]


def test_the_way_the_page_is_compared_can_tell_a_difference() -> None:
    assert is_shown("due …\n", "due 2027-01-01\n")
    assert is_shown("a\n…\nb\n", "a\nx\ny\nb\n")
    assert is_shown("a\n…\n", "a\n")
    assert not is_shown("a\n", "a\nb\n")
    assert not is_shown("due …\n", "late 2027-01-01\n")
    assert not is_shown("a\n…\nb\n", "a\nx\n")
