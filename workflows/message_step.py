"""The one step of every message, to a case or to a major incident, as an update or as a signal.

Durable code; no rule, no I/O. A message is read, tried out where somebody waits for an answer, decided when
its turn has come, and answered. Nothing but ApplicationError leaves a handler: any other exception would stop
the life and its clocks.
"""

import hashlib
import re
from typing import Any

from pydantic import BaseModel, ValidationError
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from domain.decision import Refused
from domain.messages.base import Message
from domain.misreading import misread
from domain.rules import RULES_0_4
from workflows.life import Heard, Life, Manner
from workflows.messages import RefusalDetails
from workflows.request_ids import SeenRequests, said_by

_PLAIN_ID = re.compile(r"[A-Za-z0-9._:@/+=-]{1,100}")


def refusal(refused: Refused) -> ApplicationError:
    """Turn a refusal into the error a caller sees: its type is the catalogue's code."""
    details = RefusalDetails(
        code=refused.code, reason=refused.reason, remedy=refused.remedy, missing=refused.missing
    )
    return ApplicationError(str(refused), details, type=refused.code, non_retryable=True)


class MessageStep:
    """The messages of one life: those that wait, those nobody could read, and the ids of those taken."""

    def __init__(self, life: Life, manner: Manner, seen: tuple[str, ...]) -> None:
        self._life = life
        self._manner = manner
        self.seen = SeenRequests(seen)
        self.inbox: list[Heard] = []
        self.unread: list[tuple[str, int, str]] = []
        self.opening_refused: Refused | None = None
        self.unanswered: list[tuple[Refused, bytes]] = []
        """Refused openings nobody waits for, each as it was sent."""
        self.updates = self.signals = 0

    # --- hearing -----------------------------------------------------------------------------------------

    def dry_run(self, verb: Any, raw: RawValue) -> None:
        """Refuse an update before it is accepted, so that a refusal leaves nothing in history.

        Not what opens the life: refused here it would leave a run that waits for it.
        """
        if verb is self._manner.opening and not self._life.is_open:
            return
        message = self._read(verb, raw)
        refused = message if isinstance(message, Refused) else self._would_refuse(verb, message)
        if refused is not None:
            workflow.metric_meter().create_counter(
                "sunrelay_refused_messages", "messages refused, by code of the refusal"
            ).add(1, {"code": refused.code, "verb": verb.value})
            raise refusal(refused)

    def _would_refuse(self, verb: Any, message: Message) -> Refused | None:
        cause = _cause_of(message, _update_id())
        if not self._was_taken(cause):
            refused = self._life.would_refuse(verb, message)
        elif self.seen.is_other(cause, said_by(verb, message)):
            refused = _reused(cause)
        else:
            refused = None
        return refused or self._life.refuse_access(message)

    async def ask(self, verb: Any, raw: RawValue) -> BaseModel:
        """Answer an update with a receipt, once its turn has come within this activation."""
        heard = self._hear(verb, raw, _update_id(), by_signal=False)
        if isinstance(heard, Heard) and not heard.is_settled:
            await workflow.wait_condition(lambda: heard.is_settled)
        if (refused := heard if isinstance(heard, Refused) else heard.refused) is not None:
            self._refuses_opening(verb, refused)
            raise refusal(refused)
        assert isinstance(heard, Heard)
        assert heard.receipt is not None
        return heard.receipt.model_copy(update={"asked_at": heard.message.received_at})

    def tell(self, verb: Any, raw: RawValue) -> None:
        """Take a signal; one that cannot be read is recorded, for nobody waits for an answer."""
        heard = self._hear(verb, raw, str(workflow.uuid4()), by_signal=True)
        if not isinstance(heard, Refused):
            return
        self._is_unanswered(verb, heard, raw.payload.data)
        if not self._refuses_opening(verb, heard):
            self.record_unread(verb.value, len(raw.payload.data), f"{heard.code}: {heard.reason}")

    def refuse_payloads(self, payloads: tuple[Any, ...]) -> None:
        """Refuse an update of another number of payloads than one."""
        raise refusal(_miscounted(payloads))

    def record_payloads(self, verb: Any, payloads: tuple[Any, ...]) -> None:
        """Record a signal of another number of payloads than one; one that should open it ends it at once."""
        refused = _miscounted(payloads)
        if self._manner.rules >= RULES_0_4:
            first = next((one for one in payloads if isinstance(one, RawValue)), None)
            self._is_unanswered(verb, refused, first.payload.data if first else b"")
            if self._refuses_opening(verb, refused):
                return
        size = sum(len(one.data) for one in workflow.payload_converter().to_payloads(payloads))
        self.record_unread(verb.value, size, f"{refused.code}: {refused.reason}")

    def record_unread(self, name: str, size: int, reason: str) -> None:
        """Keep that a message came which changed nothing, with its name and size."""
        self.unread.append((name, size, reason))

    def _read(self, verb: Any, raw: RawValue, *, by_signal: bool = False) -> Message | Refused:
        """Read a message; one of the wrong shape or size comes back as a refusal.

        Not a signal for its stamp alone: nobody waits for an answer, and what was said would be lost.
        """
        size, most = len(raw.payload.data), self._manner.most_bytes
        if size > most:
            return Refused(
                code="ValidationError",
                reason=f"the message has {size} bytes, more than {most}",
                remedy=self._manner.too_large,
            )
        message: Message
        try:
            message = verb.model.model_validate_json(raw.payload.data, context=self._manner.form)
        except ValidationError as error:
            if not by_signal or not _is_of_stamp(error):
                return misread(error)
            message = verb.model.without_stamp(raw.payload.data, self._manner.form)
        return message

    def _hear(self, verb: Any, raw: RawValue, fallback: str, *, by_signal: bool) -> Heard | Refused:
        message = self._read(verb, raw, by_signal=by_signal)
        if isinstance(message, Refused):
            return message
        now = workflow.now()
        heard = Heard(
            verb=verb,
            message=message,
            cause=_cause_of(message, fallback),
            at=min(message.received_at or now, now),
            size=len(raw.payload.data),
            by_signal=by_signal,
        )
        if self._manner.at_once:
            self.take(heard)
        else:
            self.inbox.append(heard)
        return heard

    def _is_unanswered(self, verb: Any, refused: Refused, sent: bytes) -> None:
        """Keep a refused opening that was signalled, so that its sender can learn why."""
        if verb is self._manner.opening and self._manner.rules >= RULES_0_4:
            self.unanswered.append((refused, sent))

    def _refuses_opening(self, verb: Any, refused: Refused) -> bool:
        """Keep why the life does not open, where that is what was refused."""
        if self._life.is_open or verb is not self._manner.opening:
            return False
        self.opening_refused = self.opening_refused or refused
        return True

    # --- answering ---------------------------------------------------------------------------------------

    def take(self, heard: Heard) -> None:
        """Decide a message whose turn has come: it is answered or refused."""
        if heard.by_signal:
            self.signals += 1
        else:
            self.updates += 1
        if self._was_taken(heard.cause):
            self._take_again(heard)
            return
        decision = self._life.decide(heard.verb, heard.message, heard.cause)
        if decision is None:
            heard.receipt = self._life.receipt(repeated=True)
        elif isinstance(decision, Refused):
            heard.refused = decision
            if heard.by_signal:
                self.record_unread(heard.verb.value, heard.size, f"{decision.code}: {decision.reason}")
                self._is_unanswered(heard.verb, decision, heard.sent)
        else:
            self.answer(heard, decision)

    def answer(self, heard: Heard, decision: Any) -> None:
        """Go on from the decision of a message, and answer it."""
        self._life.take_in(decision, heard)
        self.seen.add(heard.cause, heard.said)
        if not heard.by_signal:
            heard.receipt = self._life.receipt(decision)

    def _was_taken(self, cause: str) -> bool:
        return self._life.is_open and self.seen.has(cause)

    def _take_again(self, heard: Heard) -> None:
        """Answer what was taken before; what comes under its id with other words would be lost unsaid."""
        if self._manner.refuses_reuse and self.seen.is_other(heard.cause, heard.said):
            heard.refused = _reused(heard.cause)
        else:
            heard.receipt = self._life.receipt(repeated=True)


def _is_of_stamp(error: ValidationError) -> bool:
    """Tell whether the instant of receipt is all that is wrong."""
    return all(fault["loc"] == ("received_at",) for fault in error.errors(include_url=False))


def _cause_of(message: Message, fallback: str) -> str:
    """Name the cause of a message's effects: its request id, else the engine's id for it."""
    if message.request_id is not None:
        return message.request_id
    if _PLAIN_ID.fullmatch(fallback):
        return fallback
    return hashlib.sha256(fallback.encode()).hexdigest()[:32]


def _update_id() -> str:
    info = workflow.current_update_info()
    return info.id if info is not None else "signal"


def _miscounted(payloads: tuple[Any, ...]) -> Refused:
    reason = f"{len(payloads)} payloads instead of one"
    return Refused(code="ValidationError", reason=reason, remedy="send one JSON object")


def _reused(cause: str) -> Refused:
    """Return the refusal of other words under a request id that was used before."""
    return Refused(
        code="DuplicateRequestConflict",
        reason=f"the request id {cause} was used before, for something else",
        remedy="use a new request id; what was taken under this one stands",
        missing=("request_id",),
    )
