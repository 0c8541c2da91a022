"""A vendor's call is handed to its case, a signal kept once it was sent; what ends it is a status.

No case is ever started from here.
"""

from domain.actor import Door
from starter.door.archive import tell_whenever
from starter.door.audit import note_refusal
from starter.door.faults import Fault, Kind, unauthenticated
from starter.door.session import Session
from starter.door.vendor_lookup import find_at_vendor
from starter.web.vendor_answers import Answer
from starter.web.vendor_events import Heard

_STATUS = {
    Kind.NOT_FOUND: 404,
    Kind.REFUSED: 400,
    Kind.USAGE: 400,
    Kind.UNAUTHENTICATED: 401,
}
"""What ends a command ends a call; anything else is ours, and the vendor may try again."""

_CONFLICTS = {
    "CaseClosed": "the case is archived",
    "ReferenceAmbiguous": "several cases have this reference; give data.case_number",
}
"""What a call meets that is well made: 409, and never again otherwise."""

_UNKNOWN = "no case is with the vendor under this reference"


async def pass_on(session: Session, heard: Heard) -> str:
    """Tell the case and return its id. Raises: Answer (400, 404, 409, 503)."""
    try:
        case_id = await find_at_vendor(session, heard.case_number, heard.reference)
        await tell_whenever(session, case_id, heard.verb, heard.message)
    except Fault as fault:
        raise _answer(fault, heard) from None
    return case_id


def _answer(fault: Fault, heard: Heard) -> Answer:
    """Say what ended a call, and nothing that was sent with it."""
    if fault.code in _CONFLICTS:
        return Answer(409, fault.code, _CONFLICTS[fault.code])
    status = _STATUS.get(fault.kind, 503)
    match status:
        case 404:
            return Answer(404, fault.code, "there is no such case" if heard.case_number else _UNKNOWN)
        case 503:
            return Answer(503, fault.code, "not now, try again with the same id")
        case _:
            return Answer(status, fault.code, str(fault))


async def note_unproved(session: Session) -> None:
    """Keep for the audit that somebody called whom no key of the vendor proves; of the call nothing."""
    fault = unauthenticated("webhook signature")
    door = Door.VENDOR_WEBHOOK
    await note_refusal(session, fault, door=door, asked="POST /vendor", credential=None, actor=None)
