"""The embedded Temporal server: which program it is, on which ports, and how its namespace is set up.

Part of the doors. A database file in write-ahead mode with full synchronisation loses nothing it has
acknowledged, also when the power goes; with anything less it does (measured).
"""

import asyncio
import shutil
import socket
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from starter.connection import Place, connect
from starter.desk.children import Child, start
from starter.faults import Exit, Fault
from starter.home import Home
from starter.output import Output

if TYPE_CHECKING:
    from temporalio.client import Client

PORT = 7233
UI_PORT = 8233
RETENTION = timedelta(days=30)  # the embedded server keeps finished cases so long; its default is a day
_PATIENCE = 60.0  # s until the server must answer; 3.5 s on an idle machine
_STOPPING = 15.0  # s; 2 s on an idle machine


@dataclass(frozen=True)
class Ports:
    """Where the server and its UI listen, on loopback."""

    server: int
    ui: int

    @property
    def address(self) -> str:
        """This will be the server's address."""
        return f"127.0.0.1:{self.server}"

    @property
    def ui_address(self) -> str:
        """This will be the address of the Temporal UI."""
        return f"http://127.0.0.1:{self.ui}"


async def start_server(home: Home, ports: Ports, lock: int) -> Child:
    """This will start the server; it inherits the desk's lock, so that no second one opens its file."""
    from workflows.messages import SEARCH_ATTRIBUTES

    attributes = [f"{key.name}={key.indexed_value_type.name.capitalize()}" for key in SEARCH_ATTRIBUTES]
    command = [str(await binary(home)), "server", "start-dev", "--ip", "127.0.0.1"]
    command += ["--port", str(ports.server), "--ui-port", str(ports.ui), "--ui-disable-news-fetch"]
    command += ["--db-filename", str(home.server_database), "--log-level", "warn"]
    command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2"]
    command += [part for attribute in attributes for part in ("--search-attribute", attribute)]
    return await start("server", command, home.log("server"), inherited=(lock,))


async def until_ready(server: Child, ports: Ports) -> "Client":
    """This will wait until the server answers, set the retention, and check that it took. Raises: Fault."""
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
    """This will stop the server, after everything that needs it."""
    await server.stop(_STOPPING)


def ended(child: Child) -> Fault:
    """This will say that a part of the desk ended by itself, how, and what it logged last if it said so."""
    return Fault(
        Exit.FAULT,
        "DeskFault",
        f"the {child.name} has ended {child.how_it_ended()}",
        f"its log is {child.log}",
    )


async def _keep_for(client: "Client", retention: timedelta) -> None:
    from google.protobuf.duration_pb2 import Duration
    from temporalio.api.namespace.v1 import NamespaceConfig
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest

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
        raise Fault(Exit.FAULT, "DeskFault", f"the server does not keep cases for {retention.days} days")


def choose_ports(output: Output) -> Ports:
    """This will take the usual ports, or free ones where they are taken, and say so."""
    server = usual_or_free(PORT, output, "Temporal")
    return Ports(server, usual_or_free(UI_PORT, output, "the Temporal UI"))


def usual_or_free(wanted: int, output: Output, whose: str) -> int:
    """This will take the port that is wanted, or a free one where it is taken, and say so."""
    if _is_free(wanted):
        return wanted
    port = any_free_port()
    output.say(f"port {wanted} is taken; {whose} listens on {port}")
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """This will find a port nobody listens on, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def binary(home: Home) -> Path:
    """This will find the server's program: our wheel's, the PATH's, or the one the SDK downloads."""
    wheel = Path(sys.executable).parent / "temporal"
    if wheel.is_file():
        return wheel
    if found := shutil.which("temporal"):
        return Path(found)
    return await _downloaded(home.path / "bin")


async def _downloaded(target: Path) -> Path:
    """This will let the SDK fetch the program, by starting it once. Raises: Fault where it cannot."""
    from temporalio.testing import WorkflowEnvironment

    target.mkdir(exist_ok=True)
    if not any(target.iterdir()):
        try:
            environment = await WorkflowEnvironment.start_local(download_dest_dir=str(target))
            await environment.shutdown()
        except RuntimeError as error:
            raise Fault(
                Exit.FAULT,
                "ServerMissing",
                f"no temporal program here, and none could be fetched: {str(error).splitlines()[0]}",
                "install the temporal command, or set TEMPORAL_ADDRESS",
            ) from None
    return max(target.iterdir(), key=lambda file: file.stat().st_mtime)
