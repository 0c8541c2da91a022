"""The ledger of deliveries: one row for each effect id, begun before anything is sent, settled afterwards.

This room is the only truth about what has left the house. An id keeps the content it was begun with; other
content under the same id is noted and never sent.
"""

import logging
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter
from sqlalchemy import select, update

from activities.content import Content
from activities.database import Database
from activities.tables import delivery_ledger as rows
from domain.effects import Address, Channel, Effect, EffectKind, Outcome, OutcomeStatus
from domain.frozen import Frozen

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
    will never work. `answer`, while it is begun, is where a vendor says how far he is.
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

    @property
    def outcome(self) -> Outcome | None:
        """This will say how the effect ended, or None while it has not."""
        if self.status is DeliveryStatus.BEGUN:
            return None
        notes = (
            self.reason,
            "another text came under this id and was not sent" if self.differed else None,
            "an attempt ended without a word, so it may have arrived twice" if self._is_doubtful else None,
        )
        return Outcome(
            effect_id=self.effect_id,
            status=OutcomeStatus(self.status.value),
            channel=self.channel,
            failed=self.failed,
            reason="; ".join(note for note in notes if note) or None,
            reference=self.answer if self._opened_a_ticket else None,
        )

    @property
    def _opened_a_ticket(self) -> bool:
        # What the vendor's interface answers is his own number of it.
        return self.channel is Channel.VENDOR and self.kind == EffectKind.VENDOR_TICKET

    @property
    def _is_doubtful(self) -> bool:
        # A webhook's receiver knows the id and takes it once.
        return self.repeated and self.channel is Channel.EMAIL


class DeliveryLedger(Database):
    """This will keep what was begun and how it ended."""

    async def begun(self, effect: Effect, content: Content) -> LedgerEntry:
        """This will note, before an attempt, what is about to leave; the first content stands.

        A row that is settled comes back as it is, so that the caller looks before he sends.
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
            changes = _at_another_attempt(entry, content)
            await connection.execute(update(rows).where(this).values(changes))
        return entry.model_copy(update=changes)

    async def done(
        self,
        effect_id: str,
        address: Address,
        answer: str,
        failed: tuple[Address, ...] = (),
        reason: str | None = None,
    ) -> LedgerEntry:
        """This will note that an effect arrived, where, and what the receiver answered."""
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
        """This will note that an effect will never arrive, and why."""
        return await self._settle(
            effect_id,
            status=DeliveryStatus.UNDELIVERABLE.value,
            reason=reason,
            failed=_ADDRESSES.dump_json(failed).decode(),
        )

    async def not_yet(self, effect_id: str, until: datetime | None = None) -> None:
        """This will note that an attempt surely failed, and until when the receiver wants no other."""
        async with self.writing() as connection:
            this = update(rows).where(rows.c.effect_id == effect_id)
            await connection.execute(this.values(open_end=False, not_before=until))

    async def under_way(self, effect_id: str, where: str, until: datetime) -> None:
        """This will note that the receiver works on it, where to ask him, and not before when (UTC)."""
        async with self.writing() as connection:
            this = update(rows).where(rows.c.effect_id == effect_id)
            still = this.where(rows.c.status == DeliveryStatus.BEGUN.value)
            await connection.execute(still.values(answer=where, not_before=until))

    async def ledger(self, effect_id: str) -> LedgerEntry | None:
        """This will return the row of one effect, or None where nothing was begun."""
        async with self.reading() as connection:
            found = await connection.execute(select(rows).where(rows.c.effect_id == effect_id))
            row = found.one_or_none()
        return None if row is None else _entry(row._mapping)

    async def deliveries(self, case_id: str) -> tuple[LedgerEntry, ...]:
        """This will return what was told about one case, in the order in which it was begun."""
        query = select(rows).where(rows.c.case_id == case_id).order_by(rows.c.begun_at, rows.c.effect_id)
        async with self.reading() as connection:
            return tuple(_entry(row._mapping) for row in await connection.execute(query))

    async def vendor_ticket(self, case_id: str) -> LedgerEntry | None:
        """This will return the effect that opened the case's latest ticket by the vendor's interface."""
        opened = (rows.c.kind == EffectKind.VENDOR_TICKET.value, rows.c.channel == Channel.VENDOR.value)
        query = select(rows).where(rows.c.case_id == case_id, *opened)
        async with self.reading() as connection:
            found = await connection.execute(query.order_by(rows.c.settled_at.desc()).limit(1))
            row = found.one_or_none()
        return None if row is None else _entry(row._mapping)

    async def _settle(self, effect_id: str, **values: str | None) -> LedgerEntry:
        """This will settle what is begun and leave what is settled; the content has done its duty."""
        this = rows.c.effect_id == effect_id
        still = update(rows).where(this, rows.c.status == DeliveryStatus.BEGUN.value)
        async with self.writing() as connection:
            await connection.execute(
                still.values(settled_at=datetime.now(UTC), content=None, open_end=False, **values)
            )
            return _entry((await connection.execute(select(rows).where(this))).one()._mapping)


def _at_another_attempt(entry: LedgerEntry, content: Content) -> dict[str, bool]:
    """This will say what an attempt changes: what is settled is not tried, other content is only noted."""
    differed = entry.digest != content.digest
    if differed and not entry.differed:
        _log.warning("effect %s came again with another content; the first one counts", entry.effect_id)
    is_tried = entry.status is DeliveryStatus.BEGUN
    return {
        "differed": entry.differed or differed,
        "open_end": is_tried,
        "repeated": entry.repeated or entry.open_end,
    }


def _entry(row: object) -> LedgerEntry:
    return LedgerEntry.model_validate(row)
