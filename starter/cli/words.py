"""The commands by which verbs of a case are said here: a refusal names verbs, a person types commands.

Verbs that are one word are the name of their command.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "post_update": "update",
        "wait_for_customer": "wait",
        "provide_information": "case provide",
        "change_level": "case priority",
        "agree_interval": "case interval",
        "update_scope": "case scope",
        "track_elsewhere": "case track",
        "add_note": "case note",
        "accept_handoff": "handoff accept",
        "decline_handoff": "handoff decline",
        "hand_off": "handoff to",
        "write_brief": "handoff brief",
        "confirm_next_action": "handoff confirm",
        "staffing_news": "staffing-news",
        "take_ownership": "case take",
        "assign_resolver_group": "case resolver-group",
        "request_escalation": "vendor request",
        "escalate_to_vendor": "vendor escalate",
        "vendor_update": "vendor update",
        "vendor_finding": "vendor finding",
        "vendor_contacted": "vendor contacted",
        "change_main_contact": "case main-contact",
        "request_vendor_review": "review request",
        "decide_vendor_review": "review decide",
        "review_externally": "review external",
        "validate_resolution": "case validate",
        "answer_survey": "survey answer",
        "incident_news": "incident-news",
        "recompute_terms": "case recompute",
        "schedule_session": "session schedule",
        "cancel_session": "session cancel",
        "start_session": "session begin",
        "end_session": "session end",
        "request_root_cause": "case root-cause",
        "visitor_checked_in": "case visitor",
        "outage_notification": "outage notify",
        "start_bridge": "outage bridge",
        "outage_resolution_notification": "outage restored",
        "withdraw_outage": "outage withdraw",
    }
)
_VERB = re.compile(r"(?<![\w.-])[a-z]+(?:_[a-z]+)+(?![\w.-])")
_CANNOT = re.compile(r"^a staff cannot ")


def in_commands(text: str) -> str:
    """Put the command in the place of each verb that is named, and leave all else as it is."""
    found = _VERB.sub(lambda verb: COMMANDS.get(verb[0], verb[0]), text)
    return _CANNOT.sub("our own staff cannot ", found)
