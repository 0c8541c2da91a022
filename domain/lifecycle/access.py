"""Remote hands and site access: what may be asked for, by whom, and who is let in.

DED-36 to DED-39. Such a request comes at any time of day, and needs neither a severity nor a service.
"""

from datetime import datetime

from domain.decision import Declined, Draft, Refused, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.intake_checks import with_or
from domain.messages.access import AccessKind, AccessRequest, SiteVisit
from domain.messages.request import Submit
from domain.messages.special import VisitorCheckedIn
from domain.policy import PhysicalAccess
from domain.tenants import TenantFacts
from domain.terms import Terms
from domain.timeline import EntryKind

_WINDOW = ("access.window_start", "access.window_end")


def check_access(request: Submit, terms: Terms, at: datetime) -> None:
    """Check what is asked for, received at `at` (UTC), not yet who asks. Raises: Refusal."""
    access = request.access
    if access is None:
        return
    if terms.physical_access is None:
        refuse("ValidationError", "access: this policy does not offer it", "ask without it", ("access",))
    if access.kind is AccessKind.REMOTE_HANDS:
        if access.task is None:
            tasks = with_or(terms.physical_access.remote_hands) or "a visit instead"
            refuse("ValidationError", "access.task: what is to be done?", f"use {tasks}", ("access.task",))
        return
    _check_window(access, at, continued=request.linked_to is not None)


def _check_window(access: AccessRequest, at: datetime, *, continued: bool) -> None:
    """Want a window that begins before it ends, and has not passed (DED-39)."""
    bounds = (access.window_start, access.window_end)
    if lacking := tuple(name for name, bound in zip(_WINDOW, bounds, strict=True) if bound is None):
        refuse("ValidationError", f"{', '.join(lacking)}: when will the visitor come?", missing=lacking)
    assert access.window_start is not None
    assert access.window_end is not None
    if access.window_end <= access.window_start:
        refuse("ValidationError", "access.window_end is not after its start", missing=_WINDOW)
    if access.window_end <= at and not continued:
        refuse("ValidationError", "the window of the visit has passed", "give another one", _WINDOW)


def not_authorised(terms: Terms, facts: TenantFacts | None) -> Refused | None:
    """Turn away whoever is no authorised contact of the tenant (DED-37); None where they are one.

    The directory has to say that they are. Where it could not be read nobody is turned away for that: staff
    see in the timeline that nothing was checked.
    """
    if facts is None or not facts.read or facts.is_authorised_contact:
        return None
    assert terms.physical_access is not None
    who = terms.physical_access.requested_by.replace("_", " ")
    return Refused(
        code="RequesterNotEntitled",
        reason=f"only an {who} can ask for remote hands or site access",
        remedy=f"let the {who} of your organisation ask",
    )


def check_task(request: Submit, terms: Terms) -> None:
    """Send what hands may not do to a visit instead (DED-38). Raises: Refusal."""
    access, rules = request.access, terms.physical_access
    if access is None or rules is None or access.task is None or access.kind is not AccessKind.REMOTE_HANDS:
        return
    if access.task not in rules.remote_hands:
        they_do = with_or(rules.remote_hands) or "nothing"
        refuse(
            "RemoteHandsNotPermitted",
            f"{access.task} is not something remote hands do; they do {they_do}",
            _instead(rules),
            ("access.task",),
        )


def _instead(rules: PhysicalAccess) -> str:
    return f"use {rules.otherwise}" if rules.otherwise else "ask your account manager"


def request_access(draft: Draft) -> None:
    """Tell the centre what is to be done, or who will come and when."""
    access = draft.case.request.access
    if access is None:
        return
    about = access.task or AccessKind.SITE_ACCESS.value
    draft.set(visit=SiteVisit() if access.kind is AccessKind.SITE_ACCESS else None)
    draft.enter(EntryKind.ACCESS_REQUESTED, access.equipment, about=about, due_at=access.window_start)
    draft.tell(
        EffectKind.ACCESS_REQUESTED,
        Recipient.REGION,
        about=about,
        text=access.equipment,
        contact=access.visitor,
        starts_at=access.window_start,
        ends_at=access.window_end,
        by=draft.actor.label,
    )


def visitor_checked_in(draft: Draft, message: VisitorCheckedIn) -> Declined | None:
    """Note who came; who has no valid ID, or comes outside the window, stays outside (DED-39).

    Raises: Refusal where no visit was requested.
    """
    access, visit = draft.case.request.access, draft.case.visit
    if access is None or visit is None:
        refuse("InvalidTransition", "no visit was requested", "ask for site access in a separate request")
    at = message.arrived_at or draft.at
    if at > draft.at:
        refuse("ValidationError", "arrived_at is in the future", missing=("arrived_at",))
    visitor = message.visitor or access.visitor
    if not message.id_valid or not access.is_within(at):
        return _turned_away(draft, visit, "no valid ID" if not message.id_valid else "outside the window", at)
    draft.set(visit=visit.model_copy(update={"visitor": visitor, "admitted_at": at}))
    draft.enter(EntryKind.VISITOR_ADMITTED, about=visitor)
    return None


def _turned_away(draft: Draft, visit: SiteVisit, why: str, at: datetime) -> Declined:
    access = draft.case.request.access
    assert access is not None
    draft.set(visit=visit.model_copy(update={"denials": visit.denials + 1, "denied_at": at}))
    draft.enter(EntryKind.ACCESS_DENIED, about=why)
    draft.tell(
        EffectKind.ACCESS_DENIED,
        Recipient.CUSTOMER,
        about=why,
        received_at=at,
        starts_at=access.window_start,
        ends_at=access.window_end,
    )
    return draft.declined("AccessDenied", why, "come within the window, with a valid government-issued ID")
