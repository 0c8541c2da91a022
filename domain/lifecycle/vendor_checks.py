"""Who may take a case to the vendor, and what must be there before.

The order is GAP-28's: role and tier, state, required fields all at once, contact, prerequisites,
entitlement, scope. RHIPE-39 to RHIPE-42, RHIPE-47 to RHIPE-50, RHIPE-57 to RHIPE-59, CSS-08, WEST-05,
WEST-12, WEST-13.
"""

from typing import NamedTuple, NoReturn

from domain.actor import Actor, Role, Tier, role_begins_with, same_role
from domain.case import Case
from domain.decision import refuse
from domain.messages.request import Contact
from domain.messages.vendor import EscalateToVendor
from domain.policy import LicenceSource, VendorEscalation
from domain.text import in_one_spelling

_ASSIGNED = "assigned_engineer"
_LINES = frozenset({"L1", "L2", "L3", "TSS", "SDM"})
_ENGINEER = "engineer"
_ENGINEERS = (Role.ENGINEER, Role.LEAD, Role.MANAGER, None)
_END_USER = "enduser"


class Invalid(NamedTuple):
    """Why an escalation is not valid: what it is `about`, told to the customer with the `reason`."""

    about: str
    reason: str


def rules_of(case: Case) -> VendorEscalation:
    """Return the policy's rules of the vendor; a policy that has none allows what it can."""
    return case.terms.vendor or VendorEscalation()


def check_speaker(actor: Actor, case: Case) -> None:
    """Check role and tier of who wants to take the case to the vendor. Raises: Refusal."""
    by = rules_of(case).by
    if _ASSIGNED in by and not _is_assigned(actor, case):
        holder = case.assignee or "an engineer"
        refuse(
            "RoleNotPermitted",
            f"only the assigned engineer can take the case to the vendor: {holder}",
            "ask them to",
        )
    if _LINES & set(by) and not _stands(actor, by):
        refuse(
            "TierNotPermitted",
            f"a case is taken to the vendor by {' or '.join(by)}",
            "pass it on to L2 with escalate",
        )


def check_override(actor: Actor, message: EscalateToVendor) -> None:
    """Let only the SDM say that a case is taken there all the same (RHIPE-57). Raises: Refusal."""
    if message.override_reason is not None and actor.role is not Role.SDM:
        refuse("RoleNotPermitted", "only the SDM overrides the source of licences", "ask them to escalate it")


def _is_assigned(actor: Actor, case: Case) -> bool:
    if case.assignee is not None:
        return actor.name == case.assignee
    return actor.role in _ENGINEERS


def _stands(actor: Actor, by: tuple[str, ...]) -> bool:
    role = actor.role.upper() if actor.role in (Role.TSS, Role.SDM) else None
    return role in by or (actor.tier in by) or (actor.tier is Tier.L3 and Tier.L2 in by)


def check_fields(case: Case, message: EscalateToVendor) -> None:
    """Check what has to be said, all of it at once. Raises: Refusal.

    The first that is missing gives the code; `missing` names all of them.
    """
    rules = rules_of(case)
    lacking = []
    if rules.needs_reason and message.reason is None:
        lacking.append(("ReasonRequired", "reason", "why does it have to go to the vendor?"))
    if message.vendor_reference is None and not rules.opens_tickets:
        lacking.append(
            ("VendorReferenceRequired", "vendor_reference", "the vendor's ticket number is needed")
        )
    if lacking:
        code, _, reason = lacking[0]
        fields = [field for _, field, _ in lacking]
        refuse(code, reason, f"give {' and '.join(fields)}", fields)
    if message.product is not None and rules.products and product_of(message, rules) not in rules.products:
        refuse(
            "ValidationError",
            f"product: {message.product} is not one the vendor takes from us",
            f"use {' or '.join(rules.products)}",
            ("product",),
        )


def product_of(message: EscalateToVendor, rules: VendorEscalation) -> str | None:
    """Return the product named, in the policy's spelling where it has it: `Office 365` is `office_365`."""
    spelled = in_one_spelling(message.product or "")
    return next((one for one in rules.products if in_one_spelling(one) == spelled), message.product)


def check_contact(case: Case, contact: Contact | None) -> None:
    """Check whom the vendor shall speak to (RHIPE-42, RHIPE-49, RHIPE-50). Raises: Refusal."""
    rules = rules_of(case)
    if contact is None:
        if rules.contact_details:
            refuse(
                "EscalationContactRequired",
                "the vendor needs a technical contact to speak to",
                "give their name, telephone, email address and when they can be reached",
                ("contact",),
            )
        return
    missing = tuple(detail for detail in rules.contact_details if not getattr(contact, detail, None))
    if missing:
        refuse(
            "EscalationContactIncomplete",
            f"the technical contact lacks: {', '.join(missing)}",
            "the vendor calls and writes to them directly; complete it",
            missing,
        )
    _check_whose_man(case, contact, rules)


def _check_whose_man(case: Case, contact: Contact, rules: VendorEscalation) -> None:
    """Want our own engineer where the plan says so, else the partner's technical staff. Raises: Refusal."""
    if rules.contact_from is None:
        return
    role = contact.role or ""
    theirs = f"name somebody of the {rules.contact_from}'s team"
    if role_begins_with(role, _END_USER) or _is_of_the_tenant(case, contact):
        _refuse_contact(
            "an end user of the tenant cannot be the technical contact, not even its administrator", theirs
        )
    ours = same_role(role, _ENGINEER) or same_role(role, rules.engineer_as_contact)
    is_ours_to_be = case.terms.plan in rules.engineer_is_contact_in
    if ours and not is_ours_to_be:
        reason = f"under the plan {case.terms.plan} the {rules.contact_from} is the technical contact"
        _refuse_contact(reason, theirs)
    if is_ours_to_be and not ours and rules.contact_roles:
        reason = f"under the plan {case.terms.plan} our engineer is the technical contact"
        _refuse_contact(reason, "leave the contact out: whoever works on the case is it")
    if ours or not role or not rules.contact_roles:
        return
    if not any(same_role(role, known) for known in rules.contact_roles):
        _refuse_contact(
            f"a {role} cannot be the technical contact, but only technical staff of the {rules.contact_from}",
            f"{theirs}; their role is {rules.contact_roles[0]}",
        )


def _refuse_contact(reason: str, remedy: str) -> NoReturn:
    refuse("EscalationContactInvalid", reason, remedy, ("contact",))


def _is_of_the_tenant(case: Case, contact: Contact) -> bool:
    request = case.request
    domain = (contact.email or "").rpartition("@")[2].lower()
    theirs = {one.lower() for one in (request.tenant_domain, request.onmicrosoft_domain) if one}
    return any(domain == one or domain.endswith(f".{one}") for one in theirs)


def check_prerequisites(case: Case, message: EscalateToVendor) -> None:
    """Check what has to be done before (RHIPE-48, CSS-08). Raises: Refusal naming all of it."""
    undone = tuple(one for one in rules_of(case).prerequisites if one not in message.prerequisites)
    if undone:
        refuse(
            "EscalationPrerequisiteMissing",
            f"not done yet: {', '.join(undone)}",
            "do it, then name it among the prerequisites",
            undone,
        )


def why_not_valid(case: Case, message: EscalateToVendor) -> Invalid | None:
    """Say why the vendor would not be ours to ask: the licences, or what it is about.

    The SDM may override the first, with a reason (RHIPE-57), nobody the second (WEST-12).
    """
    source = case.facts.licence_source if case.facts else None
    elsewhere = rules_of(case).licence_source_checked and source is LicenceSource.ELSEWHERE
    if elsewhere and message.override_reason is None:
        return Invalid("licence_source", "the licences were not bought through us")
    if case.scope is not None and not case.scope.vendor_escalation:
        about = case.scope.diagnosis or case.request.category or case.scope.rule or "scope"
        return Invalid(about, f"no case can be raised with the vendor for {about}")
    for one in case.terms.rules.scope.rules:
        if not one.vendor_escalation and message.product in one.categories:
            return Invalid(one.name, f"no case can be raised with the vendor for {message.product}")
    return None
