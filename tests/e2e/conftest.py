"""A station of its own for each test: what is killed in one is nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.e2e.station import Station


@pytest_asyncio.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    async with Station(tmp_path).open() as station:
        yield station
