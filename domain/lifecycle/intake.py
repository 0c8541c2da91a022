"""Taking a case in: what must be in a request, which level it gets, and the first clocks.

RHIPE-02, RHIPE-10 to RHIPE-20, RHIPE-45, RHIPE-46, RHIPE-64, O365-20 to O365-24, DED-14, DED-15,
CSS-02 to CSS-04; the order of checks is GAP-28's.
"""

from datetime import datetime

from domain.case import Case, LevelSource
from domain.centres.regions import Roster
from domain.clocks import Clock
from domain.counting import run_target
from domain.decision import Draft, instant_key, refuse
from domain.files import with_givers
from domain.lifecycle import access, handoff, outage, planned_work
from domain.lifecycle.intake_checks import (
    check_identity,
    check_opening,
    check_own_identity,
    check_values,
    has_service_level,
    request_digest,
    speaks,
)
from domain.lifecycle.intake_entitlement import check_plan, continues_another, plan_is_guessed
from domain.lifecycle.intake_level import first_level, is_doubtful, rated, vendors_may_rate
from domain.lifecycle.intake_notices import tell_owner, tell_receipt
from domain.lifecycle.intake_rejection import decide_scope, note_of, reasons_against, turn_away
from domain.lifecycle.intake_required import missing_fields, needs_contact
from domain.lifecycle.intake_scope import finding, matching_rule
from domain.lifecycle.tenant_phase import check_ready
from domain.lifecycle.terms_renewal import next_renewal
from domain.messages.request import Submit
from domain.naming import case_id, case_number
from domain.phase import Phase
from domain.planned import work_begins_at
from domain.policy import ScopeRule, Target
from domain.rules import CURRENT_RULES, RULES_0_3
from domain.tenants import TenantFacts
from domain.terms import Terms
from domain.timeline import EntryKind


def open_case(
    request: Submit,
    terms: Terms,
    at: datetime,
    identity: str | None = None,
    facts: TenantFacts | None = None,
    roster: Roster | None = None,
    rules: int = CURRENT_RULES,
    begun_at: datetime | None = None,
    imported_at: datetime | None = None,
) -> Draft:
    """Open a case received at `at` (UTC) under these terms. Raises: Refusal.

    `facts` are what the tenant directory knows; None where nobody asked it. `roster` says who is open. A case
    that the policy closes with an explanation is opened and closed in one step, without any clock of ours
    (CSS-04). What lies before `imported_at` is settled in silence.
    """
    _check(request, terms, facts, at, identity, rules)
    level, source = first_level(request, terms, rules)
    missing = () if continues_another(request, facts) else missing_fields(request, terms)
    against = reasons_against(request, terms, facts, missing)
    access.check_task(request, terms)
    rule = matching_rule(request, terms, facts)
    if not against:
        _check_contact(request, rule, terms)
    case = _fresh(request, terms, at, identity).model_copy(
        update={
            "rules": rules,
            "begun_at": begun_at,
            "imported_at": imported_at,
            "phase": Phase.AWAITING_INFORMATION if missing else Phase.RECEIVED,
            "level": level,
            "level_source": source,
            "has_sla": _has_sla(request, terms, facts, rule),
            "missing": missing,
            "facts": facts,
            "scope": finding(rule, terms),
        }
    )
    draft = _begun(case, request, roster)
    if against:
        turn_away(draft, against)
    else:
        _take_in_or_refer(draft, rule, roster)
    return draft


def _check_contact(request: Submit, rule: ScopeRule | None, terms: Terms) -> None:
    """Refuse what would be referred to others without anybody they can reach. Raises: Refusal."""
    if lacking := needs_contact(request, finding(rule, terms).disposition):
        refuse(lacking.code, lacking.reason, lacking.remedy, lacking.missing)


def _begun(case: Case, request: Submit, roster: Roster | None) -> Draft:
    """Write the first entry, start the clock of the terms, and find the case its first owner."""
    draft = Draft(case, case.received_at, _cause(case.begun_at), request.actor)
    draft.request_id = request.request_id
    draft.run(next_renewal(draft))
    draft.enter(EntryKind.SUBMITTED, request.explanation or request.title, about=request.channel)
    if draft.case.imported_at is not None:
        draft.enter(EntryKind.IMPORTED, internal=True, due_at=draft.case.imported_at)
    handoff.begin(draft, roster)
    _take(draft)
    _note_checks(draft, request)
    return draft


def _take(draft: Draft) -> None:
    """Give the case to whoever of our staff opens it and takes it. Raises: Refusal."""
    actor = draft.actor
    if draft.case.request.take is None:
        return
    if not actor.is_staff or actor.name is None:
        refuse(
            "RoleNotPermitted", "only somebody of our staff, by name, takes a case", "open it without take"
        )
    draft.set(assignee=actor.name)
    draft.enter(EntryKind.REASSIGNED, internal=True, about=actor.name)


def _cause(begun_at: datetime | None) -> str:
    """Return the cause of what an opening tells: of each life of a reference another one."""
    return "opening" if begun_at is None else f"opening@{instant_key(begun_at)}"


def _check(
    request: Submit,
    terms: Terms,
    facts: TenantFacts | None,
    at: datetime,
    identity: str | None,
    rules: int,
) -> None:
    """Check who asks, the channel, the values and the id, before anything is missing. Raises: Refusal."""
    check_opening(request, rules)
    vendors_may_rate(request.actor, terms, rules)
    check_plan(request, terms, facts, rules)
    check_ready(request, terms, facts, rules)
    has_service_level(request, terms.rules.intake, plan_is_guessed=plan_is_guessed(request, facts))
    check_values(request, terms.rules.intake, at)
    planned_work.check_start(request, at)
    access.check_access(request, terms, at)
    if identity is not None and rules >= RULES_0_3:
        check_own_identity(identity, request)


def _has_sla(request: Submit, terms: Terms, facts: TenantFacts | None, rule: ScopeRule | None) -> bool:
    """Tell whether anything is promised: by the channel, the plan, and the rule of scope."""
    guessed = plan_is_guessed(request, facts)
    return (
        has_service_level(request, terms.rules.intake, plan_is_guessed=guessed)
        and terms.plan_rules.service_level
        and (rule is None or rule.service_level)
    )


def _fresh(request: Submit, terms: Terms, at: datetime, identity: str | None) -> Case:
    """Write the record of a case nobody has judged yet; what proves identity is not kept."""
    identity = identity or case_id(request.tenant, request.source, request.reference)
    check_identity(identity)
    return Case(
        id=identity,
        number=case_number(identity),
        parent=request.linked_to,
        request=request.model_copy(update={"verification": None}),
        request_digest=request_digest(request),
        terms=terms,
        phase=Phase.RECEIVED,
        level=terms.rules.intake.default_level,
        level_source=LevelSource.CHANNEL_DEFAULT,
        givers=() if request.linked_to else with_givers((), request, at),
        business_impact=request.business_impact,
        region=terms.region,
        received_at=at,
    )


def _take_in_or_refer(draft: Draft, rule: ScopeRule | None, roster: Roster | None) -> None:
    """Begin the work on a case, unless the rule of scope ends it or has a department see to it."""
    if not decide_scope(draft, rule):
        _take_in(draft, rule, roster)
    elif draft.case.awaits_department:
        tell_owner(draft, roster)


def _take_in(draft: Draft, rule: ScopeRule | None, roster: Roster | None) -> None:
    _start_clocks(draft)
    _warn(draft)
    tell_receipt(draft, note_of(rule))
    tell_owner(draft, roster)
    planned_work.plan(draft)
    access.request_access(draft)
    if draft.case.request.outage:
        outage.declare(draft, draft.case.request.explanation or draft.case.business_impact)


def _note_checks(draft: Draft, request: Submit) -> None:
    """Note what was checked, and never the values it was checked with (O365-10)."""
    facts = draft.case.facts
    if facts is None:
        return
    _note_plan(draft, request, facts)
    if not facts.read:
        draft.enter(
            EntryKind.ENTITLEMENT_CHECKED,
            "The tenant directory could not be read; nothing was checked against it.",
            internal=True,
            about="unread",
        )
    elif request.verification is not None:
        about = {True: "verified", False: "not verified", None: "not checked"}[facts.is_verified]
        draft.enter(EntryKind.ENTITLEMENT_CHECKED, internal=True, about=about)


def _note_plan(draft: Draft, request: Submit, facts: TenantFacts) -> None:
    """Record why our staff have the case under a plan the directory does not have."""
    plan = draft.case.terms.plan
    if request.plan_reason is not None and facts.plan not in (None, plan):
        about = f"plan {facts.plan} -> {plan}"[:200]
        draft.enter(EntryKind.ENTITLEMENT_CHECKED, request.plan_reason, internal=True, about=about)


def _start_clocks(draft: Draft) -> None:
    case, terms = draft.case, draft.case.terms
    if not case.has_sla:
        return
    start_response(draft)
    triage_within = terms.rules.intake.triage_within
    if case.level_source is LevelSource.CHANNEL_DEFAULT and triage_within:
        draft.run(run_target(case, Clock.TRIAGE, draft.at, Target(within=triage_within)))


def start_response(draft: Draft) -> None:
    """Start the clock of the initial response from now, where the level promises one (RHIPE-13).

    Work that is planned ahead has it from the planned start (WEST-10).
    """
    target = draft.case.rule.initial_response
    if target is not None and draft.case.has_sla:
        begins_at = work_begins_at(draft.case, draft.at)
        draft.run(run_target(draft.case, Clock.INITIAL_RESPONSE, begins_at, target))


def _warn(draft: Draft) -> None:
    case, request = draft.case, draft.case.request
    rules = case.terms.rules
    if case.missing:
        draft.warn("IntakeIncomplete")
    if not case.has_sla:
        draft.warn("SlaNotApplicable")
    if rules.intake.languages_mode == "best_effort" and not speaks(request.language, rules.intake.languages):
        draft.warn("LanguageNotAvailable")
    wished = (
        rated(case.terms, request.impact, request.urgency)
        if rules.matrix and request.impact and request.urgency
        else None
    )
    if request.level not in (None, case.level) and rules.rating.by != "requester":
        draft.warn("PriorityNotPermitted")  # RHIPE-12: it is kept as a wish, and staff rate
    if request.channel in rules.intake.default_level_channels and wished in rules.intake.phone_first_levels:
        draft.warn("UsePhoneForUrgent")
    if is_doubtful(
        case.rule,
        percent=request.users_affected_percent,
        users=request.users_affected,
        workaround=request.workaround,
        outage=request.outage,
    ):
        draft.warn(rules.rating.doubt)
