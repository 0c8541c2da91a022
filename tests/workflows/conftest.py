"""The server all these tests share, and a desk of its own for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from tests.desk import Desk, time_skipping
from tests.replay.gate import replayed


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with time_skipping() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lived() -> AsyncIterator[list[WorkflowHistory]]:
    """What the cases of a file lived. It is replayed at the end, in the sandbox that a desk does without."""
    histories: list[WorkflowHistory] = []
    yield histories
    results = [wrong async for wrong in replayed(histories)]
    runs = [(history.workflow_id, history.run_id) for history in histories]
    assert {run: wrong for run, wrong in zip(runs, results, strict=True) if wrong} == {}


@pytest.fixture
def memory(request: pytest.FixtureRequest) -> int | None:
    """How many cases the worker keeps in memory: none where it goes away, else as a desk does."""
    return 0 if request.node.get_closest_marker("worker_goes") else None


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    env: WorkflowEnvironment, tmp_path: Path, memory: int | None, lived: list[WorkflowHistory]
) -> AsyncIterator[Desk]:
    async with Desk(env, tmp_path, memory).at_work() as desk:
        yield desk
    lived += desk.lived
