"""Which centre had a case of ours from when on, as its timeline says, and how long that centre was closed.

Part of the rehearsals. Instants are the log's own (UTC).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.frozen import Frozen
from domain.policy import SupportPolicy
from domain.timeline import EntryKind
from policies.opening_hours import opening_hours
from starter.rehearse.case_record import CaseRecord

_TELLING = frozenset(
    {
        EntryKind.HANDOFF_OFFERED,
        EntryKind.HANDOFF_ACCEPTED,
        EntryKind.HANDOFF_DECLINED,
        EntryKind.HANDOFF_SKIPPED,
        EntryKind.HELD,
        EntryKind.HANDED_OVER,
        EntryKind.CLOSED,
        EntryKind.REOPENED,
    }
)
_A_MOMENT = timedelta(minutes=1)
"""A handover takes seconds of the server's clock, and no centre is missed for so long (ours)."""


class OwnerStep(Frozen):
    """One thing that happened about who has the case; `about` is the centre, or `giver -> taker`."""

    at: datetime
    kind: EntryKind
    about: str | None = None


class Owned(Frozen):
    """Who had one case of ours: `first` the centre that took it in, which need not be its `home`."""

    case: str
    received_at: datetime
    home: str | None
    first: str
    steps: tuple[OwnerStep, ...]


class Stretch(Frozen):
    """A time in which a case was open and one centre had it, `[begins_at, ends_at)`."""

    region: str
    begins_at: datetime
    ends_at: datetime


def owned(record: CaseRecord, home: str | None, shift: timedelta) -> Owned:
    """Read from a case's record who had it; the server's clock was `shift` ahead of the log's."""
    return Owned(
        case=record.row.reference,
        received_at=record.row.received_at - shift,
        home=home,
        first=record.first_region,
        steps=tuple(
            OwnerStep(at=entry.at - shift, kind=entry.kind, about=entry.about)
            for entry in record.timeline()
            if entry.kind in _TELLING
        ),
    )


def stretches(case: Owned, until: datetime) -> Iterator[Stretch]:
    """Say who had the case when, up to an instant; while it is closed nobody needs to."""
    region, since = case.first, case.received_at
    is_open = True
    for step in case.steps:
        if step.kind not in (EntryKind.HANDED_OVER, EntryKind.CLOSED, EntryKind.REOPENED):
            continue
        if is_open and min(step.at, until) > since:
            yield Stretch(region=region, begins_at=since, ends_at=min(step.at, until))
        since, is_open = step.at, step.kind is not EntryKind.CLOSED
        if step.kind is EntryKind.HANDED_OVER:
            region = (step.about or "").rpartition(" -> ")[2]
    if is_open and until > since:
        yield Stretch(region=region, begins_at=since, ends_at=until)


def closed_meanwhile(parts: Iterable[Stretch], policy: SupportPolicy) -> timedelta:
    """Add up how long the centre that had the case was closed by its own shifts."""
    return sum((gap for part in parts for gap in _gaps(part, policy) if gap >= _A_MOMENT), timedelta(0))


def _gaps(part: Stretch, policy: SupportPolicy) -> Iterator[timedelta]:
    at = part.begins_at
    for span in opening_hours(policy, part.region, part.begins_at, part.ends_at):
        yield span.opens_at - at
        at = max(at, span.closes_at)
    yield part.ends_at - at
