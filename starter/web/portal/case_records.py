"""The signed records of what a case's customer was promised: listed on its page, and handed out as files."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.words.content import receipt_file
from domain.customer_promise import Standing, ToldPromise
from starter.door.faults import not_found
from starter.door.promise_receipts import promises_of
from starter.web.board.case_seen import CASE, seen_by
from starter.web.board.visitors import session_of
from starter.web.portal.speech import Speech
from starter.web.portal.visitors import customer

_MOST = 20
"""Records a page lists, the latest (ours); the API has them all."""

_OUTCOME = "outcome"
_HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


class RecordRow(NamedTuple):
    """One promise and where its record is fetched, and that of how it ended, if it has."""

    id: str
    what: str
    due: str
    is_late: bool
    has_ended: bool


def rows_of(told: tuple[ToldPromise, ...], say: Speech) -> tuple[RecordRow, ...]:
    """List the promises that have a record, the latest first."""
    signed = [one for one in told if one.record is not None][-_MOST:]
    return tuple(
        RecordRow(
            id=one.id,
            what=say.plain(f"clock_{one.clock}") if say.has(f"clock_{one.clock}") else str(one.clock),
            due=say.when(one.due_at),
            is_late=one.standing is Standing.LATE,
            has_ended=one.outcome is not None,
        )
        for one in reversed(signed)
    )


async def hand_out(request: Request) -> Response:
    """Hand out a record as a file, or that of how its promise ended."""
    who = await customer(request)
    seen, wanted = await seen_by(request, who), request.path_params
    _, told = await promises_of(session_of(request), who.actor, seen.view.case_id)
    found = next((one for one in told if one.id == wanted["promise"]), None)
    record = found and (found.outcome if wanted["which"] == _OUTCOME else found.record)
    if record is None:
        raise not_found("of this promise")
    name = receipt_file(seen.view.number)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_HEADERS}
    return Response(f"{record}\n", media_type="application/jose", headers=headers)


ROUTES = [
    Route(f"{CASE}/{{case}}/promises/{{promise}}/{{which}}", hand_out, methods=["GET"]),
]
