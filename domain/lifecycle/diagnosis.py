"""What staff find out about a request once they have looked: some of it is not ours after all.

WEST-03 to WEST-05, RHIPE-31, CSS-12, CONF-12. The rules of scope are asked again, with the finding in
place of the category and with those that count only after a diagnosis.
"""

from domain.addon import AddonCheck
from domain.case import Case
from domain.decision import Draft, refuse
from domain.lifecycle.intake_rejection import log_on_behalf
from domain.lifecycle.intake_required import needs_contact
from domain.lifecycle.intake_scope import diagnosed_rule, finding, rule_in_question
from domain.lifecycle.levels import keep_below_cap
from domain.lifecycle.not_ours import end, ends_as, pass_on
from domain.messages.special import Diagnose
from domain.phase import CloseReason
from domain.policy import Disposition, ScopeRule
from domain.rules import RULES_0_4
from domain.terms import Terms
from domain.timeline import EntryKind


def diagnose(draft: Draft, message: Diagnose) -> None:
    """Note what staff have found, and do what the rule of scope for it says. Raises: Refusal.

    A finding to which no rule applies changes nothing. What is ours, or a best effort, stays open; the best
    effort ends with an `outcome`, by name or as referred (WEST-05). Where it depends on an add-on the
    directory is asked first, for it may have been bought since (CSS-12).
    """
    _check_finding(message.finding, draft.case.terms)
    in_question = _in_question(draft.case, message.finding)
    if in_question is None or in_question.without_addon is None:
        decide_finding(draft, message.finding, message.text, message.outcome)
        return
    _ends_as(in_question, message.outcome)
    draft.enter(EntryKind.DIAGNOSED, message.text, about=message.finding)
    draft.warn("AddonAsked")
    draft.set(
        addon_check=AddonCheck(
            addon=in_question.without_addon,
            cause=draft.cause,
            actor=message.actor,
            text=message.text,
            finding=message.finding,
        )
    )


def _in_question(case: Case, found: str) -> ScopeRule | None:
    """Return the rule that an add-on decides; before 0.4 what the directory said at the opening counted."""
    if case.rules < RULES_0_4:
        return None
    asked = case.request.model_copy(update={"category": found})
    return rule_in_question(asked, case.terms, case.facts)


def decide_finding(
    draft: Draft, said: str, text: str | None, outcome: str | None = None, *, is_noted: bool = False
) -> None:
    """Do what the rule of scope for a finding says, by what is known of the tenant now. Raises: Refusal."""
    case = draft.case
    asked = case.request.model_copy(update={"category": said})
    rule = diagnosed_rule(asked, case.terms, case.facts)
    reason = _ends_as(rule, outcome)
    found = finding(rule, case.terms) if rule is not None else (case.scope or finding(None, case.terms))
    lacking = needs_contact(case.request, found.disposition)
    if rule is not None and lacking is not None:
        refuse(lacking.code, lacking.reason, lacking.remedy, lacking.missing)
    draft.set(scope=found.model_copy(update={"diagnosis": said}))
    if not is_noted:
        draft.enter(EntryKind.DIAGNOSED, text, about=said)
    if reason is None:
        keep_below_cap(draft)
    if rule is not None and rule.disposition is Disposition.REFER_INTERNAL and case.rules >= RULES_0_4:
        pass_on(draft, rule, text)
    elif rule is not None and reason is not None:
        end(draft, rule, reason, text)
    elif found.disposition is Disposition.LOG_ON_BEHALF:
        log_on_behalf(draft, found)


def _check_finding(found: str, terms: Terms) -> None:
    """Want one of the policy's own words, for only they decide anything. Raises: Refusal."""
    named = {name for rule in terms.rules.scope.rules for name in rule.categories}
    if found not in (known := sorted(named | set(terms.rules.intake.categories))):
        refuse(
            "ValidationError",
            f"finding: {found} is not a category of this policy",
            f"use one of {', '.join(known)}; or add a note",
            ("finding",),
        )


def _ends_as(rule: ScopeRule | None, outcome: str | None) -> CloseReason | None:
    """Name what the case is closed as, or None: it stays open. Raises: Refusal."""
    return ends_as(rule) if outcome is None else _outcome(rule, outcome)


def _outcome(rule: ScopeRule | None, outcome: str) -> CloseReason:
    allowed: tuple[CloseReason, ...] = ()
    if rule is not None and rule.disposition is Disposition.BEST_EFFORT:
        allowed = (*((CloseReason.REFERRED,) if rule.refer_to else ()), *rule.outcomes)
    if outcome not in allowed:
        names = " or ".join(allowed) or "none: leave it out"
        refuse("ValidationError", f"outcome: {outcome} does not end this", f"use {names}", ("outcome",))
    return CloseReason(outcome)
