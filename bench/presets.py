"""The canonical case under each of the five presets, each beside its own floor.

The same story everywhere: submit, silence past the response target, the first response, four staff updates,
resolve, the end as the guide has it (silence, the requester's word, or staff), archive. What differs is what
the guides promise, so the effects differ; what must not differ is what an effect costs. The floor causes the
very effects the product caused, so the ratio compares effect for effect.
"""

from datetime import timedelta
from typing import Any

from bench.floor import Floor
from bench.lifecycle import ENGINEER, MINUTE, Handle, Step, measured, play_product, ratio, script_of, start
from bench.stage import COUNTED, Stage, stage
from domain.actor import Actor, ActorKind
from domain.messages.case import Close, Contact, PostUpdate, Reply, Requester, Resolve, Respond, Submit
from domain.tenants import Access, TenantFacts

KNOWN = TenantFacts(listed=True, entitled=True, access=Access.HIS)
"""What the tenant directory answers for everybody here."""

_KIM = Actor(kind=ActorKind.CUSTOMER, name="Kim Ng", tenant="bench")
_SILENCE = (timedelta(days=8), None, None)
_STAFF_CLOSE: Step = (timedelta(days=1), "close", Close(actor=ENGINEER, reason="resolved"))
_CONFIRMED: Step = (timedelta(days=1), "reply", Reply(actor=_KIM, text="It works", accepts=True))

_ENDS: dict[str, Step] = {
    "rhipe-csp": _SILENCE,
    "o365-overview": _STAFF_CLOSE,
    "o365-dedicated": _STAFF_CLOSE,
    "distributor-css": _CONFIRMED,
    "westcoast": _CONFIRMED,
}
_REQUESTS: dict[str, dict[str, Any]] = {
    "rhipe-csp": {
        "impact": "medium",
        "urgency": "high",
        "partner_legal_name": "Example Partner Pty Ltd",
        "tenant_company": "Tenant Pty Ltd",
        "tenant_domain": "tenant.example",
        "affected_users": "all",
        "troubleshooting_steps": ("Restarted Outlook",),
    },
    "o365-overview": {
        "plan": "premier-o365",
        "channel": "premier_phone",
        "access_id": "PX-1001",
        "support_type": "technical",
        "category": "break_fix",
        "subscription_family": "E",
        "severity": "B",
        "business_impact": "One office cannot send mail",
        "service_accessible": True,
        "functionality": "Sending mail",
        "onset_at": "2020-01-04T09:00:00Z",
        "users_affected": 40,
        "vip_affected": False,
        "workaround": True,
    },
    "o365-dedicated": {
        "channel": "service_desk",
        "service": "exchange_online",
        "severity": "B",
        "business_impact": "Mail flow is impaired",
        "troubleshooting_done": "Checked the clients and the network",
        "update_channel": "email",
    },
    "distributor-css": {
        "channel": "webform",
        "end_user_company": "End User Ltd",
        "onmicrosoft_domain": "enduser.onmicrosoft.com",
        "priority": "high",
        "scope": "Exchange Online",
    },
    "westcoast": {"channel": "portal", "category": "office_365", "priority": "high"},
}
_ROLES = {
    "o365-overview": "named_contact",
    "o365-dedicated": "service_desk",
    "distributor-css": "reseller",
    "westcoast": "reseller",
}


def request(policy: str, reference: str) -> Submit:
    """Return a complete request under a preset, taken by staff."""
    fields = {
        "actor": ENGINEER,
        "tenant": "bench",
        "reference": reference,
        "policy": policy,
        "explanation": "Outlook cannot send; the web client works",
        "requester": Requester(name="Kim Ng", role=_ROLES.get(policy, "technical_contact")),
        "contact": Contact(name="Kim Ng", email="kim.ng@partner.example", phone="+61255500100"),
    }
    return Submit.model_validate({**fields, **_REQUESTS[policy]})


def _life(policy: str) -> list[Step]:
    """Play an answer 4 h 30 after receipt, four updates 40 minutes apart, the resolution, the end."""
    said: list[Step] = [
        (270 * MINUTE, "respond", Respond(actor=ENGINEER, text="We have begun work on this")),
    ]
    said += [
        (40 * MINUTE, "post_update", PostUpdate(actor=ENGINEER, text=f"Step {number} of four is done"))
        for number in range(1, 5)
    ]
    said.append((30 * MINUTE, "resolve", Resolve(actor=ENGINEER, kind="resolution", text="Mail flows again")))
    return [*said, _ENDS[policy], (timedelta(days=400), None, None)]


async def presets() -> dict[str, Any]:
    """Plays the life once under each preset, and its floor; counts are exact, so once is enough."""
    found: dict[str, Any] = {}
    async with stage(KNOWN) as on:
        for policy in _REQUESTS:
            found[policy] = await _beside_its_floor(on, policy)
    return {"bench": "presets", **found}


async def _beside_its_floor(on: Stage, policy: str) -> dict[str, Any]:
    on.receivers.told.clear()
    on.receivers.recorded.clear()
    life = _life(policy)
    product = await play_product(on, request(policy, policy), life)
    effects = sum(len(delivery.effects) for _, delivery in on.receivers.told)
    script = script_of(list(on.receivers.told), list(on.receivers.recorded))

    async def begin() -> Handle:
        return await start(on, Floor.__name__, script, "say", "said", f"floor-{policy}")

    floor = await measured(on, begin, life, floor=True)
    counted = {key: product[key] for key in (*COUNTED, "timers_fired")}
    against = ratio(product, floor)
    above = product["caused"] - floor["caused"]
    return {
        **counted,
        "effects": effects,
        "floor_events": floor["events"],
        "caused_above_floor": above,
        "ratio": {key: against[key] for key in COUNTED if key in against},
    }
