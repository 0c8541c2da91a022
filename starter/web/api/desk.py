"""What else a program of ours reads: centres, people, policies, incidents, deliveries and who they are."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.responses import JSONResponse

from activities.people.rosters import Rosters
from activities.people.rota import Rota
from activities.store.case_list import Cursor
from domain.actor import Actor, Tier
from domain.centres.regions import RosterRequest
from domain.centres.rota import Presence
from domain.incidents.record import Child
from domain.incidents.verbs import IncidentVerb
from domain.incidents.views import IncidentView
from domain.messages.incident import Declare
from domain.policy import SupportPolicy
from domain.record import CaseRow
from policies import policy_names
from starter.door.as_of import list_queue_as_of
from starter.door.case_lists import list_queue
from starter.door.incidents import (
    declare_incident,
    find_incident,
    see_children,
    see_incident,
)
from starter.door.incidents import list_incidents as incidents_listed
from starter.door.past_instant import read_instant
from starter.door.permission import staff_only
from starter.door.policies_in_force import DEFAULT_POLICY, known_region, policy_named
from starter.door.requests import build
from starter.web.api import cursors
from starter.web.api.bodies import Body
from starter.web.api.callers import Known
from starter.web.api.described import READING, body_of, receipts
from starter.web.api.once import Answer, once
from starter.web.api.past import AsOf
from starter.web.api.samples import WhichIncident
from starter.web.api.speaking import unstamped
from workflows.incident_messages import IncidentReceipt

router = APIRouter()
PolicyName = Annotated[str, Path(examples=["rhipe-csp"])]


class Me(BaseModel):
    """Who the credential speaks for."""

    actor: Actor
    credential: str


class Centre(BaseModel):
    """A centre as it is now; instants UTC."""

    name: str
    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None


class Centres(BaseModel):
    """The centres of a policy, and the instant at which they were read."""

    at: datetime
    centres: list[Centre]


class Queue(BaseModel):
    """The open cases of a centre and those offered to it, the nearest promise first.

    `written_at` is when our store was last told of any case (UTC). As of an instant (UTC): of `unknown` more
    cases of the desk that were there then it is not known how they stood.
    """

    region: str
    written_at: datetime | None
    cases: list[CaseRow]
    next_cursor: str | None = None
    as_of: datetime | None = None
    unknown: int = 0


class People(BaseModel):
    """Who works where, and who is there."""

    people: list[Presence]


class Policies(BaseModel):
    """The names of the policies in force."""

    policies: list[str]


class Incidents(BaseModel):
    """Major incidents, the latest first."""

    incidents: list[dict[str, Any]]


class Incident(BaseModel):
    """A major incident, and the cases that are of it."""

    incident: IncidentView
    cases: list[Child]


@router.get("/me", operation_id="who_am_i", tags=["identity"], responses=READING)
async def who_am_i(call: Known) -> Me:
    """Read who this credential speaks for."""
    return Me(actor=call.actor, credential=call.caller.credential)


@router.get("/regions", operation_id="list_regions", tags=["centres"], responses=READING)
async def list_regions(call: Known, policy: str = DEFAULT_POLICY) -> Centres:
    """List the centres of a policy: open now or not, and until when."""
    staff_only(call.actor, "the list of centres")
    policy_named(policy)
    now = call.session.now()
    roster = await call.session.read(lambda store: Rosters(store).read(RosterRequest(policy=policy, at=now)))
    found = []
    for centre in roster.centres:
        span = centre.span_at(now)
        opens = None if span else centre.opens_after(now)
        found.append(
            Centre(
                name=centre.name,
                is_open=span is not None,
                opens_at=opens,
                closes_at=span.closes_at if span else None,
            )
        )
    return Centres(at=now, centres=found)


@router.get("/regions/{name}/queue", operation_id="read_queue", tags=["centres"], responses=READING)
async def read_queue(
    name: Annotated[str, Path(description="The centre.", examples=["sydney"])],
    call: Known,
    level: Annotated[list[str] | None, Query(max_length=20)] = None,
    tier: Tier | None = None,
    as_of: AsOf = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Queue:
    """Read the open cases of a centre and those offered to it."""
    place = cursors.read(after, Cursor)
    if as_of is not None:
        at = read_instant(as_of)
        past = await list_queue_as_of(call.session, call.actor, name, at, level or (), tier, limit, place)
        more = cursors.written(Cursor.of(past.rows[-1])) if len(past.rows) == limit else None
        return Queue(
            region=known_region(name),
            written_at=None,
            cases=list(past.rows),
            next_cursor=more,
            as_of=at,
            unknown=past.unknown,
        )
    read = await list_queue(call.session, call.actor, name, level or (), tier, limit, place)
    more = cursors.written(Cursor.of(read.rows[-1])) if len(read.rows) == limit else None
    return Queue(region=read.region, written_at=read.written_at, cases=list(read.rows), next_cursor=more)


@router.get("/people", operation_id="list_people", tags=["centres"], responses=READING)
async def list_people(call: Known, region: str | None = None) -> People:
    """List the engineers: where they work, who is on shift or away, how many open cases each has."""
    staff_only(call.actor, "the rota")
    wanted = None if region is None else known_region(region)
    return People(people=list(await call.session.read(lambda store: Rota(store).people(wanted))))


@router.get("/policies", operation_id="list_policies", tags=["policies"], responses=READING)
async def list_policies(call: Known) -> Policies:
    """List the policies in force."""
    staff_only(call.actor, "the list of policies")
    return Policies(policies=sorted(policy_names()))


@router.get("/policies/{name}", operation_id="read_policy", tags=["policies"], responses=READING)
async def read_policy(name: PolicyName, call: Known) -> SupportPolicy:
    """Read a policy whole, with whom it names of our own."""
    staff_only(call.actor, "a policy")
    return policy_named(name)


@router.get("/incidents", operation_id="list_incidents", tags=["incidents"], responses=READING)
async def list_incidents(
    call: Known,
    open: bool = False,  # noqa: A002  what people call it
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> Incidents:
    """List major incidents, the latest first."""
    return Incidents(incidents=await incidents_listed(call.session, call.actor, limit, open_only=open))


@router.post(
    "/incidents",
    operation_id="incident_declare",
    tags=["incidents"],
    summary=IncidentVerb.DECLARE.says,
    status_code=201,
    responses={**receipts(IncidentReceipt, "It was declared already."), 201: {"model": IncidentReceipt}},
    openapi_extra=body_of(Declare),
    response_model=None,
)
async def declare(call: Known) -> JSONResponse:
    """Declare a major incident; the same reference again is the same."""

    async def do(body: Body, request_id: str) -> Answer:
        staff_only(call.actor, "a major incident")
        key = call.request.headers["idempotency-key"].strip().strip('"')
        fields = {"reference": key, **unstamped(body)}
        message = build(call.session, call.actor, IncidentVerb.DECLARE, fields, request_id)
        assert isinstance(message, Declare)
        receipt = await declare_incident(call.session, message)
        return Answer(201, receipt.model_dump(mode="json", exclude_none=True))

    return await once(call, do)


@router.get("/incidents/{incident}", operation_id="read_incident", tags=["incidents"], responses=READING)
async def read_incident(incident: WhichIncident, call: Known) -> Incident:
    """Read how an incident stands, and its cases."""
    staff_only(call.actor, "a major incident")
    identity = await find_incident(call.session, incident)
    view = await see_incident(call.session, identity)
    return Incident(incident=view, cases=list(await see_children(call.session, identity, view.had)))
