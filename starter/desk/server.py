"""The embedded Temporal server: which program it is, on which ports, and how its namespace is set up.

A database file in write-ahead mode with full synchronisation loses nothing it has
acknowledged, also when the power goes; with anything less it does (measured).
"""

import asyncio
import json
import shutil
import socket
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.testing import WorkflowEnvironment

from activities.words.reason import reason_of
from starter.cli.output import Output
from starter.connection import connect
from starter.desk.aside import is_free, place_aside
from starter.desk.children import Child, start
from starter.desk.limits import limit_options
from starter.door.faults import Fault, Kind
from starter.door.place import Place
from starter.home import Home
from workflows.messages import SEARCH_ATTRIBUTES

if TYPE_CHECKING:
    from temporalio.client import Client

PORT = 7233
UI_PORT = 8233
RETENTION = timedelta(days=30)  # the embedded server keeps finished cases so long; its default is a day
_PATIENCE = 60.0  # s until the server must answer; 3.5 s on an idle machine
_STOPPING = 15.0  # s; 2 s on an idle machine


NOBODY = "/"
"""No Host header can hold a slash: the server's HTTP API, which asks nobody who they are, answers nobody.

A name would not do: a form of any web page is sent to 127.0.0.1 under that very name.
"""


@dataclass(frozen=True)
class Ports:
    """Where the server listens and our door before its UI, on loopback; the UI's own place is `aside`."""

    server: int
    ui: int
    aside: tuple[str, int] = field(default_factory=place_aside)

    @property
    def address(self) -> str:
        """The server's address."""
        return f"127.0.0.1:{self.server}"

    @property
    def ui_address(self) -> str:
        """The address of the Temporal UI, which is that of our door before it."""
        return f"http://127.0.0.1:{self.ui}"

    @property
    def ui_itself(self) -> str:
        """Where the UI is, for our door alone."""
        host, port = self.aside
        return f"http://{host}:{port}"


async def start_server(home: Home, ports: Ports, lock: int) -> Child:
    """Start the server; it inherits the desk's lock, so that no second one opens its file."""
    attributes = [f"{key.name}={key.indexed_value_type.name.capitalize()}" for key in SEARCH_ATTRIBUTES]
    command = [str(await binary(home)), "server", "start-dev", "--ip", "127.0.0.1"]
    command += ["--port", str(ports.server), "--ui-disable-news-fetch"]
    command += ["--ui-ip", ports.aside[0], "--ui-port", str(ports.aside[1])]
    command += ["--dynamic-config-value", f"frontend.httpAllowedHosts={json.dumps([NOBODY])}"]
    command += ["--db-filename", str(home.server_database), "--log-level", "warn"]
    command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2"]
    command += [part for attribute in attributes for part in ("--search-attribute", attribute)]
    command += limit_options()
    return await start("server", command, home.log("server"), inherited=(lock,))


async def until_ready(server: Child, ports: Ports) -> "Client":
    """Wait until the server answers, set the retention, and check that it took. Raises: Fault."""
    client = await _reached(server, Place(ports.address, "default", "the desk's own server"))
    await _keep_for(client, RETENTION)
    return client


async def _reached(server: Child, place: Place) -> "Client":
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while True:
        if not server.is_running:
            raise ended(server)
        try:
            return await connect(place)
        except Fault:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.1)


async def stop_server(server: Child) -> None:
    """Stop the server, after everything that needs it."""
    await server.stop(_STOPPING)


def ended(child: Child) -> Fault:
    """Say that a part of the desk ended by itself, how, and what it logged last if it said so."""
    return Fault(
        Kind.FAULT,
        "DeskFault",
        f"the {child.name} has ended {child.how_it_ended()}",
        f"its log is {child.log}",
    )


async def _keep_for(client: "Client", retention: timedelta) -> None:

    service = client.workflow_service
    wanted = Duration(seconds=int(retention.total_seconds()))
    await service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=wanted)
        ),
        retry=True,
    )
    found = await service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace), retry=True)
    if found.config.workflow_execution_retention_ttl.seconds != wanted.seconds:
        raise Fault(Kind.FAULT, "DeskFault", f"the server does not keep cases for {retention.days} days")


def choose_ports(output: Output) -> Ports:
    """Take the usual ports, or free ones where they are taken, and say so."""
    server = usual_or_free(PORT, output, "Temporal")
    return Ports(server, usual_or_free(UI_PORT, output, "the Temporal UI"))


def usual_or_free(wanted: int, output: Output, whose: str) -> int:
    """Take the port that is wanted, or a free one where it is taken, and say so."""
    if is_free(wanted):
        return wanted
    port = any_free_port()
    output.say(f"port {wanted} is taken; {whose} listens on {port}")
    return port


def any_free_port() -> int:
    """Find a port nobody listens on, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def binary(home: Home) -> Path:
    """Find the server's program: our wheel's, the PATH's, or the one the SDK downloads."""
    wheel = Path(sys.executable).parent / "temporal"
    if wheel.is_file():
        return wheel
    if found := shutil.which("temporal"):
        return Path(found)
    return await _downloaded(home.path / "bin")


async def _downloaded(target: Path) -> Path:
    """Let the SDK fetch the program, by starting it once. Raises: Fault where it cannot."""
    target.mkdir(exist_ok=True)
    if not any(target.iterdir()):
        try:
            environment = await WorkflowEnvironment.start_local(download_dest_dir=str(target))
            await environment.shutdown()
        except RuntimeError as error:
            raise Fault(
                Kind.FAULT,
                "ServerMissing",
                f"no temporal program here, and none could be fetched: {reason_of(error)}",
                "install the temporal command, or set TEMPORAL_ADDRESS",
            ) from None
    return max(target.iterdir(), key=lambda file: file.stat().st_mtime)
