"""Records of promises for whoever asks: a case's own, for who may see it, and what one says, for anybody.

Whoever holds a record may know how that promise was kept: it says nothing else of its case.
"""

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from pathlib import Path
from typing import NamedTuple

from activities.receipts.key_file import ReceiptKeyUnusable, public_key, read_keys
from activities.receipts.signature import Believed, RecordInvalid
from activities.store.promises import PromiseRow
from domain.actor import Actor
from domain.customer_promise import Standing, ToldPromise
from domain.promise_receipt import OutcomeRecord, PromiseRecord, digest
from starter.door.case_reader import find_for
from starter.door.faults import Fault, Kind, usage
from starter.door.permission import is_customer_view
from starter.door.session import Session

MOST_RECEIPT = 256 * 1024
"""Bytes of a file that may hold a record: a whole mail of ours has 8 KiB (ours)."""

SUFFIX = ".jws"
_TYPE = "application/jose"
_FIRST_OF_A_MAIL = re.compile(rb"\s*[!-9;-~]{1,70}:|\s*From ")
_UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the package `email` raises at what is no mail."""


async def promises_of(session: Session, actor: Actor, case: str) -> tuple[str, tuple[ToldPromise, ...]]:
    """Return a case's id and what its customer was promised, in order, for who may see it. Raises: Fault."""
    case_id = await find_for(session, actor, case)
    rows = await session.read(lambda store: store.promises.of_case(case_id))
    if is_customer_view(actor):
        rows = tuple(row for row in rows if row.standing is not Standing.UNTOLD)
    return case_id, tuple(map(shown, rows))


def shown(row: PromiseRow) -> ToldPromise:
    """Show a promise without the ids of letters, which hold what others chose to call their requests."""
    return ToldPromise(
        **{name: getattr(row, name) for name in ToldPromise.model_fields}
        | {name: digest(id_) for name in ("before", "ended_by") if (id_ := getattr(row, name))}
    )


class Checked(NamedTuple):
    """A record that is whole and signed with a key that is believed, and what is known of it here."""

    record: PromiseRecord | OutcomeRecord
    token: str
    known: ToldPromise | None = None


def check_receipt(data: bytes, believed: Believed) -> Checked:
    """Read a record: its text, its file, or a whole mail that has it as one. Raises: Fault."""
    if len(data) > MOST_RECEIPT:
        raise _refused(
            "ReceiptUnreadable", f"it has more than {MOST_RECEIPT // 1024} KiB, and is no record of a promise"
        )
    token = _token_in(data)
    try:
        return Checked(believed.read(token), token)
    except RecordInvalid as wrong:
        raise _refused(wrong.code, str(wrong)) from None


async def with_what_is_known(session: Session, checked: Checked) -> Checked:
    """Add how the promise was kept, where this desk knows it. Raises: Fault (unreachable)."""
    record = checked.record
    of = record.id if isinstance(record, PromiseRecord) else record.of
    row = await session.read(lambda store: store.promises.of_record(of))
    return checked if row is None else checked._replace(known=shown(row))


def keys_of(path: Path) -> Believed:
    """Return the public keys of a file: a set (JWKS), or one key in PEM, ours too. Raises: Fault (usage)."""
    try:
        text = path.read_bytes()[:MOST_RECEIPT].decode("ascii", "replace")
        return Believed([public_key(text)]) if "-----BEGIN" in text else Believed.of_set(text)
    except OSError as error:
        raise usage(f"{path}: {error.strerror}", "name a file with public keys") from None
    except ValueError as wrong:
        raise usage(
            f"{path}: {wrong}", "name the set of public keys the desk publishes, or one in PEM"
        ) from None


def our_keys(path: Path) -> Believed:
    """Return the public keys of our own file. Raises: Fault (usage)."""
    try:
        return Believed(read_keys(path))
    except ReceiptKeyUnusable as wrong:
        raise usage(str(wrong), "fix SUNRELAY_RECEIPT_KEY") from None


def _token_in(data: bytes) -> str:
    """Return the text of the record; line breaks that mail or a clipboard has put into it are not its own."""
    if _FIRST_OF_A_MAIL.match(data):
        data = _file_of_mail(data)
    return b"".join(data.split()).decode("ascii", "replace")


def _file_of_mail(data: bytes) -> bytes:
    try:
        found = [part for part in message_from_bytes(data).walk() if _is_record(part)]
        content = found[0].get_payload(decode=True) if len(found) == 1 else None
    except _UNREADABLE:
        raise _refused("ReceiptUnreadable", "it is no mail that can be read") from None
    if not isinstance(content, bytes):
        many = "more than one record of a promise" if found else "no record of a promise"
        raise _refused("ReceiptUnreadable", f"the mail has {many} as a file")
    return content


def _is_record(part: Message) -> bool:
    return part.get_content_type() == _TYPE or str(part.get_filename() or "").endswith(SUFFIX)


_REMEDIES = {
    "ReceiptKeyUnknown": "ask who gave it to you for their public keys",
    "ReceiptForged": "ask for the mail it came with, and take the file out of it as it is",
}


def _refused(code: str, reason: str) -> Fault:
    remedy = _REMEDIES.get(code, "give the file as it came, or the whole mail")
    return Fault(Kind.REFUSED, code, reason, remedy)
