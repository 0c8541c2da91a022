"""What everyday commands ask about cases and incidents, whoever answers: the core itself, or its API.

Every call raises Fault, of the same kinds and codes on either way.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from activities.store.case_list import CaseFilter
    from activities.store.case_search import Found, Search
    from activities.store.drafts import Draft
    from domain.actor import Tier
    from domain.clocks import Clock
    from domain.incidents.record import Child
    from domain.incidents.verbs import IncidentVerb
    from domain.incidents.views import IncidentView
    from domain.messages.base import Message
    from domain.messages.incident import Declare
    from domain.messages.request import Submit
    from domain.record import CaseRow
    from domain.tenants import TenantRecord
    from domain.timeline import TimelineEntry
    from domain.views.as_of import CaseAsOf, CustomerAsOf
    from domain.views.customer import CustomerView
    from domain.views.explain import Explanation
    from domain.views.staff import CaseView
    from starter.door.as_of import ListAsOf
    from starter.door.case_lists import Queue
    from starter.door.files import Given
    from starter.door.handoff_list import Accepted
    from starter.door.incidents import SaidOfCases
    from starter.door.speak import Answer, Said
    from workflows.incident_messages import IncidentReceipt
    from workflows.messages import Receipt


class Shown(NamedTuple):
    """A case as it is shown to somebody, where that was read, and its version."""

    view: "CaseView | CustomerView"
    source: str
    version: int


class Events(NamedTuple):
    """What happened to a case, and where that was read."""

    number: str
    source: str
    entries: "Sequence[TimelineEntry]"


class Why(NamedTuple):
    """Why a clock of a case is due when it is, and where that was read."""

    number: str
    source: str
    explanation: "Explanation"


class Handed(NamedTuple):
    """What was handed over without waiting: the case, the request, and warnings of the door."""

    case_id: str
    request_id: str | None
    warnings: Mapping[str, str]


class CasePath(NamedTuple):
    """Where a case is, and how it went from centre to centre."""

    number: str
    region: str
    offered_to: str | None
    accepted_by: str | None
    assignee: str | None
    steps: "Sequence[TimelineEntry]"


class Cases(Protocol):
    """Cases: opened, spoken to, read and listed, as whoever speaks through this door."""

    async def find(self, case: str, tenant: str | None = None, source: str = "desk") -> str:
        """Return by what the other calls know the case that is meant."""

    async def speak(self, case: str, said: "Said") -> "Answer":
        """Say a verb, and wait for the receipt."""

    async def hand_over(self, case: str, said: "Said") -> Handed:
        """Say a verb without waiting."""

    async def open(self, request: "Submit") -> "Receipt":
        """Open a case, or find it."""

    async def open_without_waiting(self, request: "Submit") -> str:
        """Hand a request over; return the id of its case."""

    async def known_tenant(self, name: str) -> "TenantRecord | None":
        """Return what the directory has of a tenant, where it can be asked; refuse a name nobody has."""

    async def show(self, case: str, *, as_customer: bool = False) -> Shown:
        """Read a case as whoever speaks sees it, or as its customer does."""

    async def timeline(self, case: str) -> Events:
        """Read everything that happened to a case."""

    async def explain(self, case: str, clock: "Clock") -> Why:
        """Tell why a clock is due when it is."""

    async def handoffs(self, case: str) -> CasePath:
        """Read how a case went from centre to centre."""

    async def listed(self, wanted: "CaseFilter") -> "tuple[CaseRow, ...]":
        """List cases, the nearest promise first."""

    async def queue(self, region: str, levels: Sequence[str], tier: "Tier | None", limit: int) -> "Queue":
        """List the open cases of a centre and those offered to it."""

    async def show_as_of(
        self, case: str, at: datetime, *, as_customer: bool = False
    ) -> "CaseAsOf | CustomerAsOf":
        """Read a case as it stood."""

    async def listed_as_of(self, wanted: "CaseFilter", at: datetime) -> "ListAsOf":
        """List cases as they stood."""

    async def queue_as_of(
        self, region: str, at: datetime, levels: Sequence[str], tier: "Tier | None", limit: int
    ) -> "ListAsOf":
        """List what a centre had and was offered."""

    async def search(self, wanted: "Search") -> "Found":
        """Find cases by what somebody knows of them."""

    async def accept_list(
        self, region: str, levels: Sequence[str], assignee: str | None, request_id: str | None
    ) -> "list[Accepted]":
        """Accept the cases that are offered to a centre."""


class Incidents(Protocol):
    """Major incidents: declared, spoken to, read and listed, as whoever speaks through this door."""

    async def declare(self, message: "Declare") -> "IncidentReceipt":
        """Declare an incident, or find it."""

    async def speak(self, incident: str, verb: "IncidentVerb", message: "Message") -> "IncidentReceipt":
        """Say a verb, and wait for the receipt."""

    def speak_of(
        self, incident: str, cases: Sequence[str], said: "SaidOfCases"
    ) -> "AsyncIterator[IncidentReceipt]":
        """Let cases join or leave: a receipt for each part of a long list."""

    async def show(self, incident: str, *, with_cases: bool) -> "tuple[IncidentView, Sequence[Child]]":
        """Read how an incident stands, and every case it has had."""

    async def listed(self, limit: int, *, open_only: bool) -> list[dict[str, Any]]:
        """List incidents, the latest first."""


class Drafts(Protocol):
    """What software agents would say, until a person agrees."""

    async def listed(self, case: str | None) -> "tuple[Draft, ...]":
        """List what waits for a person, the oldest first."""

    async def release(self, draft: str) -> "Answer":
        """Say a draft in one's own name."""

    async def drop(self, draft: str) -> "Draft":
        """Say that a draft is never to be said."""


class Attached(NamedTuple):
    """What a case answered to files, and by which names they are kept."""

    answer: "Answer"
    names: tuple[str, ...]


class Files(Protocol):
    """Files of cases."""

    async def attach(self, case: str, files: "Sequence[Path]", given: "Given") -> Attached:
        """Give files of this machine."""

    async def fetch(self, case: str, file_id: str, to: "Path") -> int:
        """Put a file into one of this machine; return its size in bytes."""


class Backend(NamedTuple):
    """Who answers a command."""

    cases: Cases
    incidents: Incidents
    drafts: Drafts
    files: Files
