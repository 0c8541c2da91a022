"""What is said of a major incident in labels and lines, in a terminal and in a browser alike."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from domain.policy import in_words
from starter.door.plain import counted

if TYPE_CHECKING:
    from domain.incidents.views import IncidentView

When = Callable[[datetime], str]


def incident_rows(view: "IncidentView", when: When) -> list[tuple[str, str | None]]:
    """Say how an incident stands, label by label; None where there is nothing to say."""
    left = view.had - view.cases
    told = counted(view.notices, "notice")
    if view.waiting:
        told += f", {view.waiting} on their way, {counted(view.unheard, 'case')} still to hear"
    expected = view.expected_resolution_at
    return [
        ("incident", f"{view.incident_id}, reference {view.reference}"),
        ("level", view.level),
        ("declared", f"{when(view.declared_at)} by {view.declared_by}"),
        ("expected", when(expected) if expected else None),
        ("next update", next_update(view, when)),
        ("resolved", when(view.resolved_at) if view.resolved_at else None),
        ("closed", when(view.closed_at) if view.closed_at else None),
        ("cases", f"{view.cases} in it" + (f", {left} left" if left else "")),
        ("told", told),
        ("news", view.news),
        ("impact", view.impact),
    ]


def next_update(view: "IncidentView", when: When) -> str | None:
    """Say by when the next update is due and who owes it; None once nothing is, and nothing was missed."""
    missed = f"; missed so far: {view.updates_missed}" if view.updates_missed else ""
    if view.next_update_at is None:
        return missed.removeprefix("; ") or None
    every = f", every {in_words(view.update_every)}" if view.update_every else ""
    return f"by {when(view.next_update_at)}{every}, led by {view.led_by}{missed}"
