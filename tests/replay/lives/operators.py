"""Lives that operators reach into with the engine's own tools; some of them only the real server has."""

import asyncio

from temporalio.api.enums.v1 import EventType

from domain.timeline import EntryKind
from tests.desk import Desk
from tests.e2e.operating import SPEAKER, has_turned_over, operate
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.live_incident import LiveIncident
from tests.people import ANA, KIMS_MAIL
from workflows.messages import new_case

_TASK_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


async def cancelled_in_the_engine(desk: Desk) -> None:
    """Before the request, while a mail waits, with an update in flight; and the incident it belongs to."""
    request = desk.request()
    case = desk.case(request)
    await case.start(new_case())
    await case.handle.cancel()
    await case.submit(request)
    await desk.rest()

    other = await desk.open("INC-2")
    desk.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    await other.ask("respond", {"actor": ANA, "text": "I am on it."})
    await asyncio.gather(other.ask("post_update", {"actor": ANA, "text": "News."}), other.handle.cancel())
    desk.mail.refusals.clear()
    await desk.passes(minutes=6)

    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    await incident.say("join", ANA, cases=[case.id, other.id])
    await incident.handle.cancel()
    await desk.rest()
    await incident.say("close", ANA, reason="It was none.")
    await other.say("close", ANA, reason="no_further_troubleshooting", text="Nothing left to try.")


async def reset_in_the_engine(station: Station) -> list[LiveCase]:
    """To its first task, then to one in the middle of what followed, with messages said again each time."""
    case = await station.opened("INC-1")
    await case.ask("respond", {"actor": ANA, "text": "I am on it."})
    for number in range(3):
        await case.send("post_update", {"actor": SPEAKER, "text": f"News {number}."})
    await eventually(lambda: station.everything_told(case))
    await _reset(station, case, 1, "--type", "FirstWorkflowTask")
    for number in range(3):
        await case.ask("add_note", {"actor": ANA, "text": f"Note {number}."})
    ends = [event.event_id for event in await case.events(_TASK_COMPLETED)]
    await _reset(station, case, 2, "--event-id", str(ends[-2]))
    await _reset(station, case, 3, "--type", "LastWorkflowTask")
    await case.ask("post_update", {"actor": ANA, "text": "After all that."})
    return [case]


async def turned_over_by_size(station: Station) -> list[LiveCase]:
    """By what was said in few and large messages, most of which nobody could take."""
    case = await station.opened("INC-1")
    for _ in range(9):
        large = {"actor": SPEAKER, "text": "x" * 60_000}
        await asyncio.gather(*(case.send("add_note", large) for _ in range(10)))
    await case.ask("respond", {"actor": ANA, "text": "I am on it."})
    await eventually(lambda: has_turned_over(case))
    await case.ask("post_update", {"actor": ANA, "text": "In a fresh run."})
    return [case]


async def _reset(station: Station, case: LiveCase, times: int, *to: str) -> None:
    await operate(station, "reset", "-w", case.id, "--reason", "stuck", *to)

    async def is_noted() -> bool:
        return len(await case.entries(EntryKind.ENGINE_RESET)) == times

    await eventually(is_noted)
