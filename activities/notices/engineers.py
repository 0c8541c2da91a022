"""Where an engineer of the rota is paged, and telling them as well as their centre.

This room looks an address up and joins two outcomes; whom a notice names was decided in the domain. The
centre's list hears everything too, so that nothing hangs on one person: they may be asleep, and their pager
off.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from temporalio import activity

from activities.addresses import AddressInvalid, address_of
from activities.channels.attempt import TryAgain
from activities.notices.audiences import AudienceCourier
from activities.notices.courier import Courier
from activities.notices.directory import Addressees
from activities.notices.gathering import NotYet
from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from activities.store.patience import Patience
from domain.centres.rota import Engineer
from domain.effects import Address, Effect, EffectKind, Lane, Outcome, OutcomeStatus, Recipient

_log = logging.getLogger(__name__)

READ_WITHIN = timedelta(seconds=1)
"""How long a notice waits for the rota; then the centre alone is told."""

_TRIES = 5
"""After so many attempts a notice that its centre has waits for no pager (ours): others are behind it."""


class Reader(NamedTuple):
    """One of our engineers: where they are paged, and the zone they read, where it is not their centre's."""

    address: Address
    zone: str | None


class EngineerAddresses:
    """Read from the rota where the engineer is paged whom a notice names, and which clock they read."""

    def __init__(self, store: CaseStore, patience: timedelta = READ_WITHIN) -> None:
        self._rota = Rota(store)
        self._patience = Patience[Engineer | None](f"the rota at {store.address}", patience)

    async def of(self, effect: Effect) -> "Reader | None":
        """Return None where nobody is named or they have no address, or the store is not there in time."""
        name = _named(effect)
        found = await self._patience.read(name, partial(self._rota.engineer, name)) if name else None
        if found is None or found.address is None:
            return None
        try:
            return Reader(address_of(found.address), found.zone)
        except AddressInvalid as wrong:
            _log.warning("the rota, of %s: %s", name, wrong)
            return None

    async def close(self) -> None:
        """Wait until the last read has ended; the store may be closed after that."""
        await self._patience.close()


class EngineerCourier:
    """Tell an effect, and of those for an engineer or a centre the engineer they name too."""

    def __init__(
        self, others: AudienceCourier, courier: Courier, addresses: EngineerAddresses, store: CaseStore
    ) -> None:
        self._others = others
        self._courier = courier
        self._addresses = addresses
        self._store = store

    async def tell(self, effect: Effect, away: set[str]) -> Outcome:
        """Say how the effect ended: delivered once the centre or the engineer has it.

        Raises: TryAgain; whatever the store raises when it is away itself.
        """
        reader = await self._addresses.of(effect)
        if reader is None or reader.address in self._courier.find(effect).addresses:
            return await self._others.tell(effect, away)
        own = reader.address
        page = effect.model_copy(update={"id": f"{effect.id}/own", "reads_in": reader.zone})
        try:
            centre = await self._others.tell(effect, away)
        except TryAgain:
            with suppress(TryAgain):  # they are paged all the same; both are asked for again
                await self._to(own, page, away)
            raise
        return _together(centre, await self._page(page, own, centre, away))

    async def _to(self, own: Address, page: Effect, away: set[str]) -> Outcome:
        return await self._courier.tell(page, away, Addressees((own,), ours=True))

    async def _page(self, page: Effect, own: Address, centre: Outcome, away: set[str]) -> Outcome:
        try:
            return await self._to(own, page, away)
        except NotYet:
            raise
        except TryAgain as trouble:
            if centre.status is OutcomeStatus.DELIVERED and _has_waited(page):
                return await self._given_up(page, str(trouble))
            raise

    async def _given_up(self, page: Effect, reason: str) -> Outcome:
        settled = (await self._store.undeliverable(page.id, f"gave up: {reason}")).outcome
        assert settled is not None
        return settled


def _named(effect: Effect) -> str | None:
    """Name the engineer a notice is for; an offer and a new case are for whoever would get it."""
    if effect.to not in (Recipient.ASSIGNEE, Recipient.REGION):
        return None
    facts = effect.facts
    match effect.kind:
        case EffectKind.HANDOFF_OFFER:
            return facts.contact
        case EffectKind.NEW_CASE:
            return facts.contact or facts.owner
    return facts.owner


def _has_waited(effect: Effect) -> bool:
    """Tell whether a page was tried often enough; a centre that takes a case over does not wait."""
    attempt = activity.info().attempt if activity.in_activity() else 1
    return effect.lane is Lane.REGION or attempt >= _TRIES


def _together(centre: Outcome, own: Outcome) -> Outcome:
    """Return the centre's outcome, or the engineer's own where the centre could not be told."""
    own_arrived = own.status is OutcomeStatus.DELIVERED
    if centre.status is OutcomeStatus.DELIVERED:
        lost = None if own_arrived else f"the engineer was not reached: {own.reason}"
        said = "; ".join(filter(None, (centre.reason, lost))) or None
        return centre.model_copy(update={"reason": said})
    if not own_arrived:
        return centre
    reason = centre.reason if centre.failed else own.reason
    return own.model_copy(update={"effect_id": centre.effect_id, "failed": centre.failed, "reason": reason})
