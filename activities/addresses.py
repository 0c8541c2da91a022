"""What an address looks like: which text is a mail address, which a URL, and nothing in between.

An address goes into SMTP commands and sockets, so what is not plainly one of the two is neither. What a mail
address is, is `domain.mailbox`'s to say, for every door and for us.
"""

import re
from email.utils import unquote

from domain.effects import Address, Channel
from domain.mailbox import MailboxInvalid, mailbox

_URL = re.compile(r"https?://[^\s<>\"\\]{1,500}", re.IGNORECASE)

_OF_ANOTHER = frozenset('<>@"')
"""What a name has in quotes only: elsewhere it belongs to a second address, or to an open quotation."""


class AddressInvalid(ValueError):
    """A text is neither a mail address nor an http(s) URL."""


def mail_address(text: str) -> str:
    """Return the one bare mail address a text is, as mail systems are told it. Raises: AddressInvalid."""
    try:
        return mailbox(text)
    except MailboxInvalid as wrong:
        raise AddressInvalid(f"{text!r} is no mail address: {wrong}") from None


def named_mailbox(text: str) -> tuple[str, str]:
    """Return name and address of one `Name <address>`; a bare address has the name "".

    Raises: AddressInvalid.
    """
    whole = text.strip()
    name, bracket, address = whole[:-1].rpartition("<") if whole.endswith(">") else ("", "<", whole)
    name = name.strip()
    is_quoted = len(name) > 1 and name[0] == name[-1] == '"'
    if not bracket or (not is_quoted and _OF_ANOTHER & set(name)):
        raise AddressInvalid(f"{text!r} is no mail address")
    return unquote(name), mail_address(address)


def address_of(text: str) -> Address:
    """Make an address of a text. Raises: AddressInvalid."""
    if _URL.fullmatch(text):
        return Address(channel=Channel.WEBHOOK, to=text)
    if "@" not in text or "://" in text:
        raise AddressInvalid(f"{text!r} is neither a mail address nor an http(s) URL")
    return Address(channel=Channel.EMAIL, to=mail_address(text))
