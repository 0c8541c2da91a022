"""Where an engineer of the rota is paged, and telling him besides his centre.

This room looks an address up and joins two outcomes; whom a notice names was decided in the domain. The
centre's list hears everything too, so that nothing hangs on one person: he may be asleep, and his pager off.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial

from temporalio import activity

from activities.addresses import AddressInvalid, address_of
from activities.attempt import TryAgain
from activities.audiences import AudienceCourier
from activities.case_store import CaseStore
from activities.courier import Courier
from activities.directory import Addressees
from activities.patience import Patience
from activities.rota import Rota
from domain.effects import Address, Effect, EffectKind, Lane, Outcome, OutcomeStatus, Recipient

_log = logging.getLogger(__name__)

READ_WITHIN = timedelta(seconds=1)
"""How long a notice waits for the rota; then the centre alone is told."""

_TRIES = 5
"""After so many attempts a notice that its centre has waits for no pager (ours): others are behind it."""


class EngineerAddresses:
    """This will read from the rota where the engineer is paged whom a notice names."""

    def __init__(self, store: CaseStore, patience: timedelta = READ_WITHIN) -> None:
        self._rota = Rota(store)
        self._patience = Patience[str | None](f"the rota at {store.address}", patience)

    async def of(self, effect: Effect) -> Address | None:
        """This will be None where nobody is named or he has no address, or the store is not there in time."""
        name = _named(effect)
        text = await self._patience.read(name, partial(self._address, name)) if name else None
        try:
            return address_of(text) if text else None
        except AddressInvalid as wrong:
            _log.warning("the rota, of %s: %s", name, wrong)
            return None

    async def close(self) -> None:
        """This will wait until the last read has ended; the store may be closed after that."""
        await self._patience.close()

    async def _address(self, name: str) -> str | None:
        engineer = await self._rota.engineer(name)
        return engineer.address if engineer else None


class EngineerCourier:
    """This will tell an effect, and of those for an engineer or a centre the engineer they name too."""

    def __init__(
        self, others: AudienceCourier, courier: Courier, addresses: EngineerAddresses, store: CaseStore
    ) -> None:
        self._others = others
        self._courier = courier
        self._addresses = addresses
        self._store = store

    async def tell(self, effect: Effect, away: set[str]) -> Outcome:
        """This will say how the effect ended: delivered once the centre or the engineer has it.

        Raises: TryAgain; whatever the store raises when it is away itself.
        """
        own = await self._addresses.of(effect)
        if own is None or own in self._courier.find(effect).addresses:
            return await self._others.tell(effect, away)
        page = effect.model_copy(update={"id": f"{effect.id}/own"})
        try:
            centre = await self._others.tell(effect, away)
        except TryAgain:
            with suppress(TryAgain):  # he is paged all the same; both are asked for again
                await self._to(own, page, away)
            raise
        return _together(centre, await self._page(page, own, centre, away))

    async def _to(self, own: Address, page: Effect, away: set[str]) -> Outcome:
        return await self._courier.tell(page, away, Addressees((own,), ours=True))

    async def _page(self, page: Effect, own: Address, centre: Outcome, away: set[str]) -> Outcome:
        try:
            return await self._to(own, page, away)
        except TryAgain as trouble:
            if centre.status is OutcomeStatus.DELIVERED and _has_waited(page):
                return await self._given_up(page, str(trouble))
            raise

    async def _given_up(self, page: Effect, reason: str) -> Outcome:
        settled = (await self._store.undeliverable(page.id, f"gave up: {reason}")).outcome
        assert settled is not None
        return settled


def _named(effect: Effect) -> str | None:
    """This will name the engineer a notice is for; an offer is for whoever would get the case."""
    if effect.to not in (Recipient.ASSIGNEE, Recipient.REGION):
        return None
    is_offer = effect.kind is EffectKind.HANDOFF_OFFER
    return effect.facts.contact if is_offer else effect.facts.owner


def _has_waited(effect: Effect) -> bool:
    """This will tell whether a page was tried often enough; a centre that takes a case over does not wait."""
    attempt = activity.info().attempt if activity.in_activity() else 1
    return effect.lane is Lane.REGION or attempt >= _TRIES


def _together(centre: Outcome, own: Outcome) -> Outcome:
    """This will be the centre's outcome, or the engineer's own where the centre could not be told."""
    own_arrived = own.status is OutcomeStatus.DELIVERED
    if centre.status is OutcomeStatus.DELIVERED:
        lost = None if own_arrived else f"the engineer himself was not reached: {own.reason}"
        said = "; ".join(filter(None, (centre.reason, lost))) or None
        return centre.model_copy(update={"reason": said})
    if not own_arrived:
        return centre
    reason = centre.reason if centre.failed else own.reason
    return own.model_copy(update={"effect_id": centre.effect_id, "failed": centre.failed, "reason": reason})
