"""How urgent a case is: triage, and a change of level with what it does to the clocks.

Pure. RHIPE-11, RHIPE-12, RHIPE-15 to RHIPE-20, DED-18, DED-19, DED-22, DED-28, GAP-13.
"""

from domain.actor import ActorKind
from domain.case import LevelSource
from domain.clocks import Clock, RunningClock, due, run_target, warning_at
from domain.decision import Declined, Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import outage_endings, outages
from domain.lifecycle.breaches import kept
from domain.lifecycle.duty import run_duty
from domain.lifecycle.handing_on import look_again
from domain.lifecycle.informing import restart_cadence
from domain.lifecycle.rating import (
    check_cap,
    check_outage,
    check_speaker,
    is_doubtful,
    known_level,
    rated,
    vendors_may_rate,
)
from domain.messages import ChangeLevel, Triage
from domain.planned import work_begins_at
from domain.timeline import EntryKind


def triage(draft: Draft, message: Triage) -> None:
    """This will rate a case that has its channel's default level (RHIPE-15). Raises: Refusal.

    A second triage is a change of level and needs a reason.
    """
    case = draft.case
    level = rated(case.terms, message.impact, message.urgency)
    if case.level_source is not LevelSource.CHANNEL_DEFAULT:
        if message.reason is None:
            refuse(
                "ReasonRequired", "this case was rated before", "say why the level should change", ("reason",)
            )
        if level == case.level:
            refuse("NoChange", f"the level is {level} already", "nothing needs to be done")
    _settle_triage(draft)
    draft.enter(EntryKind.TRIAGED, message.reason, about=f"{case.level} -> {level}")
    if is_doubtful(
        case.terms.level(level),
        percent=message.users_affected_percent,
        workaround=message.workaround,
        outage=message.outage,
    ):
        draft.warn(case.terms.rules.rating.doubt)
    _set_level(draft, level, LevelSource.MATRIX, message.reason)


def _settle_triage(draft: Draft) -> None:
    running = draft.case.clock(Clock.TRIAGE)
    if running is not None:
        kept(draft, running)
        draft.stop(Clock.TRIAGE)


def change_level(draft: Draft, message: ChangeLevel) -> Declined | None:
    """This will change the level. Raises: Refusal.

    What it takes is the policy's to say: from staff and vendor a reason (RHIPE-12, DED-18), from a requester
    a reason or a new statement of the business impact (DED-19), or his wish is recorded and declined.
    """
    case = draft.case
    level, source = _wanted(draft, message)
    rule = case.terms.level(level)
    vendors_may_rate(message.actor, case.terms)
    check_speaker(rule, message.actor)
    if message.actor.is_requester and case.terms.rules.rating.requester_change == "not_permitted":
        return _only_a_wish(draft, message, level)
    _says_why(draft, message)
    declares = message.outage and outages.may_be_declared(draft, level)
    if level == case.level and not declares:
        refuse("NoChange", f"the level is {level} already", "nothing needs to be done")
    check_cap(rule, case.request.category, case.terms)
    if message.outage or (case.request.outage and case.outage is None):
        check_outage(rule, case.terms)
    _settle_triage(draft)
    if message.business_impact is not None:
        draft.set(business_impact=message.business_impact)
    why = message.reason or message.business_impact
    if level != case.level:
        draft.enter(EntryKind.LEVEL_CHANGED, why, about=f"{case.level} -> {level}")
    said = case.request
    if is_doubtful(rule, users=said.users_affected, workaround=said.workaround, outage=message.outage):
        draft.warn(case.terms.rules.rating.doubt)
    _set_level(draft, level, source, why)
    if declares:
        outages.declare(draft, why)
    outage_endings.lowered(draft, why)
    return None


def _only_a_wish(draft: Draft, message: ChangeLevel, level: str) -> Declined:
    draft.enter(EntryKind.LEVEL_REQUESTED, message.reason, about=level)
    draft.tell(
        EffectKind.LEVEL_REQUESTED,
        Recipient.ASSIGNEE,
        about=level,
        text=message.reason,
        by=message.actor.label,
    )
    return draft.declined(
        "PriorityNotPermitted", "our staff set the level", "your wish is recorded and they are told"
    )


def _says_why(draft: Draft, message: ChangeLevel) -> None:
    by_statement = draft.case.terms.rules.rating.requester_change == "business_impact"
    if message.actor.is_requester and by_statement:
        if message.business_impact in (None, draft.case.business_impact):
            refuse(
                "BusinessImpactStatementRequired",
                "another level needs a new statement of the business impact",
                "say what the problem does to the business now",
                ("business_impact",),
            )
    elif message.reason is None:
        refuse("ReasonRequired", "a change of level needs a reason", "say why", ("reason",))


def _wanted(draft: Draft, message: ChangeLevel) -> tuple[str, LevelSource]:
    sources = {ActorKind.STAFF: LevelSource.STAFF, ActorKind.VENDOR: LevelSource.VENDOR}
    if message.level is not None:
        level = known_level(draft.case.terms, message.level).id
        return level, sources.get(message.actor.kind, LevelSource.REQUESTER)
    if message.impact is None or message.urgency is None:
        refuse("ValidationError", "no level is given", "name a level, or impact and urgency", ("level",))
    return rated(draft.case.terms, message.impact, message.urgency), LevelSource.MATRIX


def _set_level(draft: Draft, level: str, source: LevelSource, reason: str | None) -> None:
    before = draft.case.rule
    draft.set(level=level, level_source=source, agreed_interval=None)
    after = draft.case.rule
    if after.id == before.id:
        return
    look_again(draft)
    response = draft.case.clock(Clock.INITIAL_RESPONSE)
    if response is not None or draft.case.responded_at is None:
        _move_response(draft, response, raised=after.rank < before.rank)
    if draft.case.responded_at is not None and response is None:
        restart_cadence(draft)
        run_duty(draft)
    update = draft.case.clock(Clock.UPDATE)
    response = draft.case.clock(Clock.INITIAL_RESPONSE)
    draft.tell(
        EffectKind.LEVEL_CHANGED,
        Recipient.CUSTOMER,
        about=level,
        reason=reason,
        due_at=response.due_at if response else None,
        next_update_at=update.due_at if update else None,
    )


def _move_response(draft: Draft, response: RunningClock | None, *, raised: bool) -> None:
    """This will move the response target with the level (GAP-13).

    Raising: the earlier of the old due instant and change + new target. Lowering: receipt + new target.
    A target already missed stays missed.
    """
    case, target = draft.case, draft.case.rule.initial_response
    if not case.has_sla or (response is not None and response.due_at is None):
        return
    if target is None:
        draft.stop(Clock.INITIAL_RESPONSE)
        return
    start = response.started_at if response else work_begins_at(case, case.received_at)
    changed_at = work_begins_at(case, draft.at)
    if not raised:
        draft.run(run_target(case.terms, Clock.INITIAL_RESPONSE, start, target))
        return
    due_at = due(case.terms, changed_at, target)
    if response is not None and response.due_at is not None and response.due_at <= due_at:
        return
    draft.run(
        RunningClock(
            clock=Clock.INITIAL_RESPONSE,
            started_at=start,
            due_at=due_at,
            warn_at=warning_at(case.terms, changed_at, due_at),
            rule=f"{target} (raised)",
        )
    )
