"""How a case ends that was taken in and turns out not to be ours: who helps instead, and why.

WEST-03 to WEST-05, RHIPE-31, CSS-12.
"""

from domain.clocks import Clock
from domain.counting import due
from domain.decision import Draft
from domain.effects import EffectKind
from domain.lifecycle import internal_referral
from domain.lifecycle.closing import close_now, settle_if_staff
from domain.lifecycle.updates import restart_cadence
from domain.phase import CloseReason
from domain.policy import Disposition, ScopeRule
from domain.text import MAX_TEXT_BYTES, clipped


def ends_as(rule: ScopeRule | None) -> CloseReason | None:
    """Name what a rule of scope closes a case as that was taken in; None where it stays open."""
    match rule.disposition if rule is not None else None:
        case Disposition.REFER | Disposition.REFER_INTERNAL:
            return CloseReason.REFERRED
        case Disposition.DECLINE:
            assert rule is not None
            return CloseReason.ON_PREMISES_WITHOUT_ADDON if rule.without_addon else CloseReason.OUT_OF_SCOPE
        case _:
            return None


def pass_on(draft: Draft, rule: ScopeRule, text: str | None) -> None:
    """Hand a case that stays open to a department of ours; whoever found out has answered the customer."""
    settle_if_staff(draft)
    internal_referral.refer(draft, rule, text)
    if not draft.case.owes_first_answer:
        restart_cadence(draft)


def end(draft: Draft, rule: ScopeRule, reason: CloseReason, text: str | None) -> None:
    """Close the case and say once who helps instead, with the steps there are (WEST-03).

    Before 0.4 a case that went to a department of ours ended with it too (RHIPE-31).
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
        clipped("\n\n".join(filter(None, (text, rule.explanation))), MAX_TEXT_BYTES),
        letter=EffectKind.CANNOT_SUPPORT if declines else EffectKind.REFERRAL,
        reason=rule.name,
        refer_to=rule.refer_to,
        how=rule.how or None,
        steps=rule.steps,
        links=(rule.link,) if rule.link else (),
        due_at=due(draft.case, Clock.INITIAL_RESPONSE, draft.at, target) if target else None,
    )


def end_without_addon(draft: Draft, addon: str, text: str | None) -> None:
    """End a case whose cause the vendor found on the premises, without the add-on for them (CSS-12).

    It is told in the words of the rule of scope about that add-on, where the policy has one.
    """
    reason = CloseReason.ON_PREMISES_WITHOUT_ADDON
    for rule in draft.case.terms.rules.scope.rules:
        if rule.without_addon == addon and rule.disposition is Disposition.DECLINE:
            end(draft, rule, reason, text)
            return
    settle_if_staff(draft)
    close_now(draft, reason, draft.at, text, letter=EffectKind.CANNOT_SUPPORT)
