"""What staff may read from a case at any time, and the deadlines and promises everybody may."""

from datetime import datetime

from pydantic import Field

from domain.actor import Tier
from domain.brief import HandoffBrief
from domain.case import Breach, Case, ScopeFinding, Tracking, UpdateScore
from domain.centres.handover import Handover
from domain.clocks import Clock
from domain.files import GivenFile
from domain.frozen import Frozen
from domain.incident_link import IncidentLink
from domain.lifecycle.handoff_brief import brief_of, carries_brief
from domain.lifecycle.updates import cadence
from domain.messages.request import Contact
from domain.outage import Outage
from domain.phase import Phase
from domain.private import private_to
from domain.referral import Referral
from domain.said import Reader, Said
from domain.survey import Survey
from domain.timeline import TimelineEntry
from domain.vendor import VendorCase
from domain.views.explain import promise_every, promise_of
from domain.views.special import REQUESTED, SpecialView


class DeadlineView(Frozen):
    """A running clock: due when (UTC), since when, what was promised, and whether it was missed already.

    `with_vendor`: it is a target of ours, and the vendor has the case (CSS-10).
    """

    clock: Clock
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None = None
    missed_at: datetime | None = None
    rule: str
    with_vendor: bool = False


class PromiseView(Frozen):
    """What the policy promises at the level in force, in words, also where it promises nothing (O365-08)."""

    clock: Clock
    promise: str


class CaseView(SpecialView):
    """Everything staff may see of a case; every instant UTC. `entries` counts the whole timeline.

    `route` is the channel, with its branch for the support type where it has one (O365-07). `verified` is
    the result of a billing verification and `verified_at` its time; the items themselves are not kept.
    `said` is all that was said in the request, by the path of each field, and `files` the files it names.
    `handover` is an offer under way; `looks_at` is when we look who takes the case next, and `answer_by`
    when the offer passes on. `brief` is what whoever takes it over has to know, `is_unconfirmed` until they
    have said what they do next. `private_to`: of the tenant's people it is for these alone.
    """

    case_id: str
    number: str
    tenant: str
    reference: str
    policy: str
    plan: str
    title: str
    phase: Phase
    level: str
    level_name: str
    level_source: str
    category: str | None = None
    rank: int
    has_sla: bool
    region: str
    home_region: str | None
    assignee: str | None
    tier: Tier | None
    skill: str | None
    resolver_group: str | None
    vendor: VendorCase | None
    handover: Handover | None
    looks_at: datetime | None
    is_looking: bool
    brief: HandoffBrief | None = None
    is_unconfirmed: bool = False
    answer_by: datetime | None
    handoffs: int
    channel: str
    language: str
    zone: str
    calendar: str
    route: str
    customer_reference: str | None
    contact: Contact | None
    main_contact: str | None
    explanation: str | None
    business_impact: str | None
    said: Said = Field(default_factory=dict)
    files: tuple[GivenFile, ...] = ()
    missing: tuple[str, ...]
    scope: ScopeFinding | None
    verified: bool | None
    verified_at: datetime | None
    external_tracking: Tracking | None
    validated_at: datetime | None
    customer_lapses: int
    referral: Referral | None = None
    outage: Outage | None = None
    incident: IncidentLink | None = None
    received_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    waiting_since: datetime | None
    waiting_for: str | None
    answer_owed_since: datetime | None = None
    deadlines: tuple[DeadlineView, ...]
    promises: tuple[PromiseView, ...]
    score: UpdateScore
    breaches: tuple[Breach, ...]
    breach_count: int
    warning_count: int
    reopens: int
    parent: str | None
    private_to: str | None = None
    linked_cases: tuple[str, ...]
    surveys: tuple[Survey, ...] = ()
    timeline: tuple[TimelineEntry, ...]
    entries: int
    version: int
    undelivered: int = 0


_TARGETS = frozenset({Clock.INITIAL_RESPONSE, Clock.UPDATE, Clock.AUTO_CLOSE})
"""What we promise; with the vendor it depends on them whether a problem is solved (CSS-10)."""


def deadlines(case: Case) -> tuple[DeadlineView, ...]:
    """List the running clocks, the nearest first; our own housekeeping is not among them."""
    with_vendor = case.vendor is not None and case.vendor.is_active
    rows = [
        DeadlineView(
            clock=running.clock,
            started_at=running.started_at,
            due_at=running.due_at,
            warn_at=running.warn_at,
            missed_at=running.missed_at,
            rule=running.rule,
            with_vendor=with_vendor and running.clock in _TARGETS,
        )
        for running in case.clocks
        if running.clock.is_promise
    ]
    return tuple(sorted(rows, key=lambda row: (row.due_at is None, row.due_at or row.started_at)))


def promises(case: Case) -> tuple[PromiseView, ...]:
    """Say what is promised at the level in force, both ways; nothing counts as a promise too."""
    none = not case.has_sla
    rule = case.rule
    rows = [
        (Clock.INITIAL_RESPONSE, promise_of(None if none else rule.initial_response)),
        (Clock.UPDATE, promise_every(None if none else cadence(case))),
    ]
    if rule.customer_update_every is not None:
        rows.append((Clock.CUSTOMER_UPDATE, promise_every(None if none else rule.customer_update_every)))
    return tuple(PromiseView(clock=clock, promise=promise) for clock, promise in rows)


_OF_THE_CASE = (frozenset(CaseView.model_fields) & frozenset(Case.model_fields)) - {"brief"}
_OF_THE_REQUEST = (
    "tenant",
    "reference",
    "customer_reference",
    "channel",
    "language",
    "explanation",
    "category",
)


def view(case: Case, undelivered: int = 0) -> CaseView:
    """Show the whole case to staff."""
    request = case.request
    return CaseView(
        **{name: getattr(case, name) for name in _OF_THE_CASE},
        **{name: getattr(request, name) for name in (*_OF_THE_REQUEST, *REQUESTED)},
        case_id=case.id,
        private_to=private_to(case),
        policy=f"{case.terms.policy}@{case.terms.version}",
        plan=case.terms.plan,
        title=case.title,
        level_name=case.rule.name,
        rank=case.rule.rank,
        zone=case.terms.calendar.zone.name,
        calendar=case.terms.calendar.name,
        route=": ".join(filter(None, (request.channel, request.support_type))),
        contact=case.contact,
        said=case.said_to(Reader.STAFF),
        files=case.files,
        verified=case.facts.is_verified if case.facts else None,
        verified_at=case.received_at if case.facts and case.facts.is_verified is not None else None,
        is_looking=case.roster_wanted_for is not None,
        brief=brief_of(case) if carries_brief(case) else None,
        looks_at=_due(case, Clock.HANDOFF),
        answer_by=_due(case, Clock.OFFER),
        deadlines=deadlines(case),
        promises=promises(case),
        undelivered=undelivered,
    )


def _due(case: Case, clock: Clock) -> datetime | None:
    running = case.clock(clock)
    return running.due_at if running else None
