"""What a verb is called as a resource under a case: `POST /v1/cases/{case}/responses`.

A verb without a name here has its own, with dashes, so that a new one has its route at once.
"""

from collections.abc import Mapping
from types import MappingProxyType

from domain.incidents.verbs import IncidentVerb
from domain.verbs import Verb

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "triage": "ratings",
        "respond": "responses",
        "post_update": "updates",
        "wait_for_customer": "questions",
        "reply": "replies",
        "provide_information": "information",
        "change_level": "level-changes",
        "agree_interval": "intervals",
        "update_scope": "scope-changes",
        "track_elsewhere": "trackings",
        "add_note": "notes",
        "accept_handoff": "handoff-acceptances",
        "decline_handoff": "handoff-refusals",
        "hand_off": "handoffs",
        "write_brief": "briefs",
        "confirm_next_action": "next-actions",
        "claim": "claims",
        "contacted": "department-contacts",
        "reassign": "assignments",
        "take_ownership": "ownerships",
        "escalate": "escalations",
        "assign_resolver_group": "resolver-groups",
        "request_escalation": "escalation-requests",
        "escalate_to_vendor": "vendor-escalations",
        "vendor_update": "vendor-updates",
        "vendor_finding": "vendor-findings",
        "vendor_contacted": "vendor-contacts",
        "change_main_contact": "main-contacts",
        "request_vendor_review": "review-requests",
        "decide_vendor_review": "review-decisions",
        "review_externally": "external-reviews",
        "validate_resolution": "validations",
        "resolve": "resolutions",
        "close": "closures",
        "reopen": "reopenings",
        "answer_survey": "survey-answers",
        "recompute_terms": "term-renewals",
        "schedule_session": "sessions",
        "cancel_session": "session-cancellations",
        "start_session": "session-starts",
        "end_session": "session-ends",
        "diagnose": "diagnoses",
        "request_root_cause": "root-cause-requests",
        "visitor_checked_in": "visitors",
        "outage_notification": "outage-notices",
        "start_bridge": "bridges",
        "outage_resolution_notification": "outage-resolutions",
        "withdraw_outage": "outage-withdrawals",
    }
)

_NOT_SAID_HERE = frozenset({Verb.SUBMIT, Verb.INCIDENT_NEWS, Verb.STAFFING_NEWS})
"""Opening has a route of its own; news of incidents and centres is the core's to pass on."""

CASE_RESOURCES: Mapping[str, Verb] = MappingProxyType(
    {
        _NAMES.get(verb.value, verb.value.replace("_", "-")): verb
        for verb in Verb
        if verb not in _NOT_SAID_HERE
    }
)

INCIDENT_RESOURCES: Mapping[str, IncidentVerb] = MappingProxyType(
    {
        "members": IncidentVerb.JOIN,
        "departures": IncidentVerb.LEAVE,
        "updates": IncidentVerb.POST_UPDATE,
        "resolutions": IncidentVerb.RESOLVE,
        "closures": IncidentVerb.CLOSE,
    }
)
