"""Lives in which a case is taken to the vendor: handed over, or kept open while he works on it."""

from typing import Any

from domain.actor import Actor, ActorKind, Role, Tier
from tests.desk import Desk
from tests.guides import asker, taken
from tests.people import ANA, KIM

LINA = Actor(kind=ActorKind.STAFF, name="Lina Soh", role=Role.ENGINEER, tier=Tier.L2, region="sydney")
SDM = Actor(kind=ActorKind.STAFF, name="Sue Dixon", role=Role.SDM)
VERA = Actor(kind=ActorKind.VENDOR, name="Vera")
ALEX = asker("distributor-css")
ESCALATION: dict[str, Any] = {
    "reason": "A fault of the service",
    "prerequisites": ["partner_troubleshooting", "provider_review", "secondary_troubleshooting"],
    "product": "office_365",
    "contact": {
        "name": "Kim Ng",
        "role": "partner_technical",
        "phone": "+61255500100",
        "email": "kim.ng@partner.example",
        "availability": {"zone": "Australia/Sydney", "start": "09:00", "end": "17:00"},
    },
    "vendor_reference": "2704030040001234",
}
REVIEW = {
    "ground": "no_resolution",
    "reply_to": "notice",
    "conversation_ref": "store:mails",
    "status": "Still broken.",
    "request": "Please look at it.",
}
AFTER_A_FIRST_LOOK = {"prerequisites": ["initial_troubleshooting"]}


async def handed_over_to_the_vendor(desk: Desk) -> None:
    """Wished for, taken there, not called for a day; then a review is asked for and taken up."""
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    await case.say("request_escalation", KIM, reason="It has lasted for a week.")
    await case.say("escalate_to_vendor", LINA, **ESCALATION)
    await case.say("vendor_contacted", KIM, contacted=False, text="Nobody has called.")
    await desk.passes(hours=25)
    await case.say("vendor_contacted", KIM, contacted=False, text="Still nobody.")
    await case.say("vendor_contacted", KIM)
    await case.say("request_vendor_review", KIM, **REVIEW)
    await case.say("decide_vendor_review", SDM, accept=True, reason="It takes too long.")


async def kept_open_with_the_vendor(desk: Desk) -> None:
    """Asked again each day, answered, found in the cloud, done; our engineer stays its main contact."""
    case = await taken(desk, "distributor-css", priority="critical")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("assign_resolver_group", ANA, group="exchange")
    await case.say("escalate_to_vendor", ANA, **AFTER_A_FIRST_LOOK, vendor_reference="T-9")
    await desk.passes(hours=49)
    await case.say("vendor_update", VERA, text="We are at it.", severity="B")
    await case.say("vendor_finding", VERA, boundary="cloud")
    await case.say("vendor_update", VERA, text="It is repaired.", resolved=True)
    await case.say("change_main_contact", ANA, to="reseller")
    await case.say("resolve", ANA, kind="resolution", text="They open again.")


async def a_ticket_asked_for_and_on_the_premises(desk: Desk) -> None:
    case = await taken(desk, "distributor-css")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("escalate_to_vendor", ANA, **AFTER_A_FIRST_LOOK)
    await case.say("vendor_update", ANA, text="He has it now.", reference="T-10")
    await case.say("vendor_finding", VERA, boundary="on_premises")


async def vendors_verbs_by_signals(desk: Desk) -> None:
    case = await taken(desk, "distributor-css")
    await case.tell("respond", ANA, text="I am on it.")
    await case.tell("request_escalation", ALEX, reason="It is urgent.")
    await case.tell("assign_resolver_group", ANA, group="exchange")
    await case.tell("escalate_to_vendor", ANA, **AFTER_A_FIRST_LOOK, vendor_reference="T-11")
    await case.tell("vendor_update", VERA, text="We are at it.")
    await case.tell("vendor_finding", VERA, boundary="cloud")
    await case.tell("vendor_contacted", ALEX)
    await case.tell("request_vendor_review", SDM, ground="slow_or_sla_broken")
    await case.tell("decide_vendor_review", SDM, accept=False, reason="He has just begun.")
    await case.tell("vendor_update", VERA, text="Repaired.", resolved=True)
    await case.tell("change_main_contact", ANA, to="reseller")


async def reviewed_though_not_ours(desk: Desk) -> None:
    """Two tickets the vendor had from others: one is looked into by update, the other by signal."""
    said = {"text": "We look into your ticket.", "vendor_reference": "2704030040001234"}
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    await case.say("review_externally", SDM, **said)
    other = await desk.open("INC-2")
    await other.tell("review_externally", SDM, **said)
