"""How a door speaks to a major incident: found by number, id or reference, told by updates, read by query."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

from temporalio.client import WithStartWorkflowOperation, WorkflowExecution
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.actor import Actor
from domain.incidents.record import Child, incident_id, incident_number, incident_prefix
from domain.incidents.verbs import IncidentVerb
from domain.incidents.views import PAGE, IncidentView
from domain.messages.base import Message
from domain.messages.incident import AT_A_TIME, Declare
from domain.phase import Phase
from starter.door import engine
from starter.door.faults import Fault, Kind, Way
from starter.door.permission import staff_only
from starter.door.plain import printable
from starter.door.requests import build
from starter.door.session import Session
from workflows.incident_messages import INCIDENT_WORKFLOW, IncidentReceipt, new_incident
from workflows.messages import CASE_PHASE, QUEUE

_ID = re.compile(r"incident-[a-z2-7]{20}")
_NUMBER = re.compile(r"(?i)MI-[0-9A-Z]{4}-?[0-9A-Z]{4}-?[0-9A-Z]")
_FEW = 20
_SOME_CASE = f"case-{20 * 'a'}"


async def find_incident(session: Session, incident: str) -> str:
    """Return the id of the incident that is meant. Raises: Fault (not found)."""
    text = as_named(incident)
    if _ID.fullmatch(text):
        return text
    prefix = incident_prefix(text)
    if prefix is None:
        raise unknown_incident(text, "its check character is wrong: ask for the number again")
    found = {run.id for run in await indexed_incidents(session, f'WorkflowId STARTS_WITH "{prefix}"', _FEW)}
    if len(found) != 1:
        raise unknown_incident(text, "check the number", Way.SEE_INCIDENTS)
    return found.pop()


def as_named(incident: str) -> str:
    """Return the number that was typed, else the id, also that of a reference."""
    text = incident.strip()
    return text if _ID.fullmatch(text) or _NUMBER.fullmatch(text) else incident_id("desk", text)


def unknown_incident(what: str, remedy: str, way: Way | None = None) -> Fault:
    """Return the fault of an incident nobody knows."""
    reason = f"there is no incident {printable(what[:60])}"
    return Fault(Kind.NOT_FOUND, "IncidentNotFound", reason, remedy, way=way)


async def indexed_incidents(session: Session, query: str, limit: int) -> list[WorkflowExecution]:
    """Ask the server's index for incidents, the latest first. Raises: Fault (unreachable)."""
    whole = f'WorkflowType = "{INCIDENT_WORKFLOW}"' + (f" AND {query}" if query else "")
    return list(await engine.indexed(session, whole, limit))


async def list_incidents(
    session: Session, actor: Actor, limit: int, *, open_only: bool = False
) -> list[dict[str, Any]]:
    """List incidents as the server's index knows them, the latest first. Raises: Fault."""
    staff_only(actor, "the list of incidents")
    runs = await indexed_incidents(session, 'ExecutionStatus = "Running"' if open_only else "", limit)
    return [await _as_listed(run) for run in runs]


async def _as_listed(run: WorkflowExecution) -> dict[str, Any]:
    """Say of an incident what the index knows."""
    memo = await run.memo()
    return {
        "incident_id": run.id,
        "number": memo.get("number", ""),
        "title": memo.get("title", ""),
        "level": memo.get("level") or None,
        "phase": run.typed_search_attributes.get(CASE_PHASE),
        "declared_at": run.start_time.isoformat(),
    }


async def ask_incident(
    session: Session, identity: str, verb: IncidentVerb, message: Message, typed: str
) -> IncidentReceipt:
    """Say something to an incident and wait for its receipt. Raises: Fault.

    Each attempt is an update of its own: the incident knows the request, and says that it is repeated, where
    the engine's memory would pass the first receipt off as this one's.
    """
    try:
        return await engine.update(session, identity, verb.value, message, IncidentReceipt)
    except engine.NotRunning:
        raise await _closed_or_unknown(session, identity, typed) from None


class SaidOfCases(NamedTuple):
    """What somebody wants to say of many cases: they join, or leave."""

    verb: IncidentVerb
    fields: Mapping[str, Any]
    request_id: str | None

    def check(self, session: Session, actor: Actor) -> None:
        """Refuse what is no message, before a case is looked up. Raises: Fault naming every bad field."""
        build(session, actor, self.verb, {**self.fields, "cases": [_SOME_CASE]}, self.request_id)


async def say_in_parts(
    session: Session, actor: Actor, identity: str, ids: Sequence[str], said: SaidOfCases, typed: str
) -> AsyncIterator[IncidentReceipt]:
    """Say it in messages of 500 cases; each has an id made of the one of the whole. Raises: Fault."""
    whole = said.request_id or str(uuid4())
    for part, start in enumerate(range(0, len(ids), AT_A_TIME)):
        cases = ids[start : start + AT_A_TIME]
        request_id = f"{whole}/{part}" if part else whole
        message = build(session, actor, said.verb, {**said.fields, "cases": cases}, request_id)
        receipt = await ask_incident(session, identity, said.verb, message, typed)
        if said.verb is IncidentVerb.JOIN and await _is_any_closed(session, cases):
            receipt = receipt.model_copy(update={"warnings": (*receipt.warnings, "CaseClosed")})
        yield receipt


async def _is_any_closed(session: Session, ids: Sequence[str]) -> bool:
    """Tell whether a case is over, as far as the store knows; without a store nobody is warned."""
    try:
        store = await session.store()
        rows = [await store.case_row(one) for one in ids]
    except (Fault, OSError):
        return False
    return any(row is not None and row.phase in (Phase.CLOSED, Phase.ARCHIVED) for row in rows)


async def _closed_or_unknown(session: Session, identity: str, typed: str) -> Fault:
    """Tell an incident that has ended from one there never was; `typed` is what it was called."""
    try:
        view = await see_incident(session, identity)
    except Fault as fault:
        if fault.kind is not Kind.NOT_FOUND:
            return fault
        return unknown_incident(typed, "list the incidents", Way.SEE_INCIDENTS)
    name = printable(typed[:60])
    called = view.number if name == view.number else f"{name} ({view.number})"
    return Fault(Kind.REFUSED, "CaseClosed", f"{called} is closed", "declare another incident")


async def declare_incident(session: Session, message: Declare) -> IncidentReceipt:
    """Start an incident and declare it in one atomic call, or find it. Raises: Fault.

    Each attempt is an update of its own, as in `ask_incident`.
    """
    try:
        return await engine.update_with_start(
            session, _start(message), "declare", message, IncidentReceipt, id_=None
        )
    except engine.AlreadyOver:
        reason = f"the reference {message.reference} belongs to an incident that is closed"
        remedy = "give another reference"
        raise Fault(Kind.REFUSED, "CaseClosed", reason, remedy, way=Way.RENAME_INCIDENT) from None


def _start(message: Declare) -> "WithStartWorkflowOperation[Any, Any]":
    identity = incident_id(message.source, message.reference)
    number = incident_number(identity)
    return WithStartWorkflowOperation(
        INCIDENT_WORKFLOW,
        new_incident(),
        id=identity,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        static_summary=f"{number} {message.title}",
        memo={"number": number, "title": message.title, "level": message.level or ""},
    )


async def see_incident(session: Session, identity: str) -> IncidentView:
    """Read how an incident stands, also once it is closed, while the server keeps it. Raises: Fault."""
    view: IncidentView = await _query(session, identity, "view", IncidentView)
    return view


async def see_children(session: Session, identity: str, had: int) -> tuple[Child, ...]:
    """Read every case the incident has had, in the order they joined. Raises: Fault."""
    found: list[Child] = []
    for offset in range(0, had, PAGE):
        found += await _query(session, identity, "children", tuple[Child, ...], offset)
    return tuple(found)


async def _query(session: Session, identity: str, name: str, kind: Any, *given: Any) -> Any:
    try:
        return await engine.query(session, identity, name, kind, *given)
    except engine.WorkflowQueryFailedError as error:
        raise unknown_incident(identity, error.message) from None
    except engine.NotRunning:
        raise unknown_incident(identity, "list the incidents", Way.SEE_INCIDENTS) from None
