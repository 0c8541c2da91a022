"""Compiles what a case is held to: policy file, holidays and zone database in, frozen terms out.

This room may read our own files and nothing else, so the activity can run as a local one. Which promise
follows from the tables is the domain's business (`domain.terms`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from temporalio import activity

from domain.centres.regions import Roster, RosterRequest
from domain.compiled_terms import compile_terms, held_from
from domain.effects import COMPILE_TERMS
from domain.lives import Beginning, StoredLife
from domain.policy import RegionRule, SupportPolicy
from domain.tenants import Enquiry, TenantFacts
from domain.terms import Calendars, Terms, TermsAnswer, TermsRefused, TermsRequest
from domain.time.local_time import LocalZone
from policies import (
    CalendarUnknown,
    HolidayTable,
    HolidayTableInvalid,
    PolicyInvalid,
    PolicyUnknown,
    holiday_table,
    load_policy,
)
from policies.zones import ZoneUnknown, local_zone, tzdata_version

_MARGIN = timedelta(days=2)
"""Longer than any UTC offset and the roll over a weekend's first hours, at both ends of the horizon."""

_ZONES_KEPT = 512
_ANY = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the instant that terms are compiled for, which each case has of its own."""


class _Refused(Exception):
    """Carries the answer out of the depths."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.answer = TermsAnswer(refused=TermsRefused(code=code, reason=reason, remedy=remedy))


class TermsActivities:
    """Compile terms from the given sources; policies and holidays are read once and then kept.

    `look_up` asks the tenant directory, `read_roster` who is open and `find_life` whether the id has had
    another life; all are live, and asked for every request. Without `read_roster` no case follows the sun.
    """

    def __init__(
        self,
        policies: Callable[[str], SupportPolicy] = load_policy,
        holidays: Callable[[str], HolidayTable] = holiday_table,
        look_up: Callable[[Enquiry], Awaitable[TenantFacts]] | None = None,
        read_roster: Callable[[RosterRequest], Awaitable[Roster]] | None = None,
        find_life: Callable[[Beginning], Awaitable[StoredLife | None]] | None = None,
    ) -> None:
        self._find_life = find_life
        self._look_up = look_up
        self._read_roster = read_roster
        self._policy = lru_cache(maxsize=None)(policies)
        self._holidays = lru_cache(maxsize=None)(holidays)
        self._zone = lru_cache(maxsize=_ZONES_KEPT)(_zone_over_horizon)
        self._compiled = lru_cache(maxsize=_ZONES_KEPT)(self._compile)

    @activity.defn(name=COMPILE_TERMS)
    async def compile_terms(self, request: TermsRequest) -> TermsAnswer:
        """Answer with the terms, or with the code of what is wrong in the request."""
        facts, life = await asyncio.gather(self._facts(request.enquiry), self._life(request.beginning))
        answer = await self._answer(request, facts)
        return answer.model_copy(update={"life": life})

    async def _answer(self, request: TermsRequest, facts: TenantFacts | None) -> TermsAnswer:
        try:
            policy = self._known_policy(request.policy)
            _plan(policy, request.plan)
            request = _filled_in(request, facts, policy)
            plan = _plan(policy, request.plan)
            region, rule = _region(policy, request)
            calendars = self._calendars(rule, request)
        except _Refused as refused:
            return refused.answer
        terms = held_from(
            self._compiled(request.policy, plan, region, calendars),
            request.at,
            known_from=request.known_from,
            known_until=request.known_until,
        )
        return TermsAnswer(terms=terms, facts=facts, roster=await self._roster(request, terms))

    def _compile(self, policy: str, plan: str, region: str, calendars: Calendars) -> Terms:
        """Compile what all cases have in common that are opened under a plan on the same tables."""
        terms = compile_terms(self._policy(policy), plan, region, calendars, _ANY)
        return terms if self._read_roster else terms.model_copy(update={"follow_the_sun": None})

    async def _roster(self, request: TermsRequest, terms: Terms) -> Roster | None:
        """Read who is open, for a case that is about to get its first owner, or to be told to its centre."""
        if self._read_roster is None or not terms.regions or request.enquiry is None:
            return None
        return await self._read_roster(RosterRequest(policy=request.policy, at=request.at))

    async def _life(self, beginning: Beginning | None) -> StoredLife | None:
        """Ask for another life of the id, where there is a store and a case is about to be opened."""
        if self._find_life is None or beginning is None:
            return None
        return await self._find_life(beginning)

    async def _facts(self, enquiry: Enquiry | None) -> TenantFacts | None:
        """Ask the tenant directory, where there is one and something to ask."""
        if self._look_up is None or enquiry is None:
            return None
        return await self._look_up(enquiry)

    def _known_policy(self, name: str) -> SupportPolicy:
        try:
            return self._policy(name)
        except PolicyUnknown as unknown:
            raise _Refused(unknown.code, str(unknown), "name a known policy") from unknown
        except PolicyInvalid as invalid:
            raise _Refused(invalid.code, str(invalid), "correct the policy and submit again") from invalid

    def _calendars(self, rule: RegionRule, request: TermsRequest) -> Calendars:
        """Read the tables for two days before anything is counted until two days after the horizon."""
        name = request.calendar or rule.calendar
        try:
            zone = self._zone(_zone_of(request, rule), *_days(request))
        except ZoneUnknown as error:
            raise _Refused("ValidationError", f"zone: {error}", "name an IANA zone, or none") from error
        try:
            table = self._holidays(name)
        except (CalendarUnknown, HolidayTableInvalid) as error:
            raise _Refused("ValidationError", f"calendar: {error}", "name a known calendar") from error
        first, last = (request.known_from - _MARGIN).date(), (request.known_until + _MARGIN).date()
        return Calendars(
            name=name,
            zone=zone,
            holidays=tuple(day for day in table.dates if first <= day <= last),
            weekend=table.weekend,
            part_days=tuple(day for day in table.part_days if first <= day.on <= last),
            sources=f"{table.source}{_reach(table, first, last)}; tzdata {tzdata_version()}",
        )


def _filled_in(request: TermsRequest, facts: TenantFacts | None, policy: SupportPolicy) -> TermsRequest:
    """Fill what the request leaves open with what the directory knows of the tenant.

    A plan or a centre of theirs that this policy does not have belongs to another policy.
    """
    if facts is None:
        return request
    known = {"zone": facts.zone, "calendar": facts.calendar}
    known["region"] = facts.region if facts.region in policy.regions else None
    open_ends = {name: value for name, value in known.items() if getattr(request, name) is None}
    plan = request.plan_in_force(facts.plan if facts.plan in policy.plans else None)
    return request.model_copy(update=open_ends | {"plan": plan})


def _zone_of(request: TermsRequest, rule: RegionRule) -> str:
    """Name the customer's zone: their own, their country's, or that of the centre they call."""
    return request.zone or rule.country_zones.get(request.country or "") or rule.zone


def _days(request: TermsRequest) -> tuple[date, date]:
    return request.known_from.astimezone(UTC).date(), request.known_until.astimezone(UTC).date()


def _zone_over_horizon(name: str, first: date, last: date) -> LocalZone:
    """Write a zone down for any instant of whole UTC days, so that cases of a day share it."""
    start, end = datetime.combine(first, time(), UTC), datetime.combine(last, time(), UTC)
    return local_zone(name, start - _MARGIN, end + timedelta(days=1) + _MARGIN)


def _reach(table: HolidayTable, first: date, last: date) -> str:
    """Say so where the horizon is beyond the table: no holiday is known there."""
    since, until = table.years
    return "" if since <= first.year and last.year <= until else f", {since} to {until} only"


def _plan(policy: SupportPolicy, plan: str | None) -> str:
    """Return the plan a request is under. Raises: _Refused with PlanUnknown (RHIPE-05)."""
    if plan is None:
        return policy.default_plan
    if plan not in policy.plans:
        reason = f"policy {policy.name} has no plan {plan!r}; known are {', '.join(policy.plans)}"
        raise _Refused("PlanUnknown", reason, "name a known plan, or none for the default")
    return plan


def _region(policy: SupportPolicy, request: TermsRequest) -> tuple[str, RegionRule]:
    """Find the centre: the one named, the one the country calls, or the default (RHIPE-23).

    Raises: _Refused with RegionUnknown (RHIPE-22).
    """
    if request.region is not None:
        if request.region not in policy.regions:
            known = ", ".join(policy.regions)
            reason = f"policy {policy.name} has no region {request.region!r}; known are {known}"
            raise _Refused("RegionUnknown", reason, "name a known region, or none")
        return request.region, policy.regions[request.region]
    for name, rule in policy.regions.items():
        if request.country in rule.countries:
            return name, rule
    return policy.default_region, policy.regions[policy.default_region]
