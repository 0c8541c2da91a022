"""Taking a case in: what must be in a request, which level it gets, and the first clocks.

Pure. RHIPE-02, RHIPE-10 to RHIPE-20, RHIPE-45, RHIPE-46, RHIPE-64, O365-20 to O365-24, DED-14, DED-15,
CSS-02 to CSS-04; the order of checks is GAP-28's.
"""

from datetime import datetime

from domain.case import Case, LevelSource
from domain.clocks import Clock, RunningClock, run_target
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import access, handing_on, outages, planned
from domain.lifecycle.checks import (
    check_identity,
    check_opening,
    check_values,
    has_service_level,
    request_digest,
    speaks,
)
from domain.lifecycle.entitlement import continues_another, plan_is_guessed
from domain.lifecycle.rating import first_level, is_doubtful, rated, vendors_may_rate
from domain.lifecycle.required import missing_fields, needs_contact
from domain.lifecycle.scoping import finding, matching_rule
from domain.lifecycle.turning_away import decide_scope, note_of, reasons_against, turn_away
from domain.naming import case_id, case_number
from domain.phase import Phase
from domain.planned import start_zone, work_begins_at
from domain.policy import Disposition, ScopeRule, Target
from domain.regions import Roster
from domain.request import Submit
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
) -> Draft:
    """This will open a case received at `at` (UTC) under these terms. Raises: Refusal.

    `facts` are what the tenant directory knows; None where nobody asked it. `roster` says who is open. A case
    that the policy closes with an explanation is opened and closed in one step, without any clock of ours
    (CSS-04).
    """
    _check(request, terms, facts, at)
    level, source = first_level(request, terms)
    missing = () if continues_another(request, facts) else missing_fields(request, terms)
    against = reasons_against(request, terms, facts, missing)
    access.check_task(request, terms)
    rule = matching_rule(request, terms, facts)
    if not against and (lacking := needs_contact(request, finding(rule, terms).disposition)):
        refuse(lacking.code, lacking.reason, lacking.remedy, lacking.missing)
    case = _fresh(request, terms, at, identity).model_copy(
        update={
            "phase": Phase.AWAITING_INFORMATION if missing else Phase.RECEIVED,
            "level": level,
            "level_source": source,
            "has_sla": _has_sla(request, terms, facts, rule),
            "missing": missing,
            "facts": facts,
            "scope": finding(rule, terms),
        }
    )
    draft = Draft(case, at, "opening", request.actor)
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=at, due_at=terms.renewal_due_at))
    draft.enter(EntryKind.SUBMITTED, request.explanation or request.title, about=request.channel)
    handing_on.begin(draft, roster)
    _note_checks(draft, request)
    if against:
        turn_away(draft, against)
    elif not decide_scope(draft, rule):
        _take_in(draft, note_of(rule))
    return draft


def _check(request: Submit, terms: Terms, facts: TenantFacts | None, at: datetime) -> None:
    """This will check who speaks, the channel and the values, before anything is missing. Raises: Refusal."""
    check_opening(request)
    vendors_may_rate(request.actor, terms)
    has_service_level(request, terms.rules.intake, plan_is_guessed=plan_is_guessed(request, facts))
    check_values(request, terms.rules.intake, at)
    planned.check_start(request, at)
    access.check_access(request, terms, at)


def _has_sla(request: Submit, terms: Terms, facts: TenantFacts | None, rule: ScopeRule | None) -> bool:
    """This will tell whether anything is promised: by the channel, the plan, and the rule of scope."""
    guessed = plan_is_guessed(request, facts)
    return (
        has_service_level(request, terms.rules.intake, plan_is_guessed=guessed)
        and terms.plan_rules.service_level
        and (rule is None or rule.service_level)
    )


def _fresh(request: Submit, terms: Terms, at: datetime, identity: str | None) -> Case:
    """This will write the record of a case nobody has judged yet; what proves identity is not kept."""
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
        business_impact=request.business_impact,
        region=terms.region,
        received_at=at,
    )


def _take_in(draft: Draft, note: str | None) -> None:
    _start_clocks(draft)
    _warn(draft)
    _tell(draft, note)
    planned.plan(draft)
    access.request_access(draft)
    if draft.case.request.outage:
        outages.declare(draft, draft.case.request.explanation or draft.case.business_impact)


def _note_checks(draft: Draft, request: Submit) -> None:
    """This will note what was checked, and never the values it was checked with (O365-10)."""
    facts = draft.case.facts
    if facts is None:
        return
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


def _start_clocks(draft: Draft) -> None:
    case, terms = draft.case, draft.case.terms
    if not case.has_sla:
        return
    start_response(draft)
    triage_within = terms.rules.intake.triage_within
    if case.level_source is LevelSource.CHANNEL_DEFAULT and triage_within:
        draft.run(run_target(terms, Clock.TRIAGE, draft.at, Target(within=triage_within)))


def start_response(draft: Draft) -> None:
    """This will start the clock of the initial response from now, where the level promises one (RHIPE-13).

    Work that is planned ahead has it from the planned start (WEST-10).
    """
    target = draft.case.rule.initial_response
    if target is not None and draft.case.has_sla:
        begins_at = work_begins_at(draft.case, draft.at)
        draft.run(run_target(draft.case.terms, Clock.INITIAL_RESPONSE, begins_at, target))


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


def _tell(draft: Draft, note: str | None) -> None:
    case = draft.case
    response = case.clock(Clock.INITIAL_RESPONSE)
    start_at = case.request.start_at
    draft.tell(
        EffectKind.ACKNOWLEDGEMENT,
        Recipient.CUSTOMER,
        zone=start_zone(case) if start_at is not None else None,
        starts_at=start_at,
        received_at=case.received_at,
        due_at=response.due_at if response else None,
        missing=case.missing,
        text=note,
        advice=_advice(draft),
        links=tuple(" ".join(filter(None, (place.name, place.link))) for place in case.terms.self_help),
        has_sla=case.has_sla,
        linked_case=case.parent,
        linked_number=case_number(case.parent) if case.parent else None,
    )
    if not case.request.actor.is_staff:
        undecided = case.scope is not None and case.scope.disposition is Disposition.TRIAGE
        draft.tell(
            EffectKind.NEW_CASE,
            Recipient.ASSIGNEE,
            about=Disposition.TRIAGE if undecided else None,
            text=case.request.explanation,
            by=case.request.actor.label,
            due_at=response.due_at if response else None,
        )


def _advice(draft: Draft) -> str | None:
    case = draft.case
    if "UsePhoneForUrgent" in draft.warnings:
        return "call"
    return None if case.request.channel in case.terms.rules.intake.channels else "relodge"
