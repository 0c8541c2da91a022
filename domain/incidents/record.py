"""The frozen record of one major incident: its cases, and the notices that are on their way to them.

The incident owns the notices; a case owns its clocks, its customer and what becomes of it.
"""

import base64
import hashlib
import json
from datetime import datetime
from enum import StrEnum

from domain.actor import Actor, ActorKind, Door, Role
from domain.clocks import RunningClock
from domain.frozen import Frozen
from domain.incident_link import NewsKind
from domain.naming import as_plain_number, case_number, id_prefix
from domain.rules import FIRST_RULES

MOST_CHILDREN = 5_000
"""Cases one incident may ever have had: about 1 MiB of state (ours)."""

MOST_ID_BYTES = 32 * MOST_CHILDREN
"""Bytes of all their ids together: ours have 25; of the longest, 200, there is room for 800 (ours)."""

MOST_OUTGOING = 20  # ours: notices that wait
MOST_OUTGOING_BYTES = 160 * 1024
"""Of their texts together (ours): 20 of 8 KiB. With all its cases an incident then packs into 400 KiB."""

KEPT_ENTRIES = 50
_CASE, _INCIDENT = "case-", "incident-"
_NUMBER, _CASE_NUMBER = "MI-", "SR-"


def incident_id(source: str, reference: str) -> str:
    """Derive the id of an incident, also its workflow id: `incident-` and 20 base32 characters."""
    digest = hashlib.sha256(json.dumps(["incident", source, reference]).encode()).digest()
    return _INCIDENT + base64.b32encode(digest).decode()[:20].lower()


def incident_number(identity: str) -> str:
    """Derive the number told on the telephone: `MI-XXXX-XXXX-C`, made as that of a case is."""
    return _NUMBER + case_number(_CASE + identity.removeprefix(_INCIDENT)).removeprefix(_CASE_NUMBER)


def incident_prefix(number: str) -> str | None:
    """Return the beginning of the id a number stands for, or None where it was misheard."""
    plain = as_plain_number(number).replace(" ", "-")
    found = id_prefix(plain.removeprefix(_NUMBER))
    return None if found is None else _INCIDENT + found.removeprefix(_CASE)


class IncidentPhase(StrEnum):
    """Where a major incident stands."""

    DECLARED = "declared"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Departure(StrEnum):
    """Why a case is no longer told: on our word, it was over, or another incident has it."""

    ASKED = "asked"
    OVER = "over"
    ELSEWHERE = "elsewhere"


class Child(Frozen):
    """One case of an incident; instants UTC.

    `since` is the notice that welcomed it, `heard` the last one it has heard, 0 for none. `leaving` is the
    notice that takes leave of it.
    """

    case_id: str
    joined_at: datetime
    since: int
    heard: int = 0
    leaving: int | None = None
    left_at: datetime | None = None
    left_because: Departure | None = None

    @property
    def is_in(self) -> bool:
        """True until the case leaves, or is asked to."""
        return self.left_at is None and self.leaving is None


class Notice(Frozen):
    """One notice that is not with everybody yet; `at` is UTC."""

    number: int
    kind: NewsKind
    at: datetime
    actor: Actor
    text: str
    impact: str | None = None
    expected_resolution_at: datetime | None = None


class IncidentEntry(Frozen):
    """What happened to an incident; `count` says to how many cases. Texts are shortened.

    `by_kind`, `by_role` and `door` are as in the timeline of a case.
    """

    number: int
    at: datetime
    kind: str
    by: str
    text: str | None = None
    notice: int | None = None
    count: int | None = None
    by_kind: ActorKind | None = None
    by_role: Role | None = None
    door: Door | None = None


class Incident(Frozen):
    """One major incident; every instant UTC. `news` is the last text posted, whole, at `news_at`.

    `clock` says when the next update is due, None once it is resolved or closed. `led_by` is who wrote last,
    in the centre `led_from`. `updates_missed` counts intervals without an update, `missed_in_a_row` those
    since the last one. `rules` is the release of the rules its run is held to.
    """

    id: str
    number: str
    source: str
    reference: str
    digest: str
    title: str
    level: str | None = None
    phase: IncidentPhase = IncidentPhase.DECLARED
    declared_at: datetime
    declared_by: str
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    expected_resolution_at: datetime | None = None
    news: str
    news_at: datetime | None = None
    impact: str | None = None
    clock: RunningClock | None = None
    led_by: str | None = None
    led_from: str | None = None
    updates_missed: int = 0
    missed_in_a_row: int = 0
    children: tuple[Child, ...] = ()
    notices: int = 0
    outgoing: tuple[Notice, ...] = ()
    rules: int = FIRST_RULES
    entries: int = 0
    timeline: tuple[IncidentEntry, ...] = ()

    @property
    def next_update_at(self) -> datetime | None:
        """The instant (UTC) by which the next update is due, if one is."""
        return self.clock.due_at if self.clock else None

    @property
    def is_over(self) -> bool:
        """True once it is closed and everybody has heard what there was to hear."""
        return self.phase is IncidentPhase.CLOSED and not self.outgoing
