"""The server all these tests share, and a desk of its own for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.desk import Desk, time_skipping


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with time_skipping() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def desk(env: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Desk]:
    async with Desk(env, tmp_path).at_work() as desk:
        yield desk
