"""The frozen record of one case, bounded in size.

The record holds what decisions need: terms, phase, level, running clocks, counts and the last
entries of the timeline. Whole texts and every entry are in the case store.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.actor import Tier
from domain.addon import AddonCheck
from domain.brief import WrittenBrief
from domain.centres.handover import Handover
from domain.clocks import Clock, RunningClock
from domain.files import GivenFile, Giver, files_of
from domain.frozen import Frozen
from domain.incident_link import IncidentLink
from domain.messages.access import SiteVisit
from domain.messages.request import Contact, Submit
from domain.outage import Outage
from domain.phase import CloseReason, Phase
from domain.policy import Disposition, LevelRule
from domain.referral import Referral
from domain.root_cause import RootCause
from domain.rules import FIRST_RULES
from domain.said import Reader, Said, said_in
from domain.sessions import RemoteSession
from domain.survey import Survey
from domain.tenants import TenantFacts
from domain.terms import Terms
from domain.timeline import TimelineEntry
from domain.vendor import VendorCase, VendorReview

KEPT_ENTRIES = 20  # house rule: the case keeps the last 20 timeline entries and the counts
KEPT_BREACHES = 20
KEPT_REFERENCES = 6


class LevelSource(StrEnum):
    """Who or what set the level."""

    MATRIX = "matrix"
    CHANNEL_DEFAULT = "channel_default"
    REQUESTER = "requester"
    STAFF = "staff"
    VENDOR = "vendor"


class Breach(Frozen):
    """A target missed, recorded once. `count` due instants from `due_at` to `last_due_at` were missed.

    `late_seconds` is known once the promise was kept after all.
    """

    clock: Clock
    due_at: datetime
    last_due_at: datetime
    count: int = 1
    late_seconds: int | None = None


class UpdateScore(Frozen):
    """How each due update was kept: by staff, by the system (and how often in a row), or not at all."""

    staff: int = 0
    system: int = 0
    missed: int = 0
    system_streak: int = 0


class ScopeFinding(Frozen):
    """What the rules of scope say of a case; `rule` is None where none of them matched (WEST-01).

    `diagnosis` is what staff found since (WEST-03).
    """

    rule: str | None = None
    disposition: Disposition
    refer_to: str | None = None
    vendor_escalation: bool = True
    diagnosis: str | None = None


class Tracking(Frozen):
    """Where else a case is tracked, and under which reference (O365-26)."""

    system: str
    reference: str


class Case(Frozen):
    """One customer problem under support; every instant is UTC.

    `region` is the one centre that owns it, `home_region` the customer's own. `handover` is an offer under
    way, `tried` the centres that did not take it this time, `roster_wanted_for` the instant for which a
    centre is to be chosen, `centre_contact` the address of the owner, `contact_told` the one the customer was
    last told. `seeks_engineer`: it was passed on to `tier`, and nobody there was chosen yet. `brief` is what
    people wrote for whoever takes it over, `is_unconfirmed` until those have said what they do next.

    `version` grows by one with each decision. `settled_at` is the latest due instant already settled: no
    message can be taken for earlier than that. `heard_at` is the last word of staff or customer, kept where
    the level watches for silence. What lies before `imported_at` is settled in silence. `entries` counts the
    whole timeline. `business_impact` is the statement in force, `validated_at` when the customer validated
    the solution. Of a billing verification only the result (`facts.is_verified`) and its time, the receipt,
    are kept (O365-10). `planned_for` is the start for which an engineer is sought. `session` is the latest
    one, `appointment` one that is still agreed on although another was begun since. `told_last` is the digest
    of the resolution or the question the customer was told last and has not answered; `answer_owed_since` is
    when they said something of a resolution that is neither yes nor no, and that we have not answered.
    `givers` gave the files its request names, `addon_check` waits for the directory. `rules` is the release
    of the rules its run is held to. `begun_at` is when its first run was started, None before 0.3;
    `workflow_id` names its workflow where that is not `id`.
    """

    id: str
    number: str
    workflow_id: str | None = None
    parent: str | None = None
    begun_at: datetime | None = None
    request: Submit
    request_digest: str
    givers: tuple[Giver, ...] = ()
    terms: Terms
    phase: Phase
    level: str
    level_source: LevelSource
    has_sla: bool = True
    missing: tuple[str, ...] = ()
    facts: TenantFacts | None = None
    scope: ScopeFinding | None = None
    addon_check: AddonCheck | None = None
    referral: Referral | None = None
    main_contact: str | None = None
    business_impact: str | None = None
    agreed_interval: timedelta | None = None
    external_tracking: Tracking | None = None
    validated_at: datetime | None = None
    customer_lapses: int = 0
    outage: Outage | None = None
    region: str
    home_region: str | None = None
    assignee: str | None = None
    tier: Tier | None = None
    skill: str | None = None
    resolver_group: str | None = None
    vendor: VendorCase | None = None
    external_review: VendorReview | None = None
    seeks_engineer: bool = False
    brief: WrittenBrief | None = None
    is_unconfirmed: bool = False
    handover: Handover | None = None
    tried: tuple[str, ...] = ()
    roster_wanted_for: datetime | None = None
    centre_contact: str | None = None
    contact_told: str | None = None
    handoffs: int = 0
    received_at: datetime
    imported_at: datetime | None = None
    heard_at: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    waiting_since: datetime | None = None
    waiting_for: str | None = None
    told_last: str | None = None
    answer_owed_since: datetime | None = None
    clocks: tuple[RunningClock, ...] = ()
    settled_at: datetime | None = None
    score: UpdateScore = UpdateScore()
    breaches: tuple[Breach, ...] = ()
    breach_count: int = 0
    warning_count: int = 0
    reopens: int = 0
    closures: int = 0
    surveys: tuple[Survey, ...] = ()
    linked_cases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    session: RemoteSession | None = None
    appointment: RemoteSession | None = None
    planned_for: datetime | None = None
    root_cause: RootCause | None = None
    visit: SiteVisit | None = None
    incident: IncidentLink | None = None
    rules: int = FIRST_RULES
    version: int = 0
    entries: int = 0
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def rule(self) -> LevelRule:
        """The rule of the level in force."""
        return self.terms.level(self.level)

    @property
    def contact(self) -> Contact | None:
        """Whom we tell."""
        return self.request.contact

    def said_to(self, reader: Reader, *without: str) -> Said:
        """Return what one reader may know of what was said, with the statement of impact in force."""
        now = {"business_impact": self.business_impact, "received_at": self.received_at}
        return said_in(self.request.model_copy(update=now), reader, without)

    @property
    def files(self) -> tuple[GivenFile, ...]:
        """The files that were named, with who gave each."""
        return files_of(self.request, self.givers)

    @property
    def title(self) -> str:
        """The case in one line for lists and subjects."""
        request = self.request
        first = (request.explanation or request.business_impact or "").split("\n", 1)[0].strip()
        return request.title or first[:120] or "(no title)"

    @property
    def working_phase(self) -> Phase:
        """Where the work goes on: with the vendor, where they still have it, else with us."""
        with_vendor = self.vendor is not None and self.vendor.is_active
        return Phase.VENDOR_ESCALATED if with_vendor else Phase.IN_PROGRESS

    @property
    def owes_first_answer(self) -> bool:
        """True until a person of ours has answered, and again once it was reopened (RHIPE-14)."""
        return self.responded_at is None or self.clock(Clock.INITIAL_RESPONSE) is not None

    @property
    def awaits_department(self) -> bool:
        """True until the department it was passed on to has contacted the customer (RHIPE-31)."""
        return self.referral is not None and self.referral.contacted_at is None

    @property
    def agreed_session(self) -> RemoteSession | None:
        """The remote session that is agreed on and has neither begun nor been called off."""
        session = self.appointment or self.session
        return session if session is not None and session.is_awaited else None

    @property
    def is_over(self) -> bool:
        """True once nothing more can happen to the case."""
        return self.phase is Phase.ARCHIVED

    def clock(self, clock: Clock) -> RunningClock | None:
        """Return the running clock of that kind, if it runs."""
        for running in self.clocks:
            if running.clock is clock:
                return running
        return None
