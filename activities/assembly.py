"""Puts the adapters together from the settings: what a worker needs to serve the activities.

This room wires and closes; no rule lives here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.case_store import CaseStore
from activities.courier import Channels, Courier
from activities.directory import Directory
from activities.mail import Mailer
from activities.outgoing_http import Poster
from activities.public_address import PublicAddresses
from activities.recording import Recording
from activities.regions import RosterActivities
from activities.rosters import Rosters
from activities.settings import AdapterSettings
from activities.telling import Telling
from activities.tenants import TenantDirectory
from activities.terms import TermsActivities
from activities.webhook import WebhookSender
from activities.wording import Words


@dataclass(frozen=True)
class Adapters:
    """Every adapter, ready. Close them when the worker has stopped."""

    store: CaseStore
    telling: Telling
    recording: Recording
    terms: TermsActivities
    tenants: TenantDirectory
    rosters: Rosters

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """This will list the activities for a worker, one for each contract."""
        return [
            self.telling.tell_customer,
            self.telling.tell_staff,
            self.recording.record_case,
            self.terms.compile_terms,
            RosterActivities(self.rosters).read_roster,
        ]

    @property
    def regional(self) -> list[Callable[..., Any]]:
        """This will list the activities for the worker of one centre: telling its own people."""
        return [self.telling.tell_staff]

    async def close(self) -> None:
        """This will close the store, once nobody reads in it any more."""
        await self.tenants.close()
        await self.rosters.close()
        await self.store.close()


async def open_adapters(settings: AdapterSettings) -> Adapters:
    """This will open the store, bring it up to date, and wire the rest. Raises: StoreUnreachable."""
    store = await CaseStore.open(settings.store_url.get_secret_value())
    public = PublicAddresses(allow_http=settings.allow_http_webhooks, networks=settings.webhook_networks)
    channels = Channels(Mailer(settings), WebhookSender(settings, Poster(), public))
    courier = Courier(store, Words(), Directory(settings), channels)
    tenants = TenantDirectory(store)
    rosters = Rosters(store)
    read_roster = rosters.read if settings.follow_the_sun else None
    terms = TermsActivities(look_up=tenants.look_up, read_roster=read_roster)
    return Adapters(store, Telling(courier, store), Recording(store), terms, tenants, rosters)
