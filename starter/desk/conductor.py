"""`sunrelay run`: opens the desk, shows it live until Ctrl-C, and closes it in order."""

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.live import Live

from activities.store.case_list import CaseFilter
from domain.naming import case_number
from starter.cli.command import Door
from starter.cli.mailbox import latest
from starter.cli.watch import boards, follow
from starter.desk.demonstration import open_demonstration
from starter.desk.parts import Desk, open_desk
from starter.desk.picture import desk as draw_desk
from starter.desk.web_door import key_for_trying, links_for_trying
from starter.door.place import Target

if TYPE_CHECKING:
    from rich.console import RenderableType

    from domain.record import CaseRow

_EVERY = 1.0  # s between two pictures
_CASES = 30
_SETTLING = 15.0  # s the one picture of --once waits for the case's row and first mail


@dataclass
class Showing:
    """What the desk shows: itself, a door to its cases, and number and id of the demonstration case."""

    desk: Desk
    door: Door
    example: str
    case_id: str

    async def rows(self) -> "tuple[CaseRow, ...]":
        """Read the open cases."""
        wanted = CaseFilter(open_only=True, limit=_CASES)
        return await self.door.session.read(lambda store: store.cases(wanted))

    async def picture(self) -> "RenderableType":
        """Draw the desk as it is now."""
        mails = latest(self.door.home, 5)
        width = self.door.output.result.width
        return draw_desk(
            self.desk.addresses, await self.rows(), mails, self.example, datetime.now(UTC), width
        )


async def run_desk(door: Door, *, once: bool) -> None:
    """Run the desk until Ctrl-C, or show it once. Raises: Fault."""
    told = _end_on_signals()
    try:
        async with AsyncExitStack() as stack:
            desk = await open_desk(door, stack)
            stack.callback(door.output.say, "closing the desk")
            await desk.during(_show(door, desk, once=once))
    except asyncio.CancelledError:
        if not told.is_set():
            raise


def _end_on_signals() -> asyncio.Event:
    """End the desk on the first Ctrl-C or SIGTERM; later ones do not disturb the closing."""
    told = asyncio.Event()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def end() -> None:
        if not told.is_set():
            told.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    return told


async def _show(door: Door, desk: Desk, *, once: bool) -> None:
    """Open the demonstration case and show the desk. Raises: Fault."""
    target = Target(desk.place.address, desk.place.namespace, door.target.profile, door.target.config_file)
    inside = Door(door.output, target, max(door.timeout, timedelta(seconds=30)), door.home)
    try:
        case_id, receipt = await open_demonstration(inside)
        found = "found again" if receipt is None or receipt.repeated else "opened"
        door.output.say(f"demonstration case {case_number(case_id)} {found}")
        key, links = await key_for_trying(inside), await links_for_trying(inside, desk.addresses.port)
        desk.addresses = replace(desk.addresses, key=key, links=links)
        showing = Showing(desk, inside, case_number(case_id), case_id)
        await (_show_once(showing) if once else _show_live(showing))
    finally:
        await inside.close()


async def _show_once(showing: Showing) -> None:
    """Show the desk once it has settled: the case is listed, and its first mail has come."""
    output = showing.door.output
    deadline = asyncio.get_running_loop().time() + _SETTLING
    while asyncio.get_running_loop().time() < deadline:
        if await _has_settled(showing):
            break
        await asyncio.sleep(0.2)
    if output.is_text:
        output.show(await showing.picture())
    else:
        rows = [row.model_dump(mode="json") for row in await showing.rows()]
        output.record({**showing.desk.addresses.as_record(), "demonstration": showing.example, "cases": rows})


async def _has_settled(showing: Showing) -> bool:
    row = await showing.door.session.read(lambda store: store.case_row(showing.case_id))
    return row is not None and bool(latest(showing.door.home, 1))


async def _show_live(showing: Showing) -> None:
    """Draw the desk every second; into a pipe it prints it once and then a line for each change."""
    console = showing.door.output.result
    if not console.is_terminal or not showing.door.output.is_text:
        await _show_once(showing)
        await follow(showing.door, boards(showing.door, None, _EVERY))
        return

    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(await showing.picture(), refresh=True)
            await asyncio.sleep(_EVERY)
