"""Whether a request is ours to work on, and what becomes of it where it is not.

The first rule of the policy that matches decides; where none does, the policy says whether a person
has to look. DED-03, DED-05, DED-11, RHIPE-29 to RHIPE-33, RHIPE-58, WEST-01 to WEST-16.
"""

from domain.case import ScopeFinding
from domain.messages.request import Submit
from domain.policy import Disposition, ScopeRule
from domain.tenants import TenantFacts, has_addon
from domain.terms import Terms


def matching_rule(request: Submit, terms: Terms, facts: TenantFacts | None) -> ScopeRule | None:
    """Return the first rule that matches at intake; what only a diagnosis tells does not count.

    Hands and entry at one's own equipment are what such a request is for, so no rule speaks of it (DED-36).
    """
    if request.access is not None:
        return None
    for rule in terms.rules.scope.rules:
        if not rule.after_diagnosis and _matches(rule, request, terms, facts):
            return rule
    return None


def diagnosed_rule(request: Submit, terms: Terms, facts: TenantFacts | None) -> ScopeRule | None:
    """Return the first rule that matches once staff know the category (WEST-03).

    Who sold the licences and the like was asked at intake; only rules about a category count.
    """
    for rule in terms.rules.scope.rules:
        if rule.categories and _matches(rule, request, terms, facts):
            return rule
    return None


def rule_in_question(request: Submit, terms: Terms, facts: TenantFacts | None) -> ScopeRule | None:
    """Return the rule that matches unless an add-on was bought, which the plan does not have (CSS-12)."""
    for rule in terms.rules.scope.rules:
        if not rule.categories or not _matches_but_for_addon(rule, request, terms, facts):
            continue
        if rule.without_addon is None:
            return None
        if not is_in_plan(rule.without_addon, terms):
            return rule
    return None


def is_in_plan(addon: str, terms: Terms) -> bool:
    """Tell whether the plan itself has the add-on."""
    return has_addon(terms.plan_rules.offers, addon)


def _matches(rule: ScopeRule, request: Submit, terms: Terms, facts: TenantFacts | None) -> bool:
    """Return whether every condition of the rule holds; what is not known fulfils none."""
    if rule.without_addon is not None and (
        facts is None
        or not facts.listed
        or is_in_plan(rule.without_addon, terms)
        or has_addon(facts.addons, rule.without_addon)
    ):
        return False
    return _matches_but_for_addon(rule, request, terms, facts)


def _matches_but_for_addon(rule: ScopeRule, request: Submit, terms: Terms, facts: TenantFacts | None) -> bool:
    if rule.categories and request.category not in rule.categories:
        return False
    if rule.service_unknown and (request.service is None or request.service in terms.rules.intake.services):
        return False
    if rule.licence_source is not None and (facts is None or facts.licence_source is not rule.licence_source):
        return False
    has_account = rule.partner_centre_account
    return has_account is None or request.partner_centre_account is has_account


def finding(rule: ScopeRule | None, terms: Terms) -> ScopeFinding:
    """Write down what a rule says of the case, or what the policy says where none matched."""
    if rule is None:
        return ScopeFinding(disposition=Disposition(terms.rules.scope.otherwise))
    return ScopeFinding(
        rule=rule.name,
        disposition=rule.disposition,
        refer_to=rule.refer_to,
        vendor_escalation=rule.vendor_escalation,
    )
