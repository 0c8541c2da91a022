from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.store.case_store import CaseStore
from tests.activities.http_receiver import HttpReceiver
from tests.activities.mail_system import MailSystem
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cases.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.fresh_database()


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[CaseStore]:
    opened = await CaseStore.open(store_url)
    yield opened
    await opened.close()


@pytest.fixture
async def own_store(tmp_path: Path) -> AsyncIterator[CaseStore]:
    """Where the kind of database does not matter."""
    opened = await CaseStore.open(f"sqlite:///{tmp_path / 'own.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def mail_system() -> AsyncIterator[MailSystem]:
    async with MailSystem() as system:
        yield system


@pytest.fixture
async def receiver() -> AsyncIterator[HttpReceiver]:
    async with HttpReceiver() as running:
        yield running
