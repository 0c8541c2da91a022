"""One event loop for a whole run of the asynchronous tests that share a server."""

from pathlib import Path

import pytest
from pytest_asyncio import is_async_test

_SHARED_LOOP = ("workflows", "replay")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    rooms = tuple(here / name for name in _SHARED_LOOP)
    one_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if is_async_test(item) and any(item.path.is_relative_to(room) for room in rooms):
            item.add_marker(one_loop, append=False)
