"""No web page reads or ends a case through any port of a desk: every one its server opens is tried."""

import contextlib
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address
from pathlib import Path
from typing import NamedTuple

import pytest

from starter.desk.aside import BLOCKED_PORTS
from starter.desk.mail_sink import MailSink
from starter.home import DeskRecord, Home
from tests.running_desk import running_desk
from tests.servers import free_port
from tests.starter.conftest import Commands, eventually

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform != "linux", reason="the sockets of a process are read from /proc"),
]

WORKFLOWS = "/api/v1/namespaces/default/workflows"
END_ALL = "/api/v1/namespaces/default/batch-operations/job-1"
ENDING = (
    b'{"jobId": "job-1", "reason": "x", "visibilityQuery": "ExecutionStatus = \\"Running\\"", '
    b'"terminationOperation": {"identity": "x"}}'
)
PAGE = {"Origin": "https://evil.example", "Content-Type": "text/plain"}


class Place(NamedTuple):
    host: str
    port: int

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_blocked(self) -> bool:
        """No browser goes there, whatever name leads to it."""
        return self.port in BLOCKED_PORTS and self.host != "127.0.0.1"

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> int | None:
        """The status of an answer, or None where none is HTTP/1.1, which is all a page can speak."""
        connection = HTTPConnection(self.host, self.port, timeout=20)
        with contextlib.suppress(HTTPException, ConnectionError), contextlib.closing(connection):
            connection.request(method, path, body, headers)
            return connection.getresponse().status
        return None


def listening(pid: int) -> list[Place]:
    """Where a process listens."""
    held = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            held.add(link.readlink().name)
    found = []
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in held:
            address, _, port = fields[1].partition(":")
            found.append(Place(str(IPv4Address(bytes.fromhex(address)[::-1])), int(port, 16)))
    six = [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    assert not [fields for fields in six if fields[3] == "0A" and f"socket:[{fields[9]}]" in held]
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, DeskRecord]]:
    home = tmp_path_factory.mktemp("desk") / "home"
    with running_desk(home) as (_, record):
        yield home, record


def test_everything_listens_on_loopback(desk: tuple[Path, DeskRecord]) -> None:
    _, record = desk
    pids = [pid for pid in (record.pid, record.server_pid, record.worker_pid) if pid is not None]
    assert len(pids) == 3
    assert all(place.host.startswith("127.") for pid in pids for place in listening(pid))


def test_no_port_of_the_server_answers_a_name_of_elsewhere_with_a_case(desk: tuple[Path, DeskRecord]) -> None:
    _, record = desk
    assert record.server_pid is not None
    places = listening(record.server_pid)
    answers = {place: place.ask("GET", WORKFLOWS, {"Host": "evil.example"}) for place in places}
    assert {status for place, status in answers.items() if not place.is_blocked} == {None, 403, 404}
    assert [status for place, status in answers.items() if place.is_blocked] == [200]
    for place in places:
        if not place.is_blocked:
            assert place.ask("GET", WORKFLOWS, {"Host": place.name}) in (None, 403, 404)


def test_a_form_of_any_page_ends_no_case_at_any_port(desk: tuple[Path, DeskRecord]) -> None:
    home, record = desk
    assert record.server_pid is not None
    other = Commands(home, None)
    row = eventually(lambda: (answer := other("list", "-o", "json")).code == 0 and answer.record)[0]
    for place in [*listening(record.server_pid), *listening(record.pid)]:
        status = place.ask("POST", END_ALL, PAGE, ENDING)
        assert status is None or status >= 400, place
    assert other.as_json("show", row["number"])["phase"] == "received"
    assert other.as_json("respond", row["number"], "We are on it")["phase"] == "in_progress"


def test_the_ui_is_shown_under_its_own_names_alone(desk: tuple[Path, DeskRecord]) -> None:
    _, record = desk
    assert record.ui is not None
    host, _, port = record.ui.removeprefix("http://").partition(":")
    door = Place(host, int(port))
    for name in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert door.ask("GET", WORKFLOWS, {"Host": name}) == 200
    assert door.ask("GET", WORKFLOWS, {"Host": f"evil.example:{port}"}) == 403
    assert door.ask("GET", WORKFLOWS, {**PAGE, "Host": door.name}) == 403


def test_a_running_desk_keeps_everything_to_its_owner(desk: tuple[Path, DeskRecord]) -> None:
    home, _ = desk
    eventually(lambda: list(Home(home).mail.glob("*.eml")))
    kept = [home, *home.rglob("*")]
    assert {"cases.db-wal", "temporal.db-wal", "worker.log", "desk.json"} <= {one.name for one in kept}
    assert not [one for one in kept if one.stat().st_mode & 0o077]


def test_a_page_that_speaks_http_to_the_mail_sink_leaves_no_mail(tmp_path: Path) -> None:
    sink = MailSink(tmp_path, free_port())
    sink.start()
    host, _, port = sink.address.partition(":")
    said = b"\r\nHELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n"
    assert Place(host, int(port)).ask("POST", "/", {**PAGE, "User-Agent": "x", "Accept": "*/*"}, said) is None
    sink.stop()
    assert list(tmp_path.iterdir()) == []
