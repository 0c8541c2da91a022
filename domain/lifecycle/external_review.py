"""A case of the vendor's that we did not raise: who may wish that we look into it, and who decides.

RHIPE-61: at absolute discretion, where nobody else gets it solved. It has no targets.
"""

from domain.case import Case, Tracking
from domain.clocks import Clock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.intake_scope import finding
from domain.lifecycle.updates import end_streak, give_first_answer, tell_news
from domain.messages.vendor import DecideVendorReview, RequestVendorReview, ReviewExternally
from domain.phase import OPEN
from domain.timeline import EntryKind
from domain.vendor import ReviewState, VendorReview

EXTERNAL = "external_review"
"""The rule of scope for a request that came in as one."""

_PARTS = ("ground", "vendor_reference", "conversation_ref", "status", "request")


def may_be_wished(case: Case) -> bool:
    """Tell whether the policy knows of such reviews, and the case is open and was not raised by us."""
    known = any(rule.name == EXTERNAL for rule in case.terms.rules.scope.rules)
    return known and case.terms.vendor is not None and case.vendor is None and case.phase in OPEN


def request(draft: Draft, message: RequestVendorReview) -> None:
    """Take down the wish that we look into the vendor's case, and tell the SDM. Raises: Refusal."""
    known = draft.case.external_review
    if known is not None and known.state is ReviewState.REQUESTED:
        refuse("NoChange", "a review has already been requested", "wait for the decision")
    missing = [part for part in _PARTS if getattr(message, part) is None]
    if missing:
        refuse(
            "ReviewRequestIncomplete",
            f"we did not raise this case with the vendor; missing: {', '.join(missing)}",
            "give all parts at once, with the vendor's own number of the case",
            missing,
        )
    wish = VendorReview(
        ground=message.ground or "",
        conversation_ref=message.conversation_ref or "",
        vendor_reference=message.vendor_reference,
        requested_at=draft.at,
    )
    draft.set(external_review=wish)
    tell_of_wish(draft, message, message.vendor_reference, message.conversation_ref)


def tell_of_wish(
    draft: Draft, message: RequestVendorReview, vendor_reference: str | None, *links: str | None
) -> None:
    """Enter the wish for a review, and tell the SDM of it."""
    text = "\n".join(filter(None, (message.status, message.request)))[:8000] or None
    number = draft.enter(EntryKind.REVIEW_REQUESTED, text, about=message.ground)
    draft.tell(
        EffectKind.REVIEW_REQUESTED,
        Recipient.SDM,
        about=message.ground,
        text=text,
        text_entry=number,
        by=message.actor.label,
        vendor_reference=vendor_reference,
        links=tuple(filter(None, links)),
    )


def decide(draft: Draft, wish: VendorReview, message: DecideVendorReview) -> None:
    """Look into it, or not; the customer is told why. A reason was given."""
    state = ReviewState.ACCEPTED if message.accept else ReviewState.DECLINED
    draft.set(external_review=wish.model_copy(update={"state": state, "decided_at": draft.at}))
    if message.accept:
        _take_up(draft, message.reason or "", wish.vendor_reference or "")
        return
    number = draft.enter(EntryKind.REVIEW_DECIDED, message.reason, about=state)
    draft.tell(
        EffectKind.REVIEW_DECIDED,
        Recipient.CUSTOMER,
        about=state,
        text=message.reason,
        text_entry=number,
        by=message.actor.label,
    )


def review_externally(draft: Draft, message: ReviewExternally) -> None:
    """Look into a case of the vendor's that we did not raise, whoever wished for it. Raises: Refusal."""
    case = draft.case
    if case.terms.vendor is None:
        refuse("PolicyViolation", "no case of this policy goes to a vendor", "answer it as any other")
    if case.vendor is not None:
        refuse("InvalidTransition", "we took this case to the vendor", "ask for a review of it instead")
    if case.external_tracking is not None and (case.scope or finding(None, case.terms)).rule == EXTERNAL:
        refuse("NoChange", "it is an external review already", "post an update where there is news")
    if case.external_review is not None:
        accepted = {"state": ReviewState.ACCEPTED, "decided_at": draft.at}
        draft.set(external_review=case.external_review.model_copy(update=accepted))
    _take_up(draft, message.text, message.vendor_reference)


def _take_up(draft: Draft, text: str, vendor_reference: str) -> None:
    """Hold the case to no targets from now on, and tell the customer once."""
    give_first_answer(draft)
    end_streak(draft)
    draft.stop(Clock.TRIAGE, Clock.UPDATE, Clock.CUSTOMER_UPDATE)
    scope = draft.case.scope or finding(None, draft.case.terms)
    draft.set(
        has_sla=False,
        scope=scope.model_copy(update={"rule": EXTERNAL, "vendor_escalation": False}),
        external_tracking=Tracking(system="vendor", reference=vendor_reference),
    )
    draft.warn("SlaNotApplicable")
    number = draft.enter(EntryKind.REVIEW_DECIDED, text, about="external")
    tell_news(draft, EffectKind.STAFF_UPDATE, text, number)
