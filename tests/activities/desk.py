"""The adapters put together as the product does it, with short patience."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.channels.http import Poster, PostTimes
from activities.channels.mail import Mailer, MailTimes
from activities.channels.public_address import PublicAddresses
from activities.channels.public_address import resolve as system
from activities.channels.webhook import WebhookSender
from activities.notices.audiences import AudienceCourier
from activities.notices.courier import Channels, Courier
from activities.notices.directory import Directory
from activities.notices.engineers import EngineerAddresses, EngineerCourier
from activities.notices.gathering import Gathering
from activities.notices.lanes import Telling
from activities.people.tenant_records import TenantRecords
from activities.settings import AdapterSettings
from activities.store.case_store import CaseStore
from activities.store.digests import Digests
from activities.words.letters import Words
from domain.effects import Delivery, DeliveryReport, Effect, Outcome

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
SHORT = 0.3
"""Seconds; only what hangs for ever meets it."""


def settings(**given: Any) -> AdapterSettings:
    return AdapterSettings(**{"mail_from": "Desk <desk@support.example>", "webhook_secret": SECRET} | given)


def mailer(port: int, *, patience: float = 10, **given: Any) -> Mailer:
    return Mailer(settings(smtp_port=port, **given), MailTimes(reply=patience, mail=patience * 4))


class Desk:
    """Telling over real sockets; `resolver` answers for names nobody has.

    With `quiet` (s) notices of a shift end wait for others.
    """

    def __init__(
        self,
        store: CaseStore,
        mail_port: int = 1,
        *,
        patience: float = 10,
        words: Words | None = None,
        quiet: float | None = None,
        **given: Any,
    ) -> None:
        self.store = store
        found = settings(smtp_port=mail_port, **given)
        public = PublicAddresses(
            allow_http=found.allow_http_webhooks, networks=found.webhook_networks, resolver=resolve
        )
        poster = Poster(PostTimes(step=patience, post=patience))
        channels = Channels(
            Mailer(found, MailTimes(reply=patience, mail=patience * 4)), WebhookSender(found, poster, public)
        )
        said = words or Words()
        digests = None if quiet is None else Digests(store, timedelta(seconds=quiet))
        gathering = Gathering(digests, store, said, channels.mail) if digests else None
        courier = Courier(store, said, Directory(found), channels, gathering=gathering)
        self.tenants = TenantRecords(store)
        people = AudienceCourier(courier, self.tenants)
        self.telling = Telling(EngineerCourier(people, courier, EngineerAddresses(store), store), store)

    async def tell(self, *effects: Effect) -> tuple[Outcome, ...]:
        report: DeliveryReport = await self.telling.tell_customer(Delivery(effects=effects))
        return report.outcomes

    async def tell_at_last(self, *effects: Effect) -> tuple[Outcome, ...]:
        """Tell as the engine does: again and again, after the wait that was asked for."""
        while True:
            try:
                return await self.tell(*effects)
            except ApplicationError as error:
                wait = error.next_retry_delay or timedelta(seconds=SHORT)
                await asyncio.sleep(wait.total_seconds())

    async def not_told(self, *effects: Effect) -> ApplicationError:
        """The error that asks Temporal for another attempt."""
        with pytest.raises(ApplicationError) as caught:
            await self.tell(*effects)
        assert not caught.value.non_retryable
        return caught.value


async def resolve(host: str, port: int) -> list[str]:
    """Everybody under customer.example lives on this machine; numbers are themselves, as for the system."""
    return ["127.0.0.1"] if host.endswith("customer.example") else await system(host, port)
