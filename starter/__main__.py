"""The process of one `sunrelay` command."""

import os
import signal
import sys
from io import TextIOWrapper
from typing import NoReturn

from starter.cli import core


def main() -> NoReturn:
    """Run one command and end the process.

    It ends at once where Temporal was used: threads of its SDK may still hold the interpreter, which then
    aborts while it is being taken down (seen in one of six runs).
    """
    code = 1
    _end_at_once_while_loading()
    # We have no plugin of pydantic, and need not look for one in everything that is installed (40 ms).
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that knows fewer letters than a name has
    try:
        core.app(*_first_word())(prog_name="sunrelay")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    if "temporalio" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _first_word() -> list[str]:
    """Return the word that says which command is meant, also where it is explained, or is being completed."""
    if "_SUNRELAY_COMPLETE" in os.environ:
        typed = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
        words = typed.split()[1:]  # the last one may go on, unless a space has ended it
        return words[:1] if len(words) > 1 or typed[-1:].isspace() else []
    words = sys.argv[1:]
    return words[1:2] if words[:1] == ["help"] else words[:1]


def _end_at_once_while_loading() -> None:
    """Let Ctrl-C end the process while it loads: Python drops one that meets a module's lock.

    A shell that has told us to ignore it is obeyed. `door.perform` has it raised again.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
