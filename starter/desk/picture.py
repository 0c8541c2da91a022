"""What a desk looks like: where it can be reached, open cases, the last mails, what to type next.

Part of the doors. Pure drawing.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from starter.board import cases_table
from starter.output import moment
from starter.showing import facts, heading, nothing, plain

if TYPE_CHECKING:
    from domain.record import CaseRow
    from starter.mailbox import Mail

_MAILS = 5
_UNLINKED = "none, for mails leave this computer; SUNRELAY_SURVEY_URL names one"


@dataclass(frozen=True)
class Addresses:
    """Where the parts of a desk are; `survey` is what survey links begin with, None where mails have none."""

    server: str
    namespace: str
    ui: str | None
    mail: str
    vendor: str
    survey: str | None
    store: str
    home: str


def desk(
    where: Addresses,
    rows: "Sequence[CaseRow]",
    mails: "Sequence[Mail]",
    example: str,
    now: datetime,
    width: int,
) -> RenderableType:
    """This will draw the whole desk."""
    board: RenderableType = cases_table(rows, now, width) if rows else nothing()
    return Group(
        Text.assemble(("Sunrelay desk", "bold"), f"  {now:%Y-%m-%d %H:%M:%S} UTC"),
        facts(_places(where)),
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
    """This will say how to call us from here: by name where the shell finds us, else by the way to us."""
    ours = Path(sys.executable).parent / "sunrelay"
    found = shutil.which("sunrelay")
    if found is not None and Path(found).resolve() == ours.resolve():
        return "sunrelay"
    return os.path.relpath(ours) if ours.is_relative_to(Path.cwd()) else str(ours)


def mails_table(mails: "Sequence[Mail]") -> Table:
    """This will list mails, the newest first."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=True, header_style="dim", expand=True)
    for name in ("#", "sent", "to"):
        table.add_column(name, no_wrap=True, max_width=36, overflow="ellipsis")
    table.add_column("subject", ratio=1, no_wrap=True, overflow="ellipsis")
    for mail in mails:
        to, subject = plain(mail.header("To")), plain(mail.header("Subject"))
        table.add_row(str(mail.number), moment(mail.sent_at), to, subject)
    return table
