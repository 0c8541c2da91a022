"""Cases under `/v1/cases`: opened, listed, read, and why each clock is due when it is."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel
from starlette.responses import JSONResponse

from activities.store.case_list import CaseFilter, Cursor
from domain.actor import Tier
from domain.clocks import Clock
from domain.messages.request import Submit
from domain.phase import Phase
from domain.record import CaseRow
from domain.timeline import TimelineEntry
from domain.verbs import Verb
from domain.views.as_of import CaseAsOf, CustomerAsOf
from domain.views.customer import CustomerView
from domain.views.explain import Explanation
from domain.views.staff import CaseView, DeadlineView, PromiseView
from starter.door.as_of import list_cases_as_of, see_as_of
from starter.door.case_lists import list_cases as cases_listed
from starter.door.case_reader import (
    STORE,
    Seen,
    find_for,
    see_as_customer,
    see_handoffs,
    see_timeline,
    see_why,
)
from starter.door.opening import submit, submit_without_waiting
from starter.door.past_instant import read_instant
from starter.door.permission import is_customer_view
from starter.door.requests import build
from starter.web.api import cursors
from starter.web.api.bodies import Body
from starter.web.api.callers import Call, Known
from starter.web.api.described import READING, body_of, receipts
from starter.web.api.headers import NUMBER, SOURCE
from starter.web.api.once import Answer, once
from starter.web.api.past import AsOf
from starter.web.api.samples import WhichCase
from starter.web.api.seen import as_they_stand
from starter.web.api.speaking import receipt_answer, unstamped
from workflows.messages import Receipt

router = APIRouter(tags=["cases"])
_MOST = 200  # rows a page
ClockName = Annotated[Clock, Path(examples=["update"])]


class CasePage(BaseModel):
    """Some cases, the nearest promise first; `next_cursor` leads to the next ones.

    As of an instant (UTC): of `unknown` more that were there then it is not known how they stood.
    """

    cases: list[CaseRow]
    next_cursor: str | None = None
    as_of: datetime | None = None
    unknown: int = 0


class Deadlines(BaseModel):
    """The running clocks of a case, the nearest first, and what is promised at its level."""

    case_id: str
    number: str
    deadlines: list[DeadlineView]
    promises: list[PromiseView]


class Events(BaseModel):
    """What happened to a case, in order."""

    number: str
    entries: list[TimelineEntry]


class CasePath(BaseModel):
    """How a case went from centre to centre."""

    number: str
    region: str
    offered_to: str | None
    accepted_by: str | None
    assignee: str | None
    steps: list[TimelineEntry]


@router.post(
    "/cases",
    operation_id="open_case",
    summary="Open a case; a tenant's reference repeated is the same case.",
    status_code=201,
    responses={**receipts(Receipt, "The case was there already."), 201: {"model": Receipt}},
    openapi_extra=body_of(Submit),
    response_model=None,
)
async def open_case(call: Known) -> JSONResponse:
    """Open a case. A requester opens their own tenant's; without a reference the key is the reference."""

    async def do(body: Body, request_id: str) -> Answer:
        message = build(call.session, call.actor, Verb.SUBMIT, _request(call, body), request_id)
        assert isinstance(message, Submit)
        if "respond-async" in call.request.headers.get("prefer", ""):
            case_id = await submit_without_waiting(call.session, message)
            return Answer(202, {"case_id": case_id, "request_id": request_id}, case_id=case_id)
        receipt = await submit(call.session, message)
        return receipt_answer(call, receipt, 200 if receipt.repeated else 201)

    return await once(call, do)


def _request(call: Call, body: Body) -> dict[str, Any]:
    key = call.request.headers["idempotency-key"].strip().strip('"')
    own = {"tenant": call.actor.tenant} if call.actor.tenant is not None else {}
    return {"reference": key, **own, **unstamped(body)}


@router.get("/cases", operation_id="list_cases", responses=READING)
async def list_cases(
    call: Known,
    tenant: str | None = None,
    phase: Annotated[list[Phase] | None, Query()] = None,
    level: Annotated[list[str] | None, Query(max_length=20)] = None,
    region: str | None = None,
    offered_to: str | None = None,
    tier: Tier | None = None,
    assignee: str | None = None,
    unassigned: bool = False,
    policy: str | None = None,
    open: bool = False,  # noqa: A002  what people call it
    overdue: bool = False,
    breached: bool = False,
    due_before: AwareDatetime | None = None,
    text: Annotated[str | None, Query(max_length=200)] = None,
    as_of: AsOf = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> CasePage:
    """List cases, the nearest promise first; a requester's list is of their own tenant."""
    wanted = CaseFilter(
        tenant=tenant,
        phases=tuple(phase or ()),
        levels=tuple(level or ()),
        region=region,
        offered_to=offered_to,
        tier=tier,
        assignee=assignee,
        unassigned=unassigned,
        policy=policy,
        open_only=open,
        overdue_at=call.session.now() if overdue else None,
        breached_only=breached,
        due_before=due_before,
        text=text,
        limit=limit,
        after=cursors.read(after, Cursor),
    )
    return await _page_of(call, wanted, None if as_of is None else read_instant(as_of))


async def _page_of(call: Call, wanted: CaseFilter, at: datetime | None) -> CasePage:
    """Return a page of a list as it is, or as it stood at an instant (UTC)."""
    unknown = 0
    if at is None:
        rows = await cases_listed(call.session, call.actor, wanted)
    else:
        _, rows, unknown = await list_cases_as_of(call.session, call.actor, wanted, at)
    more = cursors.written(Cursor.of(rows[-1])) if len(rows) == wanted.limit else None
    return CasePage(cases=list(rows), next_cursor=more, as_of=at, unknown=unknown)


@router.get("/cases/{case}", operation_id="read_case", responses=READING)
async def read_case(
    case: WhichCase,
    call: Known,
    response: Response,
    as_: Annotated[Literal["staff", "customer"], Query(alias="as")] = "staff",
    as_of: AsOf = None,
) -> CaseView | CustomerView | CaseAsOf | CustomerAsOf:
    """Read a case: everything for our staff, for its customer what is theirs to see.

    As it stood at an instant: what is kept of its life, and what had happened by then.
    """
    if as_of is not None:
        at = read_instant(as_of)
        case_id = await find_for(call.session, call.actor, case)
        call.is_about(case_id)
        response.headers[SOURCE] = STORE
        return await see_as_of(call.session, call.actor, case_id, at, as_customer=as_ == "customer")
    seen = await _seen(call, case)
    response.headers["ETag"] = f'"{seen.view.version}"'
    response.headers[SOURCE] = seen.source
    if as_ == "customer" or is_customer_view(call.actor):
        return await see_as_customer(call.session, call.actor, seen)
    return seen.view


@router.get("/cases/{case}/timeline", operation_id="read_timeline", responses=READING)
async def read_timeline(case: WhichCase, call: Known, response: Response) -> Events:
    """Read everything that happened to a case."""
    seen = await _seen(call, case)
    told = await see_timeline(call.session, call.actor, seen)
    response.headers[SOURCE] = told.source
    return Events(number=seen.view.number, entries=list(told.entries))


@router.get("/cases/{case}/deadlines", operation_id="read_deadlines", responses=READING)
async def read_deadlines(case: WhichCase, call: Known) -> Deadlines:
    """Read what is due next, and what is promised."""
    seen = await _seen(call, case)
    shown = seen.view
    if is_customer_view(call.actor):
        theirs = await see_as_customer(call.session, call.actor, seen)
        return Deadlines(
            case_id=shown.case_id,
            number=shown.number,
            deadlines=list(theirs.deadlines),
            promises=list(theirs.promises),
        )
    return Deadlines(
        case_id=shown.case_id,
        number=shown.number,
        deadlines=list(shown.deadlines),
        promises=list(shown.promises),
    )


@router.get("/cases/{case}/explanations/{clock}", operation_id="explain", responses=READING)
async def explain(case: WhichCase, clock: ClockName, call: Known, response: Response) -> Explanation:
    """Tell why a clock is due when it is: the rule, its source, and how the time was counted."""
    seen = await _seen(call, case)
    response.headers.update({SOURCE: seen.source, NUMBER: seen.view.number})
    return await see_why(call.session, call.actor, seen, clock)


@router.get("/cases/{case}/handoffs", operation_id="read_handoffs", responses=READING)
async def read_handoffs(case: WhichCase, call: Known) -> CasePath:
    """Read how a case went from centre to centre, and to whom by hand."""
    case_id = await find_for(call.session, call.actor, case)
    call.is_about(case_id)
    row, steps = await see_handoffs(call.session, call.actor, case_id)
    return CasePath(
        number=row.number,
        region=row.region,
        offered_to=row.offered_to,
        accepted_by=row.accepted_by,
        assignee=row.assignee,
        steps=list(steps),
    )


async def _seen(call: Call, case: str) -> Seen:
    return await as_they_stand(call, await find_for(call.session, call.actor, case))
