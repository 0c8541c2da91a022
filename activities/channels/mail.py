"""Sends mail by SMTP: one connection a mail, and a verdict on every way it can fail.

This room knows the mail system, not the cases. Refusals of an address are told apart from troubles of the
server, ours or theirs, because the first need another way and the second need patience.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import aiosmtplib

from activities.addresses import AddressInvalid, mail_address
from activities.channels.attempt import NeverWorks, TryAgain, shortened
from activities.channels.mail_message import compose, compose_note
from activities.settings import AdapterSettings
from activities.words.content import Wording
from activities.words.reason import reason_of
from domain.effects import Effect

_OUR_FAULT = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
"""Replies of 5xx that speak of commands and of authentication, whatever they answer."""


class MailTimes(NamedTuple):
    """Seconds: for connecting and for each reply, and for one mail altogether (an activity has 30)."""

    reply: float = 10
    mail: float = 12


class Mailer:
    """Hand mails to the mail system named in the settings."""

    def __init__(self, settings: AdapterSettings, times: MailTimes | None = None) -> None:
        self._settings = settings
        self._times = times or MailTimes()
        self.address = f"{settings.smtp_host}:{settings.smtp_port}"

    async def send(self, effect: Effect, wording: Wording, to: str, written_at: datetime) -> str:
        """Return the mail system's answer once it has taken the mail.

        Raises: NeverWorks for an address that is none or is refused for good; TryAgain for anything else.
        """
        try:
            to = mail_address(to)
            mail = compose(
                effect,
                wording,
                sender=self._settings.mail_from,
                to=to,
                domain=self._settings.message_domain,
                written_at=written_at,
                replies_to=self._settings.replies_to,
            )
        except AddressInvalid as wrong:
            raise NeverWorks(str(wrong)) from None
        return await self._sent(mail, to)

    async def send_note(self, note_id: str, wording: Wording, to: str, written_at: datetime) -> str:
        """Send a mail about no case; otherwise as `send`."""
        try:
            to = mail_address(to)
        except AddressInvalid as wrong:
            raise NeverWorks(str(wrong)) from None
        sender, domain = self._settings.mail_from, self._settings.message_domain
        mail = compose_note(note_id, wording, sender=sender, to=to, domain=domain, written_at=written_at)
        return await self._sent(mail, to)

    async def _sent(self, mail: bytes, to: str) -> str:
        try:
            return shortened(await self._hand_over(mail, to))
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _verdict(error, to, self.address) from error

    async def _hand_over(self, mail: bytes, to: str) -> str:
        sender = self._settings.sender_address
        options = [] if to.isascii() else ["SMTPUTF8"]
        smtp = self._client()
        try:
            async with asyncio.timeout(self._times.mail):
                await self._connect(smtp)
                _, answer = await smtp.sendmail(sender, [to], mail, mail_options=options)
            # The mail is taken: a server that has forgotten its manners by now undoes nothing.
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit(timeout=1)
            return answer
        finally:
            smtp.close()

    async def _connect(self, smtp: aiosmtplib.SMTP) -> None:
        """Connect, encrypt and log in; whoever comes next would meet the same trouble here."""
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TryAgain(f"mail system {self.address}: {_told(error)}", away=True) from error

    def _client(self) -> aiosmtplib.SMTP:
        settings, password = self._settings, self._settings.smtp_password
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_tls,
            start_tls=settings.smtp_starttls,
            local_hostname=settings.message_domain,  # else it asks the DNS who we are, and waits for it
            timeout=self._times.reply,
        )


def _verdict(error: Exception, to: str, server: str) -> NeverWorks | TryAgain:
    """Tell what a failure means for this address; what is not plainly about it is tried again."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        refusal = error.recipients[0]
        if _is_final(refusal) and not refusal.message.startswith("5.7."):
            return NeverWorks(f"{to}: {refusal.code} {refusal.message}")
        return TryAgain(f"mail system {server}, to {to}: {refusal.code} {refusal.message}")
    if isinstance(error, aiosmtplib.SMTPDataError) and _is_final(error):
        return NeverWorks(f"{to}: {error.code} {error.message}")
    if isinstance(error, aiosmtplib.SMTPNotSupported) and not to.isascii():
        return NeverWorks(f"{to}: {error}")
    sure = isinstance(error, aiosmtplib.SMTPResponseException)
    return TryAgain(f"mail system {server}: {_told(error)}", sure=sure)


def _told(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return reason_of(error)


def _is_final(reply: aiosmtplib.SMTPResponseException) -> bool:
    return 500 <= reply.code < 600 and reply.code not in _OUR_FAULT
