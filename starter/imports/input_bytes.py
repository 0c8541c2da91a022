"""The bytes of a file or of standard input, as a person names them."""

import sys

from starter.door.faults import usage


def read_bytes(name: str, most: int) -> bytes:
    """Read the first bytes of a file, or of standard input for `-`. Raises: Fault (usage)."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(most)
        with open(name, "rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:  # a name with NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise usage(f"{name}: {reason}", "name a file that can be read, or -") from None
