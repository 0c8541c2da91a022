"""Requests that do not become work of ours: refused, closed with an explanation, or referred to others.

A closed one is a case all the same: it can be looked up, and its requester is told why (CSS-04).
O365-09, CSS-02 to CSS-04, DED-11, RHIPE-31, WEST-02 to WEST-16, GAP-15, CONF-10.
"""

from domain.case import ScopeFinding
from domain.clocks import Clock
from domain.counting import due
from domain.decision import Draft, Refusal, Refused
from domain.effects import EffectKind, Recipient
from domain.lifecycle import handoff, internal_referral
from domain.lifecycle.closing import reopen_window
from domain.lifecycle.intake_entitlement import continues_another, not_entitled, whom_to_ask
from domain.lifecycle.intake_required import shortfall
from domain.messages.request import Submit
from domain.phase import CloseReason, Phase
from domain.policy import Disposition, ScopeRule
from domain.rules import RULES_0_4
from domain.tenants import TenantFacts
from domain.terms import Terms
from domain.timeline import EntryKind

Against = tuple[tuple[CloseReason, Refused], ...]
"""Why a request is closed at once: the reason it is closed for, and what the check said."""


def reasons_against(
    request: Submit, terms: Terms, facts: TenantFacts | None, missing: tuple[str, ...]
) -> Against:
    """Name every check that closes the request. Raises: Refusal where one refuses it.

    The first failing group answers (GAP-28). The case that continues an earlier one was promised to its
    requester already: it is never refused, at most closed with the reason.
    """
    intake = terms.rules.intake
    found: list[tuple[CloseReason, Refused]] = []
    lacking = shortfall(missing, request)
    if lacking is not None and intake.on_incomplete != "await_information":
        if intake.on_incomplete == "refuse":
            raise Refusal(lacking)
        found.append((CloseReason.MISSING_INFORMATION, lacking))
    denied = not_entitled(request, terms, facts)
    if denied is not None:
        explains = intake.entitlement.on_failure == "close_with_explanation"
        closes = explains and denied.code == "RequesterNotEntitled"
        if not (closes or found or continues_another(request, facts)):
            raise Refusal(denied)
        found.append((CloseReason.NOT_ENTITLED, denied))
    return tuple(found)


def turn_away(draft: Draft, against: Against) -> None:
    """Close the request with one explanation for every check that failed (CSS-04)."""
    reason = against[0][0]
    intake = draft.case.terms.rules.intake
    explanations = {
        CloseReason.MISSING_INFORMATION: intake.incomplete_explanation,
        CloseReason.NOT_ENTITLED: draft.case.terms.plan_rules.explanation or intake.entitlement.explanation,
    }
    texts = [_sentence(explanations[why], refused.reason) for why, refused in against]
    _close_unopened(draft, reason, "\n".join(texts))
    for _, refused in against:
        draft.warn(refused.code)
    draft.tell(
        EffectKind.CANNOT_SUPPORT,
        Recipient.CUSTOMER,
        about=reason,
        text="\n".join(texts),
        missing=draft.case.missing,
        refer_to=whom_to_ask(draft.case.terms),
    )


def _sentence(*parts: str) -> str:
    return " ".join(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def decide_scope(draft: Draft, rule: ScopeRule | None) -> bool:
    """Do what the rules of scope say, and tell whether somebody else has the case now."""
    scope = draft.case.scope
    assert scope is not None
    match scope.disposition:
        case Disposition.DECLINE:
            assert rule is not None
            _decline(draft, rule)
        case Disposition.REFER_INTERNAL if draft.case.rules >= RULES_0_4:
            assert rule is not None
            internal_referral.refer(draft, rule, None)
        case Disposition.REFER | Disposition.REFER_INTERNAL:
            assert rule is not None
            _refer(draft, rule)
        case Disposition.LOG_ON_BEHALF:
            log_on_behalf(draft, scope)
            return False
        case Disposition.TRIAGE:
            draft.enter(EntryKind.SCOPE_DECIDED, internal=True, about=scope.disposition)
            return False
        case Disposition.ACCEPT | Disposition.BEST_EFFORT:
            return False
    return True


def note_of(rule: ScopeRule | None) -> str | None:
    """Say what the requester of a case we take in should know of its bounds (WEST-13)."""
    return _sentence(rule.explanation, rule.how) or None if rule is not None else None


def _decline(draft: Draft, rule: ScopeRule) -> None:
    _close_unopened(draft, CloseReason.OUT_OF_SCOPE, rule.explanation)
    draft.warn("OutOfScope")
    draft.tell(
        EffectKind.CANNOT_SUPPORT,
        Recipient.CUSTOMER,
        about=CloseReason.OUT_OF_SCOPE,
        text=_sentence(rule.explanation),
        reason=rule.name,
        refer_to=rule.refer_to,
        how=rule.how or None,
        links=(rule.link,) if rule.link else (),
    )


def _refer(draft: Draft, rule: ScopeRule) -> None:
    """Name who helps instead; before 0.4 a case that went to a department of ours was closed, too."""
    internal = rule.disposition is Disposition.REFER_INTERNAL
    target = draft.case.rule.initial_response if internal and draft.case.has_sla else None
    _close_unopened(draft, CloseReason.REFERRED, rule.explanation or None)
    if not internal:
        draft.warn("OutOfScope")
    draft.tell(
        EffectKind.REFERRAL,
        Recipient.CUSTOMER,
        about=rule.name,
        text=_sentence(rule.explanation) or None,
        refer_to=rule.refer_to,
        how=rule.how or None,
        links=(rule.link,) if rule.link else (),
        due_at=due(draft.case, Clock.INITIAL_RESPONSE, draft.at, target) if target else None,
    )


_RESELLER = "reseller"
"""Whose contact the ticket names; where the requester does not say that they are one, the contact by name."""


def log_on_behalf(draft: Draft, scope: ScopeFinding) -> None:
    """Make the requester's contact the main one where the request is logged elsewhere (WEST-16)."""
    request = draft.case.request
    role = request.requester.role if request.requester else None
    contact = request.contact.name if request.contact else None
    draft.set(main_contact=role if role == _RESELLER else contact or role)
    draft.enter(EntryKind.SCOPE_DECIDED, about=f"{scope.disposition} {scope.refer_to}")


def _close_unopened(draft: Draft, reason: CloseReason, text: str | None) -> None:
    """Close a case nobody has worked on; no clock of ours ever ran on it."""
    draft.set(phase=Phase.CLOSED, closed_at=draft.at, close_reason=reason, closures=draft.case.closures + 1)
    handoff.stop(draft)
    draft.enter(EntryKind.CLOSED, text, about=reason)
    draft.run(reopen_window(draft, draft.at, reason))
