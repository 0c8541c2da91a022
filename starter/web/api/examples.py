"""A worked example of each body, so that a program can be written by looking at one.

A verb without one here is shown with the fields it needs.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

_CONTACT = {"name": "Priya Nair", "email": "priya.nair@example.com", "phone": "+61 2 5550 0100"}

_BODIES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "Submit": {
            "tenant": "Harbour Foods",
            "reference": "HF-2041",
            "country": "AU",
            "impact": "high",
            "urgency": "medium",
            "title": "Outlook asks for the password",
            "explanation": "Since this morning Outlook asks for the password every few minutes.",
            "partner_legal_name": "Southern Cloud Pty Ltd",
            "tenant_company": "Harbour Foods Pty Ltd",
            "tenant_domain": "harbourfoods.example",
            "affected_users": "all",
            "troubleshooting_steps": ["signed out and in", "cleared the saved passwords"],
            "contact": _CONTACT,
        },
        "Triage": {"impact": "high", "urgency": "high", "reason": "Nobody can send mail."},
        "Respond": {"text": "I have started to look at the sign-in logs.", "take": True},
        "PostUpdate": {"text": "A conditional access rule blocks sign-ins; I am testing its change."},
        "WaitForCustomer": {"text": "Could you send the time of one failed sign-in?"},
        "Reply": {"text": "It works again, thank you.", "accepts": True},
        "ProvideInformation": {"users_affected": 40, "error_messages": ["AADSTS50058"]},
        "ChangeLevel": {"impact": "high", "urgency": "high", "reason": "The whole site is affected now."},
        "AgreeInterval": {"every": "24h"},
        "UpdateScope": {"text": "A second office has it too.", "users_affected": 120, "worse": True},
        "TrackElsewhere": {"system": "Jira", "external_ref": "OPS-311"},
        "AddNote": {"text": "Same rule as last week's case.", "internal": True},
        "AcceptHandoff": {"assignee": "Aroha Ngata", "next_action": "Test the changed access rule."},
        "ConfirmNextAction": {"next_action": "Test the changed access rule."},
        "WriteBrief": {
            "impact": "40 people cannot send mail.",
            "hypothesis": "A conditional access rule blocks sign-ins.",
            "tried": "Signed out and in; excluded one account, which helped.",
            "next_action": "Test the changed access rule.",
            "next_action_owner": "Whoever takes it over",
            "waiting_for": "The customer's list of accounts",
        },
        "DeclineHandoff": {"reason": "Two urgent cases are under way here."},
        "HandOff": {
            "to": "manila",
            "reason": "The customer works there.",
            "next_action": "Test the changed access rule.",
        },
        "Reassign": {"assignee": "Mia Chen", "reason": "senior_engineer"},
        "TakeOwnership": {"reason": "Open for a week."},
        "Escalate": {"classification": "authentication", "reason": "Needs the identity specialists."},
        "AssignResolverGroup": {"group": "network", "reason": "The firewall drops the connection."},
        "RequestEscalation": {"reason": "We have waited three days."},
        "EscalateToVendor": {"product": "Exchange Online", "reason": "The fault is in the service."},
        "VendorUpdate": {"text": "The fix is rolled out on Friday.", "reference": "2611300040001"},
        "FindBoundary": {"boundary": "cloud", "text": "The cause is in the service."},
        "VendorContacted": {"contacted": True, "text": "They called at ten."},
        "ChangeMainContact": {"to": "vendor"},
        "RequestVendorReview": {
            "ground": "no_progress",
            "reply_to": "priya.nair@example.com",
            "conversation_ref": "2611300040001",
            "status": "No news for two days.",
            "request": "Please assign another engineer.",
        },
        "DecideVendorReview": {"accept": True, "reason": "It is agreed with the account manager."},
        "ReviewExternally": {"text": "We look at the logs beside them.", "vendor_reference": "2611300040001"},
        "ValidateResolution": {"text": "Please sign in once more and tell us whether it works."},
        "Resolve": {"text": "The rule is corrected.", "kind": "resolution", "root_cause": "a wrong rule"},
        "Close": {"reason": "resolved", "text": "Thank you for your help."},
        "Reopen": {"reason": "It has begun again."},
        "RecomputeTerms": {"reason": "A holiday was proclaimed."},
        "AnswerSurvey": {"score": 5, "comment": "Quick and kind."},
        "ScheduleSession": {
            "start": "2027-02-01T01:00:00Z",
            "end": "2027-02-01T02:00:00Z",
            "zone": "Australia/Sydney",
            "mode": "view",
        },
        "CancelSession": {"reason": "Another time is better."},
        "StartSession": {"consent": True, "consent_by": "Priya Nair", "mode": "view"},
        "EndSession": {"text": "The saved passwords were removed."},
        "Diagnose": {"finding": "configuration", "text": "A rule of the customer's blocks sign-ins."},
        "RequestRootCause": {"text": "Our auditors ask for it."},
        "VisitorCheckedIn": {"visitor": "Sam Reyes", "id_valid": True},
        "OutageNotification": {
            "incident_details": "Mail cannot be sent.",
            "impact": "All offices in Sydney.",
            "expected_resolution_at": "2027-02-01T04:00:00Z",
            "audience": ["it@harbourfoods.example"],
        },
        "StartBridge": {"phone_number": "+61 2 5550 0199", "participant_code": "4711"},
        "OutageResolutionNotification": {"text": "Mail can be sent again since 12:40."},
        "WithdrawOutage": {"reason": "One laptop was affected, not the service."},
        "Declare": {
            "reference": "MI-MAIL-1",
            "title": "Mail cannot be sent",
            "text": "Mail cannot be sent from Australia. We are looking for the cause.",
        },
        "Join": {"cases": ["SR-G9VF-KNNH-G"]},
        "Leave": {"cases": ["SR-G9VF-KNNH-G"], "reason": "It has another cause."},
        "PostNews": {"text": "The cause is found; a fix is being rolled out."},
        "ResolveIncident": {"text": "Mail can be sent again."},
        "CloseIncident": {"reason": "All cases are resolved."},
    }
)


def example_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """Return a body that the core takes."""
    if name in _BODIES:
        return dict(_BODIES[name])
    return {
        field: _shown(info.annotation, field)
        for field, info in model.model_fields.items()
        if info.is_required()
    }


def _shown(kind: object, field: str) -> object:
    if kind is bool:
        return True
    return 1 if kind is int else field.replace("_", " ")
