"""Which case a vendor speaks of; apart from the other look-ups, which do without the database's own words."""

from activities.vendor.references import cases_at_vendor
from starter.door.case_lookup import find
from starter.door.faults import Fault, Kind
from starter.door.session import Session


async def find_at_vendor(session: Session, number: str | None, reference: str | None) -> str:
    """Return the id of the case a vendor speaks of: by our number, or else by the vendor's own.

    Raises: Fault (not found; conflict where several cases have the vendor's number).
    """
    if number:
        return await find(session, number)
    found = await session.read(lambda store: cases_at_vendor(store, (reference or "").strip()))
    if len(found) > 1:
        reason, remedy = "several cases have this reference", "give our own number of the case"
        raise Fault(Kind.CONFLICT, "ReferenceAmbiguous", reason, remedy)
    if not found:
        reason = "no case is with the vendor under this reference"
        raise Fault(Kind.NOT_FOUND, "CaseNotFound", reason, "check the reference, or give our own number")
    return found[0]
