"""The kinds of promise and when each falls due: which instant the case waits for next.

A clock is a kind of promise, a deadline its instant for one case. Deadlines are inclusive: what is
received at the due instant is in time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from domain.frozen import Frozen
from domain.phase import OPEN, Phase


class Kind(StrEnum):
    """Whom a clock is for: a promise the customer is shown, one kept among us, or our own housekeeping."""

    TOLD = "told"
    PROMISE = "promise"
    HOUSEKEEPING = "housekeeping"


INCOMPLETE = frozenset({Phase.AWAITING_INFORMATION})
RESOLVED = frozenset({Phase.RESOLVED})
CLOSED = frozenset({Phase.CLOSED})
LATE = OPEN | RESOLVED
"""Where something may be owed: of a resolved case too, once somebody has said that it is not solved."""

ALWAYS = frozenset(Phase)
"""Where its chapter says itself when the clock stops."""


class Clock(StrEnum):
    """The kinds of promise; where several fall due at one instant they are settled in this order.

    A row holds whom the clock is for, where the guides speak of it, in which phases it runs, and from when: a
    case that leaves them stops it. The rule that settles it names it, `@when_due(Clock.UPDATE)`, in a chapter
    of `domain.lifecycle`.
    """

    kind: Kind
    sources: tuple[str, ...]
    phases: frozenset[Phase]
    runs_from: str

    def __new__(cls, name: str, *row: Any) -> "Clock":
        """Keep the row with its name."""
        clock = str.__new__(cls, name)
        clock._value_ = name
        clock.kind, clock.sources, clock.phases, clock.runs_from = row
        return clock

    # fmt: off
    INITIAL_RESPONSE = ("initial_response", Kind.TOLD, ("RHIPE-13", "RHIPE-14"), OPEN,
        "the request was received or the case reopened")
    TRIAGE = ("triage", Kind.PROMISE, ("RHIPE-15",), OPEN,
        "the request was received")
    DEPARTMENT_CONTACT = ("department_contact", Kind.TOLD, ("RHIPE-31", "RHIPE-13"), OPEN,
        "the case was passed on to a department of ours")
    UPDATE = ("update", Kind.TOLD, ("RHIPE-38", "GAP-07", "GAP-10"), OPEN,
        "the last news to the customer")
    CUSTOMER_UPDATE = ("customer_update", Kind.TOLD, ("DED-23", "DED-24", "GAP-06"), OPEN,
        "the last the customer said, the response or the change of level")
    INFORMATION_REMINDER = ("information_reminder", Kind.HOUSEKEEPING, ("RHIPE-46", "GAP-08"), INCOMPLETE,
        "the last time the requester was asked for what is missing")
    CONFIRMATION = ("confirmation", Kind.PROMISE, ("CSS-13", "GAP-08"), RESOLVED,
        "the last resolution, or a reply that settled nothing")
    VENDOR_CONTACT_CHECK = ("vendor_contact_check", Kind.PROMISE, ("RHIPE-56", "GAP-20"), CLOSED,
        "the case was closed as handed over")
    VENDOR_FOLLOW_UP = ("vendor_follow_up", Kind.PROMISE, ("CSS-09", "CSS-10", "GAP-09"), ALWAYS,
        "the escalation, or the last the vendor said")
    AUTO_CLOSE = ("auto_close", Kind.TOLD, ("RHIPE-35",), RESOLVED,
        "the last resolution, or a reply that settled nothing")
    REOPEN_WINDOW = ("reopen_window", Kind.TOLD, ("RHIPE-36",), CLOSED,
        "the last closure")
    HANDOFF = ("handoff", Kind.HOUSEKEEPING, ("RHIPE-25", "GAP-11"), ALWAYS,
        "the centre took the case, or the last look at who is open")
    OFFER = ("offer", Kind.HOUSEKEEPING, ("RHIPE-25",), ALWAYS,
        "the offer to the next centre")
    CONTACT_NOTICE = ("contact_notice", Kind.HOUSEKEEPING, ("RHIPE-37",), ALWAYS,
        "the change of contact")
    SESSION_REMINDER = ("session_reminder", Kind.HOUSEKEEPING, ("CSS-07",), ALWAYS,
        "the session was agreed on")
    PLANNED_START = ("planned_start", Kind.HOUSEKEEPING, ("WEST-10",), ALWAYS,
        "the request was received")
    OUTAGE_NOTIFICATION = ("outage_notification", Kind.TOLD, ("DED-30", "GAP-03"), ALWAYS,
        "the outage was declared")
    STALE = ("stale", Kind.HOUSEKEEPING, ("RHIPE-43",), ALWAYS,
        "a word of staff or customer")
    LADDER = ("ladder", Kind.HOUSEKEEPING, ("RHIPE-43", "GAP-07"), LATE,
        "the promise was missed that nobody has kept yet")
    TERMS_RENEWAL = ("terms_renewal", Kind.HOUSEKEEPING, ("GAP-22",), ALWAYS,
        "the terms were compiled")
    # fmt: on

    @property
    def is_promise(self) -> bool:
        """Whether anybody was promised it; housekeeping is on no list of promises."""
        return self.kind is not Kind.HOUSEKEEPING

    @property
    def is_told(self) -> bool:
        """Whether the customer is shown it."""
        return self.kind is Kind.TOLD


_ORDER = {clock: rank for rank, clock in enumerate(Clock)}


class LevelMove(Frozen):
    """One promise a response clock was moved by: that of a level, counted from an instant (UTC).

    The first is what the clock began with; a level `raised` took the earlier due instant, one lowered the
    later one (GAP-13).
    """

    level: str
    counted_from: datetime
    raised: bool = False


class Recounted(Frozen):
    """When a clock was last counted again by other terms, and when it had been due until then (both UTC)."""

    at: datetime
    old_due_at: datetime


class RunningClock(Frozen):
    """One clock of one case. `due_at` is None once it was missed and only waits to be kept late.

    `warn_at` is None where no warning is due any more. `fires_at` is later than `due_at` only where a case is
    about to end: the archive leaves a margin for a reopening received in time, an imported case one for the
    rest of what is imported. `rule` says in words what was promised. `moves` are there once the level has
    changed: what the due instant is counted again and explained by; `recounted` once other terms moved it. Of
    a missed one the customer was told at `told_late_at` to have it by `promised_again_at`.
    """

    clock: Clock
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None = None
    fires_at: datetime | None = None
    missed_at: datetime | None = None
    told_late_at: datetime | None = None
    promised_again_at: datetime | None = None
    every: timedelta | None = None
    rule: str = ""
    moves: tuple[LevelMove, ...] = ()
    recounted: Recounted | None = None

    def last_due_by(self, until: datetime) -> datetime:
        """Name a repeating clock's last due instant at or before `until`, its first at least."""
        assert self.due_at is not None
        assert self.every is not None
        return self.due_at + max((until - self.due_at) // self.every, 0) * self.every

    @property
    def wakes_at(self) -> datetime | None:
        """The next instant at which something has to be done about this clock."""
        return self.warn_at or self.fires_at or self.due_at


class FiredClock(Frozen):
    """A clock that was acted on: `late_ms` milliseconds after it was due (UTC), or was to warn.

    Decisions cut instants to whole seconds; how late we were is kept beside them. `region` owned the case
    then. Of due instants that were caught up with in one step it is the first that counts.
    """

    clock: Clock
    due_at: datetime
    late_ms: int
    region: str
    is_warning: bool = False


class Deadline(NamedTuple):
    """An instant the case waits for: a warning or a due instant of one clock."""

    clock: Clock
    at: datetime
    is_warning: bool

    @property
    def summary(self) -> str:
        """The timer in the Temporal UI."""
        name = self.clock.replace("_", " ")
        return f"{name}: warning" if self.is_warning else name


def next_deadline(clocks: Iterable[RunningClock]) -> Deadline | None:
    """Name the one instant to wait for, or None where nothing is promised."""
    best: RunningClock | None = None
    best_at: datetime | None = None
    for running in clocks:
        at = running.warn_at or running.fires_at or running.due_at
        if at is None:
            continue
        if best_at is None or at < best_at or (at == best_at and best is not None and _first(running, best)):
            best, best_at = running, at
    if best is None or best_at is None:
        return None
    return Deadline(best.clock, best_at, best.warn_at is not None)


def _first(one: RunningClock, other: RunningClock) -> bool:
    return _ORDER[one.clock] < _ORDER[other.clock]
