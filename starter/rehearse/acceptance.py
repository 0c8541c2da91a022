"""How a centre that is asked takes a case in a rehearsal: at once, and whoever is there.

Part of the rehearsals.
"""

from domain.actor import Actor, ActorKind, Role, Tier
from domain.effects import Effect
from domain.messages.case import AcceptHandoff


def acceptance(offer: Effect) -> AcceptHandoff:
    """Say what somebody of the centre asked says to take an offered case."""
    actor = Actor(
        kind=ActorKind.STAFF,
        name=f"agent of {offer.region}",
        role=Role.ENGINEER,
        tier=Tier.L1,
        region=offer.region,
    )
    return AcceptHandoff(actor=actor, request_id=offer.id)
