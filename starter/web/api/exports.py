"""Everything that happened, as a stream to follow.

A webhook is a hint, the export is the truth: who keeps their cursor misses nothing, over any restart.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from activities.store.events import CaseEvents, Place
from domain.timeline import TimelineEntry
from starter.door.known_as import narrowed_to
from starter.door.permission import listed_tenant
from starter.web.api import cursors
from starter.web.api.callers import Known
from starter.web.api.described import READING

router = APIRouter(tags=["events"])


class Event(BaseModel):
    """One thing that happened to a case; `id` is the same however often it is read."""

    id: str
    case_id: str
    number: str
    tenant: str
    entry: TimelineEntry


class EventPage(BaseModel):
    """Some events, in the order in which they came to be known.

    `end_of_stream`: there are no more yet; ask again with `next_cursor`, which is there even so.
    """

    events: list[Event]
    next_cursor: str
    end_of_stream: bool


@router.get("/exports/case-events", operation_id="export_case_events", responses=READING)
async def export_case_events(
    call: Known,
    cursor: str | None = None,
    tenant: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> EventPage:
    """Follow every event of every case; a requester follows those of their own tenant."""
    whose = listed_tenant(call.actor, tenant)
    place = cursors.read(cursor, Place) or Place()
    known, all_ = await narrowed_to(call.session, call.actor), not call.actor.is_requester
    page = await call.session.read(
        lambda store: CaseEvents(store).after(place, limit, whose, all_=all_, known_as=known)
    )
    return EventPage(
        events=[
            Event(
                id=f"{one.case_id}/{one.entry.number}",
                case_id=one.case_id,
                number=one.number,
                tenant=one.tenant,
                entry=one.entry,
            )
            for one in page.events
        ],
        next_cursor=cursors.written(page.until),
        end_of_stream=page.end,
    )
