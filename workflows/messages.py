"""Names and shapes that doors and workflows share: queues, search attributes, receipts, the turn-over value.

No rule and no I/O; light enough for a command that only wants to send a message.
"""

import hashlib
from datetime import datetime

from pydantic import Field
from temporalio.common import SearchAttributeKey

from domain.case import Case
from domain.clocks import FiredClock
from domain.effects import Effect
from domain.frozen import Frozen
from domain.messages.case import Submit
from domain.moment import Moment
from domain.rules import CURRENT_RULES, FIRST_RULES
from domain.timeline import TimelineEntry
from domain.waiting import LaneFile

WORKFLOW = "SupportCase"
QUEUE = "sunrelay-cases"


def region_queue(region: str) -> str:
    """Name the task queue of a centre's own workers."""
    return f"sunrelay-region-{region}"


_LEAST_URGENT = 5
"""Temporal has five priorities, 1 the most urgent; ranks below the fifth share the last."""


def urgency(rank: int) -> int:
    """Return the priority of what waits for a worker: rank 0 goes first."""
    return min(rank + 1, _LEAST_URGENT)


def opaque(tenant: str) -> str:
    """Hide a tenant's name where nothing is ever encrypted: 16 hex characters of its sha256."""
    return hashlib.sha256(tenant.encode()).hexdigest()[:16]


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

    `offered_to` is the centre asked to take the case, `accepted_by` who there takes it as the shift ends.
    `version` is the case's after it: whoever says it with their next message speaks to what they saw.
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
    offered_to: str | None = None
    accepted_by: str | None = None
    next_deadline: NextDeadline | None = None
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    linked_case: str | None = None
    repeated: bool = False
    asked_at: datetime | None = None
    version: int | None = None


class CaseFile(Frozen):
    """The one value a case workflow is started with and carries over when it turns over.

    A fresh case has neither `case` nor anything undelivered; its request comes by `submit`, or here.
    `rules` is the release of the rules the run is held to, `taken` counts the messages of the whole life.
    `moments` are those the store does not know yet, None in a file from before they were kept;
    `fired` are clocks of which it does not know yet how late they were acted on.
    """

    rules: int = FIRST_RULES
    request: Submit | None = None
    case: Case | None = None
    undelivered: tuple[Effect, ...] = ()
    lanes: tuple[LaneFile, ...] = ()
    unrecorded: tuple[TimelineEntry, ...] = ()
    recorded_version: int = 0
    seen: tuple[str, ...] = ()
    taken: int = 0
    moments: tuple[Moment, ...] | None = None
    fired: tuple[FiredClock, ...] = ()
    turn_overs: int = 0


def new_case(request: Submit | None = None) -> CaseFile:
    """Return what a door starts a case with: today's rules, and the request where it does not follow."""
    return CaseFile(rules=CURRENT_RULES, request=request)


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
