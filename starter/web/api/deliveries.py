"""What left the house by webhook, and sending it again where it got lost."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.responses import JSONResponse

from activities.store.deliveries import DeliveryPlace, DeliveryRow
from activities.store.ledger import DeliveryStatus
from starter.door.deliveries import list_deliveries, send_again
from starter.web.api import cursors
from starter.web.api.bodies import Body, no_fields
from starter.web.api.callers import Known
from starter.web.api.described import NO_BODY, READING, receipts
from starter.web.api.once import Answer, once

router = APIRouter(tags=["events"])


Delivery = Annotated[
    str,
    Path(
        description="Its `effect_id`, with each slash as %2F.",
        examples=["case-gu6vn3qytjjlqnppavma/respond-1/staff_update/customer"],
    ),
]


class DeliveryPage(BaseModel):
    """Some webhook deliveries, the latest first."""

    deliveries: list[DeliveryRow]
    next_cursor: str | None = None


@router.get("/webhook-deliveries", operation_id="list_webhook_deliveries", responses=READING)
async def list_webhook_deliveries(
    call: Known,
    status: DeliveryStatus | None = None,
    since: datetime | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeliveryPage:
    """List what was sent to webhooks, what was answered, and what never arrived."""
    place = cursors.read(after, DeliveryPlace)
    rows = await list_deliveries(call.session, call.actor, place, limit, status=status, since=since)
    more = cursors.written(DeliveryPlace.of(rows[-1])) if len(rows) == limit else None
    return DeliveryPage(deliveries=list(rows), next_cursor=more)


@router.post(
    "/webhook-deliveries/{delivery:path}/replays",
    operation_id="replay_webhook_delivery",
    summary="Send a webhook again, as it was and under the same id.",
    responses=receipts(DeliveryRow, "How the delivery stands now."),
    openapi_extra=NO_BODY,
    response_model=None,
)
async def replay_webhook_delivery(delivery: Delivery, call: Known) -> JSONResponse:
    """Send a delivery again: its receiver knows the id, and does nothing twice."""

    async def do(body: Body, _request_id: str) -> Answer:
        no_fields(body)
        row = await send_again(call.session, call.actor, delivery, call.backing.webhooks)
        return Answer(200, row.model_dump(mode="json"))

    return await once(call, do)
