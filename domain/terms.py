"""What one case is held to, compiled once when it is opened.

Pure. The rules are copied by value and the customer's calendar is written out as dates and UTC offset
changes for `HORIZON`, so that neither a new policy nor a new holiday or zone release can move a promise
already made, and no workflow ever reads a zone database.
"""

import hashlib
from datetime import date, datetime, timedelta

from domain.calendar import BusinessCalendar, Span
from domain.frozen import Frozen
from domain.local_time import LocalZone
from domain.policy import (
    Document,
    FollowTheSun,
    LevelRule,
    OutageRules,
    PhysicalAccess,
    Plan,
    PlanRules,
    Rules,
    SupportPolicy,
    VendorEscalation,
    Weekday,
)
from domain.regions import Roster
from domain.tenants import Enquiry, TenantFacts

HORIZON = timedelta(days=400)
"""How far ahead terms are compiled; a case that lives longer has its calendar prolonged (house rule)."""

RENEW_BEFORE = timedelta(days=45)
"""Longer than any business-day span of ours, so that a clock never needs a day beyond the horizon."""

_ALWAYS = (Span(open_minute=0, close_minute=1440),)
_WORKWEEK = (_ALWAYS,) * 5 + ((), ())


class TermsRequest(Frozen):
    """What the compiler of terms needs to know; the zone and calendar win over the tenant's and the region's.

    With an `enquiry` the tenant directory is asked too, and what it knows of the tenant's plan, zone and
    calendar fills what the request leaves open.
    """

    policy: str
    plan: str | None = None
    region: str | None = None
    country: str | None = None
    zone: str | None = None
    calendar: str | None = None
    at: datetime
    enquiry: Enquiry | None = None


class Terms(Frozen):
    """The promises one case is held to.

    `hours_in_coverage`: hour targets count only inside the calendar's open hours (RHIPE-05). `sources` says
    from which tables of holidays and zones the calendar was made, `digest` from which text of the policy.
    Valid from `compiled_for` until `valid_until`, both UTC.
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
    regions: tuple[str, ...] = ()
    self_help: tuple[Document, ...] = ()
    compiled_for: datetime
    valid_until: datetime
    sources: str
    digest: str = ""

    def level(self, level_id: str) -> LevelRule:
        """This will return the rule of one level. Raises: KeyError for a level the policy does not have."""
        for level in self.rules.levels:
            if level.id == level_id:
                return level
        raise KeyError(level_id)

    @property
    def renewal_due_at(self) -> datetime:
        """This will name the instant at which the calendar wants to be prolonged."""
        return self.valid_until - RENEW_BEFORE


class Calendars(Frozen):
    """The tables an outside reader found for one request: the zone written out, and the holidays."""

    name: str
    zone: LocalZone
    holidays: tuple[date, ...]
    sources: str


class TermsRefused(Frozen):
    """Why no terms can be compiled, as the catalogue names it."""

    code: str
    reason: str
    remedy: str


class TermsAnswer(Frozen):
    """Either terms or the reason why there are none; a wrong request is an answer, not a failure.

    `facts` are what the tenant directory answered, where it was asked; `roster` who is open now, where the
    case will follow the sun.
    """

    terms: Terms | None = None
    refused: TermsRefused | None = None
    facts: TenantFacts | None = None
    roster: Roster | None = None


def compile_terms(
    policy: SupportPolicy, plan_name: str, region: str, calendars: Calendars, at: datetime
) -> Terms:
    """This will write down what a case received at `at` (UTC) is held to.

    Business dates are Monday to Friday without the holidays; where the plan covers hours only, those
    hours. The plan's own targets and channels take the place of the policy's. Level definitions and
    examples stay in the policy: a case does not need them.
    """
    plan = policy.plans[plan_name]
    calendar = BusinessCalendar(
        name=calendars.name,
        zone=calendars.zone,
        hours=_hours(plan),
        holidays=calendars.holidays,
        special=(),
    )
    sun = policy.organisation.follow_the_sun
    return Terms(
        policy=policy.name,
        version=policy.version,
        plan=plan_name,
        region=region,
        hours_in_coverage=not plan.around_the_clock,
        calendar=calendar,
        rules=_rules_under(policy.rules, plan),
        plan_rules=PlanRules.model_validate({name: getattr(plan, name) for name in PlanRules.model_fields}),
        follow_the_sun=sun if sun.enabled else None,
        vendor=policy.organisation.vendor,
        outage=policy.organisation.outage,
        physical_access=policy.organisation.physical_access,
        regions=tuple(policy.regions),
        self_help=policy.self_help,
        compiled_for=at,
        valid_until=at + HORIZON,
        sources=calendars.sources,
        digest=policy_digest(policy),
    )


def policy_digest(policy: SupportPolicy) -> str:
    """This will tell two texts of one version apart: 12 hex digits over every value of the policy."""
    return hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:12]


def _rules_under(rules: Rules, plan: Plan) -> Rules:
    """This will lay a plan's own targets and channels over the rules of all plans."""
    intake = rules.intake
    if plan.channels:
        intake = intake.model_copy(update={"channels": plan.channels})
    levels = tuple(_lean(level, plan) for level in rules.levels)
    return rules.model_copy(update={"levels": levels, "intake": intake})


def _lean(level: LevelRule, plan: Plan) -> LevelRule:
    changes: dict[str, object] = {"definition": "", "examples": ()}
    if target := plan.targets.get(level.id):
        changes |= {name: getattr(target, name) for name in target.model_fields_set}
    return level.model_copy(update=changes)


def _hours(plan: Plan) -> tuple[tuple[Span, ...], ...]:
    if plan.around_the_clock:
        return _WORKWEEK
    return tuple(
        tuple(
            Span(
                open_minute=hours.opens.hour * 60 + hours.opens.minute,
                close_minute=1440
                if isinstance(hours.closes, str)
                else hours.closes.hour * 60 + hours.closes.minute,
            )
            for hours in plan.hours.get(weekday, ())
        )
        for weekday in Weekday
    )


def prolong(terms: Terms, fresh: Terms) -> Terms:
    """This will carry the calendar on beyond its horizon and leave every promise as it is.

    Days before the old horizon keep the holidays and offsets they were promised with; only later ones
    come from `fresh`.
    """
    edge = terms.valid_until
    holidays = tuple(day for day in terms.calendar.holidays if day <= edge.date()) + tuple(
        day for day in fresh.calendar.holidays if day > edge.date()
    )
    changes = tuple(change for change in terms.calendar.zone.changes if change.at <= edge) + tuple(
        change for change in fresh.calendar.zone.changes if change.at > edge
    )
    zone = terms.calendar.zone.model_copy(update={"changes": changes})
    calendar = terms.calendar.model_copy(update={"holidays": holidays, "zone": zone})
    return terms.model_copy(update={"calendar": calendar, "valid_until": fresh.valid_until})


def shift_terms(terms: Terms, weeks: int) -> Terms:
    """This will move the whole calendar by whole weeks, so that an old log can be replayed later.

    Weekdays stay weekdays; every instant and date of the result is `weeks` later than in `terms`.
    """
    by = timedelta(weeks=weeks)
    zone = terms.calendar.zone
    moved = tuple(change.model_copy(update={"at": change.at + by}) for change in zone.changes)
    calendar = terms.calendar.model_copy(
        update={
            "holidays": tuple(day + by for day in terms.calendar.holidays),
            "zone": zone.model_copy(update={"changes": moved}),
        }
    )
    return terms.model_copy(
        update={
            "calendar": calendar,
            "compiled_for": terms.compiled_for + by,
            "valid_until": terms.valid_until + by,
        }
    )
