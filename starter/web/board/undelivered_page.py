"""The page of what never arrived, and sending it again: as it was, under the same id."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.store.deliveries import DeliveryPlace, DeliveryRow
from starter.door.deliveries import Webhooks, send_again
from starter.door.faults import Fault, Kind
from starter.door.permission import may_see_deliveries
from starter.door.undelivered import see_delivery, see_undelivered
from starter.web.board.answers import page, see_other
from starter.web.board.places_in_lists import read_place, write_place
from starter.web.board.visitors import Visitor, session_of, speaking, visitor

UNDELIVERED = "/undelivered"
_STATUS = {Kind.NOT_FOUND: 404, Kind.UNREACHABLE: 503}
_OF_THE_RECEIVER = frozenset({"WebhookRefused", "WebhookUnreachable"})


async def show_undelivered(request: Request) -> Response:
    """Show what never arrived, and what became of one that was sent again."""
    who = await visitor(request)
    asked = request.query_params.get("again", "")[:500]
    again = await see_delivery(session_of(request), who.actor, asked) if asked else None
    return await _list(request, who, again=again)


async def retry(request: Request) -> Response:
    """Send one again, and say what became of it."""
    who, form = await speaking(request)
    may_see_deliveries(who.actor)
    effect_id = next(iter(form.get("effect", [])), "")[:500]
    webhooks: Webhooks | None = request.app.state.webhooks
    try:
        if webhooks is None:
            raise Fault(Kind.CONFLICT, "NotSetUp", "nothing is sent from this door", "use the desk's own")
        await send_again(session_of(request), who.actor, effect_id, webhooks)
    except Fault as fault:
        is_ours = fault.kind is Kind.UNREACHABLE and fault.code not in _OF_THE_RECEIVER
        if fault.is_for_audit or is_ours:
            raise
        return await _list(request, who, fault=fault)
    return see_other(f"{UNDELIVERED}?{urlencode({'again': effect_id})}")


async def _list(
    request: Request, who: Visitor, *, again: DeliveryRow | None = None, fault: Fault | None = None
) -> Response:
    after = read_place(DeliveryPlace, request.query_params.get("after")) if fault is None else None
    found = await see_undelivered(session_of(request), who.actor, after)
    return page(
        "undelivered.html",
        200 if fault is None else _STATUS.get(fault.kind, 409),
        visitor=who,
        found=found,
        again=again,
        fault=fault,
        can_send=request.app.state.webhooks is not None,
        more=f"{UNDELIVERED}?{urlencode({'after': write_place(found.more)})}" if found.more else "",
        first=UNDELIVERED if after else "",
    )


ROUTES = [
    Route(UNDELIVERED, show_undelivered, methods=["GET"]),
    Route(UNDELIVERED, retry, methods=["POST"]),
]
