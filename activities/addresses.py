"""What an address looks like: which text is a mail address, which a URL, and nothing in between.

Pure. An address goes into SMTP commands and sockets, so what is not plainly one of the two is neither.
"""

import re

from domain.effects import Address, Channel

_MAILBOX = re.compile(r"[^@\s<>\",;:\\\[\]()\x00-\x20\x7f]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_URL = re.compile(r"https?://[^\s<>\"\\]{1,500}", re.IGNORECASE)


class AddressInvalid(ValueError):
    """A text is neither a mail address nor an http(s) URL."""


def is_mailbox(text: str) -> bool:
    """This will tell whether the text is one bare mail address."""
    return len(text) <= 254 and _MAILBOX.fullmatch(text) is not None


def address_of(text: str) -> Address:
    """This will make an address of a text. Raises: AddressInvalid."""
    if is_mailbox(text):
        return Address(channel=Channel.EMAIL, to=text)
    if _URL.fullmatch(text):
        return Address(channel=Channel.WEBHOOK, to=text)
    raise AddressInvalid(f"{text!r} is neither a mail address nor an http(s) URL")
