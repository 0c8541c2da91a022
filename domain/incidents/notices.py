"""The notices of a major incident: numbered, put out in order, each for the cases that have not heard it.

A case hears a notice after the one that welcomed it and until the one that takes leave of it.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.actor import SYSTEM, Actor, Door
from domain.incident_link import NewsKind
from domain.incidents.fan_out import Broadcast, BroadcastReport
from domain.incidents.record import (
    KEPT_ENTRIES,
    MOST_OUTGOING,
    MOST_OUTGOING_BYTES,
    Child,
    Departure,
    Incident,
    IncidentEntry,
    Notice,
)
from domain.messages.incident import AT_A_TIME, IncidentNews
from domain.rules import RULES_0_3
from domain.text import excerpt


def enter(
    incident: Incident,
    at: datetime,
    kind: str,
    by: Actor,
    text: str | None = None,
    *,
    notice: int | None = None,
    count: int | None = None,
) -> Incident:
    """Add an entry to the timeline; the last 50 are kept."""
    entry = IncidentEntry(
        number=incident.entries + 1,
        at=at,
        kind=kind,
        by=by.label,
        by_kind=by.kind,
        by_role=by.role,
        door=by.door or Door.ENGINE,
        text=excerpt(text) if text else None,
        notice=notice,
        count=count,
    )
    kept = (*incident.timeline, entry)[-KEPT_ENTRIES:]
    return incident.model_copy(update={"entries": entry.number, "timeline": kept})


def enter_anew(incident: Incident, at: datetime, kind: str, by: Actor, text: str) -> Incident:
    """Enter what repeats while nobody speaks: of its kind only the latest since the last word.

    An incident nobody looks after would else lose everything but that from its 50 entries within days.
    """
    before = incident.timeline
    spoken = max((n for n, entry in enumerate(before) if entry.by != by.label), default=-1) + 1
    lately = tuple(entry for entry in before[spoken:] if entry.kind != kind)
    kept = incident.model_copy(update={"timeline": (*before[:spoken], *lately)})
    return enter(kept, at, kind, by, text)


def is_full(incident: Incident) -> bool:
    """Return whether as many notices wait as may, or as long ones."""
    if len(incident.outgoing) >= MOST_OUTGOING or incident.rules < RULES_0_3:
        return len(incident.outgoing) >= MOST_OUTGOING
    texts = (f"{notice.text}{notice.impact or ''}" for notice in incident.outgoing)
    return sum(len(text.encode()) for text in texts) >= MOST_OUTGOING_BYTES


def put_out(
    incident: Incident, kind: NewsKind, actor: Actor, at: datetime, text: str
) -> tuple[Incident, int]:
    """Queue a notice and return its number.

    Cases that join or leave one after the other share one, unless it may be on its way already: the first
    of the queue is.
    """
    last = incident.outgoing[-1] if len(incident.outgoing) > 1 else None
    if last and last.kind is kind and kind in (NewsKind.JOINED, NewsKind.LEFT) and last.text == text:
        return incident, last.number
    notice = Notice(
        number=incident.notices + 1,
        kind=kind,
        at=at,
        actor=actor,
        text=text,
        impact=incident.impact if kind is NewsKind.UPDATE else None,
        expected_resolution_at=incident.expected_resolution_at if kind is not NewsKind.LEFT else None,
    )
    changes = {"outgoing": (*incident.outgoing, notice), "notices": notice.number}
    return incident.model_copy(update=changes), notice.number


def gone(incident: Incident, cases: Iterable[str], number: int) -> Incident:
    """Let cases leave with a notice, which is the last one they hear."""
    leaving = frozenset(cases)
    children = tuple(
        child.model_copy(update={"leaving": number}) if child.case_id in leaving else child
        for child in incident.children
    )
    return incident.model_copy(update={"children": children})


def is_for(notice: Notice, child: Child) -> bool:
    """Tell whether a case has still to hear a notice."""
    if child.left_at is not None or child.heard >= notice.number:
        return False
    match notice.kind:
        case NewsKind.JOINED:
            return child.since == notice.number
        case NewsKind.LEFT:
            return child.leaving == notice.number
        case NewsKind.UPDATE | NewsKind.RESOLVED:
            return child.since < notice.number and (child.leaving is None or child.leaving > notice.number)


def settled(incident: Incident) -> Incident:
    """Take notices off the queue that nobody has to hear any more."""
    waiting = tuple(
        notice for notice in incident.outgoing if any(is_for(notice, child) for child in incident.children)
    )
    return incident.model_copy(update={"outgoing": waiting})


def next_broadcast(incident: Incident) -> Broadcast | None:
    """Name the notice to carry out next, and the first 500 of the cases it is for."""
    if not incident.outgoing:
        return None
    notice = incident.outgoing[0]
    children = [child.case_id for child in incident.children if is_for(notice, child)][:AT_A_TIME]
    news = IncidentNews(
        actor=notice.actor,
        received_at=notice.at,
        request_id=f"{incident.id}/{notice.number}"[-100:],
        incident=incident.id,
        number=incident.number,
        title=incident.title,
        notice=notice.number,
        kind=notice.kind,
        text=notice.text,
        impact=notice.impact,
        expected_resolution_at=notice.expected_resolution_at,
    )
    return Broadcast(news=news, children=tuple(children))


def take_report(incident: Incident, broadcast: Broadcast, report: BroadcastReport, now: datetime) -> Incident:
    """Note who has heard a notice, and who is over or elsewhere; `now` is UTC.

    A case that came back while it was taken leave of has still to hear that it is welcome.
    """
    at = max(now.replace(microsecond=0), incident.timeline[-1].at)
    told = frozenset(broadcast.children)
    notices = [notice for notice in incident.outgoing if notice.number == broadcast.news.notice]
    because = dict.fromkeys(report.over, Departure.OVER) | dict.fromkeys(
        report.elsewhere, Departure.ELSEWHERE
    )
    if broadcast.news.kind is NewsKind.LEFT:
        because = dict.fromkeys(broadcast.children, Departure.ASKED) | because
    children = tuple(
        _told(child, broadcast.news.notice, because.get(child.case_id), at)
        if child.case_id in told and any(is_for(notice, child) for notice in notices)
        else child
        for child in incident.children
    )
    heard = settled(incident.model_copy(update={"children": children}))
    lost = len(report.over) + len(report.elsewhere)
    about = f"{lost} of them over or with another incident" if lost else None
    return enter(
        heard, at, "told", SYSTEM, about, notice=broadcast.news.notice, count=len(broadcast.children)
    )


def _told(child: Child, notice: int, because: Departure | None, at: datetime) -> Child:
    changes: dict[str, object] = {"heard": notice}
    if because is not None:
        changes |= {"left_at": at, "left_because": because}
    return child.model_copy(update=changes)
