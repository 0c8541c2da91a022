"""A station of its own for each test that kills something; one for all the others."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.station import Station


@pytest_asyncio.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    async with Station(tmp_path).open() as station:
        yield station


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def one_station(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Station]:
    """A station at work whose server nobody kills."""
    async with Station(tmp_path_factory.mktemp("station")).open() as station:
        station.start_worker()
        yield station
