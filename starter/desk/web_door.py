"""The web door of the desk: board, API, survey pages and the practice vendor's calls, on one port.

A key for trying is printed at each run, and the one of the run before opens nothing any more; so are links
for the browser, which open once.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta

from activities.people.rota import Rota
from domain.actor import Role
from starter.cli.command import Door
from starter.cli.web import PORT
from starter.desk.children import Child, start
from starter.desk.demonstration import demonstration
from starter.desk.server import ended, usual_or_free
from starter.door.browser_sessions import make_link
from starter.door.faults import Fault, Kind
from starter.door.people import add_person, give_key, revoke
from starter.home import Home
from starter.web.board.sign_in import LINK
from starter.web.site import PORTAL

_PATIENCE = 60.0  # s until the door must listen; 2 s on an idle machine
_STOPPING = 15.0  # s; longer than it gives what is under way
_TRIES = "Desk trial"
_CUSTOMER = demonstration(1)
_CUSTOMER_MAIL = _CUSTOMER.contact.email if _CUSTOMER.contact else None
_TRY_AS: tuple[tuple[str, Role, Mapping[str, str | None]], ...] = (
    ("Ana Reyes", Role.ENGINEER, {"region": "sydney"}),
    ("Jun Santos", Role.ENGINEER, {"region": "manila"}),
    ("Mo Tan", Role.MANAGER, {}),
    ("Priya Nair", Role.CUSTOMER, {"tenant": _CUSTOMER.tenant, "email": _CUSTOMER_MAIL}),
)
"""As whom board and portal are tried; of a centre that has a rota, as the first of it."""

_OPENS_FOR = timedelta(days=1)  # how long a key for trying opens the door (ours)


def web_port(door: Door, surveys: int | None) -> int:
    """Return the port of the survey pages where the desk has its own, else the usual one or a free one."""
    return surveys if surveys is not None else usual_or_free(PORT, door.output, "the web door")


async def start_web_door(
    port: int, home: Home, stack: AsyncExitStack, environment: Mapping[str, str]
) -> Child:
    """Serve all of it, and wait until it listens. Raises: Fault."""
    command = [sys.executable, "-m", "starter", "web", "serve", "--port", str(port)]
    child = await start("web-door", command, home.log("web-door"), environment=environment)
    stack.push_async_callback(child.stop, _STOPPING)
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while not await _listens(port):
        if not child.is_running:
            raise ended(child)
        if asyncio.get_running_loop().time() > deadline:
            remedy = f"its log is {child.log}"
            raise Fault(Kind.FAULT, "DeskFault", "the web door does not begin to listen", remedy)
        await asyncio.sleep(0.1)
    return child


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def key_for_trying(door: Door) -> str:
    """Make the key of this run: it speaks as a TSS, who is in no rota, and is of no use tomorrow."""
    await add_person(door.session, door.actor, {"name": _TRIES, "role": Role.TSS}, replace=True)
    await revoke(door.session, door.actor, _TRIES)
    await add_person(door.session, door.actor, {"name": _TRIES, "role": Role.TSS}, replace=True)
    made = await give_key(door.session, door.actor, _TRIES, door.session.now() + _OPENS_FOR)
    return made.secret


async def links_for_trying(door: Door, port: int) -> dict[str, str]:
    """Make the links of this run, by whom they sign in; each opens once, within 15 minutes."""
    found = {}
    for usual, role, of in _TRY_AS:
        name = await _of_the_rota(door, of.get("region")) or usual
        fields = {"name": name, "role": role, **of}
        try:
            await add_person(door.session, door.actor, fields)
        except Fault as fault:
            if fault.kind is not Kind.CONFLICT:
                raise
            continue  # somebody else by now, or shut out: the desk says nothing of its own about them
        made = await make_link(door.session, door.actor, name)
        way = f"{PORTAL}{LINK}" if role is Role.CUSTOMER else LINK
        found[f"{name}, {of.get('region') or role}"] = f"http://127.0.0.1:{port}{way}/{made.secret}"
    return found


async def _of_the_rota(door: Door, region: str | None) -> str | None:
    people = () if region is None else await door.session.read(lambda store: Rota(store).people(region))
    return next((one.engineer.name for one in people if one.engineer.region == region), None)
