"""Outages: declared, told to lists and addresses, restored, withdrawn; and calls."""

from datetime import timedelta
from typing import Any

from tests.desk import Desk
from tests.guides import INCIDENTS, asker, listed, records_under, taken
from tests.people import ANA
from tests.replay.lives.ordinary import archived

SAM = asker("o365-dedicated")
DOWN = {"level": "1", "reason": "Several customers are down.", "outage": True}
CALL = {"phone_number": "+44 20 7946 0100", "participant_code": "4711#"}
LISTS = {"stakeholders": ("board@customer.example",), "outage_audience": ("site@customer.example",)}


async def _notice(desk: Desk, **changes: Any) -> dict[str, Any]:
    expected = (await desk.now() + timedelta(hours=4)).isoformat()
    said = {"incident_details": "Transport is down.", "impact": "No mail."}
    return said | {"expected_resolution_at": expected} | changes


async def an_outage_told_and_restored(desk: Desk) -> None:
    """The first notice is late, the cadence repeats it; a call, a validation, the notice, the resolution."""
    await listed(desk, records_under("o365-dedicated", audiences=LISTS))
    case = await taken(desk, "o365-dedicated", severity="A")
    await case.say("change_level", INCIDENTS, **DOWN)
    await desk.passes(minutes=70)
    await case.say("outage_notification", INCIDENTS, **await _notice(desk))
    await desk.passes(minutes=65)
    await case.say("outage_notification", INCIDENTS, **await _notice(desk, audience=["ann@customer.example"]))
    await case.say("post_update", ANA, text="The store is being mounted.")
    await case.say("start_bridge", INCIDENTS, **CALL, to_validate=True)
    await case.say("reply", SAM, text="It works.", accepts=True)
    await case.say("outage_resolution_notification", INCIDENTS, text="Mail flows.")
    await case.say("resolve", ANA, kind="resolution", text="The store is mounted.")
    await case.say("close", ANA, reason="restored")
    await archived(desk, case)


async def outage_verbs_by_signals(desk: Desk) -> None:
    """One that was none, and one nobody notified of before it was over; no list has anybody on it."""
    case = await taken(desk, "o365-dedicated", actor=INCIDENTS, severity="1", outage=True)
    await case.tell("start_bridge", INCIDENTS, **CALL)
    await case.tell("outage_notification", INCIDENTS, **await _notice(desk))
    await case.tell("withdraw_outage", INCIDENTS, reason="A monitor was wrong.")
    await case.tell("change_level", INCIDENTS, **DOWN)
    await case.tell("validate_resolution", ANA, text="They can send.", validated=True)
    await case.tell("outage_resolution_notification", INCIDENTS, text="Mail flows.")
    await case.tell("close", ANA, reason="resolved")


async def an_outage_that_was_none(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", actor=INCIDENTS, severity="1", outage=True)
    await case.say("outage_notification", INCIDENTS, **await _notice(desk))
    await case.say("withdraw_outage", INCIDENTS, reason="A monitor was wrong.")
    await case.say("close", ANA, reason="requested")
