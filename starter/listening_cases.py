"""Which case a vendor's call is about, and handing it over: a signal, kept once it was sent.

Part of the doors. No case is ever started from here.
"""

from starter.door import Door
from starter.faults import Exit, Fault
from starter.finding import find
from starter.listening_answers import Answer
from starter.listening_events import Heard
from starter.sending import tell
from starter.store import stored

_STATUS = {Exit.NOT_FOUND: 404, Exit.REFUSED: 400, Exit.USAGE: 400}
"""What ends a command ends a call; anything else is ours, and the vendor may try again."""


async def pass_on(door: Door, heard: Heard) -> str:
    """This will tell the case and return its id. Raises: Answer (400, 404, 409, 503)."""
    try:
        case_id = await _meant(door, heard)
        try:
            await tell(door, case_id, heard.verb, heard.message)
        except Fault as fault:
            if fault.end is Exit.NOT_FOUND and await _is_over(door, case_id):
                raise Answer(409, "CaseClosed", "the case is archived") from None
            raise
    except Fault as fault:
        status = _STATUS.get(fault.end, 503)
        reason = "there is no such case" if status == 404 else "not now, try again with the same id"
        raise Answer(status, fault.code, reason if status != 400 else str(fault)) from None
    return case_id


async def _meant(door: Door, heard: Heard) -> str:
    """This will find the case by our number, or else by the vendor's."""
    from activities.vendor_references import cases_at_vendor

    if heard.case_number:
        return await find(door, heard.case_number, None, "")
    reference = (heard.reference or "").strip()
    found = await stored(door, lambda store: cases_at_vendor(store, reference))
    if len(found) > 1:
        raise Answer(409, "ReferenceAmbiguous", "several cases have this reference; give data.case_number")
    if not found:
        raise Answer(404, "CaseNotFound", "no case is with the vendor under this reference")
    return found[0]


async def _is_over(door: Door, case_id: str) -> bool:
    return await stored(door, lambda store: store.case_row(case_id)) is not None
