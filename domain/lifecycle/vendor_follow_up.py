"""Asking the vendor again: how often, and who of ours is told when he stays silent.

Pure. CSS-09, CSS-10, GAP-09. Nothing here closes or hands on a case.
"""

from datetime import datetime
from typing import Any

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import due_cause
from domain.phase import OPEN
from domain.policy import in_words
from domain.timeline import EntryKind
from domain.vendor import VendorCase


def of_the_ticket(case: Case) -> dict[str, Any]:
    """This will gather what is told of a ticket with the vendor."""
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
    """This will ask the vendor one interval from now (24 h: GAP-09), and again until he answers.

    Of a case that is resolved or over nothing is asked.
    """
    every = draft.case.terms.vendor.follow_up_every if draft.case.terms.vendor else None
    vendor = draft.case.vendor
    if every is None or vendor is None or not vendor.is_active or draft.case.phase not in OPEN:
        draft.stop(Clock.VENDOR_FOLLOW_UP)
        return
    draft.run(
        RunningClock(
            clock=Clock.VENDOR_FOLLOW_UP,
            started_at=draft.at,
            due_at=draft.at + every,
            every=every,
            rule=f"every {in_words(every)}",
        )
    )


def change_vendor(draft: Draft, **changes: Any) -> VendorCase:
    """This will change what we know of the case at the vendor, and return it."""
    vendor = draft.case.vendor
    assert vendor is not None
    vendor = vendor.model_copy(update=changes)
    draft.set(vendor=vendor)
    return vendor


def leave_vendor(draft: Draft, at: datetime) -> None:
    """This will end what we have with the vendor, where the case is over or he is done."""
    draft.stop(Clock.VENDOR_FOLLOW_UP)
    if draft.case.vendor is not None and draft.case.vendor.is_active:
        change_vendor(draft, resolved_at=at, cover_wanted=False)


def follow_up_falls_due(draft: Draft, running: RunningClock, until: datetime) -> None:
    """This will ask the vendor once, however many instants up to `until` (UTC) were missed."""
    assert running.due_at is not None
    assert running.every is not None
    last = running.last_due_by(until)
    draft.set(settled_at=last)
    draft.run(running.model_copy(update={"started_at": last, "due_at": last + running.every}))
    draft.cause, draft.at = due_cause(running, last), last
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
    """This will write to the vendor on his ticket."""
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
    """This will tell the next of ours that the vendor is silent, each once in a row of silence."""
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
