"""The parts of a desk, started in order and stopped in the opposite one: server, mails, survey page, worker.

Where a server is named by flag, environment or profile, that one is used and none is
started.
"""

import asyncio
import os
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from starter.cli.command import Door
from starter.cli.logins import URL
from starter.connection import connect
from starter.desk.children import Child, start
from starter.desk.mail_sink import MailSink
from starter.desk.picture import Addresses
from starter.desk.portal import plan_portal
from starter.desk.practice import PracticeVendor
from starter.desk.receipts import plan_receipts
from starter.desk.server import any_free_port, choose_ports, ended, start_server, stop_server, until_ready
from starter.desk.surveys import plan_page
from starter.desk.web_door import start_web_door, web_port
from starter.door.faults import Fault, Kind
from starter.door.place import Place
from starter.home import DeskRecord, Home
from starter.web.server import served_meanwhile
from starter.web.ui_door import own_names, ui_app
from workflows.messages import QUEUE

if TYPE_CHECKING:
    from temporalio.client import Client

T = TypeVar("T")

_WORKER_PATIENCE = 60.0  # s until the worker must poll; 3 s on an idle machine
_WORKER_STOPPING = 40.0  # s; longer than the worker gives its activities
_MAIL_PORT = 1025
_DEMO_STAFF = {
    "SUNRELAY_STAFF_ADDRESS": "engineers@sunrelay.localhost",
    "SUNRELAY_TSS_ADDRESS": "tss@sunrelay.localhost",
}


@dataclass
class Desk:
    """A running desk: where its parts are, and the processes it owns."""

    addresses: Addresses
    place: Place
    children: list[Child] = field(default_factory=list)

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work for as long as all parts run. Raises: Fault for one that ended by itself."""
        task = asyncio.create_task(work)
        ends = {asyncio.create_task(child.process.wait()): child for child in self.children}
        try:
            done, _ = await asyncio.wait({task, *ends}, return_when=asyncio.FIRST_COMPLETED)
            if task in done:
                return task.result()
            raise ended(next(child for end, child in ends.items() if end in done))
        finally:
            for started in (task, *ends):
                started.cancel()
            await asyncio.gather(task, *ends, return_exceptions=True)


async def open_desk(door: Door, stack: AsyncExitStack) -> Desk:
    """Start what is needed; leaving the stack stops it, worker first. Raises: Fault."""
    home, lock = door.home, _take(door, stack)
    place, ui, server = await _server(door, stack, lock)
    mail, environment = _mail(door, stack)
    mails_stay = "SUNRELAY_SMTP_HOST" in environment
    survey = plan_page(door, mails_stay=mails_stay)
    port = web_port(door, survey.port)
    vendor = await _vendor(door, stack, port)
    portal = plan_portal(door, port, mails_stay=mails_stay)
    pages = {**survey.told, **portal.told, **plan_receipts(door, port, mails_stay=mails_stay)}
    mailing = {name: value for name, value in environment.items() if name.startswith("SUNRELAY_SMTP_")}
    web = await start_web_door(
        port, home, stack, _environment(door, place, {**pages, **mailing, **vendor.listening})
    )
    worker = await _worker(door, stack, place, {**environment, **vendor.told, **pages})
    store = "SUNRELAY_STORE_URL" if os.environ.get("SUNRELAY_STORE_URL") else str(home.path / "cases.db")
    desk = Desk(
        Addresses(
            server=place.address,
            namespace=place.namespace,
            ui=ui,
            port=port,
            mail=mail,
            vendor=vendor.shown,
            survey=survey.url,
            store=store,
            home=str(home.path),
        ),
        place,
    )
    desk.children = [child for child in (server, web, worker) if child is not None]
    _publish(home, desk, server, worker)
    stack.callback(home.withdraw)
    return desk


def _take(door: Door, stack: AsyncExitStack) -> int:
    """Take the home for this desk alone, and return its lock. Raises: Fault, where another desk has it."""
    door.home.prepare()
    lock = door.home.lock()
    if lock is None:
        raise _taken(door.home)
    stack.callback(os.close, lock)
    stack.callback(door.output.say, "the desk is closed; everything is kept")
    return lock


def _publish(home: Home, desk: Desk, server: Child | None, worker: Child) -> None:
    """Write down where the desk is, for commands beside it."""
    home.publish(
        DeskRecord(
            address=desk.place.address,
            namespace=desk.place.namespace,
            ui=desk.addresses.ui,
            pid=os.getpid(),
            server_pid=server.pid if server else None,
            worker_pid=worker.pid,
            web=desk.addresses.web,
        )
    )


def _taken(home: Home) -> Fault:
    desk = home.desk()
    where = f" at {desk.address} (process {desk.pid})" if desk else ""
    return Fault(
        Kind.FAULT,
        "DeskTaken",
        f"a desk with the files of {home.path} is running{where}",
        "stop it, or set SUNRELAY_HOME",
    )


async def _server(door: Door, stack: AsyncExitStack, lock: int) -> tuple[Place, str | None, Child | None]:
    """Use the server that was named, or start one."""
    if door.place.is_configured:
        await connect(door.place)
        return door.place, None, None
    door.output.say("starting the Temporal server")
    ports = choose_ports(door.output)
    server = await start_server(door.home, ports, lock)
    stack.push_async_callback(stop_server, server)
    await until_ready(server, ports)
    # After the server, for it must not listen before there is something behind it.
    await stack.enter_async_context(
        served_meanwhile(ui_app(ports.ui_itself, own_names(ports.ui)), "127.0.0.1", ports.ui)
    )
    return Place(ports.address, "default", "the desk's own server"), ports.ui_address, server


def _mail(door: Door, stack: AsyncExitStack) -> tuple[str, dict[str, str]]:
    """Start the local mail sink, unless a mail server is set."""
    staff = {name: value for name, value in _DEMO_STAFF.items() if not os.environ.get(name)}
    if host := os.environ.get("SUNRELAY_SMTP_HOST"):
        return f"{host}, as SUNRELAY_SMTP_HOST says", staff
    port = any_free_port()
    sink = MailSink(door.home.mail, port)
    sink.start()
    stack.callback(sink.stop)
    where = {"SUNRELAY_SMTP_HOST": "127.0.0.1", "SUNRELAY_SMTP_PORT": str(port)}
    return f"kept in {door.home.mail}, not sent (sink at {sink.address})", {**staff, **where}


class _Vendor(NamedTuple):
    """How the vendor is shown, and what the worker and the web door are told, where they call us."""

    shown: str
    told: dict[str, str]
    listening: dict[str, str]


async def _vendor(door: Door, stack: AsyncExitStack, port: int) -> _Vendor:
    """Start the practice vendor, unless a real one is set; they call back through the web door."""
    if config := os.environ.get("SUNRELAY_VENDOR_CONFIG"):
        return _Vendor(f"{config}, as SUNRELAY_VENDOR_CONFIG says", {}, {})
    vendor = PracticeVendor(door.home, f"http://127.0.0.1:{port}/vendor")
    await vendor.start()
    stack.push_async_callback(vendor.stop)
    shown = f"to practise with, at {vendor.url}; sunrelay vendor mood says how it answers"
    return _Vendor(shown, vendor.worker_settings(), vendor.listener_settings())


def _environment(door: Door, place: Place, settings: dict[str, str]) -> dict[str, str]:
    """Return what a child is told: the settings of this shell, the desk's, and where the server is."""
    environment = {
        **os.environ,
        **settings,
        "TEMPORAL_ADDRESS": place.address,
        "TEMPORAL_NAMESPACE": place.namespace,
        URL: "",  # whatever API this shell speaks to, its children are of this desk
    }
    environment["SUNRELAY_HOME"] = str(door.home.path)
    for name, value in (("PROFILE", door.target.profile), ("CONFIG_FILE", door.target.config_file)):
        if value is not None:
            environment[f"TEMPORAL_{name}"] = value
    return environment


async def _worker(door: Door, stack: AsyncExitStack, place: Place, settings: dict[str, str]) -> Child:
    door.output.say("starting the worker")
    environment = _environment(door, place, settings)
    # One process does for all here: who carries cases, and the people of every centre.
    command = [sys.executable, "-m", "worker", "--with-centres"]
    worker = await start("worker", command, door.home.log("worker"), environment=environment)
    stack.push_async_callback(worker.stop, _WORKER_STOPPING)
    await _until_polling(worker, await connect(place))
    return worker


async def _until_polling(worker: Child, client: "Client") -> None:
    """Wait until somebody takes work from the queue. Raises: Fault."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    deadline = asyncio.get_running_loop().time() + _WORKER_PATIENCE
    while not (await client.workflow_service.describe_task_queue(request, retry=True)).pollers:
        if not worker.is_running:
            raise ended(worker)
        if asyncio.get_running_loop().time() > deadline:
            raise Fault(
                Kind.FAULT, "DeskFault", "the worker does not begin to work", f"its log is {worker.log}"
            )
        await asyncio.sleep(0.2)
