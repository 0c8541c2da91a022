"""Puts the adapters together from the settings: what a worker needs to serve the activities.

This room wires and closes; no rule lives here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.audiences import AudienceCourier
from activities.case_store import CaseStore
from activities.courier import Channels, Courier
from activities.directory import Directory
from activities.engineers import EngineerAddresses, EngineerCourier
from activities.fan_out import FanOut
from activities.mail import Mailer
from activities.outgoing_http import Poster, PostTimes
from activities.public_address import PublicAddresses
from activities.recording import Recording
from activities.regions import RosterActivities
from activities.rosters import Rosters
from activities.settings import AdapterSettings
from activities.survey_links import SurveyLinks
from activities.telling import Telling
from activities.tenants import TenantDirectory
from activities.terms import TermsActivities
from activities.vendor_config import load_vendor
from activities.vendor_rest import RestVendor
from activities.webhook import WebhookSender
from activities.wording import Words

VENDOR_TIMES = PostTimes(step=6, post=6)
"""Seconds: to look for what may be there and to send it fit into the 15 s an effect has."""


@dataclass(frozen=True)
class Adapters:
    """Every adapter, ready. Close them when the worker has stopped."""

    store: CaseStore
    telling: Telling
    recording: Recording
    terms: TermsActivities
    tenants: TenantDirectory
    rosters: Rosters
    engineers: EngineerAddresses
    fan_out: FanOut

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """This will list the activities for a worker, one for each contract."""
        return [
            self.telling.tell_customer,
            self.telling.tell_staff,
            self.telling.tell_vendor,
            self.recording.record_case,
            self.terms.compile_terms,
            RosterActivities(self.rosters).read_roster,
            self.fan_out.fan_out,
        ]

    @property
    def regional(self) -> list[Callable[..., Any]]:
        """This will list the activities for the worker of one centre: telling its own people."""
        return [self.telling.tell_staff]

    async def close(self) -> None:
        """This will close the store, once nobody reads in it any more."""
        await self.tenants.close()
        await self.rosters.close()
        await self.engineers.close()
        await self.store.close()


def open_vendor(settings: AdapterSettings, times: PostTimes | None = None) -> RestVendor | None:
    """This will make the vendor of the settings ready, if one is set. Raises: VendorConfigInvalid."""
    if settings.vendor_config is None:
        return None
    public = PublicAddresses(http_within=True, what="vendor", networks=settings.vendor_networks)
    poster = Poster(times or VENDOR_TIMES)
    return RestVendor(load_vendor(settings.vendor_config), settings.read_vendor_token, poster, public)


async def open_adapters(settings: AdapterSettings) -> Adapters:
    """This will open the store, bring it up to date, and wire the rest.

    Raises: StoreUnreachable, VendorConfigInvalid.
    """
    vendor = open_vendor(settings)
    store = await CaseStore.open(settings.store_url.get_secret_value())
    public = PublicAddresses(allow_http=settings.allow_http_webhooks, networks=settings.webhook_networks)
    channels = Channels(Mailer(settings), WebhookSender(settings, Poster(), public), vendor)
    directory = Directory(settings, vendor.address if vendor else None)
    courier = Courier(store, Words(), directory, channels, SurveyLinks.of(settings))
    tenants = TenantDirectory(store)
    rosters = Rosters(store)
    read_roster = rosters.read if settings.follow_the_sun else None
    terms = TermsActivities(look_up=tenants.look_up, read_roster=read_roster)
    engineers = EngineerAddresses(store)
    people = EngineerCourier(AudienceCourier(courier, tenants), courier, engineers, store)
    fan_out = FanOut(courier, store)
    return Adapters(
        store, Telling(people, store), Recording(store), terms, tenants, rosters, engineers, fan_out
    )
