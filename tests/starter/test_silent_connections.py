"""Whoever says nothing, or says it slowly, closes no web door to others: the newest is always heard."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from starter.web.guard import LIMITS, Limits
from starter.web.server import bound, configured
from tests.servers import free_port
from tests.starter.conftest import eventually

PATIENT = Limits(head=60, body=60, reading=60)
HASTY = Limits(head=0.2, body=0.4, reading=0.2)
LARGE = 8 * 1024 * 1024  # bytes: more than the system keeps for a client that does not read
HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\n"
KINDS = {
    "silent": b"",
    "a head that stops": HEAD + b"X-A: ",
    "a body that stops": b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{",
    "a body nobody wants": b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{",
}


class WebDoor:
    """A web door as ours are served, with calls that take as long as a test wants."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.may_answer = asyncio.Event()
        self.asked = 0
        self.read = 0
        self.connections: set[Any] = set()
        self.app = Starlette(
            routes=[
                Route("/health", self._health),
                Route("/wait", self._wait),
                Route("/read", self._read, methods=["POST"]),
                Route("/files", self._read, methods=["POST"]),
                Route("/large", self._large),
            ]
        )

    async def _health(self, _request: Request) -> Response:
        return PlainTextResponse("ready\n")

    async def _wait(self, _request: Request) -> Response:
        self.asked += 1
        await self.may_answer.wait()
        return PlainTextResponse("answered\n")

    async def _read(self, request: Request) -> Response:
        await request.body()
        self.read += 1
        return PlainTextResponse("read\n")

    async def _large(self, _request: Request) -> Response:
        self.asked += 1
        return Response(b"x" * LARGE)

    async def connects(self, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        await writer.drain()
        return reader, writer

    async def get(self, path: str) -> int:
        async with httpx.AsyncClient(timeout=30) as client:
            return (await client.get(f"http://127.0.0.1:{self.port}{path}")).status_code


@asynccontextmanager
async def web_door(limits: Limits) -> AsyncIterator[WebDoor]:
    with bound("127.0.0.1", 0) as listener:
        door = WebDoor(listener.getsockname()[1])
        server = uvicorn.Server(configured(door.app, limits))
        door.connections = server.server_state.connections
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield door
        finally:
            door.may_answer.set()
            server.should_exit = server.force_exit = True
            await serving


async def ends(reader: asyncio.StreamReader) -> bytes:
    """What came until the door hung up."""
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(), 30)
    return b""


async def until(condition: object) -> None:
    async with asyncio.timeout(30):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("said", KINDS.values(), ids=KINDS)
async def test_health_is_answered_however_many_connections_of_one_address_keep_us_waiting(
    said: bytes,
) -> None:
    async with web_door(PATIENT) as door:
        held = [await door.connects(said) for _ in range(200)]
        for _ in range(3):
            assert await door.get("/health") == 200
        assert await door.get("/wait" if door.may_answer.set() else "/health") == 200
        assert len(held) == 200


async def test_the_longest_waiting_of_an_address_lose_their_place_and_the_newest_keep_theirs() -> None:
    async with web_door(replace(PATIENT, grace=0, waiting_per_address=3)) as door:
        held = [await door.connects(b"") for _ in range(8)]
        for reader, _ in held[:5]:
            assert await ends(reader) == b""
        for reader, writer in held[5:]:
            writer.write(HEAD + b"Connection: close\r\n\r\n")
            assert (await ends(reader)).startswith(b"HTTP/1.1 200")


async def test_a_crowd_that_comes_at_once_pushes_nobody_out_who_has_only_come_and_thins_out() -> None:
    async with web_door(replace(PATIENT, grace=2, waiting_per_address=3)) as door:
        early, speaking = await door.connects(b"")
        crowd = [await door.connects(b"") for _ in range(100)]
        speaking.write(HEAD + b"Connection: close\r\n\r\n")
        assert (await ends(early)).startswith(b"HTTP/1.1 200")
        for reader, _ in crowd[:-3]:
            assert await ends(reader) == b""
        assert await door.get("/health") == 200
        assert not any(reader.at_eof() for reader, _ in crowd[-2:])


async def test_no_more_wait_than_there_is_room_for_whatever_their_addresses() -> None:
    async with web_door(replace(PATIENT, waiting=4)) as door:
        held = [await door.connects(b"") for _ in range(6)]
        for reader, _ in held[:2]:
            assert await ends(reader) == b""
        assert await door.get("/health") == 200


async def test_a_connection_that_says_nothing_in_time_is_closed_and_one_that_had_begun_is_told() -> None:
    async with web_door(HASTY) as door:
        for kind, said in KINDS.items():
            reader, _ = await door.connects(said)
            answer = await ends(reader)
            status = {"silent": b"", "a body nobody wants": b"HTTP/1.1 200"}.get(kind, b"HTTP/1.1 408")
            assert answer[: len(status) or None] == status, kind


async def test_whoever_gives_files_is_given_longer_than_whoever_says_something() -> None:
    async with web_door(HASTY) as door:
        giving, writer = await door.connects(KINDS["a body that stops"].replace(b"/read", b"/files"))
        saying, _ = await door.connects(KINDS["a body that stops"])
        assert (await ends(saying)).startswith(b"HTTP/1.1 408")
        writer.write(b"x" * 59_999)
        assert (await giving.readuntil(b"read\n")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("beginning", [HEAD + b"X-A: ", KINDS["a body that stops"]], ids=["head", "body"])
async def test_a_byte_now_and_then_gains_no_time(beginning: bytes) -> None:
    async with web_door(HASTY) as door:
        reader, writer = await door.connects(beginning)
        hung_up = asyncio.create_task(ends(reader))
        while not hung_up.done():
            with contextlib.suppress(ConnectionError):
                writer.write(b"a")
                await writer.drain()
            await asyncio.sleep(0.02)
        # A byte that is under way when the door closes takes what was said to its sender off the wire.
        assert (await hung_up)[:12] in (b"HTTP/1.1 408", b"")


async def test_a_second_request_that_stops_in_the_middle_ends_a_connection_kept_alive() -> None:
    async with web_door(HASTY) as door:
        reader, writer = await door.connects(HEAD + b"\r\n")
        assert await reader.readuntil(b"ready\n")
        writer.write(HEAD)
        assert (await ends(reader)).startswith(b"HTTP/1.1 408")


async def test_a_client_that_does_not_take_its_answer_is_let_go() -> None:
    async with web_door(HASTY) as door:
        reader, writer = await door.connects(b"")
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: door.asked == 1)
        await until(lambda: not door.connections)
        writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert len(await ends(reader)) < LARGE


async def test_calls_beyond_the_limit_are_told_to_come_back_and_health_is_not() -> None:
    async with web_door(replace(PATIENT, calls=2)) as door:
        waiting = [asyncio.create_task(door.get("/wait")) for _ in range(2)]
        await until(lambda: door.asked == 2)
        assert await door.get("/wait") == 503
        assert await door.get("/health") == 200
        door.may_answer.set()
        assert [await one for one in waiting] == [200, 200]
        assert await door.get("/wait") == 200


async def test_a_body_on_its_way_is_no_call_yet_and_takes_nobodys_turn() -> None:
    async with web_door(replace(PATIENT, calls=2)) as door:
        slow = [await door.connects(KINDS["a body that stops"]) for _ in range(5)]
        assert await door.get("/health") == 200
        door.may_answer.set()
        assert await door.get("/wait") == 200
        for reader, writer in slow:
            writer.write(b"x" * 59999)
            assert b"200 OK" in await reader.readuntil(b"read\n")
        assert door.read == 5


@pytest.fixture(scope="module")
def survey_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The door of surveys by its command, with the limits it has."""
    port = free_port()
    place: Path = tmp_path_factory.mktemp("door")
    settings = {"SUNRELAY_HOME": str(place), "SUNRELAY_SURVEY_SECRETS": "a-key-of-the-tests-nobody-knows-of"}
    command = [sys.executable, "-m", "starter", "survey", "listen", "--port", str(port)]
    listening = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.PIPE)
    try:
        eventually(lambda: _health(port) == 200, 60)
        yield port
    finally:
        listening.terminate()
        listening.wait(30)


def _health(port: int) -> int | None:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=20).status_code
    except httpx.TransportError:
        return None


def test_a_door_of_ours_stays_open_beside_two_hundred_silent_connections_and_ends_them(
    survey_door: int,
) -> None:
    held = [socket.create_connection(("127.0.0.1", survey_door)) for _ in range(200)]
    for number, one in enumerate(held):
        one.sendall([*KINDS.values()][number % len(KINDS)])
    assert _health(survey_door) == 200
    assert httpx.get(f"http://127.0.0.1:{survey_door}/survey/x", timeout=20).status_code == 404
    for one in held:
        one.settimeout(LIMITS.body + 30)
        with contextlib.suppress(ConnectionError):
            while one.recv(4096):
                pass
        one.close()
    assert _health(survey_door) == 200
