"""What its customer may read from a case at any time.

Pure. There are no internal notes, no assignee's warnings and no breach book-keeping in it.
"""

from datetime import datetime

from domain.case import Case
from domain.clocks import Clock
from domain.outage import OutageSpan
from domain.phase import Phase
from domain.special_view import REQUESTED, AgreedView
from domain.timeline import EntryKind, TimelineEntry
from domain.views import DeadlineView, PromiseView, deadlines, promises


class CustomerView(AgreedView):
    """What the customer may see of his case; every instant UTC."""

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
    deadlines: tuple[DeadlineView, ...]
    promises: tuple[PromiseView, ...]
    tracked_elsewhere: bool
    vendor_reference: str | None
    outage: OutageSpan | None = None
    incident: str | None = None
    timeline: tuple[TimelineEntry, ...]


_CUSTOMER_CLOCKS = frozenset(
    {Clock.INITIAL_RESPONSE, Clock.UPDATE, Clock.CUSTOMER_UPDATE, Clock.AUTO_CLOSE, Clock.REOPEN_WINDOW}
    | {Clock.OUTAGE_NOTIFICATION}
)
_OUR_OWN = frozenset(
    {EntryKind.WARNED, EntryKind.BREACHED, EntryKind.NOT_UNDERSTOOD, EntryKind.DELIVERY_FAILED}
)


def customer_view(case: Case) -> CustomerView:
    """This will show the case to its customer: no internal note, no warning, no breach (DED-09)."""
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
        deadlines=tuple(
            row.model_copy(update={"warn_at": None, "missed_at": None})
            for row in deadlines(case)
            if row.clock in _CUSTOMER_CLOCKS
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
        timeline=tuple(entry for entry in case.timeline if for_customer(entry)),
    )


def for_customer(entry: TimelineEntry) -> bool:
    """This will tell whether an entry may be shown to the customer."""
    return not entry.internal and entry.kind not in _OUR_OWN
