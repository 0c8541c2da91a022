"""What one case is held to, compiled once when it is opened.

The rules are copied by value and the customer's calendar is written out as dates and UTC offset
changes for `HORIZON`, so that neither a new policy nor a new holiday or zone release can move a promise
already made, and no workflow ever reads a zone database.
"""

from datetime import date, datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from domain.centres.regions import Roster
from domain.frozen import Frozen
from domain.lives import Beginning, StoredLife
from domain.policy import (
    Department,
    Document,
    FollowTheSun,
    LevelRule,
    OutageRules,
    PhysicalAccess,
    PlanRules,
    Rules,
    VendorEscalation,
)
from domain.tenants import Enquiry, TenantFacts
from domain.time.calendar import BusinessCalendar
from domain.time.local_time import LocalZone
from domain.time.plan_week import PartDay
from domain.time.spans import counted_spans

HORIZON = timedelta(days=400)
"""How far ahead terms are compiled; a case that lives longer has its calendar prolonged (house rule)."""

RENEW_BEFORE = timedelta(days=45)
"""How long before the horizon a calendar is prolonged; earlier where a longer span may begin."""

LONGEST_SPAN = HORIZON - timedelta(days=30)
"""The longest span the horizon can hold: a calendar is prolonged once a month at most (ours)."""


_SHARED = ("calendar", "rules", "plan_rules", "follow_the_sun", "vendor", "outage", "self_help", "cited")
"""What the terms of many cases have in common: 70 KB of the 93 KB a case takes in memory (measured)."""

_MOST_SHARED = 500
"""Texts of policies and calendars kept at a time (ours)."""

_known: "dict[tuple[str, ...], Terms]" = {}


class TermsRequest(Frozen):
    """What the compiler of terms needs to know; the zone and calendar win over the tenant's and the region's.

    The tables are read from `counts_from` on, where something is counted from before `at`, and until the
    horizon after `counts_until`, where something begins to count only then; all UTC.

    With an `enquiry` the tenant directory is asked too, and what it knows of the tenant's plan, zone and
    calendar fills what the request leaves open; their plan goes before the one claimed, unless `plan_stands`:
    our staff said why (RHIPE-05, O365-12). With a `beginning` the store is asked for a life of its id.
    """

    policy: str
    plan: str | None = None
    plan_stands: bool = False
    region: str | None = None
    country: str | None = None
    zone: str | None = None
    calendar: str | None = None
    at: datetime
    counts_from: datetime | None = None
    counts_until: datetime | None = None
    enquiry: Enquiry | None = None
    beginning: Beginning | None = None

    def plan_in_force(self, directory: str | None) -> str | None:
        """Return the plan that counts beside the directory's, one of this policy's; None is the default."""
        return self.plan if self.plan_stands else directory or self.plan

    @property
    def known_from(self) -> datetime:
        """The instant from which on the tables are wanted."""
        return min(self.at, self.counts_from or self.at)

    @property
    def known_until(self) -> datetime:
        """The instant up to which they are wanted, inclusive."""
        return max(self.at, self.counts_until or self.at) + HORIZON


class Terms(Frozen):
    """The promises one case is held to.

    `hours_in_coverage`: hour targets count only inside the calendar's open hours (RHIPE-05). `sources` says
    from which tables of holidays and zones the calendar was made, `digest` from which text of the policy.
    Valid from `compiled_for` until `valid_until`, both UTC; the calendar knows the days since `known_from`,
    before 0.4 those since `compiled_for`. `assumed_cadences` are the levels whose cadence no guide states;
    None before 0.4, where nobody had noted it, as is `cited`: what the policy's own marks say of each clock.
    `skills` are those the policy knows of. `not_ready_in` are the phases of a tenant that has no support yet,
    each with what is to be signed before.
    """

    policy: str
    version: str
    plan: str
    region: str
    hours_in_coverage: bool
    calendar: BusinessCalendar
    rules: Rules
    plan_rules: PlanRules = PlanRules()
    follow_the_sun: FollowTheSun | None = None
    vendor: VendorEscalation | None = None
    outage: OutageRules | None = None
    physical_access: PhysicalAccess | None = None
    tells_of_reassignment: bool = True
    skills: tuple[str, ...] = ()
    not_ready_in: dict[str, str] = Field(default_factory=dict)
    departments: dict[str, Department] = Field(default_factory=dict)
    regions: tuple[str, ...] = ()
    self_help: tuple[Document, ...] = ()
    compiled_for: datetime
    valid_until: datetime
    known_from: datetime | None = None
    assumed_cadences: tuple[str, ...] | None = None
    cited: dict[str, tuple[str, ...]] | None = None
    sources: str
    digest: str = ""

    @model_validator(mode="after")
    def _share(self) -> Self:
        """Take the parts that equal those of other cases from there: the same value, in memory once."""
        key = (self.policy, self.version, self.plan, self.digest, self.calendar.name, self.calendar.zone.name)
        known = _known.get(key)
        parts = {} if known is None else {name: getattr(known, name) for name in _SHARED}
        same = {name: part for name, part in parts.items() if part == getattr(self, name)}
        self.__dict__.update(same)
        if len(same) < len(_SHARED):
            if known is None and len(_known) >= _MOST_SHARED:
                _known.clear()
            _known[key] = self
        return self

    def level(self, level_id: str) -> LevelRule:
        """Return the rule of one level. Raises: KeyError for a level the policy does not have."""
        for level in self.rules.levels:
            if level.id == level_id:
                return level
        raise KeyError(level_id)

    @property
    def renewal_due_at(self) -> datetime:
        """The instant at which the calendar wants to be prolonged: no span that begins before outlasts it."""
        spans = counted_spans(self.rules, self.calendar.hours, coverage=self.hours_in_coverage)
        longest = max((span for _, span in spans), default=RENEW_BEFORE)
        return self.valid_until - min(max(RENEW_BEFORE, longest), LONGEST_SPAN)


class Calendars(Frozen):
    """The tables an outside reader found for one request: the zone written out, the holidays, the weekend.

    `weekend` are weekdays, Monday is 0; None where the calendar says nothing of them. `part_days` are the
    local dates on which some hours are closed.
    """

    name: str
    zone: LocalZone
    holidays: tuple[date, ...]
    weekend: tuple[int, ...] | None = None
    part_days: tuple[PartDay, ...] = ()
    sources: str


class TermsRefused(Frozen):
    """Why no terms can be compiled, as the catalogue names it."""

    code: str
    reason: str
    remedy: str


class TermsAnswer(Frozen):
    """Either terms or the reason why there are none; a wrong request is an answer, not a failure.

    `facts` are what the tenant directory answered, where it was asked; `roster` who is open now, where the
    policy has centres; `life` what the store holds under the id, None also where it does not answer.
    """

    terms: Terms | None = None
    refused: TermsRefused | None = None
    facts: TenantFacts | None = None
    roster: Roster | None = None
    life: StoredLife | None = None
