"""The door before Temporal's UI: its own names, its own pages, and everything the UI says as it says it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from starter.desk.aside import BLOCKED_PORTS, place_aside
from starter.desk.plain_http import PlainServer, Reply, Request
from starter.web.ui_door import own_names, ui_app
from tests.servers import free_port
from tests.starter.conftest import Commands, eventually

PORT = 8233
OWN = f"http://127.0.0.1:{PORT}"
PAGE = b"\x1f\x8b as it came, not unpacked"


class Ui:
    """A UI that answers everybody, and what it was asked through our door."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.server = PlainServer(self._answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def _answer(self, request: Request) -> Reply:
        self.asked.append(request)
        cookies = (("Set-Cookie", "_csrf=1; Path=/"), ("Set-Cookie", "other=2"))
        return Reply(201, PAGE, (("Content-Encoding", "gzip"), ("Content-Type", "text/x"), *cookies))


@pytest.fixture
async def ui() -> AsyncIterator[Ui]:
    found = Ui()
    await found.server.start()
    yield found
    await found.server.stop()


async def ask(
    url: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> httpx.Response:
    door = httpx.ASGITransport(app=ui_app(url, own_names(PORT)))
    async with httpx.AsyncClient(transport=door, base_url=OWN) as client:
        request = client.build_request(method, path, headers=headers, content=body)
        answer = await client.send(request, stream=True)
        answer._content = b"".join([part async for part in answer.aiter_raw()])
        return answer


@pytest.mark.parametrize("name", ["127.0.0.1:8233", "localhost:8233", "LOCALHOST:8233", "[::1]:8233"])
async def test_the_ui_answers_to_its_own_names(ui: Ui, name: str) -> None:
    answer = await ask(ui.url, "GET", "/namespaces/a%2Fb/workflows?query=%22x%22&page=2", {"Host": name})
    assert (answer.status_code, answer.content) == (201, PAGE)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers.get_list("set-cookie") == ["_csrf=1; Path=/", "other=2"]
    (asked,) = ui.asked
    assert (asked.method, asked.path, dict(asked.query)) == (
        "GET",
        "/namespaces/a%2Fb/workflows",
        {"query": '"x"', "page": "2"},
    )
    assert asked.headers["host"] == name


@pytest.mark.parametrize(
    "name",
    ["evil.example", "evil.example:8233", "127.0.0.1", "127.0.0.1:80", "localhost", "127.0.0.1:82330", ""],
)
async def test_under_another_name_it_answers_nothing(ui: Ui, name: str) -> None:
    answer = await ask(ui.url, "GET", "/api/v1/namespaces", {"Host": name})
    assert answer.status_code == 403
    assert answer.text == f"not a name of this door; this door answers at {OWN}\n"
    assert ui.asked == []


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:3000", f"https{OWN[4:]}"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS"])
async def test_a_page_of_elsewhere_neither_changes_nor_reads_anything(
    ui: Ui, origin: str, method: str
) -> None:
    headers = {"Origin": origin, "Content-Type": "text/plain"}
    answer = await ask(ui.url, method, "/api/v1/namespaces/default/batch-operations/j", headers, b"{}")
    assert answer.status_code == 403
    assert ui.asked == []


async def test_a_change_that_does_not_say_which_page_it_is_from_is_refused(ui: Ui) -> None:
    answer = await ask(ui.url, "POST", "/api/v1/namespaces/default/batch-operations/j", {}, b"{}")
    assert (answer.status_code, answer.text) == (403, f"no origin was named; this door answers at {OWN}\n")
    assert ui.asked == []


async def test_a_change_from_a_page_of_its_own_is_passed_on_whole(ui: Ui) -> None:
    headers = {"Origin": OWN, "X-CSRF-Token": "1", "Cookie": "_csrf=1", "Content-Type": "application/json"}
    body = b'{"reason": "' + b"x" * 100_000 + b'"}'
    answer = await ask(ui.url, "POST", "/api/v1/x", headers, body)
    assert answer.status_code == 201
    (asked,) = ui.asked
    assert (asked.method, asked.body) == ("POST", body)
    assert (asked.headers["x-csrf-token"], asked.headers["cookie"]) == ("1", "_csrf=1")


async def test_a_ui_that_is_away_is_said_to_be_and_the_door_is_well() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    assert (await ask(nowhere, "GET", "/", {})).status_code == 502
    assert (await ask(nowhere, "GET", "/health", {})).status_code == 200


def test_what_a_desk_puts_aside_is_where_no_browser_goes() -> None:
    places = {place_aside() for _ in range(20)}
    assert {port for _, port in places} <= set(BLOCKED_PORTS)
    assert all(host.startswith("127.") for host, _ in places)
    if sys.platform == "linux":
        assert len({host for host, _ in places}) > 15
        assert "127.0.0.1" not in {host for host, _ in places}


@pytest.fixture
def by_command(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "starter",
        "ui",
        "listen",
        "--to",
        "http://127.0.0.1:9",
        "--port",
        str(port),
    ]
    command += ["--name", "desk.example:80"]
    door = subprocess.Popen(
        command, env={**os.environ, "SUNRELAY_HOME": str(tmp_path)}, stderr=subprocess.PIPE
    )
    yield port
    door.terminate()
    assert door.wait(30) == 0


def test_the_door_before_a_ui_elsewhere_answers_to_the_names_it_is_given(by_command: int) -> None:
    def status(name: str) -> int | None:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{by_command}/", headers={"Host": name}).status_code
        return None

    assert eventually(lambda: status("desk.example:80"), 60) == 502
    assert status(f"127.0.0.1:{by_command}") == 403


@pytest.mark.parametrize("to", ["ui:8080", "https://ui:8080", "http://", "ftp://ui"])
def test_a_ui_without_an_address_is_wrong_usage(tmp_path: Path, to: str) -> None:
    answer = Commands(tmp_path, None)("ui", "listen", "--to", to)
    assert answer.code == 2
    assert "--to" in answer.err
