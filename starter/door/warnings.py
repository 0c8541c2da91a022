"""What the codes of warnings mean, in one sentence each, for those who read them: at a terminal, on a page.

JSON keeps the codes. A door may know more of one case, or add what to type.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "AccessIdRequired": "the request lacks the access id of the named contact",
        "AddonAsked": "our records are asked whether the add-on was bought; if not, the case is closed",
        "AlreadyJoined": "some of these cases belong to the incident already, and were left as they are",
        "AlreadyResponded": "the initial response was given before; this one went to the customer as news",
        "AnswerUnclear": "the answer says neither yes nor no",
        "AutomaticMessage": "a machine wrote it: it is kept, and no clock and no phase has changed",
        "AutomaticRequest": "a machine wrote it: it is a case like any other, and no receipt was sent",
        "AppointmentStays": "the session scheduled for later stays; cancel it if this one replaces it",
        "AudienceMissing": "nobody is on the list that should hear of it",
        "BusinessImpactStatementRequired": "the request does not say what the problem does to the business",
        "CaseReferenceRequired": "the request does not name the case it is about",
        "CaseClosed": "some of these cases are closed already; their customers are not told",
        "CentreClosed": "that centre is closed: a case that follows the sun goes on to an open one",
        "ClockAhead": "its stamp was ahead of our clock: it counts as received now; check the door's clock",
        "ContactRequired": "the request names nobody we can reach by telephone or mail",
        "Early": "it is too early to ask the vendor: the time for the call is not over yet",
        "IntakeIncomplete": "the request lacks what the policy asks for; provide it",
        "LanguageNotAvailable": "perhaps nobody speaks the customer's language; we do our best",
        "NextActionUnconfirmed": "nobody has said yet what they do next with it",
        "NotAChild": "some of these cases do not belong to the incident, and were left as they are",
        "OnlyThanks": "it says thanks and nothing else: it is kept, and no clock and no phase has changed",
        "OwnerStays": "somebody else has the case and keeps it; they are told",
        "OutOfScope": "the policy does not cover this; the customer is told whom to ask",
        "PriorityBoundsMismatch": "the level does not fit the description of the problem; check it again",
        "PriorityNotPermitted": "the level named is kept as a wish; staff rate here, by impact and urgency",
        "RequesterNotEntitled": "the requester may not ask for this under their policy or plan",
        "ResponseNotSent": "the initial response was given before; this one was not sent; post an update",
        "SeverityDoubtful": "the level does not fit the description of the problem; check it again",
        "SkillUnknown": "the policy names no tier and no centre with this skill; anybody of the tier will do",
        "SlaNotApplicable": "the request came through a channel without a service level: no clock runs",
        "StampUnread": "its stamp was no instant: it counts as received now; check the door's clock",
        "TroubleshootingRequired": "the request does not say what was tried before we were asked",
        "UsePhoneForUrgent": "something this urgent should be phoned in, not written",
        "ValidationError": "the request lacks fields the policy asks for",
        "VerificationIncomplete": "the request lacks some of the four items that verify the requester",
    }
)

_CAPITAL = re.compile(r"[A-Z]")


def meaning_of(code: str) -> str:
    """Say what a warning means; a code of a newer worker is written as words: `owner stays`."""
    return MEANINGS.get(code) or _CAPITAL.sub(lambda found: f" {found.group().lower()}", code).strip()
