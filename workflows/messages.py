"""Names and shapes that doors and workflows share: queues, search attributes, receipts, the turn-over value.

No rule and no I/O; light enough for a command that only wants to send a message.
"""

from datetime import datetime

from pydantic import Field
from temporalio.common import SearchAttributeKey

from domain.case import Case
from domain.effects import Effect
from domain.frozen import Frozen
from domain.messages import Submit
from domain.timeline import TimelineEntry

WORKFLOW = "SupportCase"
QUEUE = "sunrelay-cases"


def region_queue(region: str) -> str:
    """This will name the task queue of a centre's own workers."""
    return f"sunrelay-region-{region}"


CASE_TENANT = SearchAttributeKey.for_keyword("CaseTenant")
CASE_POLICY = SearchAttributeKey.for_keyword("CasePolicy")
CASE_RANK = SearchAttributeKey.for_int("CaseRank")
CASE_PHASE = SearchAttributeKey.for_keyword("CasePhase")
CASE_REGION = SearchAttributeKey.for_keyword("CaseRegion")
SEARCH_ATTRIBUTES = (CASE_TENANT, CASE_POLICY, CASE_RANK, CASE_PHASE, CASE_REGION)
"""What the Temporal UI can list by. `CaseTenant` is opaque: search attributes are never encrypted."""

SEEN_REQUESTS = 500  # house rule: a request repeated within the last 500 changes nothing


class NextDeadline(Frozen):
    """The nearest promise: which clock, due when (UTC)."""

    clock: str
    due_at: datetime


class Receipt(Frozen):
    """The answer to a message, at most 2 KiB. `outcome` is `accepted` or `declined` (then with `code`).

    `repeated`: this request was taken before and nothing was done again. `at` is the instant it counts as
    received, `asked_at` the stamp of the message this answers, as its door wrote it: the engine answers an
    update that comes again from its memory, and the door knows by it that the answer is not to its own.
    """

    case_id: str
    number: str
    outcome: str
    code: str | None = None
    reason: str | None = None
    remedy: str | None = None
    at: datetime
    phase: str
    level: str
    owner: str
    next_deadline: NextDeadline | None = None
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    linked_case: str | None = None
    repeated: bool = False
    asked_at: datetime | None = None


class CaseFile(Frozen):
    """The one value a case workflow is started with and carries over when it turns over.

    A fresh case has neither `case` nor anything undelivered; its request comes by `submit`, or here.
    """

    request: Submit | None = None
    case: Case | None = None
    undelivered: tuple[Effect, ...] = ()
    unrecorded: tuple[TimelineEntry, ...] = ()
    recorded_version: int = 0
    seen: tuple[str, ...] = ()
    turn_overs: int = 0


class CaseOutcome(Frozen):
    """The result of the workflow once the case is archived."""

    case_id: str
    number: str
    close_reason: str | None = None
    closed_at: datetime | None = None
    reopens: int = 0
    linked_cases: tuple[str, ...] = ()
    turn_overs: int = 0


class RefusalDetails(Frozen):
    """The details of the error that refuses an update or a submission; its type is the code."""

    code: str
    reason: str
    remedy: str = ""
    missing: tuple[str, ...] = Field(default=())
