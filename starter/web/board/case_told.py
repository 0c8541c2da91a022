"""The timeline of a case as a page shows it, the latest first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.timeline import TimelineEntry
from starter.reports.sentences import person, said


class Told(NamedTuple):
    """One entry: what happened, who did it, and what there is to say of it."""

    entry: TimelineEntry
    who: str
    what: str


def told_of(entries: Sequence[TimelineEntry], when: Callable[[datetime], str]) -> list[Told]:
    """Say what happened, the latest first."""
    return [Told(entry, person(entry), said(entry, when)) for entry in reversed(entries)]
