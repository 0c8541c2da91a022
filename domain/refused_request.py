"""A request that was refused and whose sender waits for no answer: it was signalled, or came with a start.

What is kept of it says why, so that whoever sent it can ask; the address in it, if it has a good one, is told
once. The request itself stays where it was sent: in the history of the run that refused it.
"""

import base64
import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from domain.decision import Refused
from domain.effects import Address, Channel, Effect, EffectKind, Recipient
from domain.facts import Facts
from domain.frozen import Frozen, Sparse
from domain.mailbox import MailboxInvalid, mailbox
from domain.naming import case_id, case_number
from domain.text import cleaned_line, identifier

NOTE_REFUSED = "note_refused"

MOST_A_DAY = 5
"""Refusals one address is told within 24 hours (ours): a program that sends on and on fills no mailbox."""

_NOBODYS = frozenset(
    {"mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "bounce", "bounces"}
)
"""Who answers at an address only to say that nobody reads it."""


class RefusedRequest(Sparse):
    """What is kept of a refused request; instants UTC. What was not said, or nobody can read, is None.

    `id` is the same for the same content refused for the same reason under the same workflow id.
    `answered_elsewhere`: another letter tells its sender what became of it.
    """

    id: str
    workflow_id: str
    run_id: str
    refused_at: datetime
    code: str
    reason: str
    remedy: str = ""
    missing: tuple[str, ...] = ()
    size: int = 0
    tenant: str | None = None
    source: str | None = None
    reference: str | None = None
    title: str | None = None
    sender: str | None = None
    address: str | None = None
    language: str | None = None
    answered_elsewhere: bool = False

    @property
    def case_id(self) -> str | None:
        """The id of the case the request would have made; None where it does not say enough."""
        if self.tenant is None or self.reference is None:
            return None
        return case_id(self.tenant, self.source or "desk", self.reference)


class RefusedNote(Frozen):
    """The input of `note_refused`: the request, and how telling its sender ended, once it has."""

    request: RefusedRequest
    notice: str | None = None


class RefusedNoted(Frozen):
    """The output of `note_refused`: whether the sender is to be told."""

    tell: bool = False


def refused_request(
    refused: Refused, sent: bytes, workflow_id: str, run_id: str, now: datetime
) -> RefusedRequest:
    """Return what is kept of a request as it was sent; whatever can be read of it is."""
    said = _readable(sent)
    contact = said.get("contact")
    actor = said.get("actor")
    digest = hashlib.sha256(b"\x00".join((workflow_id.encode(), refused.code.encode(), sent))).digest()
    return RefusedRequest(
        id="refused-" + base64.b32encode(digest).decode()[:20].lower(),
        workflow_id=workflow_id,
        run_id=run_id,
        refused_at=now,
        code=refused.code,
        reason=refused.reason,
        remedy=refused.remedy,
        missing=refused.missing,
        size=len(sent),
        tenant=_name(said, "tenant"),
        source=_name(said, "source"),
        reference=_name(said, "reference"),
        title=_line(said, "title") or _line(said, "explanation"),
        sender=_line(actor, "name") if isinstance(actor, Mapping) else None,
        address=_address(contact) if isinstance(contact, Mapping) else None,
        language=_name(said, "language"),
    )


def why_not_told(request: RefusedRequest, ours: Collection[str], told_today: int) -> str | None:
    """Say why the sender is not told; None where they are.

    `ours` are our own addresses: a refusal that came back to us could be refused again, and so on for ever.
    """
    if request.answered_elsewhere:
        return "told by the letter of the case it became"
    if request.address is None:
        return "the request names no mail address that can be used"
    if request.address.lower() in ours or request.address.partition("@")[0].lower() in _NOBODYS:
        return "the address is our own, or nobody reads it"
    if told_today >= MOST_A_DAY:
        return f"{request.address} was told of {told_today} refusals within a day"
    return None


def notice_of(request: RefusedRequest) -> Effect:
    """Return what the sender is told. Its id comes from the content: the same request is told of once."""
    assert request.address is not None
    said = request.reason if not request.remedy else f"{request.reason}.\nWhat to do: {request.remedy}"
    return Effect(
        id=f"{request.id}/{EffectKind.REQUEST_REFUSED}/customer",
        case_id=request.id,
        case_number=case_number(request.case_id or request.workflow_id),
        kind=EffectKind.REQUEST_REFUSED,
        to=Recipient.CUSTOMER,
        caused_at=request.refused_at,
        about=request.reference,
        addresses=(Address(channel=Channel.EMAIL, to=request.address),),
        language=request.language or "en",
        facts=Facts(
            title=(request.title or request.reference or "")[:120],
            reason=f"{request.code}: {said}",
            received_at=request.refused_at,
        ),
    )


def _readable(sent: bytes) -> Mapping[str, Any]:
    """Return the request as far as it is a JSON object; a start has it under `request`."""
    try:
        said = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    if isinstance(said, dict) and isinstance(said.get("request"), dict):
        said = said["request"]
    return said if isinstance(said, dict) else {}


def _line(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    return cleaned_line(value.split("\n", 1)[0]).strip() or None if isinstance(value, str) else None


def _name(said: Mapping[str, Any], name: str) -> str | None:
    line = _line(said, name)
    return identifier(line).strip() or None if line else None


def _address(contact: Mapping[str, Any]) -> str | None:
    value = contact.get("email")
    try:
        return mailbox(value.strip()) if isinstance(value, str) else None
    except MailboxInvalid:
        return None
