"""What left the house by webhook, or should have: the ledger's rows, and what was posted, to send it again.

The ledger holds the truth of how each ended. A body is kept with its first attempt and never changed, so
that whoever gets it again finds the same under the same id. Of an address of our own, whose path may be a
secret, the origin is kept and a digest by which the settings know it again.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Self

from sqlalchemy import Select, and_, func, or_, select, update

from activities.store.database import Database
from activities.store.delivery_tables import delivery_ledger as rows
from activities.store.delivery_tables import webhook_posts as posts
from activities.store.ledger import DeliveryStatus
from domain.effects import Channel
from domain.frozen import Frozen


class DeliveryRow(Frozen):
    """One delivery: its id, of which case, how far it is, and what was answered; instants UTC."""

    effect_id: str
    case_id: str
    kind: str
    recipient: str
    status: str
    begun_at: datetime
    settled_at: datetime | None
    address: str | None
    answer: str | None
    reason: str | None


class DeliveryPlace(Frozen):
    """The place of one delivery in the order; the next page begins behind it."""

    begun_at: datetime
    effect_id: str

    @classmethod
    def of(cls, row: DeliveryRow) -> Self:
        """Mark the place of a row, usually the last one of a page."""
        return cls(begun_at=row.begun_at, effect_id=row.effect_id)


class Posted(NamedTuple):
    """What was posted under an effect id, and where to: `address` is the whole URL, of ours its origin."""

    effect_id: str
    address: str
    url_digest: str
    is_ours: bool
    body: str


def digest_of(url: str) -> str:
    """Return what tells one URL from another and does not say it: 64 hex digits."""
    return sha256(url.encode()).hexdigest()


class Deliveries:
    """Reads deliveries in a store that its owner opens and closes, and keeps what was posted."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def keep(self, posted: Posted) -> None:
        """Keep, before an attempt, what is posted; the first one under an id stays."""
        async with self._store.writing() as connection:
            await connection.execute(self._store.insert_new(posts), posted._asdict())

    async def posted(self, effect_id: str) -> Posted | None:
        """Return what was posted under an id, or None."""
        query = select(posts).where(posts.c.effect_id == effect_id)
        async with self._store.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Posted(**row._mapping)

    async def find(self, effect_id: str) -> DeliveryRow | None:
        """Return one delivery by webhook, or None."""
        async with self._store.reading() as connection:
            row = (await connection.execute(_by_webhook().where(rows.c.effect_id == effect_id))).one_or_none()
        return None if row is None else DeliveryRow.model_validate(row._mapping)

    async def webhooks(
        self,
        after: DeliveryPlace | None,
        limit: int,
        *,
        status: str | None = None,
        since: datetime | None = None,
    ) -> tuple[DeliveryRow, ...]:
        """List those by webhook, the latest first: arrived, under way, and those that never will."""
        query = _by_webhook()
        if status is not None:
            query = query.where(rows.c.status == status)
        if since is not None:
            query = query.where(rows.c.begun_at >= since)
        async with self._store.reading() as connection:
            found = await connection.execute(_in_order(query, after).limit(limit))
            return tuple(DeliveryRow.model_validate(row._mapping) for row in found)

    async def unsettled(
        self, status: DeliveryStatus, after: DeliveryPlace | None, limit: int, before: datetime | None = None
    ) -> tuple[tuple[DeliveryRow, bool], ...]:
        """List what stands so, by whichever channel, the latest first; true where its body was kept.

        `before`: only what was begun before an instant (UTC).
        """
        shown = [rows.c[name] for name in DeliveryRow.model_fields if name != "address"]
        address = func.coalesce(rows.c.address, posts.c.address).label("address")
        is_kept = posts.c.effect_id.is_not(None).label("is_kept")
        query = select(*shown, address, is_kept).select_from(
            rows.outerjoin(posts, posts.c.effect_id == rows.c.effect_id)
        )
        query = query.where(rows.c.status == status.value)
        if before is not None:
            query = query.where(rows.c.begun_at < before)
        async with self._store.reading() as connection:
            found = [row._mapping for row in await connection.execute(_in_order(query, after).limit(limit))]
        return tuple(
            (
                DeliveryRow.model_validate({name: row[name] for name in DeliveryRow.model_fields}),
                row["is_kept"],
            )
            for row in found
        )

    async def sent_again(self, posted: Posted, answer: str, by: str, at: datetime) -> None:
        """Note that somebody had a settled one sent again, and what the receiver answered."""
        this = update(rows).where(
            rows.c.effect_id == posted.effect_id, rows.c.status != DeliveryStatus.BEGUN.value
        )
        done = {
            "status": DeliveryStatus.DELIVERED.value,
            "channel": Channel.WEBHOOK.value,
            "address": posted.address,
            "answer": answer,
            "reason": f"sent again for {by}",
            "settled_at": at,
        }
        async with self._store.writing() as connection:
            await connection.execute(this.values(done))


def _in_order(query: Select[Any], after: DeliveryPlace | None) -> Select[Any]:
    """Put the latest first, behind a place if one is given."""
    if after is not None:
        same = and_(rows.c.begun_at == after.begun_at, rows.c.effect_id < after.effect_id)
        query = query.where(or_(rows.c.begun_at < after.begun_at, same))
    return query.order_by(rows.c.begun_at.desc(), rows.c.effect_id.desc())


def _by_webhook() -> Select[tuple[object, ...]]:
    """Select those that arrived by webhook, and those that were tried so and arrived nowhere else."""
    shown = {name: rows.c[name] for name in DeliveryRow.model_fields}
    shown["address"] = func.coalesce(rows.c.address, posts.c.address).label("address")  # type: ignore[assignment]
    query = select(*shown.values()).select_from(rows.outerjoin(posts, posts.c.effect_id == rows.c.effect_id))
    tried = and_(posts.c.effect_id.is_not(None), rows.c.channel.is_(None))
    return query.where(or_(rows.c.channel == Channel.WEBHOOK.value, tried))
