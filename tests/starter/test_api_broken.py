"""What is away or slow is said, nothing is half done, and the same key does the rest once it is back."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

import httpx
import pytest

from domain.naming import case_id
from tests.starter.api_client import request
from tests.starter.api_here import ApiHere, api_here, session_by
from tests.starter.conftest import Commands
from tests.wire import Wire

TEXT = {"text": "I have started."}


@pytest.fixture(scope="module")
def key(run: Commands) -> str:
    run.open("BROKEN-WARM")
    assert run("people", "add", "Mia Broken", "--role", "tss").code == 0
    return str(run.as_json("people", "key", "Mia Broken")["key"])


@asynccontextmanager
async def wired(run: Commands, key: str, within: float = 2.0) -> AsyncIterator[tuple[Wire, ApiHere]]:
    """The API of the desk, its engine at the end of a wire."""
    async with (
        Wire(str(run.address)) as wire,
        session_by(wire.address, f"sqlite:///{run.home / 'cases.db'}", within) as session,
        api_here(session, key) as api,
    ):
        assert (await api.get("/v1/incidents")).status_code == 200  # connected
        yield wire, api


async def answered(api: ApiHere, path: str, body: Any, key: str) -> httpx.Response:
    """What a busy desk answers in the end: asked again under the same key until it has."""
    async with asyncio.timeout(60):
        while (answer := await api.post(path, body, key=key)).is_server_error:
            await asyncio.sleep(0.1)
    return answer


async def opened(api: ApiHere, reference: str) -> str:
    """The id of a new case."""
    answer = await answered(api, "/v1/cases", request(reference), f"open-{reference}")
    return str(answer.json()["case_id"])


async def kinds(api: ApiHere, case: str) -> list[str]:
    """The kinds of what happened to a case."""
    told = await api.get(f"/v1/cases/{case}/timeline")
    return [entry["kind"] for entry in told.json()["entries"]]


async def test_an_engine_that_went_away_is_said_and_nothing_is_done_until_it_is_back(
    run: Commands, key: str
) -> None:
    async with wired(run, key) as (wire, api):
        case = await opened(api, "BROKEN-1")
        await wire.cut()
        for prefer in ({}, {"Prefer": "respond-async"}):
            for path, body in ((f"/v1/cases/{case}/responses", TEXT), ("/v1/cases", request("BROKEN-1B"))):
                answer = await api.post(path, body, key=f"away-{path}", **prefer)
                assert (answer.status_code, answer.json()["code"]) == (503, "ServerUnreachable"), answer.text
                assert int(answer.headers["retry-after"]) >= 1
        assert (await api.get("/v1/incidents")).status_code == 503
        assert (await api.get(f"/v1/cases/{case}")).status_code == 200  # our store has it
        await wire.mend()
        path = f"/v1/cases/{case}/responses"
        again = await answered(api, path, TEXT, f"away-{path}")
        assert again.status_code == 200, again.text
        assert await kinds(api, case) == ["submitted", "responded"]
        never = case_id("Harbour Foods", "desk", "BROKEN-1B")
        assert (await api.get(f"/v1/cases/{never}")).status_code == 404


async def test_an_engine_that_was_never_there_is_said(run: Commands, key: str) -> None:
    async with (
        session_by("127.0.0.1:1", f"sqlite:///{run.home / 'cases.db'}") as session,
        api_here(session, key) as api,
    ):
        answer = await api.post("/v1/cases", request("BROKEN-0"))
        assert (answer.status_code, answer.json()["code"]) == (503, "ServerUnreachable")
        assert answer.headers["retry-after"]


async def test_an_engine_that_answers_too_slowly_leaves_nothing_done_twice(run: Commands, key: str) -> None:
    async with wired(run, key) as (wire, api):
        case = await opened(api, "BROKEN-2")
        calls = [(f"/v1/cases/{case}/responses", TEXT), ("/v1/cases", request("BROKEN-2B"))]
        wire.hold()
        for path, body in calls:
            slow = await api.post(path, body, key=f"slow-{path}")
            assert (slow.status_code, slow.json()["code"]) == (504, "OutcomeUnknown"), slow.text
            assert slow.headers["retry-after"]
        not_kept = await api.post(f"/v1/cases/{case}/notes", TEXT, Prefer="respond-async")
        assert not_kept.status_code == 504
        wire.release()
        for path, body in calls:
            again = await answered(api, path, body, f"slow-{path}")
            assert again.status_code == 200, again.text
            assert again.headers["idempotent-replayed"] == "true"
        assert (await kinds(api, case)).count("responded") == 1


async def test_what_is_handed_over_is_on_disk_though_nobody_works(run: Commands, key: str) -> None:
    async with wired(run, key) as (_, api):
        case = await opened(api, "BROKEN-3")
        with run.with_the_worker_away():
            told = await api.post(f"/v1/cases/{case}/notes", TEXT, Prefer="respond-async")
            assert (told.status_code, told.json()["case_id"]) == (202, case)
        async with asyncio.timeout(60):
            while await kinds(api, case) != ["submitted", "noted"]:
                await asyncio.sleep(0.1)


async def test_an_answer_the_store_could_not_keep_is_given_again_by_the_case(run: Commands, key: str) -> None:
    async with wired(run, key, within=30) as (_, api):
        path = f"/v1/cases/{await opened(api, 'BROKEN-4')}/responses"
        with closing(sqlite3.connect(run.home / "cases.db", timeout=30)) as database:
            database.execute(
                "create trigger no before insert on answered_requests begin select raise(abort, 'no'); end"
            )
            first = await api.post(path, TEXT, key="unkept")
            database.execute("drop trigger no")
        again = await api.post(path, TEXT, key="unkept")
        other = await api.post(path, {"text": "Something else."}, key="unkept")
        assert await kinds(api, first.json()["case_id"]) == ["submitted", "responded"]
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert again.headers["idempotent-replayed"] == "true"
    assert _same(first.json()) == _same(again.json())


def _same(receipt: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in receipt.items() if name != "repeated"}, sort_keys=True)
