"""What may be said to a case: one row a verb.

A row holds the record it is said with, who may say it and in which phases, the rule that decides it, and the
words by which it introduces itself. Whoever adds a verb adds its row, its rule and its command.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from domain.actor import REQUESTERS, Actor, ActorKind
from domain.case import Case
from domain.decision import Declined, Draft
from domain.lifecycle import (
    access,
    circumstances,
    closing,
    diagnosis,
    external_review,
    handoff_brief,
    handoff_by_hand,
    handoff_news,
    incident_news,
    intake_completion,
    internal_referral,
    levels,
    outage,
    outage_bridge,
    outage_end,
    remote_session,
    reopen,
    resolution,
    root_cause,
    survey,
    terms_renewal,
    tiers,
    updates,
    vendor_answers,
    vendor_checks,
    vendor_escalation,
    vendor_handover,
    vendor_review,
)
from domain.messages.base import Message
from domain.messages.case import (
    AddNote,
    AgreeInterval,
    ChangeLevel,
    Close,
    PostUpdate,
    RecomputeTerms,
    Reopen,
    Reply,
    Resolve,
    Respond,
    TrackElsewhere,
    Triage,
    UpdateScope,
    ValidateResolution,
    WaitForCustomer,
)
from domain.messages.incident import IncidentNews
from domain.messages.outage import (
    OutageNotification,
    OutageResolutionNotification,
    StartBridge,
    WithdrawOutage,
)
from domain.messages.request import ProvideInformation, Submit
from domain.messages.special import (
    CancelSession,
    Contacted,
    Diagnose,
    EndSession,
    RequestRootCause,
    ScheduleSession,
    StartSession,
    VisitorCheckedIn,
)
from domain.messages.staffing import (
    AcceptHandoff,
    Claim,
    ConfirmNextAction,
    DeclineHandoff,
    Escalate,
    HandOff,
    Reassign,
    StaffingNews,
    TakeOwnership,
    WriteBrief,
)
from domain.messages.vendor import (
    AssignResolverGroup,
    ChangeMainContact,
    DecideVendorReview,
    EscalateToVendor,
    FindBoundary,
    RequestEscalation,
    RequestVendorReview,
    ReviewExternally,
    VendorContacted,
    VendorUpdate,
)
from domain.phase import OPEN, WORKED_ON, Phase
from domain.survey import AnswerSurvey

Rule = Callable[[Draft, Any], Declined | None]
"""Decides a message of the verb's own record; raises Refusal."""

SpeakerCheck = Callable[[Actor, Case], None]
"""Refuses by role and tier, where the kind of speaker does not say it all."""

STAFF = frozenset({ActorKind.STAFF})
VENDOR = frozenset({ActorKind.VENDOR})
MACHINE = frozenset({ActorKind.SYSTEM})
BOTH = REQUESTERS | STAFF
ANYBODY = frozenset(ActorKind)

NEVER: frozenset[Phase] = frozenset()
INCOMPLETE = frozenset({Phase.AWAITING_INFORMATION})
WITH_VENDOR = frozenset({Phase.VENDOR_ESCALATED})
RESOLVED = frozenset({Phase.RESOLVED})
SOLVED = frozenset({Phase.RESOLVED, Phase.CLOSED})
AFTER_CLOSURE = frozenset({Phase.CLOSED, Phase.ARCHIVED})
UNTIL_CLOSED = OPEN | RESOLVED
UNTIL_ARCHIVED = OPEN | SOLVED
ALWAYS = frozenset(Phase)


class Verb(StrEnum):
    """The verbs, named as the support guides name them; `submit` opens a case and has no rule of its own."""

    model: type[Message]
    speakers: frozenset[ActorKind]
    phases: frozenset[Phase]
    rule: Rule | None
    says: str
    speaker_check: SpeakerCheck | None

    def __new__(cls, name: str, *row: Any) -> "Verb":
        """Keep the row with its name."""
        verb = str.__new__(cls, name)
        verb._value_ = name
        verb.model, verb.speakers, verb.phases, verb.rule, verb.says, *check = row
        verb.speaker_check = check[0] if check else None
        return verb

    # fmt: off
    SUBMIT = ("submit", Submit, ANYBODY, NEVER,
        None, "Open this case with a request for help; the same reference again is the same case.")
    TRIAGE = ("triage", Triage, STAFF, OPEN,
        levels.triage, "Rate a case that came in with its channel's default level.")
    RESPOND = ("respond", Respond, STAFF, OPEN,
        updates.respond, "Give the initial response: a person has started work.")
    POST_UPDATE = ("post_update", PostUpdate, STAFF, UNTIL_CLOSED,
        updates.post_update, "Tell the customer news; the update cadence restarts.")
    WAIT_FOR_CUSTOMER = ("wait_for_customer", WaitForCustomer, STAFF, WORKED_ON,
        updates.wait_for_customer, "Ask the customer something and wait for the answer.")
    REPLY = ("reply", Reply, BOTH, UNTIL_ARCHIVED,
        resolution.reply,
        "What the customer says; accepts=true closes a resolved case, false reopens the work.")
    PROVIDE_INFORMATION = ("provide_information", ProvideInformation, BOTH, INCOMPLETE,
        intake_completion.provide_information, "Give what was missing at intake.")
    CHANGE_LEVEL = ("change_level", ChangeLevel, BOTH | VENDOR, OPEN,
        levels.change_level, "Set another level: named, or by impact and urgency; with a reason.")
    AGREE_INTERVAL = ("agree_interval", AgreeInterval, STAFF, OPEN,
        circumstances.agree_interval,
        "Set how often an advisory case is told news, as agreed with the customer.")
    UPDATE_SCOPE = ("update_scope", UpdateScope, BOTH, UNTIL_CLOSED,
        circumstances.update_scope,
        "Say that the problem has grown or its impact has changed; the engineer is told at once.")
    TRACK_ELSEWHERE = ("track_elsewhere", TrackElsewhere, STAFF, UNTIL_CLOSED,
        circumstances.track_elsewhere, "Note where else the case is tracked; its own clocks run on.")
    ADD_NOTE = ("add_note", AddNote, BOTH | MACHINE, UNTIL_ARCHIVED,
        updates.add_note, "Keep a note; internal unless it says otherwise.")
    ACCEPT_HANDOFF = ("accept_handoff", AcceptHandoff, STAFF, UNTIL_CLOSED,
        handoff_by_hand.accept_handoff,
        "Accept the case for your centre; it changes hands at the end of the giver's shift.")
    DECLINE_HANDOFF = ("decline_handoff", DeclineHandoff, STAFF, UNTIL_CLOSED,
        handoff_by_hand.decline_handoff, "Decline an offered case, with a reason; the next centre is asked.")
    CONFIRM_NEXT_ACTION = ("confirm_next_action", ConfirmNextAction, STAFF, UNTIL_CLOSED,
        handoff_brief.confirm_next_action, "Say what you do next with a case you have taken over.")
    WRITE_BRIEF = ("write_brief", WriteBrief, STAFF, UNTIL_CLOSED,
        handoff_brief.write_brief, "Write down what whoever takes the case over has to know.")
    HAND_OFF = ("hand_off", HandOff, STAFF, UNTIL_CLOSED,
        handoff_by_hand.hand_off, "Hand the case to another centre now, with a reason.")
    STAFFING_NEWS = ("staffing_news", StaffingNews, STAFF, UNTIL_CLOSED,
        handoff_news.hear, "Hear that a centre was closed or opened by hand, or that somebody left the rota.")
    CLAIM = ("claim", Claim, STAFF, UNTIL_CLOSED,
        tiers.claim, "Take a case nobody has; the first who claims it has it.")
    REASSIGN = ("reassign", Reassign, STAFF, UNTIL_CLOSED,
        tiers.reassign,
        "Give the case to somebody else of our staff; the customer is told whom to contact.")
    TAKE_OWNERSHIP = ("take_ownership", TakeOwnership, STAFF, UNTIL_CLOSED,
        tiers.take_ownership, "Take a long or hard case as TSS or SDM.")
    ESCALATE = ("escalate", Escalate, STAFF, OPEN,
        tiers.escalate, "Pass the case on to L2, with what kind of problem it is.")
    ASSIGN_RESOLVER_GROUP = ("assign_resolver_group", AssignResolverGroup, STAFF, OPEN,
        tiers.assign_resolver_group,
        "Have another group of ours work on the case; who tells the customer stays.")
    REQUEST_ESCALATION = ("request_escalation", RequestEscalation, REQUESTERS, OPEN - WITH_VENDOR,
        vendor_escalation.request_escalation,
        "Ask our staff to take the case to the vendor; they qualify it first.")
    ESCALATE_TO_VENDOR = ("escalate_to_vendor", EscalateToVendor, STAFF, WORKED_ON - WITH_VENDOR,
        vendor_escalation.escalate_to_vendor,
        "Take the case to the vendor: handed over for good, or kept open with us.",
        vendor_checks.check_speaker)
    VENDOR_UPDATE = ("vendor_update", VendorUpdate, STAFF | VENDOR, UNTIL_ARCHIVED,
        vendor_answers.vendor_update, "What the vendor answers, with their own severity and number.")
    VENDOR_FINDING = ("vendor_finding", FindBoundary, STAFF | VENDOR, OPEN,
        vendor_answers.vendor_finding, "Where the vendor found the cause: in their cloud, or on site.")
    VENDOR_CONTACTED = ("vendor_contacted", VendorContacted, BOTH | VENDOR, UNTIL_ARCHIVED,
        vendor_handover.vendor_contacted,
        "Whether the vendor has called or written to the technical contact.")
    CHANGE_MAIN_CONTACT = ("change_main_contact", ChangeMainContact, BOTH, OPEN,
        vendor_answers.change_main_contact, "Say who speaks for the case from now on.")
    REQUEST_VENDOR_REVIEW = ("request_vendor_review", RequestVendorReview, BOTH, UNTIL_ARCHIVED,
        vendor_review.request_vendor_review, "Ask for a review of how the vendor works on an escalated case.",
        vendor_review.may_request)
    DECIDE_VENDOR_REVIEW = ("decide_vendor_review", DecideVendorReview, STAFF, UNTIL_ARCHIVED,
        vendor_review.decide_vendor_review, "Take a review up with the vendor, or not, and say why.",
        vendor_review.may_decide)
    REVIEW_EXTERNALLY = ("review_externally", ReviewExternally, STAFF, OPEN - WITH_VENDOR,
        external_review.review_externally,
        "Look into a case of the vendor's that we did not raise; nothing is promised for it.",
        vendor_review.may_decide)
    VALIDATE_RESOLUTION = ("validate_resolution", ValidateResolution, STAFF, WORKED_ON,
        resolution.validate_resolution,
        "Ask the customer to validate the solution, or note that they have.")
    RESOLVE = ("resolve", Resolve, STAFF, WORKED_ON | RESOLVED,
        resolution.resolve, "Resolve the case by a resolution or a workaround; auto-close runs from now.")
    CLOSE = ("close", Close, BOTH, UNTIL_CLOSED,
        closing.close, "Close the case: resolved, requested or no_further_troubleshooting.")
    REOPEN = ("reopen", Reopen, BOTH, AFTER_CLOSURE,
        reopen.reopen, "Reopen a closed case; after the reopen window a linked case is opened.")
    ANSWER_SURVEY = ("answer_survey", AnswerSurvey, REQUESTERS, ALWAYS,
        survey.answer_survey, "Say how it went, from 1 to 5; one answer for each closure.")
    INCIDENT_NEWS = ("incident_news", IncidentNews, STAFF, UNTIL_CLOSED,
        incident_news.hear, "Take news of the major incident the case belongs to.")
    RECOMPUTE_TERMS = ("recompute_terms", RecomputeTerms, STAFF, UNTIL_ARCHIVED,
        terms_renewal.ask_for_terms,
        "Hold the case to today's policy and calendar, on purpose; with a reason.")
    SCHEDULE_SESSION = ("schedule_session", ScheduleSession, BOTH, OPEN,
        remote_session.schedule_session,
        "Schedule a remote session, or move it; both sides are reminded before it begins.")
    CANCEL_SESSION = ("cancel_session", CancelSession, BOTH, UNTIL_CLOSED,
        remote_session.cancel_session, "Cancel the scheduled remote session.")
    START_SESSION = ("start_session", StartSession, STAFF, OPEN,
        remote_session.start_session, "Connect to the customer's screen, with their consent.")
    END_SESSION = ("end_session", EndSession, STAFF, UNTIL_CLOSED,
        remote_session.end_session, "Say that the remote session is over, and what was done.")
    DIAGNOSE = ("diagnose", Diagnose, STAFF, WORKED_ON,
        diagnosis.diagnose, "Say what the cause is; what is not ours is referred to whoever helps.")
    CONTACTED = ("contacted", Contacted, BOTH, OPEN,
        internal_referral.contacted,
        "Say that the department the case was passed on to has contacted the customer.")
    REQUEST_ROOT_CAUSE = ("request_root_cause", RequestRootCause, BOTH, SOLVED,
        root_cause.request_root_cause, "Ask for an analysis of the root cause of a problem that is solved.")
    VISITOR_CHECKED_IN = ("visitor_checked_in", VisitorCheckedIn, STAFF, OPEN,
        access.visitor_checked_in, "Say who has come to the site, when, and whether their ID is valid.")
    OUTAGE_NOTIFICATION = ("outage_notification", OutageNotification, STAFF | VENDOR, OPEN,
        outage.outage_notification,
        "Tell the audience of an outage: what happened, its impact, when service is expected.")
    START_BRIDGE = ("start_bridge", StartBridge, STAFF | VENDOR, WORKED_ON,
        outage_bridge.start_bridge,
        "Ask the customer to join a call, with the number and the participant code.")
    OUTAGE_RESOLUTION_NOTIFICATION = ("outage_resolution_notification",
        OutageResolutionNotification, STAFF | VENDOR, OPEN,
        outage_end.outage_resolution_notification,
        "Tell everybody that service is back, once the customer has validated it.")
    WITHDRAW_OUTAGE = ("withdraw_outage", WithdrawOutage, STAFF | VENDOR, OPEN,
        outage_end.withdraw_outage, "Say that it was not an outage, and why; everybody told hears it.")
    # fmt: on

    def may_be_said_by(self, actor: Actor) -> bool:
        """Tell whether this kind of actor may use the verb at all."""
        return actor.kind in self.speakers

    def has_room_in(self, phase: Phase) -> bool:
        """Tell whether the verb has a meaning in this phase of a case."""
        return phase in self.phases
