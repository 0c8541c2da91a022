"""Tells everybody on a list of a tenant, each once, by what the tenant directory says at that moment.

This room looks people up and counts; what they are told was decided in the domain. Each of them has a ledger
row of their own, so an attempt that was cut short goes on where it stopped. Addresses stay in the ledger: the
case learns how many there were.
"""

import hashlib
from collections import Counter

from activities.addresses import AddressInvalid, address_of
from activities.channels.attempt import TryAgain
from activities.notices.courier import Courier
from activities.people.tenant_records import TenantRecords
from domain.effects import Address, Audience, Effect, Outcome, OutcomeStatus


class AudienceCourier:
    """Tell one effect: as it is, or to everybody on the list it is for."""

    def __init__(self, courier: Courier, tenants: TenantRecords) -> None:
        self._courier = courier
        self._tenants = tenants

    async def tell(self, effect: Effect, away: set[str]) -> Outcome:
        """Say how the effect ended; of a list it is delivered once somebody has it.

        Raises: TryAgain while somebody may still be reached; whatever the store raises when it is away.
        """
        if effect.audience is None:
            return await self._courier.tell(effect, away)
        people = await self._people(effect.audience)
        found = {one: _address(one) for one in people}
        outcomes = await self._tell_each(effect, [one for one in found.values() if one], away)
        told = [one for one in outcomes if one.status is OutcomeStatus.DELIVERED]
        return Outcome(
            effect_id=effect.id,
            status=OutcomeStatus.DELIVERED if told else OutcomeStatus.UNDELIVERABLE,
            channel=told[0].channel if told else None,
            reason=_said(effect.audience.name, len(people), len(told)),
        )

    async def _people(self, audience: Audience) -> tuple[str, ...]:
        kept = await self._tenants.record(audience.tenant)
        people = kept.record.audiences.get(audience.name, ()) if kept else ()
        return tuple(dict.fromkeys(people))

    async def _tell_each(self, effect: Effect, addresses: list[Address], away: set[str]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        trouble: list[TryAgain] = []
        for address in addresses:
            try:
                outcomes.append(await self._courier.tell(_for_one(effect, address), away))
            except TryAgain as error:
                trouble.append(error)
        if trouble:
            reasons = Counter(map(str, trouble)).most_common(1)[0][0]
            raise TryAgain(f"{len(trouble)} of {len(addresses)} on the list not told yet: {reasons}")
        return outcomes


def _for_one(effect: Effect, address: Address) -> Effect:
    digest = hashlib.sha256(address.to.encode()).hexdigest()[:12]
    return effect.model_copy(
        update={"id": f"{effect.id}/{digest}", "addresses": (address,), "audience": None}
    )


def _address(text: str) -> Address | None:
    try:
        return address_of(text)
    except AddressInvalid:  # a name: the list may have people nobody can write to
        return None


def _said(name: str, people: int, told: int) -> str | None:
    """Say who is left out, in numbers; nothing where everybody was told."""
    if not people:
        return f"nobody is on the list {name} of this tenant"
    return None if told == people else f"{people - told} of {people} on the list {name} could not be told"
