"""What the doors refuse, told to the audit: who is unknown, may not, or asks for another tenant's."""

import logging
from datetime import datetime

from activities.store.audit import Attempt, AuditRow, AuditTrail
from domain.actor import Actor, Door
from starter.door.faults import Fault
from starter.door.permission import may_read_audit
from starter.door.session import Session

_log = logging.getLogger("sunrelay.door")


async def note_refusal(
    session: Session, fault: Fault, *, door: Door, asked: str, credential: str | None, actor: Actor | None
) -> None:
    """Keep a refusal, where it is one for the audit; that it cannot be kept changes no answer.

    `asked` is the door's own word for it (a route, a command), never a text somebody sent.
    """
    if not fault.is_for_audit:
        return
    attempt = Attempt(
        door=door,
        credential=credential,
        asked=asked,
        code=fault.code,
        who=actor.label if actor else None,
        why=fault.withheld or None,
    )
    try:
        async with session.write_store() as store:
            await AuditTrail(store).note(attempt, session.now())
    except Fault:
        _log.warning("a refusal could not be kept: %s at the door %s", fault.code, door)


async def read_audit(session: Session, actor: Actor, since: datetime, limit: int) -> tuple[AuditRow, ...]:
    """List what was refused from `since` (UTC) on, the latest first. Raises: Fault."""
    may_read_audit(actor)
    return await session.read(lambda store: AuditTrail(store).list(since, limit))
