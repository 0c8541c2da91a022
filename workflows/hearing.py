"""How a case listens: every message, update or signal, takes the same one step.

Durable code; no rule, no I/O. A message is read inside `try`, waits for its turn in the order of receipt
within the activation it came in, and is decided by the domain. Nothing but ApplicationError leaves a handler:
any other exception would stop the case and its clocks.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from domain import lifecycle
from domain.actor import Verb
from domain.case import Case
from domain.decision import Refused
from domain.lifecycle.checks import request_digest
from domain.messages import MODELS, Message, Submit
from domain.misreading import misread
from workflows.messages import Receipt, RefusalDetails
from workflows.seen import SeenRequests, said_by

MAX_PAYLOAD = 64 * 1024
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:@/+=-]{1,100}")


@dataclass
class Heard:
    """One message on its way: read, waiting for its turn, then answered or refused."""

    verb: Verb
    message: Message
    cause: str
    at: datetime
    size: int
    by_signal: bool
    receipt: Receipt | None = None
    refused: Refused | None = None

    @property
    def is_settled(self) -> bool:
        """This will be true once the message was decided."""
        return self.receipt is not None or self.refused is not None


def refusal(refused: Refused) -> ApplicationError:
    """This will turn a refusal into the error a caller sees: its type is the catalogue's code."""
    details = RefusalDetails(
        code=refused.code, reason=refused.reason, remedy=refused.remedy, missing=refused.missing
    )
    return ApplicationError(str(refused), details, type=refused.code, non_retryable=True)


def read(verb: Verb, raw: RawValue) -> Message | Refused:
    """This will read a message; one of the wrong shape or size comes back as a refusal."""
    size = len(raw.payload.data)
    if size > MAX_PAYLOAD:
        return Refused(
            code="ValidationError",
            reason=f"the message has {size} bytes, more than {MAX_PAYLOAD}",
            remedy="shorten it, and send the rest as attachment references",
        )
    try:
        return MODELS[verb].model_validate_json(raw.payload.data)
    except ValidationError as error:
        return misread(error)


def cause_of(message: Message, fallback: str) -> str:
    """This will name the cause of a message's effects: its request id, else the engine's id for it."""
    if message.request_id is not None:
        return message.request_id
    if _PLAIN_ID.fullmatch(fallback):
        return fallback
    return hashlib.sha256(fallback.encode()).hexdigest()[:32]


def one_payload(handler: Callable[[Any, RawValue], None]) -> Callable[..., None]:
    """This will keep a message with no payload, or with several, away from a handler of exactly one.

    The engine calls a handler with whatever came; the TypeError would stop the case and its clocks for ever
    (measured: `temporal workflow signal --name respond` without input did).
    """

    @functools.wraps(handler)
    def called(self: "Hearing", *payloads: Any) -> None:
        if len(payloads) == 1:
            handler(self, payloads[0])
        else:
            self._miscounted(handler.__name__, payloads)

    return called


class Hearing:
    """The part of a case that listens; `workflows.case` gives it turns."""

    _case: Case | None
    _inbox: list[Heard]
    _opening_refused: Refused | None
    _seen: SeenRequests

    def _dry_run(self, verb: Verb, raw: RawValue) -> None:
        """This will refuse an update before it is accepted, so that a refusal leaves nothing in history."""
        message = read(verb, raw)
        if self._case is None and verb is Verb.SUBMIT:
            return
        refused = message if isinstance(message, Refused) else self._would_refuse(verb, message)
        if refused is not None:
            workflow.metric_meter().create_counter(
                "sunrelay_refused_messages", "messages refused, by code of the refusal"
            ).add(1, {"code": refused.code, "verb": verb.value})
            raise refusal(refused)

    def _would_refuse(self, verb: Verb, message: Message) -> Refused | None:
        if self._case is None:
            return None
        if self._is_repeated(cause := cause_of(message, self._update_id())):
            return self._reused(verb, message, cause)
        if isinstance(message, Submit):
            return self._conflict(message)
        decision = lifecycle.decide(self._case, verb, message, "dry-run", workflow.now())
        return decision if isinstance(decision, Refused) else None

    def _conflict(self, request: Submit) -> Refused | None:
        assert self._case is not None
        if request_digest(request) == self._case.request_digest:
            return None
        return Refused(
            code="DuplicateRequestConflict",
            reason=f"the reference {request.reference} is case {self._case.number}, with other content",
            remedy="use a new reference, or update that case",
        )

    def _is_repeated(self, cause: str) -> bool:
        return self._seen.has(cause)

    def _reused(self, verb: Verb, message: Message, cause: str) -> Refused | None:
        """This will refuse what comes under the id of another request: it would be lost without a word."""
        if not self._seen.is_other(cause, said_by(verb, message)):
            return None
        return Refused(
            code="DuplicateRequestConflict",
            reason=f"the request id {cause} was used before, for something else",
            remedy="use a new request id; what was taken under this one stands",
        )

    @staticmethod
    def _update_id() -> str:
        info = workflow.current_update_info()
        return info.id if info is not None else "signal"

    async def _ask(self, verb: Verb, raw: RawValue) -> Receipt:
        """This will answer an update with a receipt, once its turn has come within this activation."""
        heard = self._hear(verb, raw, self._update_id(), by_signal=False)
        if isinstance(heard, Refused):
            if self._case is None and verb is Verb.SUBMIT:
                self._opening_refused = self._opening_refused or heard
            raise refusal(heard)
        await workflow.wait_condition(lambda: heard.is_settled)
        if heard.receipt is None:
            assert heard.refused is not None
            raise refusal(heard.refused)
        return heard.receipt.model_copy(update={"asked_at": heard.message.received_at})

    def _told(self, verb: Verb, raw: RawValue) -> None:
        """This will take a signal; one that cannot be read is recorded, for nobody waits for an answer."""
        heard = self._hear(verb, raw, str(workflow.uuid4()), by_signal=True)
        if isinstance(heard, Refused):
            if self._case is None and verb is Verb.SUBMIT:
                self._opening_refused = self._opening_refused or heard
                return
            self._record_unread(verb.value, len(raw.payload.data), f"{heard.code}: {heard.reason}")

    def _miscounted(self, handler: str, payloads: tuple[Any, ...]) -> None:
        """This will refuse an update, or record a signal, of another number of payloads than one."""
        reason = f"{len(payloads)} payloads instead of one"
        if not handler.endswith("_told"):
            raise refusal(Refused(code="ValidationError", reason=reason, remedy="send one JSON object"))
        again = workflow.payload_converter().to_payloads(payloads)
        size = sum(len(payload.data) for payload in again)
        self._record_unread(handler.removesuffix("_told"), size, f"ValidationError: {reason}")

    def _hear(self, verb: Verb, raw: RawValue, fallback: str, *, by_signal: bool) -> Heard | Refused:
        message = read(verb, raw)
        if isinstance(message, Refused):
            return message
        now = workflow.now()
        heard = Heard(
            verb=verb,
            message=message,
            cause=cause_of(message, fallback),
            at=min(message.received_at or now, now),
            size=len(raw.payload.data),
            by_signal=by_signal,
        )
        self._inbox.append(heard)
        return heard

    def _record_unread(self, name: str, size: int, reason: str) -> None:
        raise NotImplementedError
