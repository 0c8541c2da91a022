"""Links to sign in by, mailed to whoever asks for one and is known: aside, so that no answer tells who is.

Nothing waits for it: neither how long it takes nor how it ends can be seen by who asks.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from html import escape
from uuid import uuid4

from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from activities.channels.attempt import NeverWorks, TryAgain
from activities.words.content import Wording
from domain.people import Person
from starter.door.browser_sessions import NewLink, make_link_for
from starter.door.faults import Fault
from starter.door.newcomers import OfSeveral, requester_at
from starter.door.session import Session
from starter.web.portal.speech import Speech
from starter.web.portal.visitors import Outfit

LINK = "link"
"""Where such links are, below the address of the portal."""

_MADE_BY = "the portal"
_OF_AN_ADDRESS, _OF_ALL = RateLimitItemPerHour(5), RateLimitItemPerHour(500)  # ours
_MOST_UNDER_WAY = 50
_ATTEMPTS, _BETWEEN = 3, 5.0  # s between two: a mail that comes later than that has been asked for again
_log = logging.getLogger("sunrelay.portal")


class MailedLinks:
    """Sends links as long as this process runs, each from a task of its own."""

    def __init__(self, session: Session, outfit: Outfit) -> None:
        self._session = session
        self._outfit = outfit
        self._limits = MovingWindowRateLimiter(MemoryStorage())
        self._under_way: set[asyncio.Task[None]] = set()

    def ask(self, address: str, say: Speech, at: datetime) -> None:
        """Look aside whose address it is, and mail a link if we know; of too many at once some get none."""
        if len(self._under_way) >= _MOST_UNDER_WAY:
            _log.warning("a link was asked for beside %d others, and is not sent", _MOST_UNDER_WAY)
            return
        task = asyncio.create_task(self._send(address, say, at))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until everything that was asked for has been sent, or not."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def _send(self, address: str, say: Speech, at: datetime) -> None:
        try:
            whom = await requester_at(self._session, address)
            if whom is None:
                return
            email = (whom if isinstance(whom, Person | OfSeveral) else whom.person).email or ""
            if not await self._is_within(email):
                _log.warning("too many links were asked for within an hour: one is not sent")
                return
            if isinstance(whom, OfSeveral):
                await self._mail(letter_to_several(say, at), email, at)
                return
            link = await make_link_for(self._session, whom, _MADE_BY)
            await self._mail(letter(self._address_of(link), link.expires_at, say, at), email, at)
        except Fault as fault:
            _log.warning("a link to sign in was not sent: %s", fault.reason)
        except Exception:
            _log.exception("a link to sign in was not sent by a fault of ours")

    async def _is_within(self, email: str) -> bool:
        of_address = await self._limits.hit(_OF_AN_ADDRESS, email.casefold())
        return of_address and await self._limits.hit(_OF_ALL, "all")

    def _address_of(self, link: NewLink) -> str:
        return f"{self._outfit.case_links.portal}/{LINK}/{link.secret}"

    async def _mail(self, wording: Wording, email: str, at: datetime) -> None:
        mailer = self._outfit.mailer
        assert mailer is not None
        note_id = f"sign-in/{uuid4()}"
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await mailer.send_note(note_id, wording, email, at)
                return
            except NeverWorks as refusal:
                _log.warning("a link to sign in cannot be mailed: %s", refusal)
                return
            except TryAgain as trouble:
                _log.warning("a link to sign in was not taken by the mail system: %s", trouble)
                if attempt < _ATTEMPTS:
                    await asyncio.sleep(_BETWEEN)


def letter(link: str, until: datetime, say: Speech, at: datetime) -> Wording:
    """Write the mail with a link, as text and as HTML."""
    parts = (
        say.plain("mail_text", at=say.when(at)),
        link,
        say.plain("mail_until", until=say.when(until)),
        say.plain("mail_not_you"),
    )
    return _written(parts, say)


def letter_to_several(say: Speech, at: datetime) -> Wording:
    """Write to whoever several companies name as their contact that our support has to let them in."""
    return _written((say.plain("mail_several", at=say.when(at)), say.plain("mail_not_you")), say)


def _written(parts: Sequence[str], say: Speech) -> Wording:
    shown = "".join(f"<p>{escape(part)}</p>\n" for part in parts)
    head = f'<!doctype html>\n<html lang="{say.language}"><head><meta charset="utf-8"></head>'
    html = f"{head}<body>\n{shown}</body></html>\n"
    text = "\n\n".join(parts) + "\n"
    return Wording(subject=say.plain("mail_subject"), text=text, html=html, language=say.language)
