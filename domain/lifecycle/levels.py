"""How urgent a case is: rating, triage, and a change of level with what it does to the clocks.

Pure. RHIPE-11, RHIPE-12, RHIPE-15 to RHIPE-20, GAP-13.
"""

from domain.case import LevelSource
from domain.clocks import Clock, RunningClock, due, run_target, warning_at
from domain.decision import Declined, Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import kept
from domain.lifecycle.informing import restart_cadence
from domain.messages import ChangeLevel, Triage
from domain.policy import LevelRule
from domain.terms import Terms
from domain.timeline import EntryKind

_RATINGS = ("high", "medium", "low")


def rated(terms: Terms, impact: str, urgency: str) -> str:
    """This will return the level of impact x urgency (RHIPE-11). Raises: Refusal with `ValidationError`."""
    for field, value in (("impact", impact), ("urgency", urgency)):
        if value not in _RATINGS:
            refuse("ValidationError", f"{field}: {value} is no rating", "use high, medium or low", (field,))
    for cell in terms.rules.matrix:
        if cell.impact == impact and cell.urgency == urgency:
            return cell.level
    refuse("ValidationError", "this policy does not rate by impact and urgency", "name the level", ("level",))


def bounds_warning(rule: LevelRule, percent: float | None, workaround: bool | None) -> bool:
    """This will tell whether the share of users does not fit the level (half-open bands, CONF-04).

    P1 above 50 % and no workaround, P2 (25, 50], P3 [10, 25], P4 below 10 %. It only warns (RHIPE-12).
    """
    if rule.no_workaround and workaround:
        return True
    if percent is None:
        return False
    return (
        (rule.above_percent is not None and percent <= rule.above_percent)
        or (rule.at_least_percent is not None and percent < rule.at_least_percent)
        or (rule.up_to_percent is not None and percent > rule.up_to_percent)
        or (rule.below_percent is not None and percent >= rule.below_percent)
    )


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
    if bounds_warning(case.terms.level(level), message.users_affected_percent, message.workaround):
        draft.warn("PriorityBoundsMismatch")
    _set_level(draft, level, LevelSource.MATRIX, message.reason)


def _settle_triage(draft: Draft) -> None:
    running = draft.case.clock(Clock.TRIAGE)
    if running is not None:
        kept(draft, running)
        draft.stop(Clock.TRIAGE)


def change_level(draft: Draft, message: ChangeLevel) -> Declined | None:
    """This will change the level; a requester's wish is recorded and declined (RHIPE-12). Raises: Refusal."""
    case = draft.case
    level, source = _wanted(draft, message)
    if message.actor.is_requester:
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
    if message.reason is None:
        refuse("ReasonRequired", "a change of level needs a reason", "say why", ("reason",))
    if level == case.level:
        refuse("NoChange", f"the level is {level} already", "nothing needs to be done")
    _settle_triage(draft)
    draft.enter(EntryKind.LEVEL_CHANGED, message.reason, about=f"{case.level} -> {level}")
    _set_level(draft, level, source, message.reason)
    return None


def _wanted(draft: Draft, message: ChangeLevel) -> tuple[str, LevelSource]:
    if message.level is not None:
        known = [level.id for level in draft.case.terms.rules.levels]
        if message.level not in known:
            refuse(
                "SeverityUnknown",
                f"there is no level {message.level}",
                f"use one of {', '.join(known)}",
                ("level",),
            )
        return message.level, LevelSource.STAFF
    if message.impact is None or message.urgency is None:
        refuse("ValidationError", "no level is given", "name a level, or impact and urgency", ("level",))
    return rated(draft.case.terms, message.impact, message.urgency), LevelSource.MATRIX


def _set_level(draft: Draft, level: str, source: LevelSource, reason: str | None) -> None:
    before = draft.case.rule
    draft.set(level=level, level_source=source)
    after = draft.case.rule
    if after.id == before.id:
        return
    response = draft.case.clock(Clock.INITIAL_RESPONSE)
    if response is not None or draft.case.responded_at is None:
        _move_response(draft, response, raised=after.rank < before.rank)
    if draft.case.responded_at is not None and response is None:
        restart_cadence(draft)
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
    start = response.started_at if response else case.received_at
    if not raised:
        draft.run(run_target(case.terms, Clock.INITIAL_RESPONSE, start, target))
        return
    due_at = due(case.terms, draft.at, target)
    if response is not None and response.due_at is not None and response.due_at <= due_at:
        return
    draft.run(
        RunningClock(
            clock=Clock.INITIAL_RESPONSE,
            started_at=start,
            due_at=due_at,
            warn_at=warning_at(case.terms, draft.at, due_at),
            rule=f"{target} (raised)",
        )
    )
