"""What staff find out about a request once they have looked: some of it is not ours after all.

Pure. WEST-03 to WEST-05, RHIPE-31, CSS-12, CONF-12. The rules of scope are asked again, with the finding in
place of the category and with those that count only after a diagnosis.
"""

from domain.clocks import due
from domain.decision import Draft, refuse
from domain.effects import EffectKind
from domain.lifecycle.closing import close_now, settle_if_staff
from domain.lifecycle.required import needs_contact
from domain.lifecycle.scoping import diagnosed_rule, finding
from domain.lifecycle.turning_away import log_on_behalf
from domain.phase import CloseReason
from domain.policy import Disposition, ScopeRule
from domain.special_messages import Diagnose
from domain.terms import Terms
from domain.text import MAX_TEXT_BYTES, clipped
from domain.timeline import EntryKind


def diagnose(draft: Draft, message: Diagnose) -> None:
    """This will note what staff have found, and do what the rule of scope for it says. Raises: Refusal.

    A finding to which no rule applies changes nothing. What is ours, or a best effort, stays open; the best
    effort ends with an `outcome`, by name or as referred (WEST-05).
    """
    case = draft.case
    _check_finding(message.finding, case.terms)
    asked = case.request.model_copy(update={"category": message.finding})
    rule = diagnosed_rule(asked, case.terms, case.facts)
    reason = _ends_as(rule, message)
    found = finding(rule, case.terms) if rule is not None else (case.scope or finding(None, case.terms))
    lacking = needs_contact(case.request, found.disposition)
    if rule is not None and lacking is not None:
        refuse(lacking.code, lacking.reason, lacking.remedy, lacking.missing)
    draft.set(scope=found.model_copy(update={"diagnosis": message.finding}))
    draft.enter(EntryKind.DIAGNOSED, message.text, about=message.finding)
    if rule is not None and reason is not None:
        _end(draft, rule, reason, message)
    elif found.disposition is Disposition.LOG_ON_BEHALF:
        log_on_behalf(draft, found)


def _check_finding(found: str, terms: Terms) -> None:
    """This will want one of the policy's own words, for only they decide anything. Raises: Refusal."""
    named = {name for rule in terms.rules.scope.rules for name in rule.categories}
    if found not in (known := sorted(named | set(terms.rules.intake.categories))):
        refuse(
            "ValidationError",
            f"finding: {found} is no category of this policy",
            f"use one of {', '.join(known)}; or add a note",
            ("finding",),
        )


def _ends_as(rule: ScopeRule | None, message: Diagnose) -> CloseReason | None:
    """This will name what the case is closed as, or None: it stays open. Raises: Refusal."""
    if message.outcome is not None:
        return _outcome(rule, message.outcome)
    match rule.disposition if rule is not None else None:
        case Disposition.REFER | Disposition.REFER_INTERNAL:
            return CloseReason.REFERRED
        case Disposition.DECLINE:
            assert rule is not None
            return CloseReason.ON_PREMISES_WITHOUT_ADDON if rule.without_addon else CloseReason.OUT_OF_SCOPE
        case _:
            return None


def _outcome(rule: ScopeRule | None, outcome: str) -> CloseReason:
    allowed: tuple[CloseReason, ...] = ()
    if rule is not None and rule.disposition is Disposition.BEST_EFFORT:
        allowed = (*((CloseReason.REFERRED,) if rule.refer_to else ()), *rule.outcomes)
    if outcome not in allowed:
        names = " or ".join(allowed) or "none: leave it out"
        refuse("ValidationError", f"outcome: {outcome} is no end of this", f"use {names}", ("outcome",))
    return CloseReason(outcome)


def _end(draft: Draft, rule: ScopeRule, reason: CloseReason, message: Diagnose) -> None:
    """This will close the case and say once who helps instead, with the steps there are (WEST-03).

    A department of ours answers as soon as we would have (RHIPE-31).
    """
    settle_if_staff(draft)
    internal = rule.disposition is Disposition.REFER_INTERNAL
    target = draft.case.rule.initial_response if internal and draft.case.has_sla else None
    if not internal:
        draft.warn("OutOfScope")
    declines = rule.disposition is Disposition.DECLINE
    close_now(
        draft,
        reason,
        draft.at,
        clipped("\n\n".join(filter(None, (message.text, rule.explanation))), MAX_TEXT_BYTES),
        letter=EffectKind.CANNOT_SUPPORT if declines else EffectKind.REFERRAL,
        reason=rule.name,
        refer_to=rule.refer_to,
        how=rule.how or None,
        steps=rule.steps,
        links=(rule.link,) if rule.link else (),
        due_at=due(draft.case.terms, draft.at, target) if target else None,
    )
