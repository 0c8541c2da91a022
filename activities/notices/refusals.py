"""Notes requests that were refused unheard, and says whether their senders are told."""

from datetime import timedelta

from temporalio import activity

from activities.addresses import AddressInvalid, mail_address
from activities.settings import AdapterSettings
from activities.store.case_store import CaseStore
from activities.store.refused_requests import BEING_TOLD
from domain.refused_request import NOTE_REFUSED, RefusedNote, RefusedNoted, why_not_told

_DAY = timedelta(days=1)


class Refusals:
    """Keep refused requests in the store; addresses of the settings are our own, and are told of none."""

    def __init__(self, store: CaseStore, settings: AdapterSettings) -> None:
        self._kept = store.refused
        self._ours = frozenset(_our_own(settings))

    @activity.defn(name=NOTE_REFUSED)
    async def note_refused(self, note: RefusedNote) -> RefusedNoted:
        """Keep the request, or how telling its sender ended; a failed store is tried again."""
        request = note.request
        if note.notice is not None:
            await self._kept.told(request.id, note.notice)
            return RefusedNoted()
        told_today = 0
        if request.address is not None:
            told_today = await self._kept.told_since(request.address, request.refused_at - _DAY)
        why_not = why_not_told(request, self._ours, told_today)
        notice = await self._kept.keep(request, BEING_TOLD if why_not is None else f"not told: {why_not}")
        return RefusedNoted(tell=notice == BEING_TOLD)


def _our_own(settings: AdapterSettings) -> list[str]:
    """List the mail addresses at which we read or write ourselves, in small letters."""
    named = (
        settings.sender_address,
        settings.replies_address,
        settings.staff_address,
        settings.tss_address,
        settings.sdm_address,
        settings.vendor_address,
        *settings.region_addresses.values(),
    )
    found = []
    for one in filter(None, named):
        try:
            found.append(mail_address(one).lower())
        except AddressInvalid:  # a URL
            continue
    return found
