"""How late clocks fired, for our programs and for who leads the desk."""

from typing import Annotated

from fastapi import APIRouter, Query

from activities.store.lateness import LatenessFigures
from starter.door.lateness import see_lateness
from starter.door.past_instant import read_instant
from starter.web.api.callers import Known
from starter.web.api.described import READING

router = APIRouter(tags=["figures"])


@router.get("/lateness", operation_id="read_lateness", responses=READING)
async def read_lateness(
    call: Known,
    since: Annotated[
        str | None,
        Query(
            description="From this instant on, with its offset or Z; 30 days back without it.", max_length=60
        ),
    ] = None,
    clock: Annotated[str | None, Query(max_length=60, examples=["initial_response"])] = None,
    centre: Annotated[str | None, Query(max_length=200, examples=["sydney"])] = None,
) -> LatenessFigures:
    """Read how late clocks fired, in milliseconds, by clock and centre; for leads, managers, TSS and SDM."""
    start = None if since is None else read_instant(since)
    return await see_lateness(call.session, call.actor, start, clock, centre)
