"""What the cases of a scenario wrote: the mails that arrived, or on the domain what its effects would say."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

from activities.channels.mail_message import message_id
from activities.words.letters import Words
from domain.effects import Channel, Effect, Recipient
from tests.activities.mail_system import Mail

DOMAIN = "support.example"
_NEVER_BY_MAIL = frozenset({Recipient.CASES, Recipient.AUDIENCE})
_BY_THE_CASE = frozenset({Recipient.CUSTOMER, Recipient.CONTACT})


class Letter(NamedTuple):
    """One mail to one recipient; `at` is the instant of what it tells, in the engine's time."""

    to: str
    at: datetime
    said: str

    @property
    def line(self) -> str:
        return f"to {self.to} at {self.at:%Y-%m-%dT%H:%M:%SZ}: {self.said[:80]}"


def of_effects(effects: Iterable[Effect]) -> tuple[Letter, ...]:
    """The mails these effects are, in the words they would leave us with."""
    return tuple(_of_effects(effects))


def _of_effects(effects: Iterable[Effect]) -> Iterator[Letter]:
    for effect in {one.id: one for one in effects}.values():
        if _goes_by_mail(effect):
            wording = _words().render(effect)
            yield Letter(effect.to.value, effect.caused_at, _in_a_line(f"{wording.subject} {wording.text}"))


def _goes_by_mail(effect: Effect) -> bool:
    if effect.to in _BY_THE_CASE:
        return any(one.channel is Channel.EMAIL for one in effect.addresses)
    return effect.to not in _NEVER_BY_MAIL


def of_mails(mails: Iterable[Mail], effects: Iterable[Effect]) -> tuple[Letter, ...]:
    """The mails that arrived of these effects, each as often as it did."""
    by_id = {message_id(effect.id, DOMAIN): effect for effect in effects}
    found = [(by_id.get("".join(mail.message["Message-ID"].split())), mail) for mail in mails]
    return tuple(
        Letter(
            effect.to.value,
            effect.caused_at,
            _in_a_line(f"{mail.message['Subject']} {mail.part('plain')}"),
        )
        for effect, mail in found
        if effect is not None
    )


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


@cache
def _words() -> Words:
    return Words()
