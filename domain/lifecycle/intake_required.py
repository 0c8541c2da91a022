"""What a request lacks, in the order of GAP-28: required fields, contact, prerequisites.

Everything that is missing is named in one answer; the code is that of the first group that fails.
O365-04, O365-10, O365-11, O365-20, O365-22, O365-24, DED-05, RHIPE-45, RHIPE-46, CSS-03, WEST-16.
"""

from domain.decision import Refused
from domain.lifecycle.intake_checks import is_onmicrosoft
from domain.messages.request import Contact, Submit
from domain.policy import Disposition
from domain.terms import Terms

_BY_FIELD = {
    "business_impact": "BusinessImpactStatementRequired",
    "contact": "ContactRequired",
    "troubleshooting_done": "TroubleshootingRequired",
    "troubleshooting_steps": "TroubleshootingRequired",
    "case_reference": "CaseReferenceRequired",
    "access_id": "AccessIdRequired",
    "verification": "VerificationIncomplete",
}
_PREREQUISITES = (
    "TroubleshootingRequired",
    "CaseReferenceRequired",
    "AccessIdRequired",
    "VerificationIncomplete",
)
_REMEDIES = {
    "ValidationError": "give the missing fields",
    "BusinessImpactStatementRequired": "say what the problem does to the business",
    "ContactRequired": "name somebody we can reach by telephone or mail",
    "TroubleshootingRequired": "work through the self-help first and say what you did",
    "CaseReferenceRequired": "name the case it is about",
    "AccessIdRequired": "give the access id your account manager issued to you",
    "VerificationIncomplete": "give all four: administrator, company, its address, another mail address",
}


def missing_fields(request: Submit, terms: Terms) -> tuple[str, ...]:
    """Name everything the policy requires and the request lacks, in the policy's order.

    A domain that is not the vendor's own counts as missing, for it does not say which tenant (CSS-03).
    """
    intake = terms.rules.intake
    wanted = [*intake.required, *intake.required_by_type.get(request.support_type or "", ())]
    if request.access is not None and terms.physical_access is not None:
        wanted = [*terms.physical_access.required]
    category = intake.categories.get(request.category or "")
    if category is not None and category.needs_case:
        wanted.append("case_reference")
    if terms.plan_rules.named_contacts:
        wanted.append("access_id")
    found = [field for field in dict.fromkeys(wanted) if _is_missing(request, field)]
    if request.support_type in intake.verified_types:
        found += _unverified(request)
    return tuple(found)


def welcome_fields(request: Submit, terms: Terms) -> tuple[str, ...] | None:
    """Name what the request lacks that is asked for without being awaited (RHIPE-46); None for nothing."""
    asked = (field for field in terms.rules.intake.welcome if _is_missing(request, field))
    return tuple(asked) or None


def _is_missing(request: Submit, field: str) -> bool:
    if field in ("severity", "priority"):
        return request.level is None
    value = getattr(request, field, None)
    if field == "onmicrosoft_domain" and value is not None:
        return not is_onmicrosoft(value)
    if isinstance(value, Contact):
        return not (value.phone or value.email or value.webhook)
    return value is None or value in ("", ())


def _unverified(request: Submit) -> tuple[str, ...]:
    if request.verification is None:
        return ("verification",)
    return tuple(f"verification.{item}" for item in request.verification.missing)


def shortfall(missing: tuple[str, ...], request: Submit) -> Refused | None:
    """Answer for what is missing: the first failing group's code, and every field by name.

    A group that lacks several different things has no code of its own for all of them: `ValidationError`.
    """
    if not missing:
        return None
    codes = [_BY_FIELD.get(field.partition(".")[0], "ValidationError") for field in missing]
    required = {code for code in codes if code not in (*_PREREQUISITES, "ContactRequired")}
    if required:
        code = required.pop() if len(required) == 1 else "ValidationError"
    elif "ContactRequired" in codes:
        code = "ContactRequired"
    else:
        code = next(code for code in _PREREQUISITES if code in codes)
    return Refused(
        code=code,
        reason=f"the request lacks {', '.join(missing)}{_of_domain(missing, request.onmicrosoft_domain)}",
        remedy=_REMEDIES[code],
        missing=missing,
    )


def _of_domain(missing: tuple[str, ...], domain: str | None) -> str:
    """Say why a domain that was given counts as missing (CSS-03)."""
    if domain is None or "onmicrosoft_domain" not in missing:
        return ""
    return f"; {domain} is not a domain of the form tenant.onmicrosoft.com"


def needs_contact(request: Submit, disposition: Disposition) -> Refused | None:
    """Want a contact where we log a request elsewhere on somebody's behalf (WEST-16)."""
    if disposition is Disposition.LOG_ON_BEHALF and _is_missing(request, "contact"):
        return shortfall(("contact",), request)
    return None
