"""Every command line of ours in the stack, started as a container would start it, on a real server and store.

What a container has is given: its environment and no other, its secret files, an empty directory. Machines of
the stack's network are the servers of the test, by address.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from standardwebhooks import Webhook
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from activities.store.database import Database
from activities.words.survey_links import SurveyLinks, SurveyTicket
from starter.connection import locate
from starter.door.place import Target
from tests.deploy.stack import MOUNTED, PAGE_DOORS, PROJECT, SERVICES, Service
from tests.postgres import PostgresServer, postgres_server
from tests.servers import BINARIES, DevServer, dev_server, free_port
from tests.starter.conftest import eventually
from workflows.messages import QUEUE, SEARCH_ATTRIBUTES, region_queue

__all__ = ["dev_server", "postgres_server"]

pytestmark = pytest.mark.e2e

_DEPLOYING = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
_TOOLS = f"{BINARIES}:/usr/bin:/bin"


def _examples(language: str) -> list[str]:
    """The blocks of one language in docs/deploy.md."""
    return re.findall(rf"```{language}\n(.*?)```", _DEPLOYING, re.DOTALL)


@dataclass(frozen=True)
class Machine:
    """What the containers of the stack find: the server, the database, the files of the deployment."""

    place: Path
    temporal: str
    database: str

    def run(self, service: Service, command: list[str], **more: str) -> subprocess.Popen[str]:
        """Start what a service says in a directory of its own, which is `home`."""
        self.home(service).mkdir()
        program, *arguments = command
        return subprocess.Popen(
            [sys.executable if program == "python" else program, *arguments],
            env=self.environment(service) | more,
            cwd=self.home(service),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def home(self, service: Service) -> Path:
        return self.place / f"home-{service.name}"

    def environment(self, service: Service) -> dict[str, str]:
        mounted = self.place / f"secrets-{service.name}"
        if not mounted.exists():
            service.mount(self.place / "secrets", mounted)
        given = {name: self._here(value, mounted) for name, value in service.environment.items()}
        return {"PATH": _TOOLS, "PYTHONTZPATH": ""} | given

    def _here(self, value: str, mounted: Path) -> str:
        value = value.replace("postgresql:5432/sunrelay", self.database)
        return value.replace("temporal:7233", self.temporal).replace(MOUNTED, str(mounted))


@pytest.fixture
def machine(tmp_path: Path, dev_server: DevServer, postgres_server: PostgresServer) -> Machine:
    """A machine whose secrets were made as docs/deploy.md says, with an empty database."""
    making = next(block for block in _examples("sh") if block.startswith("mkdir"))
    subprocess.run(["/bin/sh", "-euc", making], cwd=tmp_path, check=True)
    url = postgres_server.fresh_database()
    server = f'[profile.default]\naddress = "{dev_server.address}"\nnamespace = "default"\n'
    (tmp_path / "secrets" / "temporal.toml").write_text(server)
    (tmp_path / "secrets" / "store_url").write_text(f"{url}\n")
    return Machine(tmp_path, dev_server.address, url.partition("@")[2])


# --- secrets and connection ---------------------------------------------------------------------------------


def test_the_documented_secrets_are_for_containers_to_read_and_for_no_other_user_here(
    machine: Machine,
) -> None:
    made = machine.place / "secrets"
    assert made.stat().st_mode & 0o777 == 0o700
    assert all(
        (made / name).stat().st_mode & 0o777 == 0o444
        for name in ("postgres_password", "smtp_password", "webhook_secret", "survey_secrets")
    )
    assert re.fullmatch(r"[0-9a-f]{48}\n", (made / "postgres_password").read_text())


@pytest.mark.parametrize("way", [0, 1], ids=["with-a-key", "with-a-certificate"])
def test_the_documented_connections_are_encrypted_and_say_who_we_are(
    way: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "temporal.toml"
    file.write_text(_examples("toml")[way])
    profile = tomllib.loads(file.read_text())["profile"]["default"]
    place = locate(Target(config_file=str(file)))
    assert (place.address, place.namespace) == (profile["address"], profile["namespace"])
    if way == 0:
        assert place.more["api_key"] == profile["api_key"]
        assert place.more["tls"]
    else:
        assert b"BEGIN CERTIFICATE" in place.more["tls"].client_cert
        assert place.more["tls"].client_private_key


# --- jobs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["migrate", "cloud-migrate"])
async def test_the_migrations_make_the_case_store_and_change_nothing_the_second_time(
    machine: Machine, name: str
) -> None:
    service = SERVICES[name]
    for _ in range(2):
        process = machine.run(service, service.command)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert "is up to date" in said
        machine.home(service).rmdir()  # and nothing was written there
    store = Database(f"postgresql://sunrelay:unused@{machine.database}")
    async with store.reading() as connection:
        assert await connection.scalar(text("select count(*) from cases")) == 0
    await store.close()


def test_migrations_that_find_no_database_say_so_in_one_line_without_the_password(machine: Machine) -> None:
    nowhere = replace(machine, database=f"127.0.0.1:{free_port()}/sunrelay")
    service = SERVICES["migrate"]
    process = nowhere.run(service, service.command)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 5
    assert len(said.splitlines()) == 1
    assert nowhere.database in said
    assert (machine.place / "secrets" / "postgres_password").read_text().strip() not in said


async def test_the_namespace_job_makes_what_a_case_needs_and_may_run_again(machine: Machine) -> None:
    service = SERVICES["temporal-namespace"]
    command = [*service.given["entrypoint"], *service.command]
    for _ in range(2):
        process = machine.run(service, command, TEMPORAL_NAMESPACE="new-desk", HOME=str(machine.place))
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        machine.home(service).rmdir()
    client = await Client.connect(machine.temporal, namespace="new-desk")
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="new-desk")
    )
    wanted = {key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
    assert wanted.items() <= dict(listed.custom_attributes).items()
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="new-desk")
    )
    assert described.config.workflow_execution_retention_ttl.ToTimedelta().days == 30


# --- workers ------------------------------------------------------------------------------------------------


@contextmanager
def _working(
    machine: Machine, service: Service, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The worker of a service, with the line it said when it began; ended by its own process id."""
    address = f"127.0.0.1:{free_port()}"
    process = machine.run(service, service.command, SUNRELAY_METRICS_ADDRESS=address, **settings)
    try:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if "working on the queue" in line:
                break
        assert "working on the queue" in said, said
        yield process, address
    finally:
        process.kill()
        process.communicate()


def _health(service: Service, address: str) -> subprocess.CompletedProcess[str]:
    """Ask the way the container's health is asked, at the port the test chose."""
    _, program, *rest = service.given["healthcheck"]["test"]
    assert program == "python"
    question = [part.replace("9464", address.rpartition(":")[2]) for part in rest]
    return subprocess.run(
        [sys.executable, *question], capture_output=True, text=True, timeout=60, check=False
    )


_OUR_PEOPLE = {"cloud-region-kuala-lumpur": {"SUNRELAY_STAFF_ADDRESS": "engineers@example.com"}}
"""What `sunrelay.env` has to say for the profile `cloud`, which knows nobody of ours by itself."""


@pytest.mark.parametrize("name", ["cases", "cloud-cases", "region-sydney", "cloud-region-kuala-lumpur"])
def test_a_worker_of_the_stack_works_is_healthy_and_stops_when_told(machine: Machine, name: str) -> None:
    service = SERVICES[name]
    queue = region_queue(service.region) if service.region else QUEUE
    with _working(machine, service, **_OUR_PEOPLE.get(name, {})) as (process, address):
        assert _polled(machine, queue)
        answer = _health(service, address)
        assert answer.returncode == 0, answer.stderr
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert "Traceback" not in said
    assert list(machine.home(service).iterdir()) == []  # a container's own files cannot be written
    assert _health(service, address).returncode != 0


def test_a_centre_s_worker_of_the_cloud_profile_says_what_to_set_where_it_can_tell_nobody(
    machine: Machine,
) -> None:
    service = SERVICES["cloud-region-kuala-lumpur"]
    process = machine.run(service, service.command, SUNRELAY_METRICS_ADDRESS=f"127.0.0.1:{free_port()}")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2, said
    assert (
        "nobody of kuala_lumpur can be told; set SUNRELAY_REGION_ADDRESSES or SUNRELAY_STAFF_ADDRESS" in said
    )


def _polled(machine: Machine, queue: str) -> bool:
    """Whether the server knows somebody who asks for the work of a queue."""
    command = ["temporal", "task-queue", "describe", "--task-queue", queue, "-o", "json"]
    answer = subprocess.run(
        [shutil.which("temporal", path=_TOOLS) or "temporal", *command[1:]],
        env={"PATH": _TOOLS, "TEMPORAL_ADDRESS": machine.temporal, "HOME": str(machine.place)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return '"identity"' in answer.stdout


# --- doors --------------------------------------------------------------------------------------------------


@contextmanager
def _open_door(machine: Machine, service: Service) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A door of the stack and where it listens, here on loopback; ended by its own process id."""
    port = str(free_port())
    published = service.command[service.command.index("--port") + 1]
    here = {published: port, "0.0.0.0": "127.0.0.1"}
    metrics = {"SUNRELAY_WEB_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"} if service.is_door else {}
    process = machine.run(service, [here.get(part, part) for part in service.command], **metrics)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert "listening on" in said, said
        eventually(lambda: _door_health(service, port) == 0)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def _door_health(service: Service, port: str) -> int:
    _, program, *rest = service.given["healthcheck"]["test"]
    published = service.command[service.command.index("--port") + 1]
    assert program == "python"
    question = [part.replace(published, port) for part in rest]
    return subprocess.run(
        [sys.executable, *question], capture_output=True, timeout=60, check=False
    ).returncode


def _closes_when_told(machine: Machine, service: Service, process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert list(machine.home(service).iterdir()) == []  # a container's own files cannot be written


def _migrated(machine: Machine, name: str) -> None:
    job = SERVICES[name]
    assert machine.run(job, job.command).wait(120) == 0


@pytest.mark.parametrize("prefix", ["", "cloud-"])
def test_the_web_door_of_the_stack_hears_customers_the_vendor_and_programs(
    machine: Machine, prefix: str
) -> None:
    """A survey's link is looked up in the case store, here at first one without tables."""
    service, worker = SERVICES[f"{prefix}web"], SERVICES[f"{prefix}cases"]
    machine.environment(worker)  # which mounts its secrets
    keys = (machine.place / f"secrets-{worker.name}" / "sunrelay_survey_secrets").read_text().split()
    ticket = SurveyTicket(case_id="case-" + "a" * 20, closure=1, until=datetime.now(UTC) + timedelta(days=1))
    with _open_door(machine, service) as (process, address):
        theirs = httpx.get(f"{address}/survey/{SurveyLinks(None, keys).token(ticket)}", timeout=30)
        other = httpx.get(f"{address}/survey/{SurveyLinks(None, ['x' * 32]).token(ticket)}", timeout=30)
        assert (theirs.status_code, other.status_code) == (503, 404)
        _migrated(machine, f"{prefix}migrate")
        nobodys = httpx.get(str(theirs.url), timeout=30)
        assert nobodys.status_code == 404  # there is a store now, and no such case in it
        _hears_the_vendor(machine, address)
        shown = {"Authorization": f"Bearer {_documented_key(machine, worker)}"}
        me = httpx.get(f"{address}/v1/me", headers=shown, timeout=30)
        assert (me.status_code, me.json()["actor"]["name"]) == (200, "Billing")
        assert httpx.get(f"{address}/v1/me", timeout=30).status_code == 401
        _closes_when_told(machine, service, process)


def _hears_the_vendor(machine: Machine, address: str) -> None:
    key = (machine.place / "secrets" / "vendor_webhook_secrets").read_text().strip()
    body, now = '{"type": "vendor.update", "data": {"reference": "V-1", "text": "?"}}', datetime.now(UTC)
    signed = {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(key).sign("msg-1", now, body),
    }
    heard = httpx.post(f"{address}/vendor", content=body, headers=signed, timeout=30)
    assert (heard.status_code, heard.json()["code"]) == (404, "CaseNotFound")
    forged = {**signed, "webhook-signature": "v1,AAAA"}
    assert httpx.post(f"{address}/vendor", content=body, headers=forged, timeout=30).status_code == 401


def _documented_key(machine: Machine, worker: Service) -> str:
    """The key docs/deploy.md has made in the container of a case worker."""
    programs = machine.place / "programs"
    _stand_in(programs, "sunrelay", f'exec {sys.executable} -m starter "$@"')
    said = subprocess.run(
        ["/bin/sh", "-euc", _documented("people key")],
        env=machine.environment(worker) | {"PATH": f"{programs}:{_TOOLS}"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    (key,) = re.findall(r"sr_\S+", said)
    return str(key)


@pytest.mark.parametrize("service", PAGE_DOORS, ids=[service.name for service in PAGE_DOORS])
def test_the_doors_before_the_pages_of_others_answer_to_their_own_names_alone(
    machine: Machine, service: Service
) -> None:
    """Here nothing is behind them, which is said to who calls them by their name and to nobody else."""
    with _open_door(machine, service) as (process, address):
        assert httpx.get(f"{address}/", timeout=30).status_code == 502
        assert httpx.get(f"{address}/", headers={"Host": "evil.example"}, timeout=30).status_code == 403
        _closes_when_told(machine, service, process)


def test_commands_work_inside_the_container_of_a_worker(machine: Machine) -> None:
    """docs/deploy.md: `docker compose exec cases sunrelay ...`."""
    job, service = SERVICES["migrate"], SERVICES["cases"]
    assert machine.run(job, job.command).wait(120) == 0
    listed = machine.run(service, ["python", "-m", "starter", "region", "list"])
    _, said = listed.communicate(timeout=120)
    assert listed.returncode == 0, said
    assert list(machine.home(service).iterdir()) == []


# --- what others run with our words -------------------------------------------------------------------------


def _stand_in(place: Path, name: str, script: str) -> None:
    place.mkdir(exist_ok=True)
    program = place / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def _schema_job(machine: Machine, answers: str) -> tuple[int, list[str]]:
    """The job for Temporal's tables with a program in the place of its tool, and what that was asked."""
    asked = machine.place / "asked"
    programs = machine.place / "programs"
    _stand_in(programs, "temporal-sql-tool", f'echo "$SQL_PASSWORD $*" >> {asked}\n{answers}')
    service = SERVICES["temporal-schema"]
    mounted = str(machine.place / f"secrets-{service.name}")
    command = [part.replace(MOUNTED, mounted) for part in [*service.given["entrypoint"], *service.command]]
    process = machine.run(service, command, PATH=f"{programs}:{_TOOLS}")
    process.communicate(timeout=60)
    password = (machine.place / "secrets" / "postgres_password").read_text().strip()
    lines = asked.read_text().splitlines()
    assert all(line.startswith(f"{password} ") for line in lines)
    return process.returncode, [line.partition("--db ")[2] for line in lines]


_TABLES = [
    "temporal create",
    "temporal setup-schema -v 0.0",
    "temporal update-schema -d /etc/temporal/schema/postgresql/v12/temporal/versioned",
    "temporal_visibility create",
    "temporal_visibility setup-schema -v 0.0",
    "temporal_visibility update-schema -d /etc/temporal/schema/postgresql/v12/visibility/versioned",
]


@pytest.mark.parametrize("answers", ["", 'case "$*" in *create) exit 1;; esac'], ids=["new", "there-already"])
def test_temporal_s_tables_are_brought_up_to_date_in_both_databases(machine: Machine, answers: str) -> None:
    assert _schema_job(machine, answers) == (0, _TABLES)


def test_tables_that_cannot_be_brought_up_to_date_keep_the_server_from_starting(machine: Machine) -> None:
    code, asked = _schema_job(machine, 'case "$*" in *update-schema*) exit 1;; esac')
    assert code != 0
    assert asked == _TABLES[:3]


def test_the_server_gets_its_password_from_the_file(machine: Machine) -> None:
    programs = machine.place / "programs"
    _stand_in(programs, "entrypoint.sh", f'printf %s "$POSTGRES_PWD" > {machine.place}/got')
    service = SERVICES["temporal"]
    mounted = str(machine.place / f"secrets-{service.name}")
    command = [
        part.replace(MOUNTED, mounted).replace("/etc/temporal", str(programs))
        for part in [*service.given["entrypoint"], *service.command]
    ]
    assert machine.run(service, command).wait(60) == 0
    wanted = (machine.place / "secrets" / "postgres_password").read_text().strip()
    assert (machine.place / "got").read_text() == wanted


def _documented(words: str) -> str:
    return next(block for block in _examples("sh") if words in block)


def test_what_was_backed_up_is_there_again_and_nothing_else(
    machine: Machine, postgres_server: PostgresServer
) -> None:
    """The blocks of docs/deploy.md, with a `docker` that runs PostgreSQL's programs on this machine."""
    programs = machine.place / "programs"
    _stand_in(programs, "docker", 'test "$2" != exec && exit; shift 4; exec "$@"')
    environment = {
        "PATH": f"{programs}:{postgres_server.programs}:{_TOOLS}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres_server.port),
    }

    def shell(script: str) -> str:
        return subprocess.run(
            ["/bin/sh", "-euc", script],
            cwd=machine.place,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def said(database: str, query: str) -> str:
        return shell(
            f"psql --username sunrelay --dbname {database} --tuples-only --no-align -c '{query}'"
        ).strip()

    databases = ("temporal", "temporal_visibility", "sunrelay")
    for database in databases:
        shell(f"createdb --username sunrelay {database}")
        said(database, f"create table kept as select 1 as {database}")
    shell(_documented("pg_dump"))
    for database in databases:
        said(database, "drop table kept; create table later (number int)")
    shell(_documented("pg_restore"))
    for database in databases:
        assert said(database, f"select {database} from kept") == "1"
        assert said(database, "select count(*) from pg_tables where tablename = $$later$$") == "0"
