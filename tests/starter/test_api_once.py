"""A key stands for one request for as long as the case lives, however many came after it."""

import asyncio
from collections.abc import Iterable
from typing import Any

import httpx

from domain.actor import Actor, ActorKind, Role
from domain.messages.case import AddNote
from starter.connection import connect
from starter.door.place import Place
from tests.starter.api_client import OUR_ENGINEER, Api
from tests.starter.conftest import eventually

ASKED = range(8)
HANDED_OVER = range(8, 40)
SIGNALLED = range(40, 600)
"""Together more than the 500 requests a case itself remembers; these come past the API."""


def test_beyond_the_last_five_hundred_of_a_case_the_store_answers_under_each_key(api: Api) -> None:
    opened = api.open("ONCE-600")
    number = opened["number"]
    path = f"{api.base}/v1/cases/{number}/notes"
    known = {"Authorization": f"Bearer {api.keys[OUR_ENGINEER]}"}
    hurried = {**known, "Prefer": "respond-async"}
    first = asyncio.run(_notes(path, known, ASKED))
    assert {one.status_code for one in first} == {200}
    later = asyncio.run(_notes(path, hurried, HANDED_OVER))
    assert {one.status_code for one in later} == {202}
    asyncio.run(_signals(api, opened["case_id"]))
    eventually(lambda: _entries(api, number) == 601)
    for one, before in zip(asyncio.run(_notes(path, known, ASKED)), first, strict=True):
        assert (one.status_code, one.headers["idempotent-replayed"]) == (200, "true")
        assert one.json() == before.json()
    for one, before in zip(asyncio.run(_notes(path, hurried, HANDED_OVER)), later, strict=True):
        assert (one.status_code, one.json()) == (202, before.json())
    (other,) = asyncio.run(_notes(path, known, [0], "Something else"))
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")
    assert _entries(api, number) == 601


def _entries(api: Api, case: str) -> int:
    return len(api.get(f"/v1/cases/{case}/timeline").json()["entries"])


async def _signals(api: Api, case_id: str) -> None:
    client = await connect(Place(str(api.run.address), "default", "a test", {}))
    case = client.get_workflow_handle(case_id)
    actor = Actor(kind=ActorKind.STAFF, name="Mia Chen", role=Role.ENGINEER)
    for number in SIGNALLED:
        note = AddNote(actor=actor, text=f"Note {number}", request_id=f"past-{number}")
        await case.signal("add_note", note)


async def _notes(
    path: str, headers: dict[str, str], keys: Iterable[int], text: str = "Note"
) -> list[httpx.Response]:
    turn = asyncio.Semaphore(8)  # the engine takes 10 updates of one case at a time
    async with httpx.AsyncClient(timeout=60, trust_env=False, headers=headers) as client:

        async def note(number: int) -> Any:
            async with turn:
                named = {"Idempotency-Key": f"once-600-{number}"}
                return await client.post(path, json={"text": f"{text} {number}"}, headers=named)

        return await asyncio.gather(*map(note, keys))
