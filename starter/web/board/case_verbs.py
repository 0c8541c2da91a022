"""Which verbs may be said to a case now, by whoever looks at it: the everyday ones first.

Role and phase are in the table of verbs. Of a verb that needs no field the domain is asked right away, and
its reason stands where the form would be.
"""

from dataclasses import dataclass

from domain.case import Case
from domain.verbs import Verb
from starter.door.case_reader import Seen
from starter.door.dry_run import why_refused
from starter.door.permission import may_say
from starter.door.session import Session
from starter.web.board.case_fields import fields_of
from starter.web.board.visitors import Visitor

_EVERYDAY = (
    Verb.PROVIDE_INFORMATION,
    Verb.ACCEPT_HANDOFF,
    Verb.DECLINE_HANDOFF,
    Verb.CONFIRM_NEXT_ACTION,
    Verb.CLAIM,
    Verb.RESPOND,
    Verb.POST_UPDATE,
    Verb.WAIT_FOR_CUSTOMER,
    Verb.ADD_NOTE,
    Verb.WRITE_BRIEF,
    Verb.HAND_OFF,
    Verb.RESOLVE,
    Verb.CLOSE,
    Verb.REOPEN,
)
_NOT_SAID_HERE = frozenset({Verb.SUBMIT, Verb.INCIDENT_NEWS, Verb.STAFFING_NEWS})
"""Opening has a page of its own; news of incidents and centres is the core's to pass on."""


@dataclass(frozen=True)
class Offered:
    """The verbs that may be said, and those the domain refuses as things stand, each with its reason."""

    everyday: tuple[Verb, ...]
    others: tuple[Verb, ...]
    not_now: tuple[tuple[Verb, str], ...]


def verb_named(name: str) -> Verb | None:
    """Return the verb of a name that is said by a form."""
    return next((verb for verb in Verb if verb.value == name and verb not in _NOT_SAID_HERE), None)


async def offered(session: Session, who: Visitor, seen: Seen) -> Offered:
    """Sort the verbs that have room in a case. Raises: Fault (unreachable)."""
    has_room = [verb for verb in Verb if may_say(who.actor, verb, seen.view, seen.case)]
    said_here = [verb for verb in has_room if verb not in _NOT_SAID_HERE]
    reasons = {verb: await _why_not(session, who, seen.case, verb) for verb in said_here}
    may = [verb for verb, reason in reasons.items() if not reason]
    return Offered(
        everyday=tuple(verb for verb in _EVERYDAY if verb in may),
        others=tuple(verb for verb in may if verb not in _EVERYDAY),
        not_now=tuple((verb, reason) for verb, reason in reasons.items() if reason),
    )


async def _why_not(session: Session, who: Visitor, case: Case | None, verb: Verb) -> str | None:
    """Return why the domain would refuse a verb whatever its fields; None where that depends on them."""
    if case is None or any(field.is_required for field in fields_of(verb)):
        return None
    return await why_refused(session, who.actor, case, verb)
