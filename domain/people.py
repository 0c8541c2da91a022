"""Who may hold a credential: a person or a program, and as whom each speaks.

What somebody is follows from their role alone: nobody says of themselves on which side of a case they are.
"""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import Field, ValidationInfo, field_validator

from domain.actor import Actor, ActorKind, Door, Role, Tier
from domain.frozen import Frozen
from domain.text import Line

SIDES: Mapping[Role, ActorKind] = MappingProxyType(
    {
        **dict.fromkeys((Role.ENGINEER, Role.LEAD, Role.MANAGER, Role.TSS, Role.SDM), ActorKind.STAFF),
        **dict.fromkeys((Role.CASE_MANAGER, Role.INCIDENT_MANAGEMENT), ActorKind.STAFF),
        **dict.fromkeys((Role.CUSTOMER, Role.TECHNICAL_CONTACT, Role.SERVICE_DESK), ActorKind.CUSTOMER),
        **dict.fromkeys((Role.NAMED_CONTACT, Role.ADMINISTRATOR), ActorKind.CUSTOMER),
        Role.RESELLER: ActorKind.PARTNER,
        Role.VENDOR: ActorKind.VENDOR,
        Role.SYSTEM: ActorKind.SYSTEM,
    }
)
"""On which side of a case each role stands."""

_OF_THE_ROTA = frozenset({Role.ENGINEER, Role.LEAD})


class Person(Frozen):
    """Somebody, or a program, that may hold credentials.

    A requester belongs to a tenant, and sees nothing beyond it. Our own people may have a centre and a tier,
    an engineer without one stands in the first line. `email` is how an identity provider's person is found.
    """

    name: Line
    role: Role
    tenant: Line | None = Field(default=None, validate_default=True)
    region: Line | None = None
    tier: Tier | None = None
    email: Line | None = None

    @field_validator("tenant")
    @classmethod
    def _belongs(cls, tenant: str | None, given: ValidationInfo) -> str | None:
        """Refuse a requester of no tenant, who could see all cases, and a tenant for anybody else."""
        role = given.data.get("role")
        if role is None:
            return tenant
        is_requester = SIDES[role] in (ActorKind.CUSTOMER, ActorKind.PARTNER)
        if is_requester and tenant is None:
            raise ValueError(f"a {role.value} belongs to a tenant; name it")
        if not is_requester and tenant is not None:
            raise ValueError(f"a {role.value} belongs to no tenant; leave it out")
        return tenant

    @field_validator("region", "tier")
    @classmethod
    def _works_here(cls, value: str | None, given: ValidationInfo) -> str | None:
        """Refuse a centre or a tier for anybody but our own people."""
        role = given.data.get("role")
        if value is not None and role is not None and SIDES[role] is not ActorKind.STAFF:
            raise ValueError(f"only our own people have one, not a {role.value}")
        return value

    @property
    def side(self) -> ActorKind:
        """On which side of a case they stand."""
        return SIDES[self.role]

    @property
    def takes_cases(self) -> bool:
        """Whether they may own a case: then their name is that of the rota, where one is kept."""
        return self.role in _OF_THE_ROTA

    def actor(self, door: Door) -> Actor:
        """Return who speaks through a door when this person does."""
        return Actor(
            kind=self.side,
            name=self.name,
            role=self.role,
            tier=self.tier or (Tier.L1 if self.takes_cases else None),
            tenant=self.tenant,
            region=self.region,
            door=door,
        )
