"""Lives in which a case changes hands among our own people."""

from domain.actor import Actor, ActorKind, Role, Tier
from tests.desk import Desk
from tests.people import ANA, P1

BEA = Actor(kind=ActorKind.STAFF, name="Bea", role=Role.TSS, tier=Tier.L2)


async def from_hand_to_hand(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("claim", ANA)
    await case.say("respond", ANA, text="I am on it.")
    await case.say("escalate", ANA, classification="Mail transport", skill="azure")
    await desk.passes(minutes=50)
    await case.say("reassign", ANA, assignee="Noor", reason="sick_leave")
    await case.say("take_ownership", BEA)
    await case.say("close", BEA, reason="no_further_troubleshooting")


async def from_hand_to_hand_by_signals(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.tell("claim", ANA)
    await case.tell("escalate", ANA, classification="Mail transport")
    await case.tell("reassign", ANA, assignee="Noor", reason="holiday")
    await case.tell("take_ownership", BEA, reason="It takes too long.")
    await case.tell("close", BEA, reason="no_further_troubleshooting")


async def given_to_somebody_who_is_told(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    await case.say("reassign", ANA, assignee="Noor", reason="holiday")
    await case.tell("reassign", ANA, assignee="Omar", reason="shift_change")
    await desk.passes(minutes=10)
    await case.say("close", ANA, reason="no_further_troubleshooting")


async def left_by_whoever_had_it(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    await case.say("staffing_news", BEA, region="sydney")
    await case.tell("staffing_news", BEA, engineer=ANA.name)
    await case.say("claim", BEA)
    await case.say("close", BEA, reason="no_further_troubleshooting")
