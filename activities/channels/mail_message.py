"""Writes the mail that carries an effect: the same bytes at every attempt, and one thread for each case.

The head is written by `activities.channels.mail_headers`, field by field; the body is the library's.
"""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from activities.addresses import mail_address
from activities.channels.mail_headers import ids_field, mailbox_field, text_field
from activities.words.content import Wording, receipt_file
from domain.effects import Effect

_FOREIGN_ID = re.compile(r"<(?!.*=\?)[!-;=?-~]{1,250}>")
"""What a person's own mail system wrote, as far as it can stand in a header: no encoded word is in it."""

_LONGEST_OWN_ID = 700
"""Characters before the @ of an id of ours; with a domain of 253 it fits into a line of 998."""

_JOSE = ("application", "jose")  # RFC 7515, section 9.2.1; as text, mail readers would show it in the letter
_BODY = SMTP.clone(max_line_length=76)  # RFC 2045, section 6.7


def message_id(effect_id: str, domain: str) -> str:
    """Return the Message-ID of an effect: its id percent-encoded, in angle brackets.

    A full stop is encoded too, for two in a row are no valid id. An id too long for a line is its SHA-256.
    """
    written = quote(effect_id, safe="", errors="surrogatepass").replace(".", "%2E")
    return f"<{written if len(written) <= _LONGEST_OWN_ID else _digest(effect_id)}@{domain}>"


def compose(
    effect: Effect,
    wording: Wording,
    *,
    sender: str,
    to: str,
    domain: str,
    written_at: datetime,
    replies_to: str | None = None,
) -> bytes:
    """Return the whole mail with CRLF line ends; `written_at` is its Date, `replies_to` who reads answers.

    Raises: AddressInvalid where `to` is anything but one bare address.
    """
    thread = _thread(effect, domain)
    head = (
        mailbox_field("From", sender),
        mailbox_field("To", mail_address(to)),
        mailbox_field("Reply-To", replies_to) if replies_to else "",
        text_field("Subject", wording.subject),
        text_field("Date", format_datetime(written_at)),
        ids_field("Message-ID", (message_id(effect.id, domain),)),
        ids_field("In-Reply-To", thread[-1:]) if thread else "",
        ids_field("References", thread) if thread else "",
        text_field("Auto-Submitted", "auto-generated"),
        text_field("X-Sunrelay-Case", effect.case_id),
        text_field("Content-Language", wording.language),
    )
    return "".join(head).encode() + _body(effect.id, wording, effect.case_number)


def compose_note(
    note_id: str, wording: Wording, *, sender: str, to: str, domain: str, written_at: datetime
) -> bytes:
    """Return a whole mail about no case, such as a link to sign in by. Raises: AddressInvalid."""
    head = (
        mailbox_field("From", sender),
        mailbox_field("To", mail_address(to)),
        text_field("Subject", wording.subject),
        text_field("Date", format_datetime(written_at)),
        ids_field("Message-ID", (message_id(note_id, domain),)),
        text_field("Auto-Submitted", "auto-generated"),
        text_field("Content-Language", wording.language),
    )
    return "".join(head).encode() + _body(note_id, wording)


def _body(letter_id: str, wording: Wording, case_number: str = "") -> bytes:
    """Return text and HTML as the alternatives they are, with the fields that say so, and the record of what
    they promise as a file beside them.
    """
    body = EmailMessage(_BODY)
    body.set_content(wording.text, cte="quoted-printable")
    body.add_alternative(wording.html, subtype="html", cte="quoted-printable")
    # "=_" cannot occur in quoted-printable text, so nobody can write the boundary into a part.
    body.set_boundary(f"=_{_digest(letter_id)[:32]}")
    if wording.receipt is not None:
        file = f"{wording.receipt}\n".encode("ascii")
        body.add_attachment(file, *_JOSE, filename=receipt_file(case_number))
        body.set_boundary(f"=_{_digest(letter_id)[32:]}")
    return body.as_bytes()


def _digest(effect_id: str) -> str:
    return sha256(effect_id.encode(errors="surrogatepass")).hexdigest()


def _thread(effect: Effect, domain: str) -> list[str]:
    """Return our own references as Message-IDs, and foreign ones that are well formed."""
    thread = []
    for reference in effect.thread:
        if not reference.startswith("<"):
            thread.append(message_id(reference, domain))
        elif _FOREIGN_ID.fullmatch(reference):
            thread.append(reference)
    return thread
