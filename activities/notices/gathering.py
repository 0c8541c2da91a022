"""Sends in one mail what a shift end brings one reader.

This room joins notices of cases that know nothing of each other; which of them may wait was decided in the
domain. Each stays an effect with a row of its own in the ledger, which is settled once the mail has left: by
whichever attempt of a case comes first, all others find it done. Nobody waits here: an attempt that is too
early is made again, so that a thousand of them hold up nobody.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from temporalio import activity

from activities.channels.attempt import NeverWorks, TryAgain
from activities.channels.mail import Mailer
from activities.store.case_store import CaseStore
from activities.store.digests import HELD, Digest, Digests
from activities.store.ledger import DeliveryStatus, LedgerEntry, told_gathered
from activities.words.content import content_of
from activities.words.letters import Words
from domain.effects import Address, Channel, Effect, EffectKind, Recipient
from domain.facts import GatheredCase


class NotYet(TryAgain):
    """It waits for others, or somebody else sends it just now."""


class Gathering(NamedTuple):
    """What gathers: the digests, and what they are written, noted and sent by."""

    digests: Digests
    store: CaseStore
    words: Words
    mail: Mailer

    async def send(self, effect: Effect, to: str, away: set[str]) -> str | None:
        """Return the answer once the mail with this notice has left; None where it is the only one in it.

        Raises: NotYet until it has gathered; NeverWorks, TryAgain as for any mail.
        """
        now = _now()
        digest = await self.digests.join(_reader(effect, to), effect, now)
        if digest.leaves_at > now:
            raise NotYet("waits for what else this shift end brings", digest.leaves_at - now)
        if self.mail.address in away:
            raise TryAgain(f"{self.mail.address} did not answer just now")
        members = await self.digests.close(digest)
        if len(members) < 2:
            return None
        entry = await self._left(_letter(digest, members), to, digest)
        return told_gathered(len(members) - 1, is_doubtful=entry.is_doubtful)

    async def _left(self, letter: Effect, to: str, digest: Digest) -> LedgerEntry:
        """See to it that the mail has left, once. Raises: NotYet, NeverWorks, TryAgain."""
        if left := await self._has_left(letter.id):
            return left
        if not await self.digests.hold(digest, _now()):
            raise NotYet("is being sent with others of this shift end", HELD / 10)
        try:
            # Whoever had it until just now may have sent it.
            return await self._has_left(letter.id) or await self._sent(letter, to)
        finally:
            await self.digests.let_go(digest)

    async def _has_left(self, letter: str) -> LedgerEntry | None:
        begun = await self.store.ledger(letter)
        if begun is not None and begun.status is DeliveryStatus.UNDELIVERABLE:
            raise NeverWorks(begun.reason or "it could not be told")
        return begun if begun is not None and begun.status is DeliveryStatus.DELIVERED else None

    async def _sent(self, letter: Effect, to: str) -> LedgerEntry:
        entry = await self.store.begun(letter, content_of(letter, self.words.render(letter)))
        assert entry.content is not None
        try:
            answer = await self.mail.send(letter, entry.content.wording, to, entry.begun_at)
        except NeverWorks as refusal:
            await self.store.undeliverable(letter.id, str(refusal))
            raise
        except TryAgain as trouble:
            if trouble.sure:
                await self.store.not_yet(letter.id)
            raise
        return await self.store.done(letter.id, Address(channel=Channel.EMAIL, to=to), answer)


def _now() -> datetime:
    """Return when this attempt began, by the server's clock: the workers of a centre share no other."""
    return activity.info().started_time if activity.in_activity() else datetime.now(UTC)


def _reader(effect: Effect, to: str) -> str:
    """Name whose digest it is: two centres may share an address, and each has its own."""
    return f"{to} {effect.region}" if effect.to is Recipient.REGION else to


def _letter(digest: Digest, members: tuple[Effect, ...]) -> Effect:
    """Return the one that tells all of them: it is the most urgent's, and belongs to no thread."""
    first = members[0]
    facts = first.facts.model_copy(
        update={"gathered": tuple(dict.fromkeys(map(_case_of, members))), "text": None, "history": ()}
    )
    return first.model_copy(
        update={
            "id": f"digest/{digest.number}/{first.id}/{EffectKind.HANDOFF_DIGEST}",
            "kind": EffectKind.HANDOFF_DIGEST,
            "about": None,
            "thread": (),
            "facts": facts,
        }
    )


def _case_of(effect: Effect) -> GatheredCase:
    facts = effect.facts
    return GatheredCase(
        kind=effect.kind,
        number=effect.case_number,
        title=facts.title,
        region=effect.region,
        level=facts.level,
        level_name=facts.level_name,
        phase=facts.phase,
        owner=facts.owner,
        due_at=facts.due_at,
        clock=min(facts.clocks, key=lambda one: one.due_at, default=None),
    )
