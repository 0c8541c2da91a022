"""Replays every stored history with nothing at hand: `python -m tests.replay.alone`.

A process of its own, because its watch cannot be taken off again: once the code is loaded, opening any file
that is not code, reaching for the network, for a database or for another process is an error. The watch shows
at the end that it is awake.

It prints a line of JSON for each history: its name, and what is wrong with it or null. The last is `"alone"`.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from policies import load_policy
from tests.replay.gate import replayed
from tests.replay.histories import recorded

ALONE = "alone"
_CODE = (".py", ".pyc", ".so")
_NEVER = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "sqlite3.connect", "subprocess.Popen")


class ReachedOut(BaseException):
    """Not an Exception, so that nobody on the way takes it for a failure he may handle."""


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event in _NEVER or (event == "open" and _is_no_code(args[0])):
        raise ReachedOut(f"{event} {args[:2]}")


def _is_no_code(path: object) -> bool:
    return isinstance(path, (str, bytes, Path)) and not str(path).endswith(_CODE)


async def _replay_all() -> None:
    names = [one.name for one in recorded()]
    histories = [one.history() for one in recorded()]
    sys.addaudithook(_watch)
    left = iter(names)
    async for wrong in replayed(histories):
        print(json.dumps([next(left), wrong and f"{type(wrong).__name__}: {wrong}"]), flush=True)


def main() -> None:
    asyncio.run(_replay_all())
    try:
        load_policy("rhipe-csp")
    except ReachedOut:
        print(json.dumps(ALONE))


if __name__ == "__main__":
    main()
