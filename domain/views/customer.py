"""What its customer may read from a case at any time.

There are no internal notes, no assignee's warnings and no breach book-keeping in it.
"""

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from domain.actor import REQUESTERS
from domain.case import Case
from domain.files import GivenFile, for_outsiders
from domain.outage import OutageSpan
from domain.phase import Phase
from domain.said import Reader, Said
from domain.timeline import EntryKind, TimelineEntry
from domain.views.special import REQUESTED, AgreedView
from domain.views.staff import DeadlineView, PromiseView, deadlines, promises


class CustomerView(AgreedView):
    """What the customer may see of their case; every instant UTC."""

    number: str
    reference: str
    title: str
    phase: Phase
    level: str
    level_name: str
    received_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    waiting_for: str | None
    waiting_since: datetime | None
    answer_owed_since: datetime | None = None
    deadlines: tuple[DeadlineView, ...]
    promises: tuple[PromiseView, ...]
    tracked_elsewhere: bool
    vendor_reference: str | None
    outage: OutageSpan | None = None
    incident: str | None = None
    said: Said = Field(default_factory=dict)
    files: tuple[GivenFile, ...] = ()
    timeline: tuple[TimelineEntry, ...]


_OUR_OWN = frozenset(
    {EntryKind.WARNED, EntryKind.BREACHED, EntryKind.NOT_UNDERSTOOD, EntryKind.DELIVERY_FAILED}
)


def customer_view(case: Case) -> CustomerView:
    """Show the case to its customer: no internal note, no warning, no breach (DED-09)."""
    return CustomerView(
        number=case.number,
        reference=case.request.reference,
        title=case.title,
        phase=case.phase,
        level=case.level,
        level_name=case.rule.name,
        received_at=case.received_at,
        responded_at=case.responded_at,
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        close_reason=case.close_reason,
        waiting_for=case.waiting_for,
        waiting_since=case.waiting_since,
        answer_owed_since=case.answer_owed_since,
        deadlines=tuple(
            row.model_copy(update={"warn_at": None, "missed_at": None})
            for row in deadlines(case)
            if row.clock.is_told
        ),
        promises=promises(case),
        tracked_elsewhere=case.external_tracking is not None,
        **{name: getattr(case.request, name) for name in REQUESTED},
        session=case.session,
        appointment=case.appointment,
        root_cause=case.root_cause,
        vendor_reference=case.vendor.reference if case.vendor else None,
        outage=case.outage.span if case.outage else None,
        incident=case.incident.number if case.incident else None,
        said=case.said_to(Reader.CUSTOMER),
        files=for_outsiders(case.files),
        timeline=for_customer(case.timeline),
    )


def for_customer(timeline: Iterable[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """Return what of a timeline may be shown to the customer; a request id is shown to whoever gave it."""
    return tuple(
        entry if entry.by_kind in REQUESTERS else entry.model_copy(update={"request_id": None})
        for entry in timeline
        if not entry.internal and entry.kind not in _OUR_OWN
    )
