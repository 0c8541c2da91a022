"""How a door sees a case: from its workflow while that runs, from the case store afterwards.

Who may see what is said in `starter.door.permission`; a case that is not for somebody is not there for them.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from domain.actor import Actor, ActorKind
from domain.case import Case
from domain.clocks import Clock
from domain.record import CaseRow
from domain.timeline import EntryKind, TimelineEntry
from domain.views import explain, staff
from domain.views.customer import CustomerView, customer_view, for_customer
from domain.views.explain import Explanation
from domain.views.staff import CaseView
from starter.door import engine
from starter.door.case_lookup import find, workflow_of
from starter.door.faults import NO_WORKER, Fault, Kind, not_found
from starter.door.known_as import known_for
from starter.door.permission import hidden, is_customer_view, is_ours, may_know, may_see, staff_only
from starter.door.refusals import waits_elsewhere, why_none
from starter.door.session import Session

WORKFLOW = "workflow"
STORE = "store"
_HANDOFFS = frozenset(
    {
        EntryKind.HANDOFF_OFFERED,
        EntryKind.HANDOFF_ACCEPTED,
        EntryKind.HANDOFF_DECLINED,
        EntryKind.HANDOFF_SKIPPED,
        EntryKind.HELD,
        EntryKind.HANDED_OVER,
        EntryKind.BRIEFED,
        EntryKind.NEXT_ACTION_CONFIRMED,
    }
)


@dataclass(frozen=True)
class Seen:
    """A case as it is now, where that was read, and its whole record where the store was asked."""

    view: CaseView
    source: str
    case: Case | None = None


class Timeline(NamedTuple):
    """What happened to a case; `source` is the workflow where the latest entries came from there."""

    entries: tuple[TimelineEntry, ...]
    source: str


async def find_for(
    session: Session, actor: Actor, case: str, tenant: str | None = None, source: str = "desk"
) -> str:
    """Return the id of the case that is meant. Raises: Fault, one for foreign and missing."""
    case_id = await find(session, case, tenant, source)
    try:
        await reach(session, actor, case_id)
    except Fault as fault:
        if fault.kind is not Kind.NOT_FOUND:
            raise
        told = not_found(case_id if tenant is not None else case.strip())
        told.withheld = fault.withheld
        raise told from None
    return case_id


async def reach(session: Session, actor: Actor, case_id: str) -> None:
    """See that a case is there for an actor, before anything is said to it. Raises: Fault (not found).

    For our own people nothing is asked. The store answers while no worker is there, and so a requester's word
    can be handed over even then.
    """
    if is_ours(actor):
        return
    row = await _row(session, case_id)
    if row is None or actor.kind is ActorKind.VENDOR:
        await see(session, actor, case_id)
        return
    known = await known_for(session, actor, row.private_to)
    if not may_know(actor, row.tenant, is_with_vendor=False, private_to=row.private_to, known_as=known):
        raise hidden(case_id)


async def _row(session: Session, case_id: str) -> CaseRow | None:
    try:
        return await session.read(lambda store: store.case_row(case_id))
    except Fault:
        return None


async def see(session: Session, actor: Actor, case_id: str) -> Seen:
    """Read a case. Raises: Fault (not found, or unreachable)."""
    view: CaseView | None = await _query(session, case_id, "view", CaseView)
    if view is not None:
        return Seen(await _shown(session, actor, view), WORKFLOW)
    return await _archived(session, actor, case_id)


async def see_stored(session: Session, actor: Actor, case_id: str, at_least: int = 0) -> Seen | None:
    """Read a case as our store has it, at this version or a later one; None where it has none such.

    It costs the engine nothing, also for a case that no worker remembers. Raises: Fault.
    """
    file = await session.read(lambda store: store.files.latest(case_id))
    if file is None or file.case is None or file.case.version < at_least:
        return None
    view = staff.view(file.case, len(file.undelivered))
    return Seen(await _shown(session, actor, view), STORE, file.case)


async def _archived(session: Session, actor: Actor, case_id: str) -> Seen:
    case = await session.read(lambda store: store.case_record(case_id))
    if case is None:
        raise await why_none(session, actor, case_id) or not_found(case_id)
    return Seen(await _shown(session, actor, staff.view(case)), STORE, case)


async def _shown(session: Session, actor: Actor, view: CaseView) -> CaseView:
    """Return a case to whoever may see it. Raises: Fault (not found)."""
    return may_see(actor, view, await known_for(session, actor, view.private_to))


async def see_as_customer(session: Session, actor: Actor, seen: Seen) -> CustomerView:
    """Show a case as its customer sees it."""
    if seen.case is not None:
        return customer_view(seen.case)
    found: CustomerView | None = await _query(session, seen.view.case_id, "customer_view", CustomerView)
    if found is None:
        return await see_as_customer(session, actor, await _archived(session, actor, seen.view.case_id))
    return found


async def see_why(session: Session, actor: Actor, seen: Seen, clock: Clock) -> Explanation:
    """Tell why a clock of the case is due when it is."""
    if seen.case is not None:
        return explain.explain(seen.case, clock)
    found: Explanation | None = await _query(session, seen.view.case_id, "explain", Explanation, clock.value)
    if found is None:
        return await see_why(session, actor, await _archived(session, actor, seen.view.case_id), clock)
    return found


async def see_timeline(session: Session, actor: Actor, seen: Seen) -> Timeline:
    """Read every entry; those the store does not have yet come from the workflow, shortened."""
    entries = await session.read(lambda store: store.timeline(seen.view.case_id))
    latest = entries[-1].number if entries else 0
    unrecorded = tuple(entry for entry in seen.view.timeline if entry.number > latest)
    whole = (*entries, *unrecorded)
    if is_customer_view(actor):
        whole = for_customer(whole)
    return Timeline(whole, WORKFLOW if unrecorded else STORE)


async def see_handoffs(
    session: Session, actor: Actor, case_id: str
) -> tuple[CaseRow, tuple[TimelineEntry, ...]]:
    """Read where a case is, and how it went from centre to centre, and to whom by hand. Raises: Fault."""
    staff_only(actor, "the path of a case through our centres")
    row = await session.read(lambda store: store.case_row(case_id))
    if row is None:
        raise not_found(case_id, "check the case number; a case just opened is there in a moment")
    entries = await session.read(lambda store: store.timeline(case_id))
    return row, tuple(entry for entry in entries if entry.kind in _HANDOFFS or _is_given(entry))


def _is_given(entry: TimelineEntry) -> bool:
    """Tell whether a case went from one to another; a new contact of a centre is no step."""
    return entry.kind is EntryKind.REASSIGNED and " -> " in (entry.about or "")


async def _query(session: Session, case_id: str, name: str, kind: Any, *given: Any) -> Any:
    """Ask the workflow while it runs; None where it does not. Raises: Fault."""
    try:
        return await engine.query(session, case_id, name, kind, *given, running_only=True)
    except engine.NotRunning:
        moved = await workflow_of(session, case_id)
        return await _query(session, moved, name, kind, *given) if moved else None
    except Fault as fault:
        if fault.code != NO_WORKER:
            raise
        raise await waits_elsewhere(session, case_id) or fault from None
    except engine.WorkflowQueryFailedError as error:
        raise Fault(Kind.NOT_FOUND, "CaseNotFound", error.message, "ask again in a moment") from None
