"""How a command sees a case: from its workflow while that runs, from the case store afterwards.

Part of the doors. A requester's door sees its own tenant's cases only, and nothing internal; another
tenant's case is not there for it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from starter.door import Door
from starter.faults import Exit, Fault, not_found
from starter.sending import away
from starter.store import stored

if TYPE_CHECKING:
    from domain.actor import Actor
    from domain.case import Case
    from domain.clocks import Clock
    from domain.customer_view import CustomerView
    from domain.explain import Explanation
    from domain.timeline import TimelineEntry
    from domain.views import CaseView

WORKFLOW = "workflow"
STORE = "store"


@dataclass(frozen=True)
class Seen:
    """A case as it is now, where that was read, and its whole record where the store was asked."""

    view: "CaseView"
    source: str
    case: "Case | None" = None


class Timeline(NamedTuple):
    """What happened to a case; `source` is the workflow where the latest entries came from there."""

    entries: "tuple[TimelineEntry, ...]"
    source: str


async def see(door: Door, case_id: str) -> Seen:
    """This will read a case. Raises: Fault (not found, or unreachable)."""
    from domain.views import CaseView

    view = await _query(door, case_id, "view", CaseView)
    if view is not None:
        return Seen(_own(door.actor, view), WORKFLOW)
    return await _archived(door, case_id)


async def _archived(door: Door, case_id: str) -> Seen:
    from domain import views

    case = await stored(door, lambda store: store.case_record(case_id))
    if case is None:
        raise not_found(case_id)
    return Seen(_own(door.actor, views.view(case)), STORE, case)


async def see_as_customer(door: Door, seen: Seen) -> "CustomerView":
    """This will show a case as its customer sees it."""
    from domain.customer_view import CustomerView, customer_view

    if seen.case is not None:
        return customer_view(seen.case)
    found: CustomerView | None = await _query(door, seen.view.case_id, "customer_view", CustomerView)
    if found is None:
        archived = await _archived(door, seen.view.case_id)
        return await see_as_customer(door, archived)
    return found


async def see_why(door: Door, seen: Seen, clock: "Clock") -> "Explanation":
    """This will tell why a clock of the case is due when it is."""
    from domain import explain

    if seen.case is not None:
        return explain.explain(seen.case, clock)
    found: explain.Explanation | None = await _query(
        door, seen.view.case_id, "explain", explain.Explanation, clock.value
    )
    if found is None:
        archived = await _archived(door, seen.view.case_id)
        return await see_why(door, archived, clock)
    return found


async def see_timeline(door: Door, seen: Seen) -> "Timeline":
    """This will read every entry; those the store does not have yet come from the workflow, shortened."""
    from domain.customer_view import for_customer

    entries = await stored(door, lambda store: store.timeline(seen.view.case_id))
    latest = entries[-1].number if entries else 0
    unrecorded = tuple(entry for entry in seen.view.timeline if entry.number > latest)
    whole = (*entries, *unrecorded)
    if door.actor.is_requester:
        whole = tuple(entry for entry in whole if for_customer(entry))
    return Timeline(whole, WORKFLOW if unrecorded else STORE)


async def _query(door: Door, case_id: str, name: str, kind: Any, *given: Any) -> Any:
    """This will ask the workflow while it runs; None where it does not. Raises: Fault."""
    from temporalio.client import WorkflowQueryFailedError, WorkflowQueryRejectedError
    from temporalio.common import QueryRejectCondition
    from temporalio.service import RPCError, RPCStatusCode

    handle = (await door.client()).get_workflow_handle(case_id)
    try:
        return await handle.query(
            name,
            *given,
            result_type=kind,
            reject_condition=QueryRejectCondition.NOT_OPEN,
            rpc_timeout=door.timeout,
        )
    except WorkflowQueryRejectedError:
        return None
    except WorkflowQueryFailedError as error:
        raise Fault(Exit.NOT_FOUND, "CaseNotFound", error.message, "ask again in a moment") from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise away(door, error, case_id) from None


def _own(actor: "Actor", view: "CaseView") -> "CaseView":
    if actor.is_requester and actor.tenant != view.tenant:
        raise not_found(view.number)
    return view
