"""Whether a promise told to a customer was kept, was late, gave way to another, or ended with its case.

Told by the timeline of the case, by its clocks where they are known, and by what was promised later.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from domain.actor import REQUESTERS, ActorKind
from domain.clocks import Clock, RunningClock
from domain.customer_promise import CustomerPromise, Ending, Standing, Why
from domain.effects import EffectKind
from domain.phase import CloseReason
from domain.timeline import EntryKind, TimelineEntry

_ANSWERS = frozenset(
    {
        EntryKind.RESPONDED,
        EntryKind.UPDATED,
        EntryKind.QUESTION_ASKED,
        EntryKind.VALIDATION_ASKED,
        EntryKind.VALIDATED,
        EntryKind.RESOLVED,
        EntryKind.INCIDENT_NEWS,
        EntryKind.BRIDGE_STARTED,
        EntryKind.OUTAGE_NOTIFIED,
        EntryKind.REVIEW_DECIDED,
        EntryKind.CONTACTED,
    }
)
"""A person of ours has spoken to the customer (RHIPE-14)."""

_KEEPS: Mapping[Clock, frozenset[EntryKind]] = MappingProxyType(
    {
        Clock.INITIAL_RESPONSE: _ANSWERS,
        Clock.DEPARTMENT_CONTACT: frozenset({EntryKind.CONTACTED}),
        Clock.UPDATE: _ANSWERS | {EntryKind.STATUS_SENT},
        Clock.CONFIRMATION: frozenset({EntryKind.CONFIRMATION_ASKED}),
        Clock.REOPEN_WINDOW: frozenset({EntryKind.REOPENED, EntryKind.ARCHIVED}),
    }
)
_BY_THE_SYSTEM = frozenset(
    {EntryKind.STATUS_SENT, EntryKind.CONFIRMATION_ASKED, EntryKind.ARCHIVED, EntryKind.INCIDENT_NEWS}
)
_MOVES = frozenset({EffectKind.LEVEL_CHANGED, EffectKind.INTERVAL_AGREED})
"""Letters that move a promise; another one that tells the next is itself the news that was promised."""

_UNTOLD_MOVES = frozenset({Why.CUSTOMER_WROTE, Why.TERMS_CHANGED})
"""What moves a clock and is answered by no letter: the promise told before ends there."""

_WHY: Mapping[EntryKind, Why] = MappingProxyType(
    {
        EntryKind.CLOSED: Why.CASE_CLOSED,
        EntryKind.ARCHIVED: Why.CASE_CLOSED,
        EntryKind.REOPENED: Why.CASE_REOPENED,
        EntryKind.RESOLVED: Why.CASE_RESOLVED,
        EntryKind.REPLIED: Why.CUSTOMER_WROTE,
        EntryKind.INFORMATION_PROVIDED: Why.CUSTOMER_WROTE,
        EntryKind.LEVEL_CHANGED: Why.LEVEL_CHANGED,
        EntryKind.TRIAGED: Why.LEVEL_CHANGED,
        EntryKind.INTERVAL_AGREED: Why.INTERVAL_AGREED,
        EntryKind.TERMS_CHANGED: Why.TERMS_CHANGED,
        EntryKind.ESCALATED_TO_VENDOR: Why.WITH_VENDOR,
    }
)


class Told(NamedTuple):
    """One promise with the letter that told it: its id, its kind, and when it was caused (UTC)."""

    id: str
    kind: EffectKind
    told_at: datetime
    promise: CustomerPromise


class Since(NamedTuple):
    """What is known of a case: its entries in order, all its promises, and what runs, None where unknown.

    `seen_at` (UTC) is when it was written down.
    """

    entries: Sequence[TimelineEntry]
    told: Sequence[Told]
    running: Sequence[RunningClock] | None
    seen_at: datetime


def ending_of(one: Told, since: Since) -> Ending | None:
    """Say how a promise ended; None while it stands, or is owed.

    One that was missed goes on being owed, whatever is promised anew: how late it was is known only when it
    is kept, or its case ends.
    """
    promise = one.promise
    if since.running is not None and is_held(promise, since.running):
        return None
    entries = [entry for entry in since.entries if entry.number > promise.entry]
    keeps = next((entry for entry in entries if _is_kept_by(promise, entry)), None)
    after = _next_of(one, since.told)
    if after is not None and (keeps is None or after.promise.entry < keeps.number):
        if after.kind not in _MOVES and promise.clock is Clock.UPDATE:
            return _kept(promise, after.told_at)
        if after.told_at <= promise.due_at and after.kind is not EffectKind.RESPONSE_LATE:
            why = _WHY_OF_LETTER.get(after.kind, Why.MOVED)
            return Ending(standing=Standing.REPLACED, at=after.told_at, why=why, by=after.id)
    if keeps is not None:
        return _kept(promise, _done_at(promise, keeps, entries, since.seen_at))
    return _ended(promise, entries, since)


_WHY_OF_LETTER = {
    EffectKind.LEVEL_CHANGED: Why.LEVEL_CHANGED,
    EffectKind.INTERVAL_AGREED: Why.INTERVAL_AGREED,
    EffectKind.CASE_RESOLVED: Why.CASE_RESOLVED,
    EffectKind.CASE_REOPENED: Why.CASE_REOPENED,
    EffectKind.CASE_CLOSED: Why.CASE_CLOSED,
}


def before(one: Told, told: Iterable[Told]) -> Told | None:
    """Return the promise that a new one of the same clock moves or renews: the last one told before it."""
    same = [
        other
        for other in told
        if other.promise.clock is one.promise.clock and other.promise.entry < one.promise.entry
    ]
    return max(same, key=lambda other: (other.promise.entry, other.told_at), default=None)


def is_held(promise: CustomerPromise, running: Iterable[RunningClock]) -> bool:
    """Tell whether a clock still runs towards just this instant, or was missed at it and not kept yet."""
    return any(
        one.clock is promise.clock and promise.due_at in (one.due_at, one.missed_at, one.promised_again_at)
        for one in running
    )


def _next_of(one: Told, told: Iterable[Told]) -> Told | None:
    later = [other for other in told if other.promise.clock is one.promise.clock and _is_after(other, one)]
    return min(later, key=lambda other: other.promise.entry, default=None)


def _is_after(other: Told, one: Told) -> bool:
    return other.promise.entry > one.promise.entry


def _is_kept_by(promise: CustomerPromise, entry: TimelineEntry) -> bool:
    if entry.kind is EntryKind.CLOSED:
        if promise.clock is Clock.AUTO_CLOSE:
            return entry.about == CloseReason.AUTO_CLOSE
        return promise.clock is Clock.INITIAL_RESPONSE and entry.by_kind is ActorKind.STAFF
    if entry.by_kind is ActorKind.SYSTEM and entry.kind not in _BY_THE_SYSTEM:
        return False
    return entry.kind in _KEEPS.get(promise.clock, frozenset())


def _kept(promise: CustomerPromise, at: datetime) -> Ending:
    late = 0 if promise.clock is Clock.REOPEN_WINDOW else _late(promise, at)
    return Ending(standing=Standing.LATE if late else Standing.KEPT, at=at, late_seconds=late)


def _done_at(
    promise: CustomerPromise, keeps: TimelineEntry, entries: Iterable[TimelineEntry], seen_at: datetime
) -> datetime:
    """Return when it was done. What the system sent too late stands in the timeline as of its due instant."""
    is_missed = any(
        entry.kind is EntryKind.BREACHED and entry.about == promise.clock and entry.due_at == promise.due_at
        for entry in entries
    )
    return max(keeps.at, seen_at) if is_missed and keeps.kind is EntryKind.STATUS_SENT else keeps.at


def _ended(promise: CustomerPromise, entries: Sequence[TimelineEntry], since: Since) -> Ending | None:
    """Say why nothing is owed any more; None where it may be."""
    closed = next((entry for entry in entries if entry.kind in (EntryKind.CLOSED, EntryKind.ARCHIVED)), None)
    if closed is None and (since.running is None or not entries):
        return None
    last = closed or next((entry for entry in reversed(entries) if _why(entry)), entries[-1])
    why = _why(last) or Why.MOVED
    if closed is None and why not in _UNTOLD_MOVES and _runs_on(promise, since.running):
        return None
    late = _late(promise, last.at)
    return Ending(standing=Standing.LATE if late else Standing.VOID, at=last.at, late_seconds=late, why=why)


def _why(entry: TimelineEntry) -> Why | None:
    """Return what an entry changes for a promise; any word of theirs ends the waiting for it."""
    return _WHY.get(entry.kind, Why.CUSTOMER_WROTE if entry.by_kind in REQUESTERS else None)


def _runs_on(promise: CustomerPromise, running: Sequence[RunningClock] | None) -> bool:
    """Tell whether the clock runs towards another instant: then a letter is about to say which."""
    return any(one.clock is promise.clock for one in running or ())


def _late(promise: CustomerPromise, at: datetime) -> int:
    return max(int((at - promise.due_at).total_seconds()), 0)
