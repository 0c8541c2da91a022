"""Tells customers, staff and the vendor: the activities of the delivery lanes.

This room keeps the order of a lane and the time of an attempt. One effect that will never arrive does not
stop the others; one that did not arrive now is tried again after the others had their turn, and the ledger
keeps those that are done from being told twice.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.channels.attempt import TryAgain, shortened
from activities.notices.audiences import AudienceCourier
from activities.notices.courier import Courier
from activities.notices.engineers import EngineerCourier
from activities.store.case_store import CaseStore
from domain.effects import (
    TELL_CUSTOMER,
    TELL_STAFF,
    TELL_VENDOR,
    Delivery,
    DeliveryReport,
    Effect,
    Outcome,
    OutcomeStatus,
)

_log = logging.getLogger(__name__)

STARTS_WITHIN = 13.0
"""Seconds of an attempt in which a next effect is begun: longer than one mail or webhook that hangs."""

ONE_EFFECT = 15.0
"""Seconds for one effect; both together stay below the 30 s an activity has."""


class _Unfinished(NamedTuple):
    effect: Effect
    trouble: Exception

    @property
    def wish(self) -> timedelta | None:
        return self.trouble.after if isinstance(self.trouble, TryAgain) else None


class Telling:
    """Carry out deliveries, one effect after the other."""

    def __init__(self, courier: Courier | AudienceCourier | EngineerCourier, store: CaseStore) -> None:
        self._courier = courier
        self._store = store

    @activity.defn(name=TELL_CUSTOMER)
    async def tell_customer(self, delivery: Delivery) -> DeliveryReport:
        """Tell the customer's side; what failed for now is tried again by Temporal."""
        return await self._tell(delivery)

    @activity.defn(name=TELL_STAFF)
    async def tell_staff(self, delivery: Delivery) -> DeliveryReport:
        """Tell our own side; what failed for now is tried again by Temporal."""
        return await self._tell(delivery)

    @activity.defn(name=TELL_VENDOR)
    async def tell_vendor(self, delivery: Delivery) -> DeliveryReport:
        """Tell the vendor; what failed for now is tried again by Temporal, when they wish it."""
        return await self._tell(delivery)

    async def _tell(self, delivery: Delivery) -> DeliveryReport:
        ended: dict[str, Outcome] = {}
        unfinished: list[_Unfinished] = []
        away: set[str] = set()
        last_start = asyncio.get_running_loop().time() + STARTS_WITHIN
        for effect in delivery.effects:
            try:
                ended[effect.id] = await self._tell_in_time(effect, away, last_start)
            except Exception as trouble:  # a bug in one message must not keep the others from leaving
                if not isinstance(trouble, TryAgain | TimeoutError):
                    _log.exception("effect %s", effect.id)
                unfinished.append(_Unfinished(effect, trouble))
        if unfinished:
            if _another_try_comes(unfinished):
                raise _again(unfinished)
            ended |= await self._give_up(unfinished)
        return DeliveryReport(outcomes=tuple(ended[effect.id] for effect in delivery.effects))

    async def _tell_in_time(self, effect: Effect, away: set[str], last_start: float) -> Outcome:
        if asyncio.get_running_loop().time() > last_start:
            raise TryAgain("not begun: those before took all the time of this attempt")
        async with asyncio.timeout(ONE_EFFECT):
            return await self._courier.tell(effect, away)

    async def _give_up(self, unfinished: Sequence[_Unfinished]) -> dict[str, Outcome]:
        """Settle what there is no time left for, lest those told are reported lost with it."""
        ended = {}
        for effect, trouble in unfinished:
            reason = f"gave up: {_said(trouble)}"
            lost = Outcome(effect_id=effect.id, status=OutcomeStatus.UNDELIVERABLE, reason=reason)
            begun = await self._store.ledger(effect.id)
            settled = (await self._store.undeliverable(effect.id, reason)).outcome if begun else None
            ended[effect.id] = settled or lost
        return ended


def _again(unfinished: Sequence[_Unfinished]) -> ApplicationError:
    """Ask Temporal for another attempt; all receivers' wishes together win over its own waits."""
    said = dict.fromkeys(_said(trouble) for _, trouble in unfinished)
    wishes = [one.wish for one in unfinished]
    return ApplicationError(
        shortened(f"{len(unfinished)} not told yet: {'; '.join(said)}"),
        type="NotToldYet",
        next_retry_delay=min(wish for wish in wishes if wish) if all(wishes) else None,
    )


def _said(trouble: Exception) -> str:
    if isinstance(trouble, TimeoutError):
        return f"no end within {ONE_EFFECT:.0f} s"
    return str(trouble) if isinstance(trouble, TryAgain) else f"{type(trouble).__name__}: {trouble}"


def _another_try_comes(unfinished: Sequence[_Unfinished]) -> bool:
    """Tell whether Temporal has time for another attempt before it gives the whole lane up."""
    if not activity.in_activity():
        return True
    info = activity.info()
    policy = info.retry_policy
    if not info.schedule_to_close_timeout or policy is None:
        return True
    grown = policy.initial_interval * policy.backoff_coefficient ** min(info.attempt - 1, 30)
    own_pause = min(grown, policy.maximum_interval or grown)
    pause = max(own_pause, *(one.wish or timedelta(0) for one in unfinished))
    return datetime.now(UTC) + pause < info.scheduled_time + info.schedule_to_close_timeout
