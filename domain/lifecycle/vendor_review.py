"""Asking for a review of how the vendor works on an escalated case, and deciding whether to take it up.

RHIPE-44, RHIPE-54, RHIPE-60: four grounds, four parts; nobody is bound to take it up. One
that we did not raise is in `external_review`.
"""

from typing import Any

from domain.actor import Actor, Role
from domain.case import Case
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import external_review
from domain.lifecycle.vendor_checks import rules_of
from domain.lifecycle.vendor_follow_up import ask_vendor, change_vendor
from domain.messages.vendor import DecideVendorReview, RequestVendorReview
from domain.policy import VendorEscalation
from domain.timeline import EntryKind
from domain.vendor import ReviewState, VendorReview

_ASKING = (Role.SDM, Role.CASE_MANAGER)
_DECIDING = (Role.SDM, Role.TSS)
_PARTS = {
    "reply_to_escalation_notice": "reply_to",
    "last_conversation": "conversation_ref",
    "status": "status",
    "request": "request",
}
"""Which field of the message each part of a review request is."""

_AFTER_MANAGERS = "no_response_after_manager_review"


def may_request(actor: Actor, case: Case) -> None:
    """Let the requester's side, the SDM and case managers ask (RHIPE-60). Raises: Refusal."""
    if actor.is_staff and actor.role not in _ASKING:
        refuse(
            "RoleNotPermitted", "only the SDM or a case manager can ask for a review", "ask one of them to"
        )


def may_decide(actor: Actor, case: Case) -> None:
    """Let the SDM and the TSS decide (RHIPE-43, RHIPE-44). Raises: Refusal."""
    if actor.role not in _DECIDING:
        refuse("RoleNotPermitted", "only the SDM or the TSS can decide on a review", "ask one of them to")


def request_vendor_review(draft: Draft, message: RequestVendorReview) -> None:
    """Take down the wish for a review and tell the SDM (RHIPE-60). Raises: Refusal."""
    vendor, rules = draft.case.vendor, rules_of(draft.case)
    if external_review.may_be_wished(draft.case):
        _check_ground(message, rules)
        external_review.request(draft, message)
        return
    if vendor is None:
        refuse("InvalidTransition", "the case has not been taken to the vendor", "escalate it first")
    if vendor.review is not None and vendor.review.state is ReviewState.REQUESTED:
        refuse("NoChange", "a review has already been requested", "wait for the decision")
    _check_parts(message, rules)
    assert message.ground is not None
    review = VendorReview(
        ground=message.ground, conversation_ref=message.conversation_ref or "", requested_at=draft.at
    )
    change_vendor(draft, review=review)
    external_review.tell_of_wish(draft, message, vendor.reference, message.conversation_ref, message.reply_to)


def _check_parts(message: RequestVendorReview, rules: VendorEscalation) -> None:
    fields = [_PARTS.get(part, part) for part in rules.review_parts]
    missing = [field for field in ("ground", *fields) if getattr(message, field, None) is None]
    if message.ground == _AFTER_MANAGERS and not message.managers_in_copy:
        missing.append("managers_in_copy")
    _check_ground(message, rules)
    if missing:
        refuse("ReviewRequestIncomplete", f"missing: {', '.join(missing)}", "give all parts at once", missing)


def _check_ground(message: RequestVendorReview, rules: VendorEscalation) -> None:
    if message.ground is not None and rules.review_grounds and message.ground not in rules.review_grounds:
        refuse(
            "ValidationError",
            f"ground: {message.ground} is not one",
            f"use {' or '.join(rules.review_grounds)}",
            ("ground",),
        )


def decide_vendor_review(draft: Draft, message: DecideVendorReview) -> None:
    """Take the wish up with the vendor, or not, and say why (RHIPE-60). Raises: Refusal."""
    vendor, external = draft.case.vendor, draft.case.external_review
    wished = vendor.review if vendor is not None else external
    if wished is None or wished.state is not ReviewState.REQUESTED:
        refuse("InvalidTransition", "no review was requested", "look at the case")
    if message.reason is None:
        refuse("ReasonRequired", "a decision on a review needs a reason", "say why", ("reason",))
    if vendor is None:
        external_review.decide(draft, wished, message)
        return
    state = ReviewState.ACCEPTED if message.accept else ReviewState.DECLINED
    change_vendor(draft, review=wished.model_copy(update={"state": state, "decided_at": draft.at}))
    number = draft.enter(EntryKind.REVIEW_DECIDED, message.reason, about=state)
    said: dict[str, Any] = {"text": message.reason, "text_entry": number, "by": message.actor.label}
    draft.tell(EffectKind.REVIEW_DECIDED, Recipient.CUSTOMER, about=state, **said)
    if message.accept:
        ask_vendor(draft, about="review", reason=wished.ground, **said)
