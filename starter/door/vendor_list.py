"""The vendors cases go to: which one is set up here, and which cases are with them, by their own numbers."""

from collections.abc import Mapping
from typing import NamedTuple

from activities.settings import AdapterSettings
from activities.store.case_list import CaseFilter
from activities.store.case_store import CaseStore
from activities.vendor.config import VendorConfigInvalid, load_vendor, shipped_vendors
from activities.vendor.references import references_of
from domain.actor import Actor
from domain.phase import Phase
from domain.record import CaseRow
from starter.door.permission import staff_only
from starter.door.session import Session

MOST = 200
"""Cases that are listed (ours)."""


class VendorHere(NamedTuple):
    """How a vendor is reached from this desk; nothing of it is secret.

    `origin` None: by hand, through whoever is told. `has_token`: something is set to show the vendor.
    `hears`: the vendor may call us back. `wrong` says why the settings name a vendor that cannot be used.
    """

    name: str
    origin: str | None
    tried_live: bool
    has_token: bool
    hears: bool
    wrong: str | None = None


class WithVendor(NamedTuple):
    """A case that is with a vendor, and the vendor's own numbers of it."""

    row: CaseRow
    references: tuple[str, ...]


class Vendors(NamedTuple):
    """What is set up, what could be, and the cases."""

    here: VendorHere | None
    shipped: tuple[str, ...]
    cases: tuple[WithVendor, ...]


def vendor_here(settings: AdapterSettings) -> VendorHere | None:
    """Say how a vendor is reached by these settings; None where none is set up."""
    hears = settings.vendor_webhook_secrets is not None
    if settings.vendor_config is None:
        by_hand = VendorHere("whoever is told", None, tried_live=False, has_token=False, hears=hears)
        return by_hand if settings.vendor_address is not None else None
    try:
        found = load_vendor(settings.vendor_config)
    except VendorConfigInvalid as error:
        return VendorHere("", None, tried_live=False, has_token=False, hears=hears, wrong=str(error))
    has_token = settings.read_vendor_token() is not None
    return VendorHere(found.name, found.origin, found.tried_live, has_token, hears)


async def see_vendors(session: Session, actor: Actor, here: VendorHere | None) -> Vendors:
    """Read which cases are with a vendor, the nearest promise first. Raises: Fault (refused, unreachable)."""
    staff_only(actor, "the list of vendors")

    async def read(store: CaseStore) -> tuple[tuple[CaseRow, ...], Mapping[str, tuple[str, ...]]]:
        rows = await store.cases(CaseFilter(phases=(Phase.VENDOR_ESCALATED,), limit=MOST))
        return rows, await references_of(store, [row.case_id for row in rows])

    rows, references = await session.read(read)
    cases = tuple(WithVendor(row, references.get(row.case_id, ())) for row in rows)
    return Vendors(here, shipped_vendors(), cases)
