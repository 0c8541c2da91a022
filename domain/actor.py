"""Who speaks to a case: on which side, in which role, through which door.

The door sets the actor from its own setting, never from what callers claim about themselves.
"""

import re
from enum import StrEnum

from domain.frozen import Frozen
from domain.text import Identifier, Line, identifier


class ActorKind(StrEnum):
    """Which side of the case somebody is on."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    STAFF = "staff"
    VENDOR = "vendor"
    SYSTEM = "system"


class Role(StrEnum):
    """What somebody is to the case; `tsm` in one guide is the `tss` of another (CONF-08)."""

    ENGINEER = "engineer"
    LEAD = "lead"
    MANAGER = "manager"
    TSS = "tss"
    SDM = "sdm"
    CASE_MANAGER = "case_manager"
    TECHNICAL_CONTACT = "technical_contact"
    SERVICE_DESK = "service_desk"
    NAMED_CONTACT = "named_contact"
    ADMINISTRATOR = "administrator"
    RESELLER = "reseller"
    INCIDENT_MANAGEMENT = "incident_management"
    CUSTOMER = "customer"
    VENDOR = "vendor"
    SYSTEM = "system"

    @classmethod
    def _missing_(cls, value: object) -> "Role | None":
        """Read a role as people write it: capitals and blanks do not count, and a TSM is a TSS (CONF-08)."""
        if not isinstance(value, str):
            return None
        name = "_".join(re.split(r"[\s_-]+", value.strip().lower()))
        name = _ALSO_CALLED.get(name, name)
        return next((role for role in cls if role.value == name), None)


_ALSO_CALLED = {"tsm": "tss"}


def same_role(one: str, other: str) -> bool:
    """Tell whether two words are one role: capitals, blanks, hyphens and underscores do not count."""
    return _letters(one) == _letters(other)


def role_begins_with(role: str, word: str) -> bool:
    """Tell whether a role begins with a word, however it is spelled: `End user, global admin` does."""
    return _letters(role).startswith(_letters(word))


def _letters(role: str) -> str:
    return "".join(char for char in role.casefold() if char.isalnum())


class Tier(StrEnum):
    """How deep the support goes: first line, specialists, the vendor (RHIPE-39 to RHIPE-41)."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"


class Door(StrEnum):
    """Through which door somebody speaks; what comes straight to the engine names none, and reads so."""

    CLI = "cli"
    API = "api"
    BOARD = "board"
    PORTAL = "portal"
    VENDOR_WEBHOOK = "vendor_webhook"
    SURVEY = "survey"
    MAIL = "mail"
    AGENT = "agent"
    ENGINE = "engine"


REQUESTERS = frozenset({ActorKind.CUSTOMER, ActorKind.PARTNER})
"""Who asks for help, for themselves or for a customer of theirs."""


class Actor(Frozen):
    """Who speaks: `name` is shown in the timeline, `tenant` bounds what a requester may see and touch.

    A requester of no tenant may see and touch nothing. `door` is set by the door itself.
    """

    kind: ActorKind
    name: Line | None = None
    role: Role | None = None
    tier: Tier | None = None
    tenant: Identifier | None = None
    region: Identifier | None = None
    door: Door | None = None

    @property
    def is_requester(self) -> bool:
        """True for the side that asked for help."""
        return self.kind in REQUESTERS

    @property
    def is_staff(self) -> bool:
        """True for our own people."""
        return self.kind is ActorKind.STAFF

    def has_access_to(self, tenant: str) -> bool:
        """Tell whether what is this tenant's is open to the actor; a requester without a tenant has none."""
        if not self.is_requester or self.tenant == tenant:
            return True
        # What came before identifiers were written in one form may differ from the same one said today.
        return self.tenant is not None and identifier(self.tenant) == identifier(tenant)

    @property
    def label(self) -> str:
        """The actor in one short line, for timelines and notices."""
        return self.name or (self.role or self.kind).value.replace("_", " ")


_UNNAMED = frozenset(word.value.replace("_", " ") for word in (*ActorKind, *Role))


def is_name(label: str) -> bool:
    """Tell a name from the word `label` puts in its place where an actor gave none."""
    return label not in _UNNAMED


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Sunrelay", role=Role.SYSTEM)
