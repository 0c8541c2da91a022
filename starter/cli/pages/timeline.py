"""What happened to a case, as a table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from starter.cli.pages.parts import nothing, plain, table
from starter.door.plain import moment, printable, words
from starter.reports.sentences import said, who

if TYPE_CHECKING:
    from domain.timeline import TimelineEntry


_TONES = {
    "breached": "red",
    "warned": "yellow",
    "delivery_failed": "red",
    "customer_update_lapsed": "yellow",
    "skill_not_available": "yellow",
}


def entries(rows: "Iterable[TimelineEntry]") -> RenderableType:
    """List what happened, in order."""
    found = table("#", "at", "what", "by", "text")
    for row in rows:
        found.add_row(
            str(row.number), moment(row.at), words(row.kind), plain(who(row)), _told(row), style=_tone(row)
        )
    return found if found.row_count else nothing()


def _told(row: "TimelineEntry") -> Text:
    told = Text(said(row), style="dim")
    if row.internal:
        told = Text("internal ", style="magenta").append_text(told)
    return (
        told.append_text(Text(f"{'  ' if told else ''}{printable(row.text)}", style="default"))
        if row.text
        else told
    )


def _tone(row: "TimelineEntry") -> str:
    return _TONES.get(row.kind.value, "")
