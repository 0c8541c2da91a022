"""What a software agent says: at once where only our own people read it, else once a person agrees."""

from typing import NamedTuple

from activities.store.drafts import Draft, Drafts, DraftState
from domain.actor import Actor
from domain.verbs import Verb
from starter.door.dry_run import look_ahead
from starter.door.faults import Fault, Kind
from starter.door.permission import may_know, may_release, staff_only
from starter.door.session import Session
from starter.door.speak import Answer, Said, speak

_WHAT = "the drafts of software agents"


class AgentAnswer(NamedTuple):
    """What became of what an agent said: it was said, or waits as a draft."""

    said: Answer | None = None
    draft: Draft | None = None


async def say_or_draft(session: Session, actor: Actor, case_id: str, said: Said) -> AgentAnswer:
    """Say what stays in the house, and keep as a draft what would leave it. Raises: Fault, if refused."""
    outlook = await look_ahead(session, actor, case_id, said)
    if not outlook.leaves_the_house:
        return AgentAnswer(said=await speak(session, actor, case_id, said))
    told = sorted({f"{effect.kind.value} to the {effect.to.value}" for effect in outlook.told_outside})
    phase = f"the case would be {outlook.after.phase}" if outlook.after.phase != outlook.before.phase else ""
    draft = Draft(
        case_id=case_id,
        number=outlook.before.number,
        tenant=outlook.before.request.tenant,
        verb=said.verb.value,
        fields=dict(said.fields),
        because="; ".join(filter(None, (*told, phase))) or "its customer could read it",
        drafted_by=actor.label,
        drafted_at=session.now(),
    )
    async with session.write_store() as store:
        await Drafts(store).keep(draft)
    return AgentAnswer(draft=draft)


async def waiting_drafts(session: Session, actor: Actor, case_id: str | None = None) -> tuple[Draft, ...]:
    """List what waits for a person, the oldest first. Raises: Fault."""
    staff_only(actor, _WHAT)
    return await session.read(lambda store: Drafts(store).waiting(case_id))


async def release(session: Session, actor: Actor, draft_id: str) -> Answer:
    """Say a draft in one's own name. Raises: Fault, also where the case no longer takes it; it then waits on.

    It is said before it is marked: whoever is interrupted releases it again, and the case knows the request.
    """
    draft = await _waiting(session, actor, draft_id)
    may_release(actor, draft.drafted_by)
    said = Said(Verb(draft.verb), draft.fields, f"draft-{draft.draft_id}")
    answer = await speak(session, actor, draft.case_id, said)
    await _decide(session, actor, draft, DraftState.RELEASED)
    return answer


async def drop(session: Session, actor: Actor, draft_id: str) -> Draft:
    """Say that a draft is never to be said. Raises: Fault."""
    draft = await _waiting(session, actor, draft_id)
    await _decide(session, actor, draft, DraftState.DROPPED)
    return draft


async def _waiting(session: Session, actor: Actor, draft_id: str) -> Draft:
    staff_only(actor, _WHAT)
    draft = await session.read(lambda store: Drafts(store).find(draft_id.strip()))
    if draft is None or not may_know(actor, draft.tenant, is_with_vendor=True):
        raise Fault(
            Kind.NOT_FOUND, "DraftNotFound", f"there is no draft {draft_id[:40]!r}", "list the drafts"
        )
    if draft.state is not DraftState.WAITING:
        reason = f"the draft was {draft.state} by {draft.decided_by}"
        raise Fault(Kind.CONFLICT, "DraftDecided", reason, "list the drafts that wait")
    return draft


async def _decide(session: Session, actor: Actor, draft: Draft, state: DraftState) -> None:
    async with session.write_store() as store:
        await Drafts(store).decide(draft.draft_id, state, actor.label, session.now())
