"""What a board shows of a case beside its row: kept beside the case, so that a list reads no whole cases."""

from datetime import datetime

from domain.case import Case
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.views.remaining import Counted, counted


class Facts(Frozen):
    """The customer's company and zone, how what is owed first counts, and since when it is offered (UTC)."""

    company: str
    zone: str
    counted: Counted | None
    offered_at: datetime | None


def facts_of(case: Case, owed: Clock | None) -> Facts:
    """Say what a board shows of a case of which `owed` is to be kept first, if anything is."""
    return Facts(
        company=case.request.tenant_company or case.request.tenant,
        zone=case.terms.calendar.zone.name,
        counted=counted(case, owed) if owed else None,
        offered_at=case.handover.offered_at if case.handover else None,
    )
