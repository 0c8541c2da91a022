"""A session with a case store and a clock of its own, and no server: for what needs none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activities.contents.folder import Contents
from activities.store.case_store import CaseStore
from starter.door.faults import unreachable
from starter.door.session import Session

if TYPE_CHECKING:
    from temporalio.client import Client

NOW = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)


class Clock:
    """A door's clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def passes(self, span: timedelta) -> None:
        self.at += span


def session_on(store: CaseStore, clock: Clock, contents: Contents | None = None) -> Session:
    @asynccontextmanager
    async def writing() -> AsyncIterator[CaseStore]:
        yield store

    async def connect() -> "Client":
        raise unreachable("nowhere")

    session = Session(connect, lambda: store, writing, lambda: "nowhere", timedelta(seconds=5), clock)
    if contents is not None:
        session.contents = lambda: contents
    return session
