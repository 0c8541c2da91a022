"""Whom of the requester's side a private case is for: who asked, and the contact, as they are known by.

Everybody of a tenant sees its cases; a private one is seen by these alone. Our own people see all of them.
"""

from collections.abc import Iterable

from domain.actor import Actor, Door
from domain.case import Case

_CLAIMED = frozenset({None, Door.MAIL, Door.ENGINE, Door.SURVEY, Door.VENDOR_WEBHOOK})
"""Doors at which a name is what somebody says of themselves: it makes nobody known."""


def private_to(case: Case) -> str | None:
    """Return whom a private case is for, a line each between line breaks; None for one that is not."""
    request = case.request
    if not request.private:
        return None
    asked = known_as(request.actor) if request.actor.is_requester else ()
    told = known_by_mail(case.contact.email) if case.contact and case.contact.email else ()
    return "".join(f"\n{one}" for one in dict.fromkeys((*asked, *told))) + "\n"


def known_as(actor: Actor, email: str | None = None) -> tuple[str, ...]:
    """Return by what somebody is known: their name where a door has proved it, and their mail address.

    On a command line the name is the desk's own word; it is told apart from that of a credential.
    """
    named: tuple[str, ...] = ()
    if actor.name and actor.door not in _CLAIMED:
        at = "cli" if actor.door is Door.CLI else "name"
        named = (f"{at}:{actor.name.casefold()}",)
    return (*named, *(known_by_mail(email) if email else ()))


def known_by_mail(email: str) -> tuple[str, ...]:
    """Return by what the owner of a mail address is known."""
    return (f"mail:{email.casefold()}",)


def is_for(private: str | None, known: Iterable[str]) -> bool:
    """Tell whether a case is for somebody who is known by these."""
    return private is None or any(f"\n{one}\n" in private for one in known)
