"""How a case stood at an instant: made of the moment it was in then, and of what had happened by then."""

from collections.abc import Iterable
from datetime import datetime

from domain.case import Case
from domain.frozen import Frozen
from domain.moment import Moment, Promised
from domain.phase import Phase
from domain.record import CaseRow, what_changes
from domain.text import excerpt
from domain.timeline import TimelineEntry
from domain.views.customer import for_customer

_MADE_OF = (
    "clocks",
    "phase",
    "score",
    "region",
    "handover",
    "assignee",
    "tier",
    "level",
    "waiting_for",
    "waiting_since",
    "responded_at",
    "resolved_at",
    "closed_at",
    "close_reason",
    "breach_count",
    "reopens",
    "has_sla",
    "request",
    "terms",
)
"""The fields of a case that a moment is made of; a test compares."""

_OF_THE_ROW = sorted(set(Moment.model_fields) & set(CaseRow.model_fields))


def may_have_moved(before: Case | None, after: Case) -> bool:
    """Tell whether a moment of the one may differ from that of the other; it costs a tenth of making one.

    Decisions copy a case and share what they leave alone.
    """
    return before is None or any(getattr(before, name) is not getattr(after, name) for name in _MADE_OF)


def moment_of(case: Case, at: datetime) -> Moment:
    """Say how a case stands from an instant (UTC) on."""
    return Moment(
        at=at,
        waiting_for=excerpt(case.waiting_for) if case.waiting_for else None,
        waiting_since=case.waiting_since,
        promises=tuple(
            Promised(
                clock=running.clock,
                started_at=running.started_at,
                due_at=running.due_at,
                missed_at=running.missed_at,
                rule=running.rule,
            )
            for running in case.clocks
            if running.clock.is_promise
        ),
        **what_changes(case),
    )


def row_as_of(row: CaseRow, moment: Moment) -> CaseRow:
    """Return the row of a case as it was at one of its moments."""
    return row.model_copy(update={name: getattr(moment, name) for name in _OF_THE_ROW})


class PromiseAsOf(Promised):
    """A promise as it stood, and whether it was owed and late then."""

    is_overdue: bool


class CaseAsOf(Frozen):
    """A case as it stood at an instant; every instant UTC.

    `row` is None where it is not known how it stood then, for moments were not kept yet: then there are only
    its names, and the entries of its timeline until then, which are kept of every case. `promises` is None
    where they are not known.
    """

    as_of: datetime
    case_id: str
    number: str
    tenant: str
    reference: str
    received_at: datetime
    row: CaseRow | None
    stood_since: datetime | None = None
    waiting_for: str | None = None
    waiting_since: datetime | None = None
    promises: tuple[PromiseAsOf, ...] | None = None
    timeline: tuple[TimelineEntry, ...] = ()


class CustomerAsOf(Frozen):
    """What its customer may see of a case as it stood: nothing internal, no warning, no breach (DED-09)."""

    as_of: datetime
    number: str
    reference: str
    received_at: datetime
    is_known: bool
    title: str | None = None
    phase: Phase | None = None
    level: str | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    waiting_for: str | None = None
    waiting_since: datetime | None = None
    promises: tuple[Promised, ...] | None = None
    timeline: tuple[TimelineEntry, ...] = ()


def case_as_of(
    row: CaseRow, moment: Moment | None, entries: Iterable[TimelineEntry], at: datetime
) -> CaseAsOf:
    """Show a case as it stood at an instant (UTC), in the moment it was in; the row is the latest one."""
    known = {"case_id": row.case_id, "number": row.number, "tenant": row.tenant, "reference": row.reference}
    happened = tuple(entry for entry in entries if entry.at <= at)
    bare = CaseAsOf(as_of=at, received_at=row.received_at, row=None, timeline=happened, **known)
    if moment is None:
        return bare
    return bare.model_copy(
        update={
            "row": row_as_of(row, moment),
            "stood_since": moment.at,
            "waiting_for": moment.waiting_for,
            "waiting_since": moment.waiting_since,
            "promises": None if moment.promises is None else _as_they_stood(moment.promises, at),
        }
    )


def customer_as_of(whole: CaseAsOf) -> CustomerAsOf:
    """Leave out of a case as it stood what is not its customer's to see."""
    row = whole.row
    return CustomerAsOf(
        as_of=whole.as_of,
        number=whole.number,
        reference=whole.reference,
        received_at=whole.received_at,
        is_known=row is not None,
        **({} if row is None else {name: getattr(row, name) for name in _THEIRS}),
        waiting_for=whole.waiting_for,
        waiting_since=whole.waiting_since,
        promises=None if whole.promises is None else tuple(_told(whole.promises)),
        timeline=for_customer(whole.timeline),
    )


_THEIRS = ("title", "phase", "level", "responded_at", "resolved_at", "closed_at", "close_reason")


def _as_they_stood(promises: Iterable[Promised], at: datetime) -> tuple[PromiseAsOf, ...]:
    """Say of each promise whether it was late at an instant: inclusive, what is kept when due is in time."""
    rows = [
        PromiseAsOf(**dict(one), is_overdue=one.due_at < at if one.due_at else one.missed_at is not None)
        for one in promises
    ]
    return tuple(sorted(rows, key=lambda one: (one.due_at is None, one.due_at or one.started_at)))


def _told(promises: Iterable[PromiseAsOf]) -> Iterable[Promised]:
    for one in promises:
        if one.clock.is_told:
            yield Promised(clock=one.clock, started_at=one.started_at, due_at=one.due_at, rule=one.rule)
