"""No caller takes another's turn: by many calls, large bodies, slow ones, or by silence."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.requests import Request

from activities.store.case_store import CaseStore
from starter.door.people import add_person, give_key
from starter.door.session import Session
from starter.web.api.bodies import read_body
from starter.web.api.callers import Rates
from starter.web.api.problems import Refusal
from tests.door_session import NOW, Clock, session_on
from tests.starter.api_client import OUR_ENGINEER, Api
from tests.starter.api_here import api_here
from tests.starter.test_api_every_route import BOSS

MEGABYTE = 1024 * 1024


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    store = await CaseStore.open(f"sqlite:///{tmp_path / 'own.db'}")
    yield session_on(store, Clock())
    await store.close()


async def key_of(session: Session, name: str, **fields: str) -> str:
    await add_person(session, BOSS, {"name": name, "role": "tss", **fields})
    return (await give_key(session, BOSS, name, NOW + timedelta(days=1))).secret


async def test_whoever_calls_too_often_is_told_when_to_go_on_and_nobody_else_is_held_up(
    session: Session,
) -> None:
    rates = Rates(per_credential=3)
    busy, calm = await key_of(session, "Busy"), await key_of(session, "Calm")
    async with api_here(session, busy, rates) as api:
        answers = [await api.get("/v1/me") for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert [one.headers["ratelimit"].split(";")[:2] for one in answers[:4]] == [
        ['"credential"', f"r={left}"] for left in (2, 1, 0, 0)
    ]
    assert answers[0].headers["ratelimit-policy"] == '"credential";q=3;w=60'
    refused = answers[-1]
    assert refused.json()["code"] == "TooManyCalls"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    async with api_here(session, calm, rates) as api:
        assert (await api.get("/v1/me")).status_code == 200


async def test_all_credentials_of_a_tenant_share_its_calls(session: Session) -> None:
    rates = Rates(per_credential=3, per_tenant=4)
    keys = [await key_of(session, name, role="customer", tenant="Acme") for name in ("Ann", "Bob")]
    other = await key_of(session, "Cy", role="customer", tenant="Globex")
    answers = []
    for key in (keys[0], keys[1], keys[0], keys[1], keys[1], other):
        async with api_here(session, key, rates) as api:
            answers.append(await api.get("/v1/me"))
    assert [one.status_code for one in answers] == [200, 200, 200, 200, 429, 200]
    assert answers[3].headers["ratelimit-policy"] == '"credential";q=3;w=60, "tenant";q=4;w=60'
    assert '"tenant";r=0;' in answers[3].headers["ratelimit"]
    assert answers[4].headers["ratelimit-policy"] == '"tenant";q=4;w=60'


@pytest.mark.parametrize("sized", [True, False], ids=["of a stated size", "in chunks"])
def test_fifty_megabytes_are_refused_and_the_door_goes_on(api: Api, sized: bool) -> None:
    parts = [b'{"text": "', *[b"x" * MEGABYTE] * 50, b'"}']
    content: bytes | Iterator[bytes] = b"".join(parts) if sized else iter(parts)
    headers = {
        "Authorization": f"Bearer {api.keys[OUR_ENGINEER]}",
        "Content-Type": "application/json",
        "Idempotency-Key": "fifty",
    }
    answer = httpx.post(f"{api.base}/v1/cases", content=content, headers=headers, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (413, "PayloadTooLarge")
    assert api.get("/v1/me").status_code == 200


def test_silent_sockets_and_bodies_that_do_not_come_take_nobodys_turn(api: Api) -> None:
    place = urlsplit(api.base)
    head = (
        f"POST /v1/cases HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {api.keys[OUR_ENGINEER]}\r\nIdempotency-Key: slow\r\n"
        "Content-Length: 999\r\n\r\n{"
    )
    with ExitStack() as held:
        for said in [b""] * 64 + [head.encode()] * 64:
            one = held.enter_context(socket.create_connection((str(place.hostname), place.port or 80)))
            one.sendall(said)
        for turn in range(3):
            assert api.get("/v1/me").status_code == 200
            assert api.open(f"beside-{turn}")["outcome"] == "accepted"


async def test_a_body_that_comes_too_slowly_is_told_so_and_nothing_is_done_with_it() -> None:
    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    with pytest.raises(Refusal) as refusal:
        await read_body(request, within=0.1)
    assert (refusal.value.status, refusal.value.code) == (408, "RequestTimeout")
