"""Who may ask for help, and for what: the checks of entitlement at intake.

Pure. What the tenant directory does not know denies nothing, unless the policy says that unlisted tenants
are turned away; a directory that could not be read never does. O365-09 to O365-11, O365-16, DED-04, DED-10,
RHIPE-01, CSS-02.
"""

from domain.decision import Refused
from domain.request import Submit
from domain.tenants import Access, TenantFacts
from domain.terms import Terms


def not_entitled(request: Submit, terms: Terms, facts: TenantFacts | None) -> Refused | None:
    """This will say why this requester may not ask for this under these terms; None where he may."""
    return (
        _by_role(request, terms)
        or (_by_directory(request, terms, facts) if facts is not None and facts.read else None)
        or _by_plan(request, terms)
    )


def _turned_away(terms: Terms, reason: str) -> Refused:
    refer_to = terms.rules.intake.entitlement.refer_to
    remedy = f"ask the {refer_to}" if refer_to else "let somebody who is entitled ask"
    return Refused(code="RequesterNotEntitled", reason=reason, remedy=remedy)


def _by_role(request: Submit, terms: Terms) -> Refused | None:
    """This will want one of the roles that may ask: the requester's own, whoever took the call."""
    allowed = terms.plan_rules.roles or terms.rules.intake.entitlement.roles
    given = {request.requester.role if request.requester else None}
    if not request.actor.is_staff and request.actor.role is not None:
        given.add(request.actor.role.value)
    if not allowed or any(role.value in given for role in allowed):
        return None
    names = " or ".join(role.value.replace("_", " ") for role in allowed)
    return _turned_away(terms, f"requests come from a {names}")


def _by_directory(request: Submit, terms: Terms, facts: TenantFacts) -> Refused | None:
    rules = terms.rules.intake.entitlement
    if facts.entitled is False:
        return _turned_away(terms, "the requester is not entitled to support")
    if rules.kinds and facts.kind is not None and facts.kind not in rules.kinds:
        return _turned_away(terms, f"support is not for a requester of the kind {facts.kind}")
    if not facts.listed and rules.unlisted == "deny":
        return _turned_away(terms, "the requester's organisation is not known to us")
    if terms.plan_rules.named_contacts and facts.access in (Access.ANOTHERS, Access.UNKNOWN):
        return Refused(
            code="AccessIdInvalid",
            reason="this access id was not issued to the requester",
            remedy="ask your account manager for the right one",
        )
    if request.verification is not None and facts.is_verified is False:
        return Refused(
            code="VerificationFailed",
            reason="the items given do not match what we have on record",
            remedy="check all of them and ask again",
        )
    if facts.reference_exists is False:
        return Refused(
            code="CaseNotFound",
            reason=f"{request.case_reference} is no case of yours",
            remedy="check the number of the case it is about",
            missing=("case_reference",),
        )
    return None


def _by_plan(request: Submit, terms: Terms) -> Refused | None:
    plan = terms.plan_rules
    category = terms.rules.intake.categories.get(request.category or "")
    if category is not None and category.offer and plan.offers and category.offer not in plan.offers:
        return Refused(
            code="NotInPlan",
            reason=f"{category.offer} is not part of the plan {terms.plan}",
            remedy=f"the plan offers {', '.join(plan.offers)}",
        )
    for name in (*request.attachments, *request.screenshots):
        if plan.attachment_stores and name.partition(":")[0] not in plan.attachment_stores:
            return Refused(
                code="AttachmentLocationNotPermitted",
                reason=f"{name[:80]} does not lie where files of this plan may lie",
                remedy=f"put it into {' or '.join(plan.attachment_stores)} and send its reference",
                missing=("attachments",),
            )
    if plan.regions and terms.region not in plan.regions:
        return Refused(
            code="RegionNotPermitted",
            reason=f"cases of the plan {terms.plan} must not be handled in {terms.region}",
            remedy=f"use {' or '.join(plan.regions)}",
            missing=("region",),
        )
    return None
