"""Which file of a case is meant, by its name, its id or its reference."""

from collections.abc import Sequence
from typing import NamedTuple

from activities.contents.folder import is_id
from activities.contents.records import STORE
from domain.files import GivenFile
from starter.door.faults import Fault, Kind, usage


class Known(NamedTuple):
    """A file whose contents are kept: its id, and its name."""

    file_id: str
    name: str


def one_called(files: Sequence[GivenFile], name: str) -> Known:
    """Return the one that is meant. Raises: Fault: not found; usage for several, or one kept elsewhere."""
    found = [file for file in files if name in (file.name, file.reference, _id_of(file))]
    if not found:
        reason = f"there is no file {name[:80]!r} of this case"
        has = ", ".join(file.name for file in files[:10]) or "none"
        raise Fault(Kind.NOT_FOUND, "FileNotFound", reason, f"it has {has}")
    if len(found) > 1:
        ids = ", ".join(_id_of(file) for file in found)
        raise usage(f"{len(found)} files are called {name}", f"name one by its id: {ids}", "name")
    file_id = _id_of(found[0])
    if not is_id(file_id):
        raise usage(f"{found[0].name} is not kept here", f"look for it at {found[0].reference}", "name")
    return Known(file_id, found[0].name)


def _id_of(file: GivenFile) -> str:
    return file.reference.removeprefix(f"{STORE}:")
