"""What taking a case to the vendor costs: history events, with a vendor that answers.

Both ways: handed over with the vendor's number in hand, and kept open with a ticket that is opened by us.
"""

from datetime import timedelta
from typing import Any

from bench.lifecycle import ENGINEER, start
from bench.presets import request
from bench.stage import COUNTED, Stage, at_rest, counts, stage
from domain.actor import Tier
from domain.messages.case import Contact, Message, Respond
from domain.messages.request import Availability
from domain.messages.vendor import EscalateToVendor
from domain.policy import LicenceSource
from domain.tenants import TenantFacts
from workflows.messages import WORKFLOW, CaseFile, Receipt

_KNOWN = TenantFacts(listed=True, entitled=True, licence_source=LicenceSource.PROVIDER)
_QUALIFIED = ENGINEER.model_copy(update={"tier": Tier.L2})
_CONTACT = Contact(
    name="Kim Ng",
    role="partner_technical",
    phone="+61255500100",
    email="kim.ng@partner.example",
    availability=Availability(zone="Australia/Sydney", start="09:00", end="17:00"),
)
_HAND_OVER = EscalateToVendor(
    actor=_QUALIFIED,
    reason="A fault of the service",
    prerequisites=("partner_troubleshooting", "provider_review", "secondary_troubleshooting"),
    product="office_365",
    contact=_CONTACT,
    vendor_reference="2704030040001234",
)
_KEEP_OPEN = EscalateToVendor(actor=ENGINEER, prerequisites=("initial_troubleshooting",))


async def escalation() -> dict[str, Any]:
    """Count what an escalation adds to the history of a case; counts are exact, so once is enough."""
    async with stage(_KNOWN) as on:
        handed_over = await _escalated(on, "rhipe-csp", _HAND_OVER)
        kept_open = await _escalated(on, "distributor-css", _KEEP_OPEN)
    return {"bench": "escalation", "close_on_handover": handed_over, "keep_open": kept_open}


async def _escalated(on: Stage, policy: str, message: Message) -> dict[str, Any]:
    case = await start(on, WORKFLOW, CaseFile(), "submit", request(policy, policy), f"bench-{policy}")
    answer = Respond(actor=ENGINEER, text="We have begun work on this")
    await case.execute_update("respond", answer, result_type=Receipt)
    await at_rest(case)
    await on.advance(timedelta(minutes=5), case)
    before = await counts(case)
    await case.execute_update("escalate_to_vendor", message, result_type=Receipt)
    await at_rest(case)
    after = await counts(case)
    view = await case.query("view")
    added = {key: after[key] - before[key] for key in COUNTED}
    return {"phase": view["phase"], "reference": view["vendor"]["reference"], **added}
