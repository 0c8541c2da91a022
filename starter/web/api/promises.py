"""What a case's customer was promised, by which signed record, and how each promise was kept."""

from fastapi import APIRouter
from pydantic import BaseModel

from domain.customer_promise import ToldPromise
from starter.door.promise_receipts import promises_of
from starter.web.api.callers import Known
from starter.web.api.described import READING
from starter.web.api.samples import WhichCase

router = APIRouter(tags=["cases"])


class Promises(BaseModel):
    """The promises told about a case, in the order in which they were told."""

    case_id: str
    promises: list[ToldPromise]


@router.get("/cases/{case}/promises", operation_id="read_promises", responses=READING)
async def read_promises(case: WhichCase, call: Known) -> Promises:
    """Read what the customer was promised: each signed record, and how it was kept."""
    case_id, told = await promises_of(call.session, call.actor, case)
    call.is_about(case_id)
    return Promises(case_id=case_id, promises=list(told))
