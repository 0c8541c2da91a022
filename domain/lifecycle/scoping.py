"""Whether a request is ours to work on, and what becomes of it where it is not.

Pure. The first rule of the policy that matches decides; where none does, the policy says whether a person
has to look. DED-03, DED-05, DED-11, RHIPE-29 to RHIPE-33, RHIPE-58, WEST-01 to WEST-16.
"""

from domain.case import ScopeFinding
from domain.policy import Disposition, ScopeRule
from domain.request import Submit
from domain.tenants import TenantFacts
from domain.terms import Terms


def matching_rule(request: Submit, terms: Terms, facts: TenantFacts | None) -> ScopeRule | None:
    """This will return the first rule that matches at intake; what only a diagnosis tells does not count.

    Hands and entry at one's own equipment are what such a request is for, so no rule speaks of it (DED-36).
    """
    if request.access is not None:
        return None
    for rule in terms.rules.scope.rules:
        if not rule.after_diagnosis and _matches(rule, request, terms, facts):
            return rule
    return None


def diagnosed_rule(request: Submit, terms: Terms, facts: TenantFacts | None) -> ScopeRule | None:
    """This will return the first rule that matches once staff know the category (WEST-03).

    Who sold the licences and the like was asked at intake; only rules about a category count.
    """
    for rule in terms.rules.scope.rules:
        if rule.categories and _matches(rule, request, terms, facts):
            return rule
    return None


def _matches(rule: ScopeRule, request: Submit, terms: Terms, facts: TenantFacts | None) -> bool:
    """This will be true where every condition of the rule holds; what is not known fulfils none."""
    if rule.categories and request.category not in rule.categories:
        return False
    if rule.service_unknown and (request.service is None or request.service in terms.rules.intake.services):
        return False
    if rule.licence_source is not None and (facts is None or facts.licence_source is not rule.licence_source):
        return False
    if rule.without_addon is not None and (
        facts is None or not facts.listed or rule.without_addon in facts.addons
    ):
        return False
    has_account = rule.partner_centre_account
    return has_account is None or request.partner_centre_account is has_account


def finding(rule: ScopeRule | None, terms: Terms) -> ScopeFinding:
    """This will write down what a rule says of the case, or what the policy says where none matched."""
    if rule is None:
        return ScopeFinding(disposition=Disposition(terms.rules.scope.otherwise))
    return ScopeFinding(
        rule=rule.name,
        disposition=rule.disposition,
        refer_to=rule.refer_to,
        vendor_escalation=rule.vendor_escalation,
    )
