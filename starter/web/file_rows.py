"""Files of a case as pages list them: what a page of any door needs, with `templates/files.html`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from activities.contents.folder import is_id
from activities.contents.records import STORE
from domain.files import GivenFile, in_bytes

TEMPLATES = Path(__file__).parent / "templates"
"""Where parts of pages are that doors share; each door draws them with its own filters."""


class FileRow(NamedTuple):
    """A file in a list: where it is fetched, if its contents are here, and who gave it."""

    name: str
    reference: str
    size: str
    href: str | None
    about: str
    internal: bool


def rows_of(files: Iterable[GivenFile], under: str, when: Callable[[datetime], str]) -> list[FileRow]:
    """List files, fetched under an address such as `/cases/SR-1/files`; `when` writes an instant."""
    return [_row(file, under, when) for file in files]


def _row(file: GivenFile, under: str, when: Callable[[datetime], str]) -> FileRow:
    store, _, file_id = file.reference.partition(":")
    href = f"{under}/{file_id}" if store == STORE and is_id(file_id) else None
    given = (file.by or file.kind, when(file.at) if file.at else None)
    return FileRow(
        name=file.name,
        reference=file.reference,
        size="" if file.size is None else in_bytes(file.size),
        href=href,
        about=", ".join(filter(None, given)),
        internal=file.internal is True,
    )
