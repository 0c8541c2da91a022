"""What happened to a case, as a table.

Part of the doors. Pure drawing.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from starter.output import moment, printable
from starter.showing import late_by, nothing, plain, table, words

if TYPE_CHECKING:
    from domain.timeline import TimelineEntry

_SAID = {
    ("scope_updated", "review"): "worse, the level is to be looked at",
    ("entitlement_checked", "verified"): "the four items match",
    ("entitlement_checked", "not verified"): "the four items do not match",
    ("entitlement_checked", "not checked"): "not all four items given",
    ("entitlement_checked", "unread"): None,
    ("scope_decided", "triage"): "no rule matched, a person decides",
    ("customer_update_lapsed", "customer_update"): None,
    ("confirmation_asked", "confirmation"): None,
}
"""What an entry is about where its kind and one word of ours do not say it, or say it twice."""

_LASTED = frozenset({"outage_ended", "session_ended"})
"""Entries whose count is one of minutes."""

_ANSWER = "survey_answered"
"""Its count is the closure it is about."""

_TONES = {
    "breached": "red",
    "warned": "yellow",
    "delivery_failed": "red",
    "customer_update_lapsed": "yellow",
    "skill_not_available": "yellow",
}


def entries(rows: "Iterable[TimelineEntry]") -> RenderableType:
    """This will list what happened, in order."""
    found = table("#", "at", "what", "by", "text")
    for row in rows:
        found.add_row(
            str(row.number), moment(row.at), words(row.kind), plain(row.by), _told(row), style=_tone(row)
        )
    return found if found.row_count else nothing()


def said(row: "TimelineEntry") -> str:
    """This will say in one line what an entry tells besides its text."""
    about = _about(row)
    parts = [about] if about else []
    parts += [f"due {moment(row.due_at)}"] if row.due_at else []
    parts += [f"{late_by(row.late_seconds)} late"] if row.late_seconds else []
    if row.count is not None and row.kind in _LASTED:
        parts.append(f"{row.count} min")
    elif row.count and row.count > 1 and row.kind != _ANSWER:
        parts.append(f"{row.count} times")
    return printable(", ".join(parts))


def _told(row: "TimelineEntry") -> Text:
    told = Text(said(row), style="dim")
    if row.internal:
        told = Text("internal ", style="magenta").append_text(told)
    return (
        told.append_text(Text(f"{'  ' if told else ''}{printable(row.text)}", style="default"))
        if row.text
        else told
    )


def _about(row: "TimelineEntry") -> str | None:
    """This will say what an entry is about; another system's name, or an address, keeps its underscores."""
    if row.about is None or row.kind == "tracked_elsewhere" or "@" in row.about:
        return row.about
    if row.kind == _ANSWER:
        return f"{row.about} of 5, closure {row.count}"
    return _SAID.get((row.kind.value, row.about), words(row.about))


def _tone(row: "TimelineEntry") -> str:
    return _TONES.get(row.kind.value, "")
