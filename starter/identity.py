"""Who speaks through this door: its own setting, never what a caller claims on the command line.

Part of the doors. A deployment gives each desk or person his environment; the command line has no flag
for it on purpose.
"""

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.actor import Actor, ActorKind, Role, Tier
from domain.text import Line
from starter.faults import usage


class ActorSettings(BaseSettings):
    """The environment of a door: SUNRELAY_ACTOR_NAME, _KIND, _ROLE, _TIER, _TENANT, _REGION."""

    model_config = SettingsConfigDict(env_prefix="SUNRELAY_ACTOR_", env_ignore_empty=True)

    name: Line | None = None
    kind: ActorKind = ActorKind.STAFF
    role: Role | None = None
    tier: Tier | None = None
    tenant: Line | None = None
    region: Line | None = None

    def actor(self) -> Actor:
        """This will be the speaker; staff are first-line engineers unless the setting says otherwise.

        Raises: Fault (usage) for a requester of no tenant: he would see everybody's cases.
        """
        if self.kind in (ActorKind.CUSTOMER, ActorKind.PARTNER) and self.tenant is None:
            raise usage(f"SUNRELAY_ACTOR_TENANT is not set for a {self.kind}", "name the tenant of this door")
        staff = self.kind is ActorKind.STAFF
        return Actor(
            kind=self.kind,
            name=self.name,
            role=self.role or (Role.ENGINEER if staff else None),
            tier=self.tier or (Tier.L1 if staff else None),
            tenant=self.tenant,
            region=self.region,
        )


def door_actor() -> Actor:
    """This will read who speaks here. Raises: Fault (usage) where the setting is no actor."""
    try:
        return ActorSettings().actor()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise usage(f"SUNRELAY_ACTOR_{name}: {first['msg']}", "mend the environment of this door") from None
