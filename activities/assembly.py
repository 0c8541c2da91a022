"""Puts the adapters together from the settings: what a worker needs to serve the activities.

This room wires and closes; no rule lives here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from activities.channels.http import Poster, PostTimes
from activities.channels.mail import Mailer
from activities.channels.public_address import PublicAddresses
from activities.channels.webhook import WebhookSender
from activities.notices.audiences import AudienceCourier
from activities.notices.courier import Channels, Courier
from activities.notices.directory import Directory
from activities.notices.engineers import EngineerAddresses, EngineerCourier
from activities.notices.fan_out import FanOut
from activities.notices.gathering import Gathering
from activities.notices.lanes import Telling
from activities.notices.refusals import Refusals
from activities.people.look_up_tenant import TenantActivities
from activities.people.read_roster import RosterActivities
from activities.people.rosters import Rosters
from activities.people.rota import Rota
from activities.people.tenants import TenantDirectory
from activities.receipts.signature import Signer, page_of
from activities.settings import AdapterSettings
from activities.store.case_store import CaseStore
from activities.store.digests import Digests
from activities.store.lives import Lives
from activities.store.record_case import Recording
from activities.store.waiting_effects import Waiting
from activities.terms import TermsActivities
from activities.vendor.config import load_vendor
from activities.vendor.rest import RestVendor
from activities.words.case_links import CaseLinks
from activities.words.contact_ways import ContactWays
from activities.words.letters import Words
from activities.words.survey_links import SurveyLinks

VENDOR_TIMES = PostTimes(step=6, post=6)
"""Seconds: to look for what may be there and to send it fit into the 15 s an effect has."""


@dataclass(frozen=True)
class Adapters:
    """Every adapter, ready. Close them when the worker has stopped."""

    store: CaseStore
    directory: Directory
    telling: Telling
    recording: Recording
    terms: TermsActivities
    tenants: TenantDirectory
    lives: Lives
    rosters: Rosters
    engineers: EngineerAddresses
    fan_out: FanOut
    waiting: Waiting
    refusals: Refusals

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """The activities for a worker, one for each contract."""
        return [
            self.telling.tell_customer,
            self.telling.tell_staff,
            self.telling.tell_vendor,
            self.recording.record_case,
            self.recording.recall_case,
            self.terms.compile_terms,
            RosterActivities(self.rosters).read_roster,
            TenantActivities(self.tenants).look_up_tenant,
            self.fan_out.fan_out,
            self.waiting.keep_waiting,
            self.waiting.read_waiting,
            self.refusals.note_refused,
        ]

    @property
    def regional(self) -> list[Callable[..., Any]]:
        """The activities for the worker of one centre: telling its own people."""
        return [self.telling.tell_staff]

    async def can_tell(self, region: str) -> bool:
        """Tell whether anybody of a centre can be reached: by its list, or one of its people in the rota."""
        people = await Rota(self.store).people(region)
        return self.directory.knows_centre(region) or any(one.engineer.address for one in people)

    async def close(self) -> None:
        """Close the store, once nobody reads in it any more."""
        await self.tenants.close()
        await self.lives.close()
        await self.rosters.close()
        await self.engineers.close()
        await self.store.close()


def open_vendor(settings: AdapterSettings, times: PostTimes | None = None) -> RestVendor | None:
    """Make the vendor of the settings ready, if one is set. Raises: VendorConfigInvalid."""
    if settings.vendor_config is None:
        return None
    public = PublicAddresses(http_within=True, what="vendor", networks=settings.vendor_networks)
    poster = Poster(times or VENDOR_TIMES)
    return RestVendor(load_vendor(settings.vendor_config), settings.read_vendor_token, poster, public)


def _gathering(settings: AdapterSettings, store: CaseStore, words: Words, mail: Mailer) -> Gathering | None:
    """Make what gathers the notices of a shift end, unless each is to go at once."""
    if not settings.digest_seconds:
        return None
    quiet = timedelta(seconds=settings.digest_seconds)
    return Gathering(Digests(store, quiet), store, words, mail)


async def open_adapters(settings: AdapterSettings) -> Adapters:
    """Open the store, bring it up to date, and wire the rest.

    Raises: StoreUnreachable, VendorConfigInvalid, ReceiptKeyUnusable.
    """
    vendor = open_vendor(settings)
    signer = Signer.of(settings)
    store = await CaseStore.open(settings.store_url.get_secret_value())
    if signer is not None:
        store.promises.sign_with(signer)
    public = PublicAddresses(allow_http=settings.allow_http_webhooks, networks=settings.webhook_networks)
    channels = Channels(Mailer(settings), WebhookSender(settings, Poster(), public), vendor)
    directory = Directory(settings, vendor.address if vendor else None)
    words = Words(
        ways=ContactWays.of(settings), case_links=CaseLinks.of(settings), verify_at=page_of(settings)
    )
    gathering = _gathering(settings, store, words, channels.mail)
    courier = Courier(store, words, directory, channels, SurveyLinks.of(settings), gathering)
    tenants = TenantDirectory(store)
    rosters = Rosters(store)
    read_roster = rosters.read if settings.follow_the_sun else None
    lives = Lives(store)
    terms = TermsActivities(look_up=tenants.look_up, read_roster=read_roster, find_life=lives.find)
    engineers = EngineerAddresses(store)
    people = EngineerCourier(AudienceCourier(courier, tenants), courier, engineers, store)
    return Adapters(
        store=store,
        directory=directory,
        telling=Telling(people, store),
        recording=Recording(store),
        terms=terms,
        tenants=tenants,
        lives=lives,
        rosters=rosters,
        engineers=engineers,
        fan_out=FanOut(courier, store),
        waiting=Waiting(store),
        refusals=Refusals(store, settings),
    )
