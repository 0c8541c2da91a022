"""Telling a vendor over real sockets, with a fake one that fails as it is told."""

from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.assembly import open_vendor
from activities.channels.http import Poster, PostTimes
from activities.channels.mail import Mailer
from activities.channels.public_address import PublicAddresses
from activities.channels.webhook import WebhookSender
from activities.notices.courier import Channels, Courier
from activities.notices.directory import Directory
from activities.notices.lanes import Telling
from activities.store.case_store import CaseStore
from activities.words.letters import Words
from domain.effects import Delivery, DeliveryReport, Effect, EffectKind, Outcome, Recipient
from domain.messages.request import Availability, Contact
from starter.desk.fake_vendor import FakeVendor, Mood
from tests.activities.builders import effect
from tests.activities.desk import settings

TOKEN = "tok-3f9c8a71e6"
LOOPBACK: dict[str, Any] = {"vendor_networks": ("127.0.0.0/8",)}
KIM = Contact(
    name="Kim van Ng",
    email="kim@partner.example",
    phone="+61 2 5550 0100",
    availability=Availability(zone="Australia/Sydney", start="09:00", end="17:00"),
)


class Moods:
    """What the vendor is like, request by request; the last mood stays."""

    def __init__(self, *moods: Mood) -> None:
        self.next = list(moods) or [Mood.WELL]

    def __call__(self) -> Mood:
        return self.next.pop(0) if len(self.next) > 1 else self.next[0]


def config_file(place: Path, url: str, more: str = "") -> str:
    file = place / "vendor.toml"
    file.write_text(f'extends = "practice"\nbase_url = "{url}"\n{more}', encoding="utf-8")
    return str(file)


def ticket(cause: str = "r-1", **facts: Any) -> Effect:
    return _to_vendor(
        EffectKind.VENDOR_TICKET, cause, **{"technical_contact": KIM, "product": "azure"} | facts
    )


def follow_up(cause: str = "r-2", **facts: Any) -> Effect:
    return _to_vendor(EffectKind.VENDOR_FOLLOW_UP, cause, **facts)


def _to_vendor(kind: EffectKind, cause: str, **facts: Any) -> Effect:
    whole = effect().facts.model_copy(update=facts)
    return effect(cause, kind=kind, to=Recipient.VENDOR, facts=whole)


class VendorDesk:
    """The adapters as the product puts them together; `patience` in seconds."""

    def __init__(self, store: CaseStore, mail_port: int = 1, *, patience: float = 5, **given: Any) -> None:
        found = settings(**{"smtp_port": mail_port, "vendor_token": TOKEN, **LOOPBACK, **given})
        vendor = open_vendor(found, PostTimes(step=patience, post=patience))
        channels = Channels(Mailer(found), WebhookSender(found, Poster(), PublicAddresses()), vendor)
        directory = Directory(found, vendor.address if vendor else None)
        self.store = store
        self.telling = Telling(Courier(store, Words(), directory, channels), store)

    async def tell(self, *effects: Effect) -> Outcome:
        """How the last of them ended."""
        report: DeliveryReport = await self.telling.tell_vendor(Delivery(effects=effects))
        return report.outcomes[-1]

    async def not_told(self, *effects: Effect) -> ApplicationError:
        """The error that asks Temporal for another attempt."""
        with pytest.raises(ApplicationError) as caught:
            await self.tell(*effects)
        assert not caught.value.non_retryable
        return caught.value


class FakeAt:
    """A fake vendor that runs, and his moods."""

    def __init__(self, vendor: FakeVendor, moods: Moods) -> None:
        self.vendor = vendor
        self.moods = moods

    def is_now(self, *moods: Mood) -> None:
        self.moods.next = list(moods)

    def keys(self) -> list[str]:
        return [one.key for one in self.vendor.tickets]
