"""How urgent a case is: triage, and a change of level with what it does to the clocks.

RHIPE-11, RHIPE-12, RHIPE-15 to RHIPE-20, DED-18, DED-19, DED-22, DED-28, GAP-13.
"""

from domain.actor import ActorKind
from domain.case import Case, LevelSource
from domain.clocks import Clock, LevelMove, RunningClock
from domain.counting import due, run_target, settle_moves, warning_at
from domain.decision import Declined, Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import outage, outage_end
from domain.lifecycle.breaches import kept
from domain.lifecycle.customer_update import run_duty
from domain.lifecycle.handoff import look_again
from domain.lifecycle.intake_level import (
    check_cap,
    check_channel,
    check_outage,
    check_speaker,
    is_doubtful,
    known_level,
    rated,
    vendors_may_rate,
)
from domain.lifecycle.promised import promised_at
from domain.lifecycle.updates import restart_cadence
from domain.messages.case import ChangeLevel, Triage
from domain.phase import OPEN
from domain.planned import work_begins_at
from domain.policy import LevelRule, Target
from domain.rules import RULES_0_4
from domain.timeline import EntryKind

_MOST_MOVES = 8
"""Changes of level a response clock remembers; of more it keeps the one that counts (ours)."""


def triage(draft: Draft, message: Triage) -> None:
    """Rate a case that has its channel's default level (RHIPE-15). Raises: Refusal.

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
            refuse("NoChange", f"the level is {level} already", "there is nothing to do")
    _settle_triage(draft)
    said = _all_said(case, message)
    draft.enter(EntryKind.TRIAGED, message.reason, about=f"{case.level} -> {level}")
    if is_doubtful(
        case.terms.level(level),
        percent=said.users_affected_percent,
        workaround=said.workaround,
        outage=message.outage,
    ):
        draft.warn(case.terms.rules.rating.doubt)
    _set_level(draft, level, LevelSource.MATRIX, message.reason)


def _all_said(case: Case, message: Triage) -> Triage:
    """Return a rating with what the request said of the problem where the rating says nothing."""
    if case.rules < RULES_0_4:
        return message
    request = case.request
    percent, workaround = message.users_affected_percent, message.workaround
    return message.model_copy(
        update={
            "users_affected_percent": request.users_affected_percent if percent is None else percent,
            "workaround": request.workaround if workaround is None else workaround,
        }
    )


def _settle_triage(draft: Draft) -> None:
    running = draft.case.clock(Clock.TRIAGE)
    if running is not None:
        kept(draft, running)
        draft.stop(Clock.TRIAGE)


def change_level(draft: Draft, message: ChangeLevel) -> Declined | None:
    """Change the level. Raises: Refusal.

    What it takes is the policy's to say: from staff and vendor a reason (RHIPE-12, DED-18), from a requester
    a reason or a new statement of the business impact (DED-19), or their wish is recorded and declined.
    """
    case = draft.case
    level, source = _wanted(draft, message)
    rule = case.terms.level(level)
    vendors_may_rate(message.actor, case.terms, case.rules)
    check_speaker(rule, message.actor, case.rules)
    if message.actor.is_requester and case.terms.rules.rating.requester_change == "not_permitted":
        return _only_a_wish(draft, message, level)
    _says_why(draft, message)
    declares = message.outage and outage.may_be_declared(draft, level)
    if level == case.level and not declares:
        refuse("NoChange", f"the level is {level} already", "there is nothing to do")
    check_cap(rule, category_of(case), case.terms)
    if message.actor.is_requester and case.rules >= RULES_0_4 and rule.rank < case.rule.rank:
        check_channel(rule, message.channel or case.request.channel, case.terms)
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
        outage.declare(draft, why)
    outage_end.lowered(draft, why)
    return None


def category_of(case: Case) -> str | None:
    """Return what the case is about: what staff found out counts before what was asked (WEST-10)."""
    diagnosed = case.scope.diagnosis if case.scope is not None and case.rules >= RULES_0_4 else None
    return diagnosed or case.request.category


def keep_below_cap(draft: Draft) -> None:
    """Lower a case that is above what its category, diagnosed by now, can be (WEST-10)."""
    case = draft.case
    limit = case.terms.rules.intake.categories.get(category_of(case) or "")
    if limit is None or limit.highest_level is None or case.rules < RULES_0_4 or case.phase not in OPEN:
        return
    highest = limit.highest_level
    if case.rule.rank >= case.terms.level(highest).rank:
        return
    why = f"{limit.title}: at most {highest}"
    draft.enter(EntryKind.LEVEL_CHANGED, why, about=f"{case.level} -> {highest}")
    _settle_triage(draft)
    _set_level(draft, highest, LevelSource.STAFF, why)
    outage_end.lowered(draft, why)


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
        "PriorityNotPermitted", "our staff set the level", "your request is recorded and they have been told"
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
        refuse("ValidationError", "no level was given", "name a level, or impact and urgency", ("level",))
    return rated(draft.case.terms, message.impact, message.urgency), LevelSource.MATRIX


def _set_level(draft: Draft, level: str, source: LevelSource, reason: str | None) -> None:
    before = draft.case.rule
    draft.set(level=level, level_source=source, agreed_interval=None)
    after = draft.case.rule
    if after.id == before.id:
        return
    look_again(draft)
    owed = Clock.DEPARTMENT_CONTACT if draft.case.awaits_department else Clock.INITIAL_RESPONSE
    if draft.case.owes_first_answer or draft.case.awaits_department:
        _move_response(draft, owed, before)
    if not draft.case.owes_first_answer:
        restart_cadence(draft)
        run_duty(draft)
    update = draft.case.clock(Clock.UPDATE)
    response = draft.case.clock(owed)
    draft.tell(
        EffectKind.LEVEL_CHANGED,
        Recipient.CUSTOMER,
        about=level,
        reason=reason,
        due_at=response.due_at if response else None,
        next_update_at=update.due_at if update else None,
    )


def _move_response(draft: Draft, clock: Clock, before: LevelRule) -> None:
    """Move the response target with the level, ours or that of a department of ours (GAP-13).

    Raising: the earlier of the old due instant and change + new target. Lowering: the later of it and receipt
    + new target. A target already missed stays missed; where there was none the new one runs from the change.
    """
    case, target = draft.case, draft.case.rule.initial_response
    response = case.clock(clock)
    if not case.has_sla or (response is not None and response.due_at is None):
        return
    if target is None:
        draft.stop(clock)
    elif case.rules < RULES_0_4:
        _move_as_before(draft, response, target, raised=case.rule.rank < before.rank)
    elif response is None:
        start = work_begins_at(case, draft.at)
        draft.run(run_target(case, clock, start, target))
    else:
        draft.run(_moved(draft, response, before))


def _moved(draft: Draft, response: RunningClock, before: LevelRule) -> RunningClock:
    """Return the response clock with one move more, due where its moves put it now."""
    case, raised = draft.case, draft.case.rule.rank < before.rank
    start = work_begins_at(case, draft.at) if raised else response.started_at
    first = LevelMove(level=before.id, counted_from=response.started_at)
    known = response.moves or (first,)
    moves = (*known, LevelMove(level=case.level, counted_from=start, raised=raised))
    settled = settle_moves(case, moves, lambda level: promised_at(case, level))
    assert settled is not None
    move, due_at = settled
    if len(moves) > _MOST_MOVES:
        moves = (move.model_copy(update={"raised": False}),)
    if due_at == response.due_at:
        return response.model_copy(update={"moves": moves})
    target = promised_at(case, move.level)
    assert target is not None
    warn_at = warning_at(case, response.clock, move.counted_from, due_at, target)
    return RunningClock(
        clock=response.clock,
        started_at=response.started_at,
        due_at=due_at,
        warn_at=max(warn_at, draft.at) if warn_at else None,
        rule=f"{target} (raised)" if move.raised else str(target),
        moves=moves,
    )


def _move_as_before(draft: Draft, response: RunningClock | None, target: Target, *, raised: bool) -> None:
    """Move it by the rules before 0.4: lowered, it was due at receipt + new target, were that earlier."""
    case = draft.case
    start = response.started_at if response else work_begins_at(case, case.received_at)
    changed_at = work_begins_at(case, draft.at)
    if not raised:
        draft.run(run_target(case, Clock.INITIAL_RESPONSE, start, target))
        return
    due_at = due(case, Clock.INITIAL_RESPONSE, changed_at, target)
    if response is not None and response.due_at is not None and response.due_at <= due_at:
        return
    draft.run(
        RunningClock(
            clock=Clock.INITIAL_RESPONSE,
            started_at=start,
            due_at=due_at,
            warn_at=warning_at(case, Clock.INITIAL_RESPONSE, changed_at, due_at, target),
            rule=f"{target} (raised)",
        )
    )
