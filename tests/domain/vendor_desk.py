"""Cases on their way to the vendor: rhipe hands them over, the distributor keeps them open."""

from datetime import datetime
from typing import Any

from domain import case_step
from domain.actor import Actor, ActorKind, Role, Tier
from domain.decision import Accepted, Declined
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.tenants import TenantFacts
from tests.domain.boundary_desk import ENGINEER, MORNING, worked_on
from tests.domain.cases import MINUTE, Story

CSS, RHIPE, WEST = "distributor-css", "rhipe-csp", "westcoast"

LINA = Actor(kind=ActorKind.STAFF, name="Lina Soh", role=Role.ENGINEER, tier=Tier.L2, region="sydney")
TSS = Actor(kind=ActorKind.STAFF, name="Tom Sears", role=Role.TSS)
SDM = Actor(kind=ActorKind.STAFF, name="Sue Dixon", role=Role.SDM)
MANAGER = Actor(kind=ActorKind.STAFF, name="Cai Mann", role=Role.CASE_MANAGER)
VENDOR = Actor(kind=ActorKind.VENDOR, name="Vera of the vendor")

AT = MORNING + 30 * MINUTE
DONE = ("partner_troubleshooting", "provider_review", "secondary_troubleshooting")
CONTACT: dict[str, Any] = {
    "name": "Kim Ng",
    "role": "partner_technical",
    "phone": "+61255500100",
    "email": "kim.ng@partner.example",
    "availability": {"zone": "Australia/Sydney", "start": "09:00", "end": "17:00"},
}
NUMBER = "2705120040001234"
ESCALATION: dict[str, Any] = {
    "reason": "A fault of the service",
    "prerequisites": DONE,
    "product": "office_365",
    "contact": CONTACT,
    "vendor_reference": NUMBER,
}
"""Everything rhipe wants of an escalation."""


def at_rhipe(**fields: Any) -> Story:
    """A case of a partner, answered at `MORNING`, in which everything is in order."""
    return worked_on(RHIPE, **fields)


def handed_over(**fields: Any) -> Story:
    """A case of rhipe that went to the vendor at `AT`."""
    story = at_rhipe()
    decision = story.say("escalate_to_vendor", AT, LINA, **{**ESCALATION, **fields})
    assert isinstance(decision, Accepted), decision
    return story


def kept_open(at: datetime = AT, name: str = CSS, facts: TenantFacts | None = None, **fields: Any) -> Story:
    """A case of the distributor that its engineer took to the vendor at `at`; the vendor has a ticket."""
    story = worked_on(name, **({} if facts is None else {"facts": facts}), **fields.pop("asked", {}))
    given = {"prerequisites": ("initial_troubleshooting",), "vendor_reference": NUMBER, **fields}
    decision = story.say("escalate_to_vendor", at, ENGINEER, **given)
    assert isinstance(decision, Accepted), decision
    return story


def asked_for_ticket(**fields: Any) -> Story:
    """A case for which a ticket with the vendor is to be opened."""
    return kept_open(vendor_reference=None, **fields)


def declined(story: Story, code: str) -> Declined:
    assert isinstance(story.decision, Declined), story.decision
    assert story.decision.code == code
    return story.decision


def ends(story: Story, effect: Effect, at: datetime, **outcome: Any) -> Story:
    """The adapter tells how an effect ended: delivered, unless it says otherwise."""
    given = {"effect_id": effect.id, "status": OutcomeStatus.DELIVERED, **outcome}
    ended = Outcome.model_validate(given)
    story.adopt(case_step.delivery_ended(story.case, (effect,), (ended,), at))
    return story


def to_vendor(story: Story) -> list[Effect]:
    """What the vendor was told, in order."""
    return [effect for effect in story.effects if effect.to is Recipient.VENDOR]


def to(story: Story, kind: EffectKind) -> list[Recipient]:
    """Who was told something, in order."""
    return [effect.to for effect in story.told(kind)]
