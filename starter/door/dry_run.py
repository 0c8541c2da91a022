"""What would come of a message if it were said now: the domain's own decision, and nothing happens.

The case is read as our store has it, so that looking ahead costs the engine nothing.
"""

from dataclasses import dataclass

from domain.actor import Actor
from domain.case import Case
from domain.case_step import decide
from domain.decision import Accepted, Decision, Declined, Refused
from domain.effects import Effect
from domain.timeline import TimelineEntry
from domain.verbs import Verb
from domain.views.customer import for_customer
from starter.door.case_reader import see_stored
from starter.door.engine import refusal
from starter.door.faults import Fault, Kind
from starter.door.requests import build
from starter.door.session import Session
from starter.door.speak import Said, consult


@dataclass(frozen=True)
class Outlook:
    """What a message would do: the case as it would be, what would be told, and what it warns of."""

    before: Case
    after: Case
    told: tuple[Effect, ...]
    entries: tuple[TimelineEntry, ...]
    warnings: tuple[str, ...]
    code: str | None = None

    @property
    def told_outside(self) -> tuple[Effect, ...]:
        """What somebody who is not of our own would be told."""
        return tuple(effect for effect in self.told if effect.to.is_outside)

    @property
    def public(self) -> bool:
        """True where something of it is not for our own people alone."""
        return any(not entry.internal for entry in self.entries)

    @property
    def read_by_customer(self) -> tuple[TimelineEntry, ...]:
        """What the customer could read in the timeline of what was written, whether they are told or not."""
        return tuple(entry for entry in for_customer(self.entries) if entry.text)

    @property
    def leaves_the_house(self) -> bool:
        """True where anybody but our own people would read it, or the case would change its phase."""
        return bool(self.told_outside) or self.public or self.after.phase is not self.before.phase


async def look_ahead(session: Session, actor: Actor, case_id: str, said: Said) -> Outlook:
    """Decide a message without saying it. Raises: Fault, where it would be refused or there is no case."""
    seen = await see_stored(session, actor, case_id)
    if seen is None or seen.case is None:
        reason = "the case is not in our store yet"
        raise Fault(Kind.NOT_FOUND, "CaseNotFound", reason, "ask again in a moment")
    decision = await _decided(session, actor, seen.case, said)
    if isinstance(decision, Refused):
        raise refusal(decision)
    assert isinstance(decision, Accepted | Declined)
    return Outlook(
        before=seen.case,
        after=decision.case,
        told=decision.effects,
        entries=decision.entries,
        warnings=decision.warnings,
        code=decision.code if isinstance(decision, Declined) else None,
    )


async def why_refused(session: Session, actor: Actor, case: Case, verb: Verb) -> str | None:
    """Say why a verb is refused without any field; None where it is not, or fields alone are missing."""
    try:
        decision = await _decided(session, actor, case, Said(verb, {}))
    except Fault as fault:
        return fault.reason
    return decision.reason if isinstance(decision, Refused) and not decision.missing else None


async def _decided(session: Session, actor: Actor, case: Case, said: Said) -> Decision:
    """Decide as the case would. Raises: Fault, where a door would not pass it on."""
    actor, _ = await consult(session, actor, said.verb, case.id, said.fields)
    message = build(session, actor, said.verb, said.fields, said.request_id)
    return decide(case, said.verb, message, message.request_id or case.id, session.now())
