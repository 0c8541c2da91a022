"""Carries one effect to one recipient: looks into the ledger, tries the addresses in order, notes the end.

This room joins words, channels and ledger. It knows no workflow and decides nothing about the case.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from activities.attempt import NeverWorks, TryAgain
from activities.case_store import CaseStore
from activities.content import Content, content_of
from activities.directory import Addressees, Directory
from activities.ledger import LedgerEntry
from activities.mail import Mailer
from activities.survey_links import SurveyLinks
from activities.vendor import UnderWay, Vendor, VendorMessage
from activities.vendor_by_hand import by_hand
from activities.webhook import WebhookSender, origin
from activities.wording import Words
from domain.effects import Address, Channel, Effect, Outcome, OutcomeStatus, Recipient


class Channels(NamedTuple):
    """The ways out of the house."""

    mail: Mailer
    webhooks: WebhookSender
    vendor: Vendor | None = None


class Courier:
    """This will tell one effect, once."""

    def __init__(
        self,
        store: CaseStore,
        words: Words,
        directory: Directory,
        channels: Channels,
        survey_links: SurveyLinks | None = None,
    ) -> None:
        self._store = store
        self._words = words
        self._directory = directory
        self._channels = channels
        self._survey_links = survey_links

    def find(self, effect: Effect) -> Addressees:
        """This will look up where an effect goes."""
        return self._directory.find(effect)

    async def tell(self, effect: Effect, away: set[str], found: Addressees | None = None) -> Outcome:
        """This will say how the effect ended; whose system is in `away` is not asked again, and is added.

        With `found` it goes there, and nothing is looked up.

        Raises: TryAgain; whatever the store raises when it is away itself.
        """
        if effect.to is Recipient.CASES:
            reason = "another case is told by its workflow, not by a message"
            return Outcome(effect_id=effect.id, status=OutcomeStatus.UNDELIVERABLE, reason=reason)
        entry = await self._store.begun(effect, await self._content(effect))
        if entry.outcome is None:
            entry = await self._try_addresses(effect, entry, found or self.find(effect), away)
        assert entry.outcome is not None
        return entry.outcome

    async def _content(self, effect: Effect) -> Content:
        """This will put the effect into words; a text that travelled apart is read from the timeline."""
        facts = effect.facts
        if facts.text is None and facts.text_entry is not None:
            kept = await self._store.timeline_entry(effect.case_id, facts.text_entry)
            if kept is None:
                raise TryAgain(f"entry {facts.text_entry} of {effect.case_id} is not recorded yet")
            whole = facts.model_copy(update={"text": kept.text})
            effect = effect.model_copy(update={"facts": whole})
        if self._survey_links is not None:
            effect = self._survey_links.added(effect)
        return content_of(effect, self._words.render(effect))

    async def _try_addresses(
        self, effect: Effect, entry: LedgerEntry, found: Addressees, away: set[str]
    ) -> LedgerEntry:
        failed: list[Address] = []
        reasons: list[str] = [] if found.addresses else [found.missing]
        for address in found.addresses:
            try:
                way = _Way(address, found.ours, tuple(reasons) if address == found.by_hand else None)
                answer = await self._try_one(effect, entry, way, away)
            except NeverWorks as refusal:
                failed.append(_shown(address, found.ours))
                reasons.append(str(refusal))
                continue
            where, why = _shown(address, found.ours), "; ".join(reasons) or None
            return await self._store.done(effect.id, where, answer, tuple(failed), why)
        return await self._store.undeliverable(effect.id, "; ".join(reasons), tuple(failed))

    async def _try_one(self, effect: Effect, entry: LedgerEntry, way: "_Way", away: set[str]) -> str:
        system = self._system(way.address)
        try:
            _check(system, away, entry.not_before)
            return await self._send(effect, entry, way)
        except UnderWay as patience:
            rest = datetime.now(UTC) + (patience.after or timedelta(0))
            await self._store.under_way(effect.id, patience.where, rest)
            raise
        except TryAgain as trouble:
            if trouble.away:
                away.add(system)
            if trouble.sure:
                until = datetime.now(UTC) + trouble.after if trouble.after else None
                await self._store.not_yet(effect.id, until)
            raise

    def _system(self, address: Address) -> str:
        match address.channel:
            case Channel.EMAIL:
                return self._channels.mail.address
            case Channel.WEBHOOK:
                return origin(address.to)
            case Channel.VENDOR:
                return address.to

    async def _send(self, effect: Effect, entry: LedgerEntry, way: "_Way") -> str:
        content, to = entry.content, way.address.to
        assert content is not None
        match way.address.channel:
            case Channel.EMAIL:
                wording = content.wording if way.why is None else by_hand(content.wording, way.why)
                return await self._channels.mail.send(effect, wording, to, entry.begun_at)
            case Channel.WEBHOOK:
                return await self._channels.webhooks.send(effect.id, content.body, to, ours=way.ours)
            case Channel.VENDOR:
                return await self._tell_vendor(effect, entry)

    async def _tell_vendor(self, effect: Effect, entry: LedgerEntry) -> str:
        """This will say it once: what an earlier attempt may have left there is looked for first."""
        assert entry.content is not None
        vendor = self._channels.vendor
        if vendor is None or effect.to is not Recipient.VENDOR:
            raise NeverWorks("nobody but the vendor is told by his interface, and only where one is set")
        ticket = await self._store.vendor_ticket(effect.case_id)
        message = VendorMessage(
            effect=effect,
            wording=entry.content.wording,
            may_be_there=entry.repeated,
            under_way=entry.answer,
            ticket=ticket.effect_id if ticket else None,
            reference=effect.facts.vendor_reference or (ticket.answer if ticket else None),
        )
        return await vendor.tell(message)


class _Way(NamedTuple):
    """One address; `why` nothing better worked, for our own people who do it by hand instead."""

    address: Address
    ours: bool
    why: tuple[str, ...] | None = None


def _shown(address: Address, ours: bool) -> Address:
    """This will leave out of our own URLs what may be secret in them, before it is written down."""
    if ours and address.channel is Channel.WEBHOOK:
        return address.model_copy(update={"to": origin(address.to)})
    return address


def _check(system: str, away: set[str], not_before: datetime | None) -> None:
    """Raises: TryAgain where a system did not answer just now, or wants to be left alone."""
    if system in away:
        raise TryAgain(f"{system} did not answer just now")
    if not_before is not None and (rest := not_before - datetime.now(UTC)).total_seconds() > 0:
        raise TryAgain(f"{system} asked to wait until {not_before:%H:%M:%S} UTC", rest)
