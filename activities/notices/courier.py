"""Carries one effect to one recipient: looks into the ledger, tries the addresses in order, notes the end.

This room joins words, channels and ledger. It knows no workflow and decides nothing about the case.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from activities.channels.attempt import NeverWorks, TryAgain, Undecided
from activities.channels.mail import Mailer
from activities.channels.webhook import WebhookSender, origin
from activities.notices.directory import Addressees, Directory
from activities.notices.gathering import Gathering, NotYet
from activities.store.case_store import CaseStore
from activities.store.deliveries import Deliveries, Posted, digest_of
from activities.store.ledger import LedgerEntry
from activities.vendor.by_hand import by_hand
from activities.vendor.desk import SEARCHED_LATER, UnderWay, Vendor, VendorMessage
from activities.words.content import Content, content_of
from activities.words.letters import Words
from activities.words.survey_links import SurveyLinks
from domain.effects import Address, Channel, Effect, Outcome, OutcomeStatus, Recipient

_AT_IT = timedelta(seconds=2)
"""How long the second of two at one address waits for the first: about as long as a mail takes (ours)."""

TOLD_ALREADY = "told with another mail of the same to this address"
"""What the ledger holds as the answer of a mail that two of us at one address need only once."""


class Channels(NamedTuple):
    """The ways out of the house."""

    mail: Mailer
    webhooks: WebhookSender
    vendor: Vendor | None = None


class Courier:
    """Tell one effect, once."""

    def __init__(
        self,
        store: CaseStore,
        words: Words,
        directory: Directory,
        channels: Channels,
        survey_links: SurveyLinks | None = None,
        gathering: Gathering | None = None,
    ) -> None:
        self._store = store
        self._words = words
        self._directory = directory
        self._channels = channels
        self._survey_links = survey_links
        self._gathering = gathering

    def find(self, effect: Effect) -> Addressees:
        """Look up where an effect goes."""
        return self._directory.find(effect)

    async def tell(self, effect: Effect, away: set[str], found: Addressees | None = None) -> Outcome:
        """Say how the effect ended; whose system is in `away` is not asked again, and is added.

        With `found` it goes there, and nothing is looked up.

        Raises: TryAgain; whatever the store raises when it is away itself.
        """
        if effect.to is Recipient.CASES:
            reason = "another case is told by its workflow, not by a message"
            return Outcome(effect_id=effect.id, status=OutcomeStatus.UNDELIVERABLE, reason=reason)
        found = found or self.find(effect)
        mail = next((one for one in found.addresses if _is_our_mail(one, found.ours)), None)
        if effect.gathers and mail and (told := await self._told_with_others(effect, mail, away)):
            return told
        begun = await self._store.begun(effect, await self._content(effect), mail)
        ended = begun.outcome or (await self._try_addresses(effect, begun, found, away)).outcome
        assert ended is not None
        return ended

    async def _told_with_others(self, effect: Effect, to: Address, away: set[str]) -> Outcome | None:
        """Return how it ended in one mail with others; None where it goes in one of its own.

        Raises: TryAgain, above all until that mail has left.
        """
        known = await self._store.ledger(effect.id)
        if self._gathering is None or (known is not None and known.outcome is not None):
            return None
        try:
            answer = await self._gathering.send(effect, to.to, away)
        except TryAgain as trouble:
            if trouble.away:
                away.add(self._system(to))
            raise
        except NeverWorks as refusal:
            await self._store.begun(effect, await self._content(effect))
            return (await self._store.undeliverable(effect.id, str(refusal), (to,))).outcome
        if answer is None:
            return None
        await self._store.begun(effect, await self._content(effect))
        return (await self._store.done(effect.id, to, answer)).outcome

    async def _content(self, effect: Effect) -> Content:
        """Return the effect in words; a text that travelled apart is read from the timeline."""
        facts = effect.facts
        if facts.text is None and facts.text_entry is not None:
            kept = await self._store.timeline_entry(effect.case_id, facts.text_entry)
            if kept is None:
                raise TryAgain(f"entry {facts.text_entry} of {effect.case_id} is not recorded yet")
            whole = facts.model_copy(update={"text": kept.text})
            effect = effect.model_copy(update={"facts": whole})
        if self._survey_links is not None:
            effect = self._survey_links.added(effect)
        elsewhere = any(one.channel is Channel.WEBHOOK for one in effect.addresses)
        posted = self._words.render(effect, by_mail=False) if elsewhere else None
        receipt = await self._store.promises.tell(effect)
        return content_of(effect, self._words.render(effect, receipt=receipt), posted)

    async def _try_addresses(
        self, effect: Effect, entry: LedgerEntry, found: Addressees, away: set[str]
    ) -> LedgerEntry:
        failed: list[Address] = []
        reasons: list[str] = [] if found.addresses else [found.missing]
        undecided = False
        for address in found.addresses:
            if undecided and address != found.by_hand:
                continue  # sent by another way it might be there twice: a person decides
            try:
                way = _Way(address, found.ours, tuple(reasons) if address == found.by_hand else None)
                answer = await self._try_one(effect, entry, way, away)
            except NeverWorks as refusal:
                failed.append(_shown(address, found.ours))
                reasons.append(str(refusal))
                undecided = undecided or isinstance(refusal, Undecided)
                continue
            where, why = _shown(address, found.ours), "; ".join(reasons) or None
            return await self._store.done(effect.id, where, answer, tuple(failed), why)
        return await self._store.undeliverable(effect.id, "; ".join(reasons), tuple(failed))

    async def _try_one(self, effect: Effect, entry: LedgerEntry, way: "_Way", away: set[str]) -> str:
        if await self._has_had_it(effect, entry, way):
            return TOLD_ALREADY
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

    async def _has_had_it(self, effect: Effect, entry: LedgerEntry, way: "_Way") -> bool:
        """Tell whether one of us was told this already, as somebody else who reads the same mails.

        Raises: TryAgain where they may be being told just now, in another lane.
        """
        if way.why is not None or not _is_our_mail(way.address, way.ours):
            return False
        if await self._store.told_with(effect, way.address) is not None:
            return True
        if entry.waits:
            raise NotYet("another of us at this address is just being told", _AT_IT)
        return False

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
                await self._keep_posted(effect.id, content.body, way)
                return await self._channels.webhooks.send(effect.id, content.body, to, ours=way.ours)
            case Channel.VENDOR:
                return await self._tell_vendor(effect, entry)

    async def _keep_posted(self, effect_id: str, body: str, way: "_Way") -> None:
        """Keep what is posted, so that it can be sent again where it gets lost."""
        url, shown = way.address.to, _shown(way.address, way.ours).to
        posted = Posted(effect_id, shown, digest_of(url), way.ours, body)
        await Deliveries(self._store).keep(posted)

    async def _tell_vendor(self, effect: Effect, entry: LedgerEntry) -> str:
        """Say it once: what an earlier attempt may have left there is looked for first."""
        assert entry.content is not None
        vendor = self._channels.vendor
        if vendor is None or effect.to is not Recipient.VENDOR:
            raise NeverWorks("nobody but the vendor is told by their interface, and only where one is set")
        ticket = await self._store.vendor_ticket(effect.case_id)
        has_waited = entry.answer == SEARCHED_LATER
        if has_waited:  # the wait is over once: whatever becomes of this attempt, another one waits anew
            await self._store.under_way(effect.id, None, entry.not_before)
        message = VendorMessage(
            effect=effect,
            wording=entry.content.wording,
            may_be_there=entry.repeated,
            under_way=None if has_waited else entry.answer,
            has_waited=has_waited,
            ticket=ticket.effect_id if ticket else None,
            reference=effect.facts.vendor_reference or (ticket.answer if ticket else None),
        )
        return await vendor.tell(message)


class _Way(NamedTuple):
    """One address; `why` nothing better worked, for our own people who do it by hand instead."""

    address: Address
    ours: bool
    why: tuple[str, ...] | None = None


def _is_our_mail(address: Address, ours: bool) -> bool:
    return ours and address.channel is Channel.EMAIL


def _shown(address: Address, ours: bool) -> Address:
    """Leave out of our own URLs what may be secret in them, before it is written down."""
    if ours and address.channel is Channel.WEBHOOK:
        return address.model_copy(update={"to": origin(address.to)})
    return address


def _check(system: str, away: set[str], not_before: datetime | None) -> None:
    """Stop where there is more to try later.

    Raises: TryAgain where a system did not answer just now, or wants to be left alone.
    """
    if system in away:
        raise TryAgain(f"{system} did not answer just now")
    if not_before is not None and (rest := not_before - datetime.now(UTC)).total_seconds() > 0:
        raise TryAgain(f"{system} asked to wait until {not_before:%H:%M:%S} UTC", rest)
