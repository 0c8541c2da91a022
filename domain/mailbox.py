"""The one rule of mail addresses, for every door, the directory, the rota, the settings and the mailer.

Nothing is asked of the network: which addresses exist is the mail system's to say. The library behind it is
loaded when the first address is read, for most commands read none.
"""

import importlib
import re
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from domain.text import Line, is_incoming

MAX_CHARS = 254
"""RFC 5321, section 4.5.3.1.3, without the angle brackets."""


MAX_LOCAL = 64
"""Characters before the @-sign: RFC 5321, section 4.5.3.1.1."""

_NAME = r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
_HOST = r"([a-z0-9]{1,30}(-[a-z0-9]{1,30})?\.){1,3}(com|net|org|example|localhost)"
_ORDINARY = re.compile(rf"(?=.{{1,64}}@){_NAME}@{_HOST}")
"""Addresses of which the library is known to say yes (a test compares): it takes 0.1 s to load."""

_WITHIN = frozenset({"local", "localhost", "test"})
"""Domains that mail systems within a house do have, whatever is reserved in the Internet."""


class MailboxInvalid(ValueError):
    """A text is no mail address; why not is said in a sentence without its full stop."""


def mailbox(text: str) -> str:
    """Return a mail address as it is written everywhere here: NFC, the domain in small ASCII letters.

    Names of hosts within a house, such as `localhost`, are taken; an address with something invisible in it
    is refused, for nobody could see to whom it belongs.

    Raises: MailboxInvalid.
    """
    if len(text) <= MAX_CHARS and _ORDINARY.fullmatch(text):
        return text
    library = _library()
    try:
        found = library.validate_email(text, check_deliverability=False, globally_deliverable=False)
    except library.EmailNotValidError as error:
        raise MailboxInvalid(_in_words(str(error))) from None
    except UnicodeError:  # half a character
        raise MailboxInvalid("it contains what is no character") from None
    address = f"{found.local_part}@{found.ascii_domain}"
    if "=?" in address:
        raise MailboxInvalid("it must not contain an encoded word")
    if len(found.local_part) > MAX_LOCAL:
        raise MailboxInvalid(f"the part before the @-sign is longer than {MAX_LOCAL} characters")
    if len(address) > MAX_CHARS:
        raise MailboxInvalid(f"it is longer than {MAX_CHARS} characters")
    if found.ascii_domain.rpartition(".")[2].isdigit():
        raise MailboxInvalid("the part after the @-sign is no name of a host")
    return address


def is_mailbox(text: str) -> bool:
    """Return whether a text is one mail address, in whichever of its forms."""
    try:
        mailbox(text)
    except MailboxInvalid:
        return False
    return True


def _in_words(said: str) -> str:
    """Say the library's sentence so that it goes on after `email: `."""
    plain = said.removesuffix(".").replace("The email address", "it").replace("An email address", "it")
    return plain[:1].lower() + plain[1:]


@cache
def _library() -> Any:
    """Load the library, and let it take the names of hosts within a house, as its documentation says how."""
    library = importlib.import_module("email_validator")
    for name in _WITHIN & set(library.SPECIAL_USE_DOMAIN_NAMES):
        library.SPECIAL_USE_DOMAIN_NAMES.remove(name)
    return library


def _incoming(value: object, info: ValidationInfo) -> object:
    return mailbox(value.strip()) if isinstance(value, str) and is_incoming(info) else value


def _incoming_address(value: object, info: ValidationInfo) -> object:
    return value if isinstance(value, str) and "://" in value else _incoming(value, info)


MailAddress = Annotated[
    Line, Field(pattern=r"^[^@\s<>\",;:\\\[\]()]{1,64}@[A-Za-z0-9.-]{1,190}$"), BeforeValidator(_incoming)
]
"""A mail address: one that is said now by the rule above, an old one as it was taken."""


def _incoming_name(value: object, info: ValidationInfo) -> object:
    return _incoming_address(value, info) if isinstance(value, str) and "@" in value else value


PagedAt = Annotated[Line, BeforeValidator(_incoming_address)]
"""Where one of our own people is reached: a mail address or a URL."""

NameOrAddress = Annotated[Line, BeforeValidator(_incoming_name)]
"""Somebody by name, by mail address or by URL; what has an @ in it is an address, or refused."""

AnyAddress = Annotated[
    Line,
    Field(pattern=r"^([^@\s<>\",;:\\\[\]()]{1,64}@[A-Za-z0-9.-]{1,190}|https?://[!#-;=?-~]{1,190})$"),
    BeforeValidator(_incoming_address),
]
"""A mail address, or the URL of a webhook."""
