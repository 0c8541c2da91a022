"""What left the house by webhook, for who looks after it: listed, and sent again where it got lost.

What is sent again is what was sent before, under the same id: a receiver who has it does nothing twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from activities.channels.attempt import NeverWorks, TryAgain
from activities.people.rota import Rota
from activities.store.deliveries import Deliveries, DeliveryPlace, DeliveryRow, Posted, digest_of
from activities.store.ledger import DeliveryStatus
from domain.actor import Actor
from starter.door.faults import Fault, Kind
from starter.door.permission import staff_only
from starter.door.plain import printable
from starter.door.session import Session

_WHAT = "the list of deliveries"


class Sender(Protocol):
    """Posts a body to a URL, signed, under an effect id."""

    async def send(self, effect_id: str, body: str, url: str, *, ours: bool) -> str:
        """Return the receiver's answer in short. Raises: NeverWorks; TryAgain."""


class Webhooks(NamedTuple):
    """How a webhook is sent from here: by what, and our own URLs by their digests."""

    sender: Sender
    ours: Mapping[str, str]


def our_urls(addresses: tuple[str | None, ...]) -> Mapping[str, str]:
    """Return those of our own addresses that are URLs, by their digests."""
    return {digest_of(one): one for one in addresses if one is not None and "://" in one}


async def list_deliveries(
    session: Session,
    actor: Actor,
    after: DeliveryPlace | None,
    limit: int,
    *,
    status: str | None = None,
    since: datetime | None = None,
) -> tuple[DeliveryRow, ...]:
    """List what was sent to webhooks, the latest first. Raises: Fault."""
    staff_only(actor, _WHAT)
    return await session.read(
        lambda store: Deliveries(store).webhooks(after, limit, status=status, since=since)
    )


async def send_again(session: Session, actor: Actor, effect_id: str, webhooks: Webhooks) -> DeliveryRow:
    """Send a delivery again, and return how it stands now.

    Raises: Fault: not found; conflict while it is still tried; declined where the receiver refuses it for
    good; unreachable where they do not take it now.
    """
    by = staff_only(actor, _WHAT)
    found = await session.read(lambda store: Deliveries(store).find(effect_id))
    posted = await session.read(lambda store: Deliveries(store).posted(effect_id))
    if found is None or posted is None:
        raise _unknown(effect_id, is_there=found is not None)
    if found.status == DeliveryStatus.BEGUN:
        reason = "it is still being tried"
        raise Fault(Kind.CONFLICT, "DeliveryUnderWay", reason, "wait for its end; nothing is needed")
    answer = await _posted_again(session, posted, webhooks)
    store = await session.store()
    try:
        await Deliveries(store).sent_again(posted, answer, by, session.now())
    except store.unusable:
        return found.model_copy(update={"answer": answer})  # it has arrived, and the receiver knows its id
    return found.model_copy(
        update={"status": DeliveryStatus.DELIVERED.value, "answer": answer, "settled_at": session.now()}
    )


async def _posted_again(session: Session, posted: Posted, webhooks: Webhooks) -> str:
    url = posted.address if not posted.is_ours else await _our_url(session, posted, webhooks)
    try:
        return await webhooks.sender.send(posted.effect_id, posted.body, url, ours=posted.is_ours)
    except NeverWorks as refusal:
        raise Fault(Kind.DECLINED, "WebhookRefused", str(refusal), "mend the receiver, then repeat") from None
    except TryAgain as trouble:
        raise Fault(Kind.UNREACHABLE, "WebhookUnreachable", str(trouble), "repeat it later") from None


async def _our_url(session: Session, posted: Posted, webhooks: Webhooks) -> str:
    """Return the URL of ours that was posted to; its path is in the settings or the rota alone."""
    if posted.url_digest in webhooks.ours:
        return webhooks.ours[posted.url_digest]
    people = await session.read(lambda store: Rota(store).people())
    pagers = our_urls(tuple(one.engineer.address for one in people))
    if posted.url_digest in pagers:
        return pagers[posted.url_digest]
    reason = f"{printable(posted.address)} is no address of ours any more"
    raise Fault(Kind.CONFLICT, "AddressChanged", reason, "read the export of events instead")


def _unknown(effect_id: str, *, is_there: bool) -> Fault:
    what = "was sent before bodies were kept" if is_there else "is no delivery by webhook"
    return Fault(
        Kind.NOT_FOUND, "DeliveryNotFound", f"{printable(effect_id[:80])} {what}", "list the deliveries"
    )
