"""Who may ask for help, and for what: the checks of entitlement at intake.

What the tenant directory does not know denies nothing, unless the policy says that unlisted tenants
are turned away; a directory that could not be read never does. O365-09 to O365-11, O365-16, DED-04, DED-10,
RHIPE-01, CSS-02.
"""

from domain.actor import same_role
from domain.decision import Refused, refuse
from domain.lifecycle.access import not_authorised
from domain.messages.request import Submit, reference_of
from domain.rules import RULES_0_4
from domain.tenants import Access, TenantFacts
from domain.terms import Terms


def not_entitled(request: Submit, terms: Terms, facts: TenantFacts | None) -> Refused | None:
    """Say why this requester may not ask for this under these terms; None where they may."""
    if request.access is not None and (stranger := not_authorised(terms, facts)):
        return stranger
    by_plan = not plan_is_guessed(request, facts) and request.access is None
    return (
        (_by_role(request, terms) if by_plan else None)
        or (_by_directory(request, terms, facts) if facts is not None and facts.read else None)
        or _by_plan(request, terms)
    )


def continues_another(request: Submit, facts: TenantFacts | None) -> bool:
    """Tell whether the request goes on with an earlier case of the same tenant.

    The field alone proves nothing, for anybody can write it: our records must not say otherwise.
    """
    return request.linked_to is not None and (facts is None or facts.reference_exists is not False)


def plan_is_guessed(request: Submit, facts: TenantFacts | None) -> bool:
    """Return whether the plan is the default only because the directory could not be asked.

    Nobody is turned away for what another plan may well allow them.
    """
    return facts is not None and not facts.read and request.plan is None


def check_plan(request: Submit, terms: Terms, facts: TenantFacts | None, rules: int) -> None:
    """Want the plan that is claimed to be the one our records have (RHIPE-05, O365-12). Raises: Refusal.

    The terms are under the records' plan unless our staff said why they are not. What continues an earlier
    case is never refused for it: the tenant's plan may have changed since.
    """
    claimed = request.plan
    if rules < RULES_0_4 or claimed in (None, terms.plan) or continues_another(request, facts):
        return
    if request.actor.is_staff:
        refuse(
            "PlanMismatch",
            f"our records have the plan {terms.plan} for {request.tenant}, and not {claimed}",
            "leave the plan out, or say in plan_reason why this case is under another",
            ("plan", "plan_reason"),
        )
    refuse(
        "PlanMismatch",
        f"the plan {claimed} is not the one our records have for you",
        "leave the plan out: the one you have counts",
        ("plan",),
    )


def whom_to_ask(terms: Terms) -> str | None:
    """Name who may ask instead: under this plan, or under any."""
    return terms.plan_rules.refer_to or terms.rules.intake.entitlement.refer_to


def _turned_away(terms: Terms, reason: str) -> Refused:
    refer_to = whom_to_ask(terms)
    remedy = f"ask the {refer_to}" if refer_to else "let somebody who is entitled ask"
    return Refused(code="RequesterNotEntitled", reason=reason, remedy=remedy)


def _by_role(request: Submit, terms: Terms) -> Refused | None:
    """Want one of the roles that may ask: the requester's own, whoever took the call.

    Where the door knows what a requester is, that counts, and not what they say of themselves.
    """
    allowed = terms.plan_rules.roles or terms.rules.intake.entitlement.roles
    actor = request.actor
    given = {request.requester.role if request.requester else None}
    if actor.is_requester and actor.role is not None:
        given = {actor.role.value}
    elif not actor.is_staff and actor.role is not None:
        given.add(actor.role.value)
    if not allowed or any(same_role(role, one) for role in allowed for one in given if one):
        return None
    names = " or ".join(role.value.replace("_", " ") for role in allowed)
    return _turned_away(terms, f"requests must come from a {names}")


def _by_directory(request: Submit, terms: Terms, facts: TenantFacts) -> Refused | None:
    rules = terms.rules.intake.entitlement
    if facts.entitled is False:
        return _turned_away(terms, "the requester is not entitled to support")
    if rules.kinds and facts.kind is not None and facts.kind not in rules.kinds:
        return _turned_away(terms, f"there is no support for a requester of the kind {facts.kind}")
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
    if facts.reference_exists is False and request.linked_to is None:
        return Refused(
            code="CaseNotFound",
            reason=f"{request.case_reference} is not one of your cases",
            remedy="check the number of the case it is about",
            missing=("case_reference",),
        )
    return None


def misplaced_file(request: Submit, terms: Terms) -> Refused | None:
    """Name the first file that does not lie where the plan wants its files to lie (DED-10)."""
    stores = terms.plan_rules.attachment_stores
    for file in (*request.attachments, *request.screenshots):
        name = reference_of(file)
        if stores and name.partition(":")[0] not in stores:
            return Refused(
                code="AttachmentLocationNotPermitted",
                reason=f"{name[:80]} is not in a store this plan allows for files",
                remedy=f"put it into {' or '.join(stores)} and send its reference",
                missing=("attachments",),
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
    if misplaced := misplaced_file(request, terms):
        return misplaced
    if plan.regions and terms.region not in plan.regions:
        return Refused(
            code="RegionNotPermitted",
            reason=f"cases of the plan {terms.plan} must not be handled in {terms.region}",
            remedy=f"use {' or '.join(plan.regions)}",
            missing=("region",),
        )
    return None
