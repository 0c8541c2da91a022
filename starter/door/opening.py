"""How a request becomes a case: one atomic call that starts the case's workflow and hands it the request.

A tenant's reference repeated finds the case it made the first time, open or archived.
"""

import asyncio
from contextlib import suppress
from typing import Any

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from domain.case import Case
from domain.case_step import refuse_opening
from domain.lifecycle.intake_checks import request_digest
from domain.lifecycle.intake_level import foreseen_rank
from domain.messages.case import Submit
from domain.naming import case_id, case_number
from domain.phase import Phase
from domain.verbs import Verb
from policies import PolicyInvalid, PolicyUnknown, load_policy
from starter.door import engine, rota
from starter.door.faults import Fault, Kind, Way
from starter.door.permission import may_open
from starter.door.refusals import waits_elsewhere
from starter.door.requests import marked, update_id
from starter.door.session import Session
from workflows.messages import CASE_POLICY, CASE_TENANT, QUEUE, WORKFLOW, Receipt, new_case, opaque, urgency

_STORE_ANSWERS = 1.0
"""Seconds a door waits for the case store before it opens a case (ours)."""


async def submit(session: Session, request: Submit) -> Receipt:
    """Open the case, or find it, and return its receipt. Raises: Fault."""
    _is_their_own(request)
    await _taker_is_known(session, request)
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        WORKFLOW, new_case(), **settings_of(request)
    )
    await session.client()  # a server that is away is said first
    if known := await _answered_by_the_store(session, request):
        raise known
    try:
        receipt = await engine.update_with_start(
            session, start, Verb.SUBMIT.value, request, Receipt, id_=update_id(Verb.SUBMIT, request)
        )
    except engine.AlreadyOver:
        raise await _archived(session, request) from None
    except Fault as fault:
        if fault.kind is not Kind.UNKNOWN:
            raise
        raise await waits_elsewhere(session, id_of(request)) or fault from None
    return marked(receipt, request)


async def submit_without_waiting(session: Session, request: Submit) -> str:
    """Hand the request over and return the case's id: once sent it is kept. Raises: Fault."""
    _is_their_own(request)
    await _taker_is_known(session, request)
    await session.client()
    if known := await _answered_by_the_store(session, request):
        raise known
    try:
        return await engine.signal_with_start(
            session, WORKFLOW, new_case(), Verb.SUBMIT.value, request, settings_of(request)
        )
    except engine.AlreadyOver:
        raise await _archived(session, request) from None


def _is_their_own(request: Submit) -> None:
    """Refuse a request for another tenant before anything is looked up: its references are theirs to know."""
    refused = refuse_opening(request)
    if refused is not None and refused.code == "Forbidden":
        raise engine.refusal(refused)
    may_open(request.actor, request.tenant)


async def _taker_is_known(session: Session, request: Submit) -> None:
    if request.take:
        await rota.speaker_is_known(session, request.actor)


def id_of(request: Submit) -> str:
    """Return the id of the case a request makes."""
    return case_id(request.tenant, request.source, request.reference)


def settings_of(request: Submit) -> dict[str, Any]:
    """Name the case's workflow and how the Temporal UI shows it.

    A case that ended well is never started again; one whose opening was refused may be.
    """
    identity = id_of(request)
    title = request.title or (request.explanation or "").split("\n", 1)[0][:120] or request.reference
    return {
        "id": identity,
        "task_queue": QUEUE,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        "static_summary": f"{case_number(identity)} {title}",
        "search_attributes": _search_attributes(request),
        "priority": _priority(request),
    }


def _priority(request: Submit) -> Priority:
    """Let the urgent go first where many wait for a worker, and of equals each tenant in turn."""
    rank = None
    with suppress(PolicyUnknown, PolicyInvalid):
        rank = foreseen_rank(request, load_policy(request.policy))
    key = None if rank is None else urgency(rank)
    return Priority(priority_key=key, fairness_key=opaque(request.tenant))


def _search_attributes(request: Submit) -> TypedSearchAttributes:
    """Index the case by an opaque tenant."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(CASE_TENANT, opaque(request.tenant)),
            SearchAttributePair(CASE_POLICY, request.policy.partition("@")[0]),  # without its version
        ]
    )


async def _answered_by_the_store(session: Session, request: Submit) -> Fault | None:
    """Return what answers a request whose reference made a case that is over, also long after.

    The engine may have forgotten that case; one that is closed answers its own request itself. Nothing is
    asked for a request the case would refuse, and a store that does not answer within a second keeps nobody
    from opening a case: the case asks it again.
    """
    if refuse_opening(request) is not None:
        return None
    asking = asyncio.create_task(_life_that_is_over(session, request))
    await asyncio.wait({asking}, timeout=_STORE_ANSWERS)
    if not asking.done() or asking.exception() is not None or (case := asking.result()) is None:
        return None
    return None if _made(case, request) and not case.is_over else _answer(case, request)


async def _life_that_is_over(session: Session, request: Submit) -> Case | None:
    """Read the record of the case a reference made, if that is closed or archived. Raises: Fault."""
    identity = id_of(request)
    row = await session.read(lambda store: store.case_row(identity))
    if row is None or row.phase not in (Phase.CLOSED, Phase.ARCHIVED):
        return None
    return await session.read(lambda store: store.case_record(identity))


async def _archived(session: Session, request: Submit) -> Fault:
    """Return what answers a request whose case the engine says is over."""
    case = await _life_that_is_over(session, request)
    if case is not None:
        return _answer(case, request)
    identity = id_of(request)
    return _closed(case_number(identity), identity, "")


def _made(case: Case, request: Submit) -> bool:
    return request_digest(request) == case.request_digest


def _answer(case: Case, request: Submit) -> Fault:
    """Return the case to the very request that made it, and a conflict to any other."""
    closed = f", closed {case.closed_at:%Y-%m-%d}" if case.closed_at else ""
    if _made(case, request):
        return _closed(case.number, case.id, closed)
    return Fault(
        Kind.CONFLICT,
        "DuplicateRequestConflict",
        f"the reference {request.reference} made {case.number} of other content, now {case.phase}{closed}",
        f"give another reference, or reopen {case.number} to go on with that one",
        case=case.id,
        way=Way.RENAME_OR_REOPEN,
        values={"number": case.number},
    )


def _closed(number: str, identity: str, closed: str) -> Fault:
    return Fault(
        Kind.REFUSED,
        "CaseClosed",
        f"this reference made {number}, which is archived{closed}",
        "reopen it, which opens a linked case; or give another reference",
        case=identity,
        way=Way.REOPEN_OR_RENAME,
        values={"number": number},
    )
