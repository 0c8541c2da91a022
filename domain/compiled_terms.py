"""Compiling what a case is held to: a policy, one of its plans and a calendar, written out as terms."""

import hashlib
from datetime import datetime

from domain.citing import cited
from domain.policy import (
    Department,
    Disposition,
    LevelRule,
    Organisation,
    Plan,
    PlanRules,
    Rules,
    SupportPolicy,
    VendorEscalation,
)
from domain.terms import HORIZON, Calendars, Terms
from domain.text import in_one_spelling
from domain.time.calendar import BusinessCalendar
from domain.time.plan_week import opening_week, shortened


def compile_terms(
    policy: SupportPolicy,
    plan_name: str,
    region: str,
    calendars: Calendars,
    at: datetime,
    *,
    known_from: datetime | None = None,
    known_until: datetime | None = None,
) -> Terms:
    """Write down what a case received at `at` (UTC) is held to.

    Business dates are Monday to Friday, or the days outside the calendar's own weekend, without the holidays;
    where the plan covers hours only, those hours. The plan's own targets and channels take the place of the
    policy's. Level definitions and examples stay in the policy: a case does not need them. The tables reach
    from `known_from` to `known_until`, by default from `at` for the horizon.
    """
    plan, sun = policy.plans[plan_name], policy.organisation.follow_the_sun
    return Terms(
        policy=policy.name,
        version=policy.version,
        plan=plan_name,
        region=region,
        hours_in_coverage=not plan.around_the_clock,
        calendar=_calendar_under(plan, calendars),
        rules=_rules_under(policy.rules, plan),
        plan_rules=PlanRules.model_validate({name: getattr(plan, name) for name in PlanRules.model_fields}),
        follow_the_sun=sun if sun.enabled else None,
        vendor=_vendor_under(policy, plan_name),
        outage=policy.organisation.outage,
        physical_access=policy.organisation.physical_access,
        skills=_skills(policy),
        not_ready_in=_not_ready_in(policy.organisation),
        tells_of_reassignment=policy.organisation.reassignment_notice == "always",
        departments=_departments(policy),
        regions=tuple(policy.regions),
        self_help=policy.self_help,
        compiled_for=at,
        valid_until=known_until or at + HORIZON,
        known_from=known_from or at,
        assumed_cadences=assumed_cadences(policy, plan_name),
        cited=cited(policy, plan_name),
        sources=calendars.sources,
        digest=policy_digest(policy),
    )


def held_from(terms: Terms, at: datetime, *, known_from: datetime, known_until: datetime) -> Terms:
    """Return the same terms for a case received at `at`; all UTC."""
    return terms.model_copy(update={"compiled_for": at, "valid_until": known_until, "known_from": known_from})


def _skills(policy: SupportPolicy) -> tuple[str, ...]:
    """Name the skills that a tier or a centre of the policy has, each once."""
    having = [one.skills for one in policy.organisation.tiers] + [
        one.skills for one in policy.regions.values()
    ]
    return tuple(dict.fromkeys(in_one_spelling(skill) for skills in having for skill in skills))


def _not_ready_in(ours: Organisation) -> dict[str, str]:
    """Name the phases before the first gate, each with what has to be signed there (DED-42)."""
    gated = next((phase for phase in ours.tenant_phases if phase in ours.phase_gates), None)
    if gated is None:
        return {}
    before = ours.tenant_phases[: ours.tenant_phases.index(gated)]
    return dict.fromkeys(before, ours.phase_gates[gated])


def _vendor_under(policy: SupportPolicy, plan_name: str) -> VendorEscalation | None:
    """Return the rules of the vendor as they are under a plan.

    Where our engineer is the contact the case is not handed over: that is for partners alone (RHIPE-42).
    """
    vendor = policy.organisation.vendor
    if vendor is None:
        return None
    aliases = policy.organisation.role_aliases
    roles = tuple(alias for alias, role in aliases.items() if role in vendor.contact_roles)
    vendor = vendor.model_copy(update={"contact_roles": (*vendor.contact_roles, *roles)})
    if plan_name not in vendor.engineer_is_contact_in:
        return vendor
    return vendor.model_copy(
        update={
            "disposition": "keep_open",
            "our_cadence": "continue",
            "main_contact": vendor.engineer_as_contact,
            "contact_details": (),
            "contact_check_after": None,
        }
    )


def _departments(policy: SupportPolicy) -> dict[str, Department]:
    """Return the departments that cases of this policy may be passed on to."""
    internal = (
        rule.refer_to
        for rule in policy.rules.scope.rules
        if rule.disposition is Disposition.REFER_INTERNAL and rule.refer_to is not None
    )
    known = policy.organisation.departments
    return {name: known[name] for name in internal if name in known}


def _calendar_under(plan: Plan, calendars: Calendars) -> BusinessCalendar:
    """Write the customer's calendar with the hours of a plan."""
    hours = opening_week(plan, calendars.weekend)
    return BusinessCalendar(
        name=calendars.name,
        zone=calendars.zone,
        hours=hours,
        holidays=calendars.holidays,
        special=tuple(shortened(hours, day) for day in calendars.part_days),
    )


def policy_digest(policy: SupportPolicy) -> str:
    """Tell two texts of one version apart: 12 hex digits over every value of the policy."""
    return hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:12]


def _rules_under(rules: Rules, plan: Plan) -> Rules:
    """Lay a plan's own targets and channels over the rules of all plans."""
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


def assumed_cadences(policy: SupportPolicy, plan_name: str) -> tuple[str, ...]:
    """Name the levels whose update cadence under a plan is our assumption, by the marks of the policy."""
    targets = policy.plans[plan_name].targets
    return tuple(
        level.id
        for level in policy.rules.levels
        if policy.mark_of(
            f"plans.{plan_name}.targets.{level.id}.update_every"
            if level.id in targets and "update_every" in targets[level.id].model_fields_set
            else f"rules.levels.{level.id}.update_every"
        ).startswith("assumed")
    )
