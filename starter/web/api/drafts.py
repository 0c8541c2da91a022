"""Drafts of software agents: what waits for a person, who releases it in their own name or drops it."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.responses import JSONResponse

from activities.store.drafts import Draft
from starter.door.case_reader import find_for
from starter.door.drafts import drop, release, waiting_drafts
from starter.web.api.bodies import Body, no_fields
from starter.web.api.callers import Known
from starter.web.api.described import NO_BODY, READING, receipts
from starter.web.api.once import Answer, once
from starter.web.api.speaking import receipt_answer
from workflows.messages import Receipt

router = APIRouter(tags=["drafts"])


DraftId = Annotated[str, Path(examples=["3f0c2a9b1d4e"])]


class WaitingDrafts(BaseModel):
    """What software agents wrote and nobody has released yet, the oldest first."""

    drafts: list[Draft]


@router.get("/drafts", operation_id="list_drafts", responses=READING)
async def list_drafts(call: Known, case: str | None = None) -> WaitingDrafts:
    """List the drafts that wait for a person, of all cases or of one, by its number or id."""
    case_id = None if case is None else await find_for(call.session, call.actor, case)
    return WaitingDrafts(drafts=list(await waiting_drafts(call.session, call.actor, case_id)))


@router.post(
    "/drafts/{draft}/releases",
    operation_id="release_draft",
    summary="Say a draft to its case, in your own name.",
    responses=receipts(Receipt, "What the case answers."),
    openapi_extra=NO_BODY,
    response_model=None,
)
async def release_draft(draft: DraftId, call: Known) -> JSONResponse:
    """Release a draft: a person of our staff does, and not whoever wrote it."""

    async def do(body: Body, _request_id: str) -> Answer:
        no_fields(body)
        answer = await release(call.session, call.actor, draft)
        return receipt_answer(call, answer.receipt, 200)

    return await once(call, do)


@router.post(
    "/drafts/{draft}/drops",
    operation_id="drop_draft",
    summary="Drop a draft: it is never said.",
    responses=receipts(Draft, "The draft as it was."),
    openapi_extra=NO_BODY,
    response_model=None,
)
async def drop_draft(draft: DraftId, call: Known) -> JSONResponse:
    """Drop a draft."""

    async def do(body: Body, _request_id: str) -> Answer:
        no_fields(body)
        dropped = await drop(call.session, call.actor, draft)
        return Answer(200, dropped.model_dump(mode="json"))

    return await once(call, do)
