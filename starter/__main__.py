"""The process of one `sunrelay` command. Part of the doors."""

import os
import signal
import sys
from io import TextIOWrapper
from typing import NoReturn


def main() -> NoReturn:
    """This will run one command and end the process.

    It ends at once where Temporal was used: threads of its SDK may still hold the interpreter, which then
    aborts while it is being taken down (seen in one of six runs).
    """
    code = 1
    _end_at_once_while_loading()
    from starter.commands import app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that knows fewer letters than a name has
    try:
        app()(prog_name="sunrelay")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    if "temporalio" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _end_at_once_while_loading() -> None:
    """This will let Ctrl-C end the process while it loads: Python drops one that meets a module's lock.

    A shell that has told us to ignore it is obeyed. `door.perform` has it raised again.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
