"""Which instant of the past is meant: read as people write it, and refused where the desk has none such."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from activities.store.as_of import begun_at
from starter.door.faults import Fault, Kind
from starter.door.plain import moment, printable
from starter.door.session import Session

FIELD = "as_of"
"""What doors call it."""

_WRITTEN = "write it as 2026-11-30T09:12+11:00, or with Z"


def read_instant(text: str, zone: ZoneInfo | None = None) -> datetime:
    """Read an instant as UTC; by the clock of `zone`, where it says no offset of its own.

    A local time that the clocks skip moves forward by the gap, one they show twice is the first. Raises:
    Fault (usage) with InstantUnreadable or InstantWithoutZone.
    """
    try:
        at = datetime.fromisoformat(text.strip())
        if at.tzinfo is None and zone is None:
            raise _fault("InstantWithoutZone", f"{printable(text.strip()[:60])} has no zone", _WRITTEN)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _fault("InstantUnreadable", f"{printable(text[:60])!r} is no instant", _WRITTEN) from None


async def check_instant(session: Session, at: datetime) -> datetime:
    """Return an instant (UTC) the desk has a past of. Raises: Fault (usage; unreachable).

    The codes are InstantAhead and InstantBeforeDesk.
    """
    now = session.now()
    if at > now:
        remedy = f"name an instant that has passed; it is {moment(now)}"
        raise _fault("InstantAhead", f"{moment(at)} is still to come", remedy)
    first = await session.read(begun_at)
    if first is None or at < first:
        since = f"its first record is of {moment(first)}" if first else "it has no record yet"
        raise _fault(
            "InstantBeforeDesk", f"the desk was not there at {moment(at)}: {since}", "name a later one"
        )
    return at


def _fault(code: str, reason: str, remedy: str) -> Fault:
    fault = Fault(Kind.USAGE, code, reason, remedy)
    fault.fields = (FIELD,)
    return fault
