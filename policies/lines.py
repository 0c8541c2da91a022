"""On which line of a TOML file a key stands, for errors people can find.

Part of the room of policies; it reads text and no file. The standard reader tells no positions, so the text
is read once more, statement by statement, and each statement by the standard reader itself: what it does not
take alone gets the next line added. A key it cannot place has no line; none is ever guessed.
"""

import tomllib

from policies.paths import Path, Table, named

_LONGEST = 300
"""Lines of one statement after which we give up: the search is quadratic in them (ours)."""


class LineNumbers:
    """Where the keys and tables of one file stand; lines are counted from 1."""

    def __init__(self, text: str, document: Table) -> None:
        self._document = document
        self._found: dict[Path, int] = {}
        self._lists: dict[Path, int] = {}
        self._parts: dict[tuple[str | int, ...], int] = {}
        self._scan(text.replace("\r\n", "\n").split("\n"))  # what TOML takes for lines, no others

    def at(self, path: Path) -> int | None:
        """Return the line of a place, or of the nearest table around it that is written out.

        A list of tables begins at its first part; but that is no place for the fault of another part.
        """
        if path in self._lists:
            return self._lists[path]
        for length in range(len(path), 0, -1):
            if (line := self._found.get(path[:length])) is not None:
                return line
        return None

    def _scan(self, lines: list[str]) -> None:
        table: tuple[str | int, ...] = ()
        waiting: list[str] = []
        for number, line in enumerate(lines, 1):
            waiting.append(line)
            read = _read("\n".join(waiting))
            if read is None:
                if len(waiting) > _LONGEST:
                    return
                continue
            start = number - len(waiting) + 1
            if waiting[0].lstrip().startswith("["):
                table = self._header(read)
                self._note(table, start)
                if table and isinstance(table[-1], int):
                    self._lists.setdefault(named(table[:-1], self._document), start)
            else:
                self._note_all(table, read, start)
            waiting = []

    def _header(self, read: Table) -> tuple[str | int, ...]:
        """Follow a header, `[a.b]` or `[[a.b]]`, to its table: in a list, the last one there is."""
        steps: tuple[str | int, ...] = ()
        node: object = read
        while isinstance(node, dict) and node:
            (key, node), *_ = node.items()
            steps = (*steps, key)
            if isinstance(node, list):
                self._parts[steps] = self._parts.get(steps, -1) + 1
            if steps in self._parts:
                steps = (*steps, self._parts[steps])
        return steps

    def _note_all(self, above: tuple[str | int, ...], read: Table, line: int) -> None:
        for key, value in read.items():
            steps = (*above, key)
            self._note(steps, line)
            if isinstance(value, dict):
                self._note_all(steps, value, line)

    def _note(self, steps: tuple[str | int, ...], line: int) -> None:
        self._found.setdefault(named(steps, self._document), line)


def _read(statement: str) -> Table | None:
    try:
        return tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return None
