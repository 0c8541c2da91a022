"""What a request works with: a client, the case store and a clock, opened when first needed.

A session knows nobody: who speaks is said with each call, so that two requests at once never speak for each
other.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from activities.words.reason import reason_of
from starter.door.faults import Fault, Kind, Way

if TYPE_CHECKING:  # who only asks the engine need not wait for the database, nor the other way about
    from temporalio.client import Client

    from activities.contents.folder import Contents
    from activities.store.case_store import CaseStore

T = TypeVar("T")


def utc_now() -> datetime:
    """Return the instant a door stamps a message with, UTC."""
    return datetime.now(UTC)


def nowhere() -> "Contents":
    """Say that no files are kept here. Raises: Fault."""
    raise Fault(Kind.FAULT, "ContentsUnusable", "this door keeps no files", "give them at another door")


@dataclass
class Session:
    """Connections shared by the requests of one door.

    `connect` and `open_store` are asked once, `write_store` for each change of our own tables; each raises
    Fault (usage, unreachable). `contents` is where files are kept. `where` names the server for people, and
    `timeout` bounds one answer.
    """

    connect: "Callable[[], Awaitable[Client]]"
    open_store: "Callable[[], CaseStore]"
    write_store: "Callable[[], AbstractAsyncContextManager[CaseStore]]"
    where: Callable[[], str]
    timeout: timedelta
    now: Callable[[], datetime] = utc_now
    contents: "Callable[[], Contents]" = nowhere
    _client: "Client | None" = field(default=None, init=False)
    _store: "CaseStore | None" = field(default=None, init=False)
    _is_one_desk: bool = field(default=False, init=False)

    async def client(self) -> "Client":
        """Connect on first use. Raises: Fault (unreachable)."""
        self._client = self._client or await self.connect()
        return self._client

    async def writing_client(self) -> "Client":
        """Connect to say something, having seen once that the store we read of is that server's.

        Raises: Fault (unreachable; usage for two desks).
        """
        # Who only asks need not wait for the database.
        from starter.door.one_desk import check_one_desk  # noqa: PLC0415

        client = await self.client()
        if not self._is_one_desk:
            await check_one_desk(self, client)
            self._is_one_desk = True
        return client

    async def store(self) -> "CaseStore":
        """Open the case store on first use, for reading. Raises: Fault (unreachable)."""
        self._store = self._store or self.open_store()
        return self._store

    async def read(self, read: "Callable[[CaseStore], Awaitable[T]]") -> T:
        """Read something from the store. Raises: Fault (unreachable) with the address tried."""
        store = await self.store()
        try:
            return await read(store)
        except store.unusable as error:
            raise store_away(store, reason_of(error)) from None

    async def close(self) -> None:
        """Close what was opened."""
        if self._store is not None:
            await self._store.close()
            self._store = None


def store_away(store: "CaseStore", reason: str) -> Fault:
    """Return what is said where the case store cannot be read."""
    return Fault(
        Kind.UNREACHABLE,
        "StoreUnreachable",
        f"the case store at {store.address} cannot be read: {reason}",
        "start the desk, or name the store",
        way=Way.START_STORE,
    )
