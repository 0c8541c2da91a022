"""What the codes of warnings mean, in one sentence each, for those who read receipts as text.

Part of the doors. JSON keeps the codes; here a code a case or an incident warns with has its words.
"""

from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "AccessIdRequired": "the request lacks the access id of the named contact",
        "AlreadyJoined": "some of these cases belong to the incident already, and were left as they are",
        "AlreadyResponded": "the initial response was given before; this one counts as news",
        "AnswerUnclear": "the answer says neither yes nor no; say it with --accepts or --rejects",
        "AppointmentStays": "the session agreed on for later stays; call it off if this one takes its place",
        "AudienceMissing": "nobody is on the list that should hear of it",
        "BusinessImpactStatementRequired": "the request does not say what the problem does to the business",
        "CaseReferenceRequired": "the request does not name the case it is about",
        "CaseClosed": "some of these cases are closed already; their customers are not told",
        "ContactRequired": "the request names nobody we can reach by telephone or mail",
        "Early": "it is too early to ask the vendor: the time he has for the call is not over",
        "IntakeIncomplete": "the request lacks what the policy asks for; provide it",
        "LanguageNotAvailable": "nobody may speak the customer's language; we do our best",
        "NotAChild": "some of these cases do not belong to the incident, and were left as they are",
        "OutOfScope": "the policy does not cover this; the customer is told whom to ask",
        "PriorityBoundsMismatch": "the level does not fit what is said of the problem; look at it again",
        "RequesterNotEntitled": "the requester may not ask for this under his policy or plan",
        "SeverityDoubtful": "the level does not fit what is said of the problem; look at it again",
        "SlaNotApplicable": "the request came by a way without a service level: no clock runs",
        "TroubleshootingRequired": "the request does not say what was tried before we were asked",
        "UsePhoneForUrgent": "what is this urgent should be called in, not written",
        "ValidationError": "the request lacks fields the policy asks for",
        "VerificationIncomplete": "the request lacks some of the four items the requester is verified by",
    }
)


def warning(code: str, words: str = "") -> str:
    """This will be the line a warning is printed as, in these words or those it always has.

    A code of a newer worker stands alone.
    """
    meaning = words or MEANINGS.get(code)
    return f"warning: {code}: {meaning}" if meaning else f"warning: {code}"
