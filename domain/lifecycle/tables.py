"""Which rule takes which verb, and which settles which clock: one line for each.

Pure. Tables only; every verb and every clock has its line, a test sees to it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.actor import Actor, Verb
from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.decision import Declined, Draft
from domain.lifecycle import (
    access,
    breaches,
    bridges,
    circumstances,
    closing,
    completing,
    contacts,
    diagnosis,
    duty,
    handing_on,
    handoffs,
    incidents,
    informing,
    levels,
    outage_endings,
    outages,
    planned,
    renewal,
    reopening,
    resolving,
    root_cause,
    sessions,
    staffing,
    staleness,
    status,
    surveys,
    vendor,
    vendor_answers,
    vendor_checks,
    vendor_follow_up,
    vendor_handover,
    vendor_review,
)

HANDLERS: dict[Verb, Callable[[Draft, Any], Declined | None]] = {
    Verb.TRIAGE: levels.triage,
    Verb.RESPOND: informing.respond,
    Verb.POST_UPDATE: informing.post_update,
    Verb.WAIT_FOR_CUSTOMER: informing.wait_for_customer,
    Verb.REPLY: resolving.reply,
    Verb.PROVIDE_INFORMATION: completing.provide_information,
    Verb.CHANGE_LEVEL: levels.change_level,
    Verb.AGREE_INTERVAL: circumstances.agree_interval,
    Verb.UPDATE_SCOPE: circumstances.update_scope,
    Verb.TRACK_ELSEWHERE: circumstances.track_elsewhere,
    Verb.ADD_NOTE: informing.add_note,
    Verb.ACCEPT_HANDOFF: handoffs.accept_handoff,
    Verb.DECLINE_HANDOFF: handoffs.decline_handoff,
    Verb.HAND_OFF: handoffs.hand_off,
    Verb.CLAIM: staffing.claim,
    Verb.REASSIGN: staffing.reassign,
    Verb.TAKE_OWNERSHIP: staffing.take_ownership,
    Verb.ESCALATE: staffing.escalate,
    Verb.ASSIGN_RESOLVER_GROUP: staffing.assign_resolver_group,
    Verb.REQUEST_ESCALATION: vendor.request_escalation,
    Verb.ESCALATE_TO_VENDOR: vendor.escalate_to_vendor,
    Verb.VENDOR_UPDATE: vendor_answers.vendor_update,
    Verb.VENDOR_FINDING: vendor_answers.vendor_finding,
    Verb.VENDOR_CONTACTED: vendor_handover.vendor_contacted,
    Verb.CHANGE_MAIN_CONTACT: vendor_answers.change_main_contact,
    Verb.REQUEST_VENDOR_REVIEW: vendor_review.request_vendor_review,
    Verb.DECIDE_VENDOR_REVIEW: vendor_review.decide_vendor_review,
    Verb.VALIDATE_RESOLUTION: resolving.validate_resolution,
    Verb.RESOLVE: resolving.resolve,
    Verb.CLOSE: closing.close,
    Verb.REOPEN: reopening.reopen,
    Verb.ANSWER_SURVEY: surveys.answer_survey,
    Verb.INCIDENT_NEWS: incidents.hear,
    Verb.RECOMPUTE_TERMS: renewal.ask_for_terms,
    Verb.SCHEDULE_SESSION: sessions.schedule_session,
    Verb.CANCEL_SESSION: sessions.cancel_session,
    Verb.START_SESSION: sessions.start_session,
    Verb.END_SESSION: sessions.end_session,
    Verb.DIAGNOSE: diagnosis.diagnose,
    Verb.REQUEST_ROOT_CAUSE: root_cause.request_root_cause,
    Verb.VISITOR_CHECKED_IN: access.visitor_checked_in,
    Verb.OUTAGE_NOTIFICATION: outages.outage_notification,
    Verb.START_BRIDGE: bridges.start_bridge,
    Verb.OUTAGE_RESOLUTION_NOTIFICATION: outage_endings.outage_resolution_notification,
    Verb.WITHDRAW_OUTAGE: outage_endings.withdraw_outage,
}
"""Which rule decides a message, by its verb; `submit` opens a case and has none."""

SPEAKERS: dict[Verb, Callable[[Actor, Case], None]] = {
    Verb.ESCALATE_TO_VENDOR: vendor_checks.check_speaker,
    Verb.REQUEST_VENDOR_REVIEW: vendor_review.may_request,
    Verb.DECIDE_VENDOR_REVIEW: vendor_review.may_decide,
}
"""Who by role and tier may use a verb, where the kind of speaker does not say it all; before the state."""

_WhenDue = Callable[[Draft, RunningClock, datetime, datetime], None]

WHEN_DUE: dict[Clock, _WhenDue] = {
    Clock.INITIAL_RESPONSE: lambda draft, clock, until, now: breaches.miss(draft, clock),
    Clock.TRIAGE: lambda draft, clock, until, now: breaches.miss(draft, clock),
    Clock.UPDATE: status.update_falls_due,
    Clock.CUSTOMER_UPDATE: lambda draft, clock, until, now: duty.duty_falls_due(draft, clock, until),
    Clock.CONFIRMATION: lambda draft, clock, until, now: resolving.confirmation_falls_due(
        draft, clock, until
    ),
    Clock.VENDOR_CONTACT_CHECK: lambda draft, clock, until, now: vendor_handover.contact_check_falls_due(
        draft, clock
    ),
    Clock.VENDOR_FOLLOW_UP: lambda draft, clock, until, now: vendor_follow_up.follow_up_falls_due(
        draft, clock, until
    ),
    Clock.AUTO_CLOSE: closing.auto_close_falls_due,
    Clock.REOPEN_WINDOW: lambda draft, clock, until, now: closing.archive(draft, clock),
    Clock.HANDOFF: lambda draft, clock, until, now: handing_on.shift_ends(draft, clock),
    Clock.OFFER: lambda draft, clock, until, now: handing_on.offer_expires(draft, clock),
    Clock.CONTACT_NOTICE: lambda draft, clock, until, now: contacts.contact_notice_falls_due(draft, clock),
    Clock.SESSION_REMINDER: lambda draft, clock, until, now: sessions.session_reminder_falls_due(
        draft, clock, until
    ),
    Clock.PLANNED_START: lambda draft, clock, until, now: planned.planned_start_falls_due(draft, clock),
    Clock.TERMS_RENEWAL: lambda draft, clock, until, now: renewal.wants_renewal(draft, clock),
    Clock.STALE: lambda draft, clock, until, now: staleness.silence_falls_due(draft, clock),
    Clock.OUTAGE_NOTIFICATION: lambda draft, clock, until, now: breaches.miss(draft, clock),
}
"""What is done when a clock falls due: every clock has its line, a test sees to it."""
