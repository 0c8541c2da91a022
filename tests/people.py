"""Who speaks in the tests, and the request they speak about."""

from typing import Any

from domain.actor import Actor, ActorKind, Role, Tier
from domain.messages.case import Contact, Submit

ANA = Actor(kind=ActorKind.STAFF, name="Ana Reyes", role=Role.ENGINEER, tier=Tier.L1, region="sydney")
KIM = Actor(kind=ActorKind.PARTNER, name="Kim Ng", role=Role.TECHNICAL_CONTACT, tenant="Harbour Foods")
STRANGER = Actor(kind=ActorKind.PARTNER, name="Sam Doe", tenant="Other Foods")
ROBOT = Actor(kind=ActorKind.SYSTEM, name="Monitoring")

KIMS_MAIL = "kim.ng@southerncloud.example"
STAFF_MAIL = "engineers@desk.example"
TSS_MAIL = "tss@desk.example"

P1: dict[str, Any] = {"impact": "high", "urgency": "high"}
P2: dict[str, Any] = {"impact": "high", "urgency": "medium"}
P3: dict[str, Any] = {"impact": "medium", "urgency": "medium"}
P5: dict[str, Any] = {"impact": "low", "urgency": "low"}


def request(reference: str, **changes: Any) -> Submit:
    """A complete request, taken down by Ana on the telephone: P2 unless it says otherwise."""
    given: dict[str, Any] = {
        "actor": ANA,
        "tenant": "Harbour Foods",
        "reference": reference,
        "country": "AU",
        "title": "Outlook asks for the password",
        "explanation": "It does so every few minutes.",
        "contact": Contact(name="Kim Ng", email=KIMS_MAIL),
        "partner_legal_name": "Southern Cloud Pty Ltd",
        "tenant_company": "Harbour Foods",
        "tenant_domain": "harbourfoods.example",
        "affected_users": "all",
        "troubleshooting_steps": ("signed out and in",),
        **P2,
    }
    return Submit.model_validate(given | changes)
