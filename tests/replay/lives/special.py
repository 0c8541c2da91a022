"""Lives of planned work, remote sessions, a diagnosis, a root cause, and a visit."""

from datetime import datetime, timedelta
from typing import Any

from domain.actor import Actor
from tests.desk import Desk
from tests.guides import asker, listed, records_under, taken
from tests.live_case import LiveCase
from tests.people import ANA, P1, P3
from tests.replay.lives.ordinary import archived

HOUR = timedelta(hours=1)
JO, SAM = asker("westcoast"), asker("o365-dedicated")
ZONE = "Australia/Sydney"
BARE = dict.fromkeys(
    ("service", "severity", "business_impact", "troubleshooting_done", "update_channel", "onset_at")
)
"""What a request for hands or entry need not say (DED-39)."""


def visit(opens_at: datetime) -> dict[str, Any]:
    """A request for entry within two hours from an instant on."""
    access = {"kind": "site_access", "equipment": "Rack 7", "visitor": "Lee"}
    access |= {"window_start": opens_at.isoformat(), "window_end": (opens_at + 2 * HOUR).isoformat()}
    return {**BARE, "category": "colocated_equipment", "access": access}


async def at_the_door(desk: Desk, **window: Any) -> LiveCase:
    """A case whose requester may ask for entry, and has."""
    await listed(desk, records_under("o365-dedicated", authorised_contacts=(SAM.name,)))
    return await taken(desk, "o365-dedicated", **window)


async def remote_sessions(desk: Desk) -> None:
    """Agreed, moved, reminded of, held, another one called off; the cause is named and asked about."""
    case = await desk.open(**P3)
    await case.say("respond", ANA, text="I should like to see it.")
    begins_at = await desk.now() + 5 * HOUR
    await case.say("schedule_session", ANA, start=begins_at, end=begins_at + HOUR, zone=ZONE, mode="view")
    begins_at += HOUR
    await case.say("schedule_session", ANA, start=begins_at, end=begins_at + HOUR, zone=ZONE)
    await desk.until(begins_at, minutes=1)
    await case.say("start_session", ANA, consent=True, consent_by="Kim Ng", mode="control")
    await desk.passes(minutes=20)
    await case.say("end_session", ANA, text="The profile is new.")
    begins_at += 24 * HOUR
    await case.say("schedule_session", ANA, start=begins_at, end=begins_at + HOUR, zone=ZONE, mode="view")
    await case.say("cancel_session", ANA, reason="It works by now.")
    await case.say("resolve", ANA, kind="resolution", text="It works.", root_cause="A broken profile.")
    await case.say("request_root_cause", ANA)
    await archived(desk, case)


async def planned_then_diagnosed(desk: Desk) -> None:
    """An engineer is looked for before the work begins; then it is found that DNS is at fault."""
    start_at = await desk.now() + 30 * HOUR
    case = await taken(
        desk, "westcoast", category="migration", start_at=start_at.isoformat(), start_zone="Europe/London"
    )
    await desk.until(start_at, minutes=1)
    await case.say("respond", ANA, text="I am here.")
    await case.say("diagnose", ANA, finding="individual_client", text="One computer only.")
    await case.say("diagnose", ANA, finding="dns", text="The record is wrong.")
    await archived(desk, case)


async def a_visit_to_the_rack(desk: Desk) -> None:
    """Too early, then in time."""
    opens_at = await desk.now() + 3 * HOUR
    case = await at_the_door(desk, **visit(opens_at))
    await case.say("respond", ANA, text="They know at the gate.")
    await desk.passes(minutes=60)
    await case.say("visitor_checked_in", ANA, id_valid=True)
    await desk.until(opens_at, minutes=5)
    await case.say("visitor_checked_in", ANA, id_valid=True)
    await case.say("resolve", ANA, kind="resolution", text="The disk is new.")
    await case.say("close", ANA, reason="resolved")
    await archived(desk, case)


async def special_verbs_by_signals(desk: Desk) -> None:
    """All of them, as doors that wait for no answer say them; what makes no sense is written down."""
    case = await desk.open(**P1)
    begins_at = await desk.now() + 5 * HOUR
    when = {"start": begins_at, "end": begins_at + HOUR, "zone": ZONE}
    said: tuple[tuple[str, Actor, dict[str, Any]], ...] = (
        ("schedule_session", ANA, when),
        ("cancel_session", ANA, {"reason": "Not needed."}),
        ("start_session", ANA, {"consent": False}),
        ("start_session", ANA, {"consent": True, "mode": "view"}),
        ("end_session", ANA, {}),
        ("visitor_checked_in", ANA, {"id_valid": True}),
        ("request_root_cause", ANA, {}),
        ("diagnose", ANA, {"finding": "mpn", "text": "It is the network."}),
    )
    for verb, actor, fields in said:
        await case.tell(verb, actor, **fields)
