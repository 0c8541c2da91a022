"""What is given to a command: a text or a file, standard input for `-`, and the request's own id."""

from typing import Annotated

import typer

from starter.door.faults import usage
from starter.imports.input_bytes import read_bytes

RequestId = Annotated[
    str | None,
    typer.Option("--request-id", help="Your own id of this request; repeated, it changes nothing."),
]

_MAX_INPUT = (
    64 * 1024
)  # bytes; four times what a request may have, so that the model can say what is too long


def read_input(name: str) -> str:
    """Read a file, or standard input for `-`; UTF-8, at most 64 KiB. Raises: Fault (usage)."""
    data = read_bytes(name, _MAX_INPUT + 1)
    if len(data) > _MAX_INPUT:
        raise usage(f"{name}: more than {_MAX_INPUT} bytes", "send the rest as an attachment reference")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise usage(f"{name} is not UTF-8", "save it as UTF-8") from None


def given_text(text: str) -> str:
    """Return the text itself, or standard input for `-`."""
    return read_input("-") if text == "-" else text
