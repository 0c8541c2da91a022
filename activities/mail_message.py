"""Writes the mail that carries an effect: the same bytes at every attempt, and one thread for each case.

Pure. Nothing a person wrote can become a header: the subject is one clean line, and the rest is ours.
"""

import re
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from activities.content import Wording
from activities.plain_text import one_line
from domain.effects import Effect

_FOREIGN_ID = re.compile(r"<[^<>\s]{1,250}>")
_LONGEST_LINE = 990
"""A header folded at 78 would have its long references encoded, which no mail reader follows; 998 is the
limit of RFC 5322, and room is left for the line's end."""


def message_id(effect_id: str, domain: str) -> str:
    """This will derive the Message-ID of an effect: its id percent-encoded, in angle brackets.

    A full stop is encoded too, for two in a row are no valid id.
    """
    return f"<{quote(effect_id, safe='').replace('.', '%2E')}@{domain}>"


def compose(
    effect: Effect, wording: Wording, *, sender: str, to: str, domain: str, written_at: datetime
) -> bytes:
    """This will write the whole mail with CRLF line ends; `written_at` is its Date."""
    policy = (SMTP if to.isascii() else SMTPUTF8).clone(max_line_length=_LONGEST_LINE)
    mail = EmailMessage(policy)
    mail["From"] = one_line(sender)
    mail["To"] = Mailbox(username=to.rpartition("@")[0], domain=to.rpartition("@")[2])
    mail["Subject"] = one_line(wording.subject)
    mail["Date"] = format_datetime(written_at)
    mail["Message-ID"] = message_id(effect.id, domain)
    if thread := _thread(effect, domain):
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(thread)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Sunrelay-Case"] = one_line(effect.case_id)
    mail.set_content(wording.text, cte="quoted-printable")
    mail.add_alternative(wording.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = wording.language  # set any earlier, it would end up in the first part
    # "=_" cannot occur in quoted-printable text, so nobody can write the boundary into a part.
    mail.set_boundary(f"=_{sha256(effect.id.encode()).hexdigest()[:32]}")
    return mail.as_bytes()


def _thread(effect: Effect, domain: str) -> list[str]:
    """This will turn our own references into Message-IDs and keep foreign ones that are well formed."""
    thread = []
    for reference in effect.thread:
        if not reference.startswith("<"):
            thread.append(message_id(reference, domain))
        elif _FOREIGN_ID.fullmatch(reference) and reference.isascii():
            thread.append(reference)
    return thread
