"""Whether a cause is ours to support depends on an add-on: by the plan, else by the directory of today.

CSS-11, CSS-12. What the directory said at the opening does not count: add-ons are bought meanwhile.
"""

from datetime import datetime

from domain.case import Case
from domain.decision import Accepted, Draft, Refusal
from domain.lifecycle.diagnosis import decide_finding
from domain.lifecycle.not_ours import end_without_addon
from domain.phase import OPEN
from domain.tenants import NOTHING_KNOWN, Enquiry, TenantFacts, has_addon
from domain.timeline import EntryKind


def awaits_facts(case: Case) -> bool:
    """Tell whether the directory is to be asked about the tenant of the case now."""
    return case.addon_check is not None and case.phase in OPEN


def facts_wanted(case: Case) -> Enquiry:
    """Ask for what the directory knows of the tenant, whoever of them asked for help."""
    return Enquiry(tenant=case.request.tenant)


def take_facts(case: Case, facts: TenantFacts, now: datetime) -> Accepted | None:
    """Go on with what waited for the directory, now (UTC) that it has answered; None where nothing waits.

    Where it does not know the tenant nothing is denied, as everywhere.
    """
    check = case.addon_check
    if check is None:
        return None
    at = max(now.replace(microsecond=0), case.timeline[-1].at)
    draft = Draft(case, at, check.cause, check.actor)
    known = (case.facts or NOTHING_KNOWN).model_copy(update={"listed": facts.listed, "addons": facts.addons})
    draft.set(addon_check=None, facts=known)
    if case.phase not in OPEN:
        return draft.accepted()
    lacks = facts.listed and not has_addon(facts.addons, check.addon)
    found = "not bought" if lacks else "bought" if facts.listed else "not known"
    draft.enter(EntryKind.ENTITLEMENT_CHECKED, internal=True, about=f"{check.addon}: {found}")
    if check.finding is None:
        if lacks:
            end_without_addon(draft, check.addon, check.text)
        return draft.accepted()
    try:
        decide_finding(draft, check.finding, check.text, is_noted=True)
    except Refusal as refusal:  # what another rule wants is for a person to say
        draft.enter(EntryKind.NOTED, str(refusal.refused), internal=True, about=refusal.refused.code)
    return draft.accepted()
