"""Who speaks through this door: its own setting, never what a caller claims on the command line.

A deployment gives each desk or person their environment; the command line has no flag
for it on purpose.
"""

import os

from pydantic import ValidationError

from domain.actor import Actor, ActorKind, Door, Role, Tier
from domain.frozen import Frozen
from domain.text import Line
from starter.cli import core
from starter.door.faults import Fault, Kind
from starter.door.permission import speaker

_PREFIX = "SUNRELAY_ACTOR_"


class ActorSettings(Frozen):
    """The environment of a door: SUNRELAY_ACTOR_NAME, _KIND, _ROLE, _TIER, _TENANT, _REGION.

    Read by hand, for every command needs it: the library of the other settings takes 50 ms to load.
    """

    name: Line | None = None
    """Who speaks through this door, as the timeline shows it."""

    kind: ActorKind = ActorKind.STAFF
    """On which side they are."""

    role: Role | None = None
    """What they are to a case; of staff an engineer, unless said otherwise."""

    tier: Tier | None = None
    """How deep their support goes; of staff L1, unless said otherwise."""

    tenant: Line | None = None
    """Whose cases they may see and speak to, where they are a requester."""

    region: Line | None = None
    """The centre they speak for; else where they have checked in, else their own of the rota."""

    def actor(self) -> Actor:
        """Return the speaker; staff are first-line engineers unless the setting says otherwise."""
        staff = self.kind is ActorKind.STAFF
        return Actor(
            kind=self.kind,
            name=self.name,
            role=self.role or (Role.ENGINEER if staff else None),
            tier=self.tier or (Tier.L1 if staff else None),
            tenant=self.tenant,
            region=self.region,
            door=Door.CLI,
        )


def door_actor() -> Actor:
    """Read who speaks here. Raises: Fault (usage) where the setting is no actor."""
    try:
        return speaker(ActorSettings.model_validate(_given()).actor())
    except ValidationError as error:
        raise core.wrong_settings(error, _PREFIX) from None


def check_claims(actor: Actor) -> None:
    """See that the environment names nobody but whom the credential speaks for. Raises: Fault (refused)."""
    try:
        said = ActorSettings.model_validate(_given())
    except ValidationError as error:
        raise core.wrong_settings(error, _PREFIX) from None
    wrong = [name for name in said.model_fields_set if getattr(said, name) != getattr(actor, name)]
    if wrong:
        names = ", ".join(f"{_PREFIX}{name.upper()}" for name in sorted(wrong))
        reason = f"the key speaks for {actor.label}; {names} says otherwise"
        remedy = "unset it, or sign in with that person's own key"
        raise Fault(Kind.REFUSED, "ActorNotProved", reason, remedy)


def _given() -> dict[str, str]:
    """Return what is set, and not to nothing, in letters of either case."""
    environment = {name.upper(): value for name, value in os.environ.items() if value}
    names = {name: environment.get(f"{_PREFIX}{name.upper()}") for name in ActorSettings.model_fields}
    return {name: value for name, value in names.items() if value is not None}
