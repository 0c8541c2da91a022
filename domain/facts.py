"""What a template may say of a case."""

from datetime import datetime

from domain.brief import HandoffBrief
from domain.files import GivenFile
from domain.frozen import Frozen, Sparse
from domain.messages.request import Contact
from domain.said import Value
from domain.timeline import TimelineEntry


class ClockFact(Frozen):
    """One running clock: due when (UTC)."""

    clock: str
    due_at: datetime


class GatheredCase(Frozen):
    """One case of those that a shift end brings a reader: what is told of it, and what is due next (UTC).

    `kind` is that of its notice, `clock` its nearest promise.
    """

    kind: str
    number: str
    title: str
    region: str | None = None
    level: str | None = None
    level_name: str | None = None
    phase: str | None = None
    owner: str | None = None
    due_at: datetime | None = None
    clock: ClockFact | None = None


class Facts(Sparse):
    """What a template may say. All instants UTC; `text` is what a person wrote, at most 8 KiB.

    `text_entry` is the timeline entry that holds the text; an effect that had to wait long carries the
    entry only, and the adapter reads the text from the case store. `by` is who speaks, `said_by` what
    kind of actor that is, where the words are the customer's and may have been passed on. `stale` marks a
    status with no news by a person (GAP-07), `history` is what happened last, for whoever takes a case up
    again (O365-23).
    What is not `missing` and yet `welcome` is asked for too (RHIPE-46).
    `refer_to` and `how` say whom to ask instead, `links` where customers help themselves. Of a ticket with
    the vendor: its `vendor_reference` (None while it is to be opened), the `severity` wished for there, the
    `product` it is about, whether it belongs in the `enhanced` queue (RHIPE-59), and the
    `technical_contact` the vendor shall speak to (RHIPE-49). Of an outage: its `impact`, when service is
    `expected_at`, the `minutes` it lasted, and the `participant_code` of a call (DED-30, DED-34). Of a major
    `incident`: its number and title, and the numbers of other cases the notice is `also_for`.
    An appointment lasts from `starts_at` to `ends_at`, a remote session is of a `mode`; `steps` find a fault,
    and `cause` is what caused the problem, where that is offered, `quote_ref` the quote for
    an analysis of it. `brief` is what goes along with a handoff. `gathered` are the other cases of one shift
    end, the most urgent first. `said` and `files` are what the request says to the reader of a letter
    (`domain.said`).
    """

    title: str = ""
    text: str | None = None
    text_entry: int | None = None
    by: str | None = None
    said_by: str | None = None
    level: str | None = None
    level_name: str | None = None
    phase: str | None = None
    clock: str | None = None
    due_at: datetime | None = None
    next_update_at: datetime | None = None
    waiting_since: datetime | None = None
    reopen_until: datetime | None = None
    auto_close_at: datetime | None = None
    received_at: datetime | None = None
    owner: str | None = None
    reason: str | None = None
    advice: str | None = None
    missing: tuple[str, ...] = ()
    welcome: tuple[str, ...] | None = None
    count: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    linked_case: str | None = None
    linked_number: str | None = None
    links: tuple[str, ...] = ()
    stale: bool = False
    refer_to: str | None = None
    how: str | None = None
    phone: str | None = None
    has_sla: bool = True
    history: tuple[TimelineEntry, ...] = ()
    clocks: tuple[ClockFact, ...] = ()
    contact: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    mode: str | None = None
    steps: tuple[str, ...] = ()
    cause: str | None = None
    quote_ref: str | None = None
    vendor_reference: str | None = None
    severity: str | None = None
    product: str | None = None
    enhanced: bool = False
    technical_contact: Contact | None = None
    impact: str | None = None
    expected_at: datetime | None = None
    minutes: int | None = None
    participant_code: str | None = None
    incident: str | None = None
    also_for: tuple[str, ...] = ()
    gathered: tuple[GatheredCase, ...] = ()
    brief: HandoffBrief | None = None
    said: tuple[tuple[str, Value], ...] | None = None
    files: tuple[GivenFile, ...] | None = None

    @property
    def size_of_said(self) -> int:
        """The size of what was said in the request, in bytes of JSON."""
        return len(self.model_dump_json(include={"said", "files"}).encode()) if self.said else 0
