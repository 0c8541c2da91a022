"""Drafts of software agents asked of an API."""

from uuid import uuid4

import httpx

from activities.store.drafts import Draft
from starter.cli.backend.client import ApiClient, read
from starter.cli.backend.receipts import answer_in
from starter.door.speak import Answer


class ApiDrafts:
    """Asks an API, as whom its key speaks for."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api

    async def listed(self, case: str | None) -> tuple[Draft, ...]:
        """List what waits for a person, the oldest first."""
        record = self._api.record(await self._api.get("drafts", case=case))
        return tuple(read(Draft, one, self._api.login.url) for one in record["drafts"])

    async def release(self, draft: str) -> Answer:
        """Say a draft in one's own name."""
        return answer_in(self._api, await self._decided(draft, "releases"))

    async def _decided(self, draft: str, how: str) -> httpx.Response:
        return await self._api.post("drafts", draft.strip(), how, fields={}, key=str(uuid4()))

    async def drop(self, draft: str) -> Draft:
        """Say that a draft is never to be said."""
        answer = await self._decided(draft, "drops")
        return read(Draft, self._api.record(answer), self._api.login.url)
