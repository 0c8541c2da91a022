"""What a desk looks like: where it can be reached, open cases, the last mails, what to type next."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.cli.pages.board import cases_table
from starter.cli.pages.mails import mails_table
from starter.cli.pages.parts import facts, heading, nothing, plain

if TYPE_CHECKING:
    from domain.record import CaseRow
    from starter.cli.mailbox import Mail

_MAILS = 5
_UNLINKED = "none, for mails leave this computer; SUNRELAY_SURVEY_URL names one"


@dataclass(frozen=True)
class Addresses:
    """Where the parts of a desk are; `survey` is what survey links begin with, None where mails have none.

    `key` opens the API for trying, until the next run; each of `links` signs somebody in at the board, once.
    """

    server: str
    namespace: str
    ui: str | None
    port: int
    mail: str
    vendor: str
    survey: str | None
    store: str
    home: str
    key: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def web(self) -> str:
        """Where the board is, and everything of ours beneath it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def portal(self) -> str:
        """Where customers see their cases."""
        return f"{self.web}/portal"

    @property
    def api(self) -> str:
        """Where the API is."""
        return f"{self.web}/v1"

    def as_record(self) -> dict[str, object]:
        """Return all of it for programs."""
        return {**asdict(self), "web": self.web, "portal": self.portal, "api": self.api}


def desk(
    where: Addresses,
    rows: "Sequence[CaseRow]",
    mails: "Sequence[Mail]",
    example: str,
    now: datetime,
    width: int,
) -> RenderableType:
    """Draw the whole desk."""
    board: RenderableType = cases_table(rows, now, width) if rows else nothing()
    return Group(
        Text.assemble(("Sunrelay desk", "bold"), f"  {now:%Y-%m-%d %H:%M:%S} UTC"),
        facts(_places(where)),
        *_sign_in(where.links),
        heading(f"Open cases, {len(rows)}"),
        board,
        heading("Last mails"),
        mails_table(mails[:_MAILS]) if mails else nothing(),
        heading("Type in another terminal, in this directory"),
        *_hints(example, has_mail=bool(mails)),
    )


def _places(where: Addresses) -> list[tuple[str, Text]]:
    rows = [
        ("Temporal", f"{where.server}, namespace {where.namespace}"),
        ("Temporal UI", where.ui),
        ("board", where.web),
        ("portal", where.portal),
        ("API", where.api),
        ("API key", where.key),
        ("mail", where.mail),
        ("vendor", where.vendor),
        (
            "survey page",
            f"{where.survey}/..., linked in the mail of a closed case" if where.survey else _UNLINKED,
        ),
        ("case store", where.store),
        ("files", where.home),
    ]
    return [(label, plain(text)) for label, text in rows if text is not None]


def _sign_in(links: Mapping[str, str]) -> Iterator[Text]:
    """List the links, each on a line of its own: whole at 80 columns, to be copied."""
    if links:
        yield heading("Sign in with a browser, once by each link")
    for whom, link in links.items():
        yield Text.assemble("  ", plain(whom), f"\n    {link}")


def _hints(example: str, *, has_mail: bool) -> list[Text]:
    commands = [
        (f"show {example}", "where the case stands"),
        (f'respond {example} "We are looking into it"', "the initial response"),
        (f"explain {example} initial_response", "why it is due when it is"),
        ("mail 1", "read the first mail") if has_mail else ("mail", "the mails"),
        ("open --help", "open a case of your own"),
    ]
    name = program()
    width = max(len(command) for command, _ in commands) + 2
    return [
        Text.assemble(
            "  ", (f"{name} {command.ljust(width)}", "cyan"), (what, "dim"), no_wrap=True, overflow="ellipsis"
        )
        for command, what in commands
    ]


def program() -> str:
    """Say how to call us from here: by name where the shell finds us, else by the way to us."""
    ours = Path(sys.executable).parent / "sunrelay"
    found = shutil.which("sunrelay")
    if found is not None and Path(found).resolve() == ours.resolve():
        return "sunrelay"
    return os.path.relpath(ours) if ours.is_relative_to(Path.cwd()) else str(ours)
