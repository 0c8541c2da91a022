"""Plays the cases of a server's rehearsal in memory too, and says where the two first differ, case by case.

Part of the rehearsals. Both play the same stories, so whatever differs is the workflow's doing, or the
server's. Entries are compared one by one: who, what, about what, when, due when, how late. What a case asks
of our records takes moments on a server, so what follows from an answer may come that much later there.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import zip_longest

from domain.timeline import TimelineEntry
from starter.rehearse.beside import family
from starter.rehearse.figures import Rehearsal
from starter.rehearse.journal import Journal
from starter.rehearse.memory import InMemory
from starter.rehearse.script import Script
from starter.rehearse.tables import Tables
from starter.rehearse.timelines import CaseTimeline, timeline_of

_A_MOMENT = timedelta(seconds=30)
"""How much later an instant may come on a busy server (ours)."""

_EXACTLY = ("number", "kind", "by", "internal", "about", "count", "by_kind", "by_role", "door")
_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\dZ")
"""Within a text or an id; the server's are weeks ahead."""


def compare(script: Script, on_server: list[CaseTimeline], result: Rehearsal) -> tuple[str, ...]:
    """Return the first difference of each case, a line each, in the order of the log."""
    by_family: dict[str, list[CaseTimeline]] = {}
    for one in on_server:
        by_family.setdefault(family(one.reference), []).append(one)
    tables, journal = Tables(follows_the_sun=script.mapping.follows_the_sun), Journal()
    differences: list[str] = []
    for story in script.stories:
        life = InMemory(story, tables, journal)
        here = [
            timeline_of(record, life.told_of(record.row.case_id), timedelta(0))
            for record in life.live(script.ends_at)
        ]
        differences += _of_cases(here, by_family.get(story.case, []))
    said = Counter(journal.said)
    unheard = Counter(one.code for one in journal.unheard)
    if said != Counter(result.said):
        differences.append(
            f"messages said: {dict(sorted(said.items()))} in memory, {result.said} on the server"
        )
    if unheard != (refused := {one.code: one.count for one in result.refused}):
        differences.append(f"messages refused: {dict(unheard)} in memory, {refused} on the server")
    return tuple(differences)


def _of_cases(here: list[CaseTimeline], there: list[CaseTimeline]) -> Iterator[str]:
    others = {one.case_id: one for one in there}
    for one in here:
        other = others.pop(one.case_id, None)
        difference = "it is not on the server" if other is None else _difference(one, other)
        if difference is not None:
            yield f"{one.reference}: {difference}"
    for other in others.values():
        yield f"{other.reference}: it is on the server alone"


def _difference(here: CaseTimeline, there: CaseTimeline) -> str | None:
    for one, other in zip_longest(here.entries, there.entries):
        if one is None or other is None or not _are_alike(one, other):
            return f"{_said(one)} in memory, {_said(other)} on the server"
    for name in ("phase", "level", "region", "told"):
        if (mine := getattr(here, name)) != (its := getattr(there, name)):
            return f"{name} {mine} in memory, {its} on the server"
    return None


def _are_alike(one: TimelineEntry, other: TimelineEntry) -> bool:
    return (
        all(getattr(one, name) == getattr(other, name) for name in _EXACTLY)
        and _is_soon_after(one.at, other.at)
        and _is_soon_after(one.due_at, other.due_at)
        and abs((one.late_seconds or 0) - (other.late_seconds or 0)) <= _A_MOMENT.total_seconds()
        and _INSTANT.sub("-", one.text or "") == _INSTANT.sub("-", other.text or "")
        and _INSTANT.sub("-", one.request_id or "") == _INSTANT.sub("-", other.request_id or "")
    )


def _is_soon_after(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one == other
    return timedelta(0) <= other - one <= _A_MOMENT


def _said(entry: TimelineEntry | None) -> str:
    if entry is None:
        return "nothing more"
    due = f" due {entry.due_at:%Y-%m-%dT%H:%M:%SZ}" if entry.due_at else ""
    late = f" late by {entry.late_seconds} s" if entry.late_seconds is not None else ""
    about = f" ({entry.about})" if entry.about else ""
    text = f" {entry.text[:60]!r}" if entry.text else ""
    return (
        f"{entry.number} {entry.kind}{about} at {entry.at:%Y-%m-%dT%H:%M:%SZ}{due}{late} by {entry.by}{text}"
    )
