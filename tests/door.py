"""The session of a door that stands at a test's own desk or station."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    StartWorkflowUpdateWithStartInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)

from activities.store.case_store import CaseStore
from starter.door.session import Session

_PATIENCE = timedelta(seconds=150)  # for one answer; the worker may be away for a while


class Place(Protocol):
    """Where a case is to live: its queue, and how long one step may take."""

    queue: str
    task_timeout: timedelta | None

    def answering(self) -> AbstractContextManager[None]:
        """While this lasts the server's clock does not run ahead of an answer."""


class AtOwnDesk(Interceptor):
    """What a door starts is started at the test's own place: each desk has a queue of its own."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 (the SDK's)
        return _AtOwnDesk(next, self._place)


class _AtOwnDesk(OutboundInterceptor):
    def __init__(self, following: OutboundInterceptor, place: Place) -> None:
        super().__init__(following)
        self._place = place

    async def start_workflow(
        self,
        input: StartWorkflowInput,  # noqa: A002
    ) -> WorkflowHandle[Any, Any]:
        input.task_queue, input.task_timeout = self._place.queue, self._place.task_timeout
        return await super().start_workflow(input)

    async def start_update_with_start_workflow(
        self,
        input: StartWorkflowUpdateWithStartInput,  # noqa: A002
    ) -> WorkflowUpdateHandle[Any]:
        start = input.start_workflow_input
        start.task_queue, start.task_timeout = self._place.queue, self._place.task_timeout
        with self._place.answering():
            return await super().start_update_with_start_workflow(input)


def session_at(place: Place, client: Client, store: CaseStore) -> Session:
    """A door's session: the client of a test whose starts come to `place`, and the test's own store."""
    config = client.config()
    config["interceptors"] = [*config["interceptors"], AtOwnDesk(place)]
    here = Client(**config)

    async def connect() -> Client:
        return here

    @asynccontextmanager
    async def writing() -> AsyncIterator[CaseStore]:
        yield store

    return Session(connect, lambda: store, writing, lambda: "the test's own server", _PATIENCE)
