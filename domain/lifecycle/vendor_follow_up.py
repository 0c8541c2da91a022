"""Asking the vendor again: how often, and who of ours is told when they stay silent.

CSS-09, CSS-10, GAP-09. Nothing here closes or hands on a case.
"""

from datetime import datetime
from typing import Any

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.counting import run_cadence
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import repeat
from domain.lifecycle.when_due import CatchUp, when_due
from domain.phase import OPEN
from domain.timeline import EntryKind
from domain.vendor import VendorCase


def of_the_ticket(case: Case) -> dict[str, Any]:
    """Gather what is told of a ticket with the vendor."""
    vendor = case.vendor
    assert vendor is not None
    return {
        "vendor_reference": vendor.reference,
        "severity": vendor.severity,
        "product": vendor.product,
        "enhanced": vendor.enhanced,
        "technical_contact": vendor.contact,
    }


def run_follow_up(draft: Draft) -> None:
    """Ask the vendor one interval from now (24 h: GAP-09), and again until they answer.

    Of a case that is resolved or over nothing is asked.
    """
    every = draft.case.terms.vendor.follow_up_every if draft.case.terms.vendor else None
    vendor = draft.case.vendor
    if every is None or vendor is None or not vendor.is_active or draft.case.phase not in OPEN:
        draft.stop(Clock.VENDOR_FOLLOW_UP)
        return
    draft.run(run_cadence(draft.case, Clock.VENDOR_FOLLOW_UP, draft.at, every))


def change_vendor(draft: Draft, **changes: Any) -> VendorCase:
    """Change what we know of the case at the vendor, and return it."""
    vendor = draft.case.vendor
    assert vendor is not None
    vendor = vendor.model_copy(update=changes)
    draft.set(vendor=vendor)
    return vendor


def leave_vendor(draft: Draft, at: datetime) -> None:
    """End what we have with the vendor, where the case is over or they are done."""
    draft.stop(Clock.VENDOR_FOLLOW_UP)
    if draft.case.vendor is not None and draft.case.vendor.is_active:
        change_vendor(draft, resolved_at=at, cover_wanted=False)


@when_due(Clock.VENDOR_FOLLOW_UP)
def follow_up_falls_due(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Ask the vendor once, however many instants up to `until` (UTC) were missed."""
    last, _ = repeat(draft, running, catch_up)
    vendor = draft.case.vendor
    assert vendor is not None
    vendor = change_vendor(draft, unanswered=vendor.unanswered + 1)
    draft.enter(
        EntryKind.VENDOR_FOLLOWED_UP,
        internal=True,
        about=Clock.VENDOR_FOLLOW_UP,
        due_at=last,
        count=vendor.unanswered,
    )
    ask_vendor(draft, about=Clock.VENDOR_FOLLOW_UP, due_at=last)
    _climb(draft, vendor)


def ask_vendor(draft: Draft, about: str, **facts: Any) -> None:
    """Write to the vendor on their ticket."""
    vendor = draft.case.vendor
    assert vendor is not None
    draft.tell(
        EffectKind.VENDOR_FOLLOW_UP,
        Recipient.VENDOR,
        about=about,
        language="en",
        count=vendor.unanswered,
        last_at=vendor.answered_at or vendor.escalated_at,
        **of_the_ticket(draft.case),
        **facts,
    )


def _climb(draft: Draft, vendor: VendorCase) -> None:
    """Tell the next of ours that the vendor is silent, each once in a row of silence."""
    rules = draft.case.terms.vendor
    assert rules is not None
    for to, after in ((Recipient.TSS, rules.tss_told_after), (Recipient.SDM, rules.sdm_told_after)):
        if vendor.unanswered == after:
            draft.tell(
                EffectKind.VENDOR_SILENT,
                to,
                about=Clock.VENDOR_FOLLOW_UP,
                count=vendor.unanswered,
                last_at=vendor.answered_at or vendor.escalated_at,
                vendor_reference=vendor.reference,
                severity=vendor.severity,
            )
