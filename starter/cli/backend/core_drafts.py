"""Drafts of software agents asked of the core itself."""

from activities.store.drafts import Draft
from domain.actor import Actor
from starter.door import drafts
from starter.door.session import Session
from starter.door.speak import Answer


class CoreDrafts:
    """Asks the core, as one actor."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor

    async def listed(self, case: str | None) -> tuple[Draft, ...]:
        """List what waits for a person, the oldest first."""
        return await drafts.waiting_drafts(self._session, self._actor, case)

    async def release(self, draft: str) -> Answer:
        """Say a draft in one's own name."""
        return await drafts.release(self._session, self._actor, draft)

    async def drop(self, draft: str) -> Draft:
        """Say that a draft is never to be said."""
        return await drafts.drop(self._session, self._actor, draft)
