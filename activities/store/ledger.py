"""The ledger of deliveries: one row for each effect id, begun before anything is sent, settled afterwards.

This room is the only truth about what has left the house. An id keeps the content it was begun with; other
content under the same id is noted and never sent.
"""

import logging
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.delivery_tables import delivery_ledger as rows
from activities.store.delivery_tables import told_addresses as claims
from activities.words.content import Content
from domain.effects import (
    Address,
    Channel,
    Effect,
    EffectKind,
    Outcome,
    OutcomeStatus,
    said_by,
    says_the_same,
)
from domain.frozen import Frozen

CLAIMED = timedelta(seconds=20)
"""How long one attempt speaks for others: longer than it may take (15 s for one effect)."""

_log = logging.getLogger(__name__)
_ADDRESSES = TypeAdapter(tuple[Address, ...])


class DeliveryStatus(StrEnum):
    """How far an effect has come."""

    BEGUN = "begun"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


def _from_json(value: object) -> object:
    return Content.model_validate_json(value) if isinstance(value, str) else value


def _addresses(value: object) -> object:
    return _ADDRESSES.validate_json(value) if isinstance(value, str) else value


class LedgerEntry(Frozen):
    """One effect: what it said until it arrived, where it went and what was answered; instants UTC.

    `differed`: another content came under the same id and was not sent. `open_end`: an attempt began of
    which no verdict is known; `repeated`: there was another one after such an attempt, so a mail may have
    arrived twice. `not_before`: the receiver asked to be left alone until then. `failed`: addresses that
    will never work. `waits`, which no column keeps: one of the same cause and kind may be telling its address
    just now. `answer`, while it is begun, is where a vendor says how far they are.
    """

    effect_id: str
    case_id: str
    kind: str
    recipient: str
    status: DeliveryStatus
    digest: str
    content: Annotated[Content | None, BeforeValidator(_from_json)] = None
    differed: bool = False
    open_end: bool = False
    repeated: bool = False
    begun_at: datetime
    not_before: datetime | None = None
    settled_at: datetime | None = None
    channel: Channel | None = None
    address: str | None = None
    answer: str | None = None
    reason: str | None = None
    failed: Annotated[tuple[Address, ...], BeforeValidator(_addresses)] = ()
    waits: bool = False

    @property
    def outcome(self) -> Outcome | None:
        """Say how the effect ended, or None while it has not."""
        if self.status is DeliveryStatus.BEGUN:
            return None
        notes = (
            self.reason,
            "another text came under this id and was not sent" if self.differed else None,
            "an attempt ended without a word, so it may have arrived twice" if self.is_doubtful else None,
        )
        return Outcome(
            effect_id=self.effect_id,
            status=OutcomeStatus(self.status.value),
            channel=self.channel,
            failed=self.failed,
            reason="; ".join(note for note in notes if note) or None,
            reference=self.answer if self._opened_a_ticket else None,
            gathered=int(self._went_with[1]) if self._went_with else 0,
        )

    @property
    def _opened_a_ticket(self) -> bool:
        # What the vendor's interface answers is their own number of it.
        return self.channel is Channel.VENDOR and self.kind == EffectKind.VENDOR_TICKET

    @property
    def _went_with(self) -> re.Match[str] | None:
        return _GATHERED.fullmatch(self.answer or "") if self.channel is Channel.EMAIL else None

    @property
    def is_doubtful(self) -> bool:
        """Whether a mail may have arrived twice; a webhook's receiver knows the id and takes it once."""
        went_twice = self._went_with is not None and self._went_with[2] is not None
        return (self.repeated or went_twice) and self.channel is Channel.EMAIL


_GATHERED = re.compile(r"told in one mail with (\d{1,6}) more(; perhaps twice)?")


def told_gathered(others: int, *, is_doubtful: bool) -> str:
    """Return what the ledger holds as the answer of a notice that went in one mail with others."""
    return f"told in one mail with {others} more{'; perhaps twice' if is_doubtful else ''}"


class DeliveryLedger(Database):
    """Keep what was begun and how it ended."""

    async def begun(self, effect: Effect, content: Content, mail: Address | None = None) -> LedgerEntry:
        """Note, before an attempt, what is about to leave; the first content stands.

        A row that is settled comes back as it is, so that the caller looks before they send. `mail` is the
        address of ours it goes to: the row `waits` while another one may be telling it the same.
        """
        row = {
            "effect_id": effect.id,
            "case_id": effect.case_id,
            "kind": effect.kind.value,
            "recipient": effect.to.value,
            "status": DeliveryStatus.BEGUN.value,
            "digest": content.digest,
            "content": content.model_dump_json(),
            "differed": False,
            "open_end": False,
            "repeated": False,
            "begun_at": datetime.now(UTC),
            "failed": "[]",
        }
        this = rows.c.effect_id == effect.id
        async with self.writing() as connection:
            await connection.execute(self.insert_new(rows), row)
            found = await connection.execute(select(rows).where(this).with_for_update())
            entry = _entry(found.one()._mapping)
            is_tried = entry.status is DeliveryStatus.BEGUN
            waits = is_tried and mail is not None and await self._waits(connection, effect, mail)
            changes = _at_another_attempt(entry, content, is_tried=is_tried and not waits)
            await connection.execute(update(rows).where(this).values(changes))
        return entry.model_copy(update=changes | {"waits": waits})

    async def _waits(self, connection: AsyncConnection, effect: Effect, mail: Address) -> bool:
        """Take it upon an effect to tell an address what others of its cause and kind would tell it too.

        True where another one is at it: it has an attempt that may be under way. One that has ended without
        telling the address, or has not been tried for a while, gives way.
        """
        said_to, now = f"{said_by(effect)} {mail.to}", datetime.now(UTC)
        this, mine = claims.c.said_to == said_to, {"effect_id": effect.id, "claimed_at": now}
        await connection.execute(self.insert_new(claims).values({"said_to": said_to} | mine))
        holds = select(claims.c.effect_id, claims.c.claimed_at).where(this).with_for_update()
        holder = (await connection.execute(holds)).one()
        if holder.effect_id != effect.id and now < holder.claimed_at + CLAIMED:
            status = select(rows.c.status).where(rows.c.effect_id == holder.effect_id)
            found = (await connection.execute(status)).scalar_one_or_none()
            if found == DeliveryStatus.BEGUN.value:
                return True
        await connection.execute(update(claims).where(this).values(mine))
        return False

    async def done(
        self,
        effect_id: str,
        address: Address,
        answer: str,
        failed: tuple[Address, ...] = (),
        reason: str | None = None,
    ) -> LedgerEntry:
        """Note that an effect arrived, where, and what the receiver answered."""
        return await self._settle(
            effect_id,
            status=DeliveryStatus.DELIVERED.value,
            channel=address.channel.value,
            address=address.to,
            answer=answer,
            reason=reason,
            failed=_ADDRESSES.dump_json(failed).decode(),
        )

    async def undeliverable(
        self, effect_id: str, reason: str, failed: tuple[Address, ...] = ()
    ) -> LedgerEntry:
        """Note that an effect will never arrive, and why."""
        return await self._settle(
            effect_id,
            status=DeliveryStatus.UNDELIVERABLE.value,
            reason=reason,
            failed=_ADDRESSES.dump_json(failed).decode(),
        )

    async def not_yet(self, effect_id: str, until: datetime | None = None) -> None:
        """Note that an attempt surely failed, and until when the receiver wants no other."""
        async with self.writing() as connection:
            this = update(rows).where(rows.c.effect_id == effect_id)
            await connection.execute(this.values(open_end=False, not_before=until))

    async def under_way(self, effect_id: str, where: str | None, until: datetime | None) -> None:
        """Note that the receiver works on it, where to ask (None: nowhere), and not before when (UTC)."""
        async with self.writing() as connection:
            this = update(rows).where(rows.c.effect_id == effect_id)
            still = this.where(rows.c.status == DeliveryStatus.BEGUN.value)
            await connection.execute(still.values(answer=where, not_before=until))

    async def ledger(self, effect_id: str) -> LedgerEntry | None:
        """Return the row of one effect, or None where nothing was begun."""
        async with self.reading() as connection:
            found = await connection.execute(select(rows).where(rows.c.effect_id == effect_id))
            row = found.one_or_none()
        return None if row is None else _entry(row._mapping)

    async def deliveries(self, case_id: str) -> tuple[LedgerEntry, ...]:
        """Return what was told about one case, in the order in which it was begun."""
        query = select(rows).where(rows.c.case_id == case_id).order_by(rows.c.begun_at, rows.c.effect_id)
        async with self.reading() as connection:
            return tuple(_entry(row._mapping) for row in await connection.execute(query))

    async def told_with(self, effect: Effect, address: Address) -> str | None:
        """Return the effect by which an address has had what this one says: of its cause and kind.

        None where it has not, or not yet.
        """
        same = (rows.c.case_id == effect.case_id, rows.c.kind == effect.kind.value)
        there = (rows.c.address == address.to, rows.c.status == DeliveryStatus.DELIVERED.value)
        query = select(rows.c.effect_id).where(*same, *there, rows.c.effect_id != effect.id)
        async with self.reading() as connection:
            found = [str(other) for other in (await connection.execute(query)).scalars()]
        return next((other for other in found if says_the_same(effect.id, other, effect.kind)), None)

    async def vendor_ticket(self, case_id: str) -> LedgerEntry | None:
        """Return the effect that opened the case's latest ticket by the vendor's interface."""
        opened = (rows.c.kind == EffectKind.VENDOR_TICKET.value, rows.c.channel == Channel.VENDOR.value)
        query = select(rows).where(rows.c.case_id == case_id, *opened)
        async with self.reading() as connection:
            found = await connection.execute(query.order_by(rows.c.settled_at.desc()).limit(1))
            row = found.one_or_none()
        return None if row is None else _entry(row._mapping)

    async def _settle(self, effect_id: str, **values: str | None) -> LedgerEntry:
        """Settle what is begun and leave what is settled; the content has done its duty."""
        this = rows.c.effect_id == effect_id
        still = update(rows).where(this, rows.c.status == DeliveryStatus.BEGUN.value)
        async with self.writing() as connection:
            await connection.execute(
                still.values(settled_at=datetime.now(UTC), content=None, open_end=False, **values)
            )
            return _entry((await connection.execute(select(rows).where(this))).one()._mapping)


def _at_another_attempt(entry: LedgerEntry, content: Content, *, is_tried: bool) -> dict[str, bool]:
    """Say what an attempt changes: what is settled or waits is not tried, other content is only noted."""
    differed = entry.digest != content.digest
    if differed and not entry.differed:
        _log.warning("effect %s came again with another content; the first one counts", entry.effect_id)
    return {
        "differed": entry.differed or differed,
        "open_end": is_tried or (entry.open_end and entry.status is DeliveryStatus.BEGUN),
        "repeated": entry.repeated or (is_tried and entry.open_end),
    }


def _entry(row: object) -> LedgerEntry:
    return LedgerEntry.model_validate(row)
