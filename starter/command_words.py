"""The commands by which verbs of a case are said here: a refusal names verbs, a person types commands.

Part of the doors. Verbs that are one word are the name of their command.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "post_update": "update",
        "wait_for_customer": "wait",
        "provide_information": "provide",
        "change_level": "priority",
        "agree_interval": "agree-interval",
        "update_scope": "scope",
        "track_elsewhere": "track",
        "add_note": "note",
        "accept_handoff": "handoff accept",
        "decline_handoff": "handoff decline",
        "hand_off": "handoff to",
        "take_ownership": "take-ownership",
        "assign_resolver_group": "resolver-group",
        "request_escalation": "request-escalation",
        "escalate_to_vendor": "to-vendor",
        "vendor_update": "vendor-update",
        "vendor_finding": "vendor-finding",
        "vendor_contacted": "vendor-contacted",
        "change_main_contact": "main-contact",
        "request_vendor_review": "review",
        "decide_vendor_review": "decide-review",
        "validate_resolution": "validate",
        "answer_survey": "survey answer",
        "incident_news": "incident-news",
        "recompute_terms": "recompute-terms",
        "schedule_session": "session schedule",
        "cancel_session": "session cancel",
        "start_session": "session start",
        "end_session": "session end",
        "request_root_cause": "root-cause",
        "visitor_checked_in": "visitor",
        "outage_notification": "outage-notify",
        "start_bridge": "start-bridge",
        "outage_resolution_notification": "outage-resolved",
        "withdraw_outage": "withdraw-outage",
    }
)
_VERB = re.compile(r"(?<![\w.-])[a-z]+(?:_[a-z]+)+(?![\w.-])")
_CANNOT = re.compile(r"^a staff cannot ")


def in_commands(text: str) -> str:
    """This will put the command in the place of each verb that is named, and leave all else as it is."""
    found = _VERB.sub(lambda verb: COMMANDS.get(verb[0], verb[0]), text)
    return _CANNOT.sub("our own staff cannot ", found)
