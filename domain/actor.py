"""Who speaks to a case, and what they may say: the table role x verb x phase.

Pure. The door sets the actor from its own setting, never from what the caller claims about himself;
this table is the first check of every message.
"""

from enum import StrEnum

from domain.frozen import Frozen
from domain.phase import OPEN, Phase
from domain.text import Line


class ActorKind(StrEnum):
    """Which side of the case somebody is on."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    STAFF = "staff"
    VENDOR = "vendor"
    SYSTEM = "system"


class Role(StrEnum):
    """What somebody is to the case; `tsm` in one guide is the `tss` of another (CONF-08)."""

    ENGINEER = "engineer"
    TSS = "tss"
    SDM = "sdm"
    CASE_MANAGER = "case_manager"
    TECHNICAL_CONTACT = "technical_contact"
    SERVICE_DESK = "service_desk"
    NAMED_CONTACT = "named_contact"
    ADMINISTRATOR = "administrator"
    RESELLER = "reseller"
    INCIDENT_MANAGEMENT = "incident_management"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Tier(StrEnum):
    """How deep the support goes: first line, specialists, the vendor (RHIPE-39 to RHIPE-41)."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"


class Actor(Frozen):
    """Who speaks: `name` is shown in the timeline, `tenant` bounds what a requester may see and touch."""

    kind: ActorKind
    name: Line | None = None
    role: Role | None = None
    tier: Tier | None = None
    tenant: Line | None = None
    region: Line | None = None

    @property
    def is_requester(self) -> bool:
        """This will be true for the side that asked for help."""
        return self.kind in (ActorKind.CUSTOMER, ActorKind.PARTNER)

    @property
    def is_staff(self) -> bool:
        """This will be true for our own people."""
        return self.kind is ActorKind.STAFF

    @property
    def label(self) -> str:
        """This will name the actor in one short line, for timelines and notices."""
        return self.name or (self.role or self.kind).value.replace("_", " ")


_UNNAMED = frozenset(word.value.replace("_", " ") for word in (*ActorKind, *Role))


def is_name(label: str) -> bool:
    """This will tell a name from the word `label` puts in its place where an actor gave none."""
    return label not in _UNNAMED


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Sunrelay", role=Role.SYSTEM)


class Verb(StrEnum):
    """What may be said to a case; the names are the support guides' own."""

    SUBMIT = "submit"
    TRIAGE = "triage"
    RESPOND = "respond"
    POST_UPDATE = "post_update"
    WAIT_FOR_CUSTOMER = "wait_for_customer"
    REPLY = "reply"
    PROVIDE_INFORMATION = "provide_information"
    CHANGE_LEVEL = "change_level"
    AGREE_INTERVAL = "agree_interval"
    UPDATE_SCOPE = "update_scope"
    TRACK_ELSEWHERE = "track_elsewhere"
    ADD_NOTE = "add_note"
    ACCEPT_HANDOFF = "accept_handoff"
    DECLINE_HANDOFF = "decline_handoff"
    HAND_OFF = "hand_off"
    CLAIM = "claim"
    REASSIGN = "reassign"
    TAKE_OWNERSHIP = "take_ownership"
    ESCALATE = "escalate"
    ASSIGN_RESOLVER_GROUP = "assign_resolver_group"
    REQUEST_ESCALATION = "request_escalation"
    ESCALATE_TO_VENDOR = "escalate_to_vendor"
    VENDOR_UPDATE = "vendor_update"
    VENDOR_FINDING = "vendor_finding"
    VENDOR_CONTACTED = "vendor_contacted"
    CHANGE_MAIN_CONTACT = "change_main_contact"
    REQUEST_VENDOR_REVIEW = "request_vendor_review"
    DECIDE_VENDOR_REVIEW = "decide_vendor_review"
    VALIDATE_RESOLUTION = "validate_resolution"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    ANSWER_SURVEY = "answer_survey"
    INCIDENT_NEWS = "incident_news"
    RECOMPUTE_TERMS = "recompute_terms"
    SCHEDULE_SESSION = "schedule_session"
    CANCEL_SESSION = "cancel_session"
    START_SESSION = "start_session"
    END_SESSION = "end_session"
    DIAGNOSE = "diagnose"
    REQUEST_ROOT_CAUSE = "request_root_cause"
    VISITOR_CHECKED_IN = "visitor_checked_in"
    OUTAGE_NOTIFICATION = "outage_notification"
    START_BRIDGE = "start_bridge"
    OUTAGE_RESOLUTION_NOTIFICATION = "outage_resolution_notification"
    WITHDRAW_OUTAGE = "withdraw_outage"


_REQUESTERS = frozenset({ActorKind.CUSTOMER, ActorKind.PARTNER})
_STAFF = frozenset({ActorKind.STAFF})
_BOTH = _REQUESTERS | _STAFF
_PROVIDER = _STAFF | {ActorKind.VENDOR}
_UNTIL_CLOSED = OPEN | {Phase.RESOLVED}
_WORKED_ON = OPEN - {Phase.AWAITING_INFORMATION}
_VENDOR_AND_STAFF = _STAFF | {ActorKind.VENDOR}
_UNTIL_ARCHIVED = _UNTIL_CLOSED | {Phase.CLOSED}

_TABLE: dict[Verb, tuple[frozenset[ActorKind], frozenset[Phase]]] = {
    Verb.SUBMIT: (_BOTH | {ActorKind.VENDOR, ActorKind.SYSTEM}, frozenset()),
    Verb.TRIAGE: (_STAFF, OPEN),
    Verb.RESPOND: (_STAFF, OPEN),
    Verb.POST_UPDATE: (_STAFF, _UNTIL_CLOSED),
    Verb.WAIT_FOR_CUSTOMER: (_STAFF, _WORKED_ON),
    Verb.REPLY: (_BOTH, _UNTIL_CLOSED | {Phase.CLOSED}),
    Verb.PROVIDE_INFORMATION: (_BOTH, frozenset({Phase.AWAITING_INFORMATION})),
    Verb.CHANGE_LEVEL: (_BOTH | {ActorKind.VENDOR}, OPEN),
    Verb.AGREE_INTERVAL: (_STAFF, OPEN),
    Verb.UPDATE_SCOPE: (_BOTH, _UNTIL_CLOSED),
    Verb.TRACK_ELSEWHERE: (_STAFF, _UNTIL_CLOSED),
    Verb.ADD_NOTE: (_BOTH | {ActorKind.SYSTEM}, _UNTIL_CLOSED | {Phase.CLOSED}),
    Verb.ACCEPT_HANDOFF: (_STAFF, _UNTIL_CLOSED),
    Verb.DECLINE_HANDOFF: (_STAFF, _UNTIL_CLOSED),
    Verb.HAND_OFF: (_STAFF, _UNTIL_CLOSED),
    Verb.CLAIM: (_STAFF, _UNTIL_CLOSED),
    Verb.REASSIGN: (_STAFF, _UNTIL_CLOSED),
    Verb.TAKE_OWNERSHIP: (_STAFF, _UNTIL_CLOSED),
    Verb.ESCALATE: (_STAFF, OPEN),
    Verb.ASSIGN_RESOLVER_GROUP: (_STAFF, OPEN),
    Verb.REQUEST_ESCALATION: (_REQUESTERS, OPEN - {Phase.VENDOR_ESCALATED}),
    Verb.ESCALATE_TO_VENDOR: (_STAFF, _WORKED_ON - {Phase.VENDOR_ESCALATED}),
    Verb.VENDOR_UPDATE: (_VENDOR_AND_STAFF, _UNTIL_ARCHIVED),
    Verb.VENDOR_FINDING: (_VENDOR_AND_STAFF, OPEN),
    Verb.VENDOR_CONTACTED: (_BOTH | {ActorKind.VENDOR}, _UNTIL_ARCHIVED),
    Verb.CHANGE_MAIN_CONTACT: (_BOTH, OPEN),
    Verb.REQUEST_VENDOR_REVIEW: (_BOTH, _UNTIL_ARCHIVED),
    Verb.DECIDE_VENDOR_REVIEW: (_STAFF, _UNTIL_ARCHIVED),
    Verb.VALIDATE_RESOLUTION: (_STAFF, _WORKED_ON),
    Verb.RESOLVE: (_STAFF, _WORKED_ON | {Phase.RESOLVED}),
    Verb.CLOSE: (_BOTH, _UNTIL_CLOSED),
    Verb.REOPEN: (_BOTH, frozenset({Phase.CLOSED, Phase.ARCHIVED})),
    Verb.ANSWER_SURVEY: (_REQUESTERS, frozenset(Phase)),
    Verb.INCIDENT_NEWS: (_STAFF, _UNTIL_CLOSED),
    Verb.RECOMPUTE_TERMS: (_STAFF, OPEN | {Phase.RESOLVED, Phase.CLOSED}),
    Verb.SCHEDULE_SESSION: (_BOTH, OPEN),
    Verb.CANCEL_SESSION: (_BOTH, _UNTIL_CLOSED),
    Verb.START_SESSION: (_STAFF, OPEN),
    Verb.END_SESSION: (_STAFF, _UNTIL_CLOSED),
    Verb.DIAGNOSE: (_STAFF, _WORKED_ON),
    Verb.REQUEST_ROOT_CAUSE: (_BOTH, frozenset({Phase.RESOLVED, Phase.CLOSED})),
    Verb.VISITOR_CHECKED_IN: (_STAFF, OPEN),
    Verb.OUTAGE_NOTIFICATION: (_PROVIDER, OPEN),
    Verb.START_BRIDGE: (_PROVIDER, _WORKED_ON),
    Verb.OUTAGE_RESOLUTION_NOTIFICATION: (_PROVIDER, OPEN),
    Verb.WITHDRAW_OUTAGE: (_PROVIDER, OPEN),
}


def may_say(actor: Actor, verb: Verb) -> bool:
    """This will tell whether this kind of actor may use the verb at all."""
    return actor.kind in _TABLE[verb][0]


def has_room(verb: Verb, phase: Phase) -> bool:
    """This will tell whether the verb has a meaning in this phase of a case."""
    return phase in _TABLE[verb][1]


def speakers(verb: Verb) -> str:
    """This will name who may use the verb, for a refusal that says what to do."""
    return ", ".join(sorted(_TABLE[verb][0]))
