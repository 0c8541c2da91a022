"""Carries one effect to one recipient: looks into the ledger, tries the addresses in order, notes the end.

This room joins words, channels and ledger. It knows no workflow and decides nothing about the case.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from activities.attempt import NeverWorks, TryAgain
from activities.case_store import CaseStore
from activities.content import Content, content_of
from activities.directory import Addressees, Directory
from activities.ledger import LedgerEntry
from activities.mail import Mailer
from activities.webhook import WebhookSender, origin
from activities.wording import Words
from domain.effects import Address, Channel, Effect, Outcome, OutcomeStatus, Recipient


class Channels(NamedTuple):
    """The ways out of the house."""

    mail: Mailer
    webhooks: WebhookSender


class Courier:
    """This will tell one effect, once."""

    def __init__(self, store: CaseStore, words: Words, directory: Directory, channels: Channels) -> None:
        self._store = store
        self._words = words
        self._directory = directory
        self._channels = channels

    async def tell(self, effect: Effect, away: set[str]) -> Outcome:
        """This will say how the effect ended; whose system is in `away` is not asked again, and is added.

        Raises: TryAgain; whatever the store raises when it is away itself.
        """
        if effect.to is Recipient.CASES:
            reason = "another case is told by its workflow, not by a message"
            return Outcome(effect_id=effect.id, status=OutcomeStatus.UNDELIVERABLE, reason=reason)
        entry = await self._store.begun(effect, await self._content(effect))
        if entry.outcome is None:
            entry = await self._try_addresses(effect, entry, self._directory.find(effect), away)
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
        return content_of(effect, self._words.render(effect))

    async def _try_addresses(
        self, effect: Effect, entry: LedgerEntry, found: Addressees, away: set[str]
    ) -> LedgerEntry:
        failed: list[Address] = []
        reasons: list[str] = [] if found.addresses else [found.missing]
        for address in found.addresses:
            try:
                answer = await self._try_one(effect, entry, address, found.ours, away)
            except NeverWorks as refusal:
                failed.append(_shown(address, found.ours))
                reasons.append(str(refusal))
                continue
            where, why = _shown(address, found.ours), "; ".join(reasons) or None
            return await self._store.done(effect.id, where, answer, tuple(failed), why)
        return await self._store.undeliverable(effect.id, "; ".join(reasons), tuple(failed))

    async def _try_one(
        self, effect: Effect, entry: LedgerEntry, address: Address, ours: bool, away: set[str]
    ) -> str:
        system = self._channels.mail.address if address.channel is Channel.EMAIL else origin(address.to)
        try:
            _check(system, away, entry.not_before)
            return await self._send(effect, entry, address, ours)
        except TryAgain as trouble:
            if trouble.away:
                away.add(system)
            if trouble.sure:
                until = datetime.now(UTC) + trouble.after if trouble.after else None
                await self._store.not_yet(effect.id, until)
            raise

    async def _send(self, effect: Effect, entry: LedgerEntry, address: Address, ours: bool) -> str:
        assert entry.content is not None
        if address.channel is Channel.EMAIL:
            return await self._channels.mail.send(effect, entry.content.wording, address.to, entry.begun_at)
        return await self._channels.webhooks.send(effect.id, entry.content.body, address.to, ours=ours)


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
