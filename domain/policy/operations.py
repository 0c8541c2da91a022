"""What a guide says of the organisation itself: centres, tiers, the vendor, outages, reports.

Cases are not held to these by value: they are read when a decision needs them, or by people.
"""

import re
from datetime import time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.frozen import Frozen
from domain.policy.durations import Duration, Key, TimeOfDay, Zone
from domain.policy.plans import Weekday
from domain.text import Line, Skill


class Shift(Frozen):
    """One shift of a centre in its local time; an `end` not after `start` is on the next day (GAP-12)."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    start: TimeOfDay
    end: TimeOfDay


Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""A country by its two letters, as in ISO 3166."""


def _with_digits(value: str) -> str:
    """Refuse what nobody can dial: too few digits or too many (15: ITU E.164), or a sentence."""
    digits, words = (sum(map(kind, value)) for kind in (str.isdigit, str.islower))
    fewest = 7 if value.startswith("+") else 3
    if not fewest <= digits <= 20 or words > digits or (value.startswith("+") and digits > 15 and not words):
        raise ValueError(
            f"{value[:60]!r} is no telephone; give a number as people dial it, such as +61 2 5550 0100"
        )
    return value


Telephone = Annotated[Line, AfterValidator(_with_digits)]
"""A number as people dial it, with at least three digits of any script; letters have it as it is written."""


Mailbox = Annotated[Line, Field(pattern=r"^[^@\s<>]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,63}$")]
"""A mail address customers write to."""

NumberOf = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[0-9]{1,2})?$")]
"""Whose number it is: a country's, `AU`, or a further one of it, `AU-2` (RHIPE-23)."""


class RegionRule(Frozen):
    """A support centre: where it is, when it works, and the calendar its customers count business days by.

    `countries` call this centre (RHIPE-23); those that keep another local time than it does have theirs in
    `country_zones`. `telephone` is the number its customers call, in place of the organisation's.
    """

    zone: Zone
    calendar: Key
    countries: tuple[Country, ...] = ()
    country_zones: dict[Country, Zone] = Field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    closed_on_holidays: bool = False
    languages: tuple[Key, ...] = ()
    skills: tuple[Skill, ...] = ()
    contact: Line | None = None
    telephone: Telephone | None = None

    @model_validator(mode="after")
    def _zones_are_of_its_countries(self) -> Self:
        if strange := sorted(set(self.country_zones) - set(self.countries)):
            raise ValueError(f"country_zones: {', '.join(strange)} does not call this region")
        return self


Acceptance = Literal["person", "lead", "automatic"]
"""Who accepts a case for a centre: a person, the lead for a whole list, or nobody: somebody is there."""


_TOLD_ALONE = 2
"""So many ranks are urgent where a policy names no levels (assumed: critical and high)."""


class FollowTheSun(Frozen):
    """Whether open cases are handed from centre to centre, which of them, and who accepts them.

    `levels` travel whenever their centre closes; none named means those whose cadence is shorter than a
    shift, and any case with a deadline before its home centre opens. Where somebody has to accept, the offer
    goes out `lead` before the end of the shift and passes on after `accept_within`. `tell_at_once` are the
    levels whose customers hear of another contact at any hour, others in their own day from `day_begins` on.
    Notices of `told_alone` levels have a mail of their own; those of others go in one mail for each reader of
    a shift end (none named: those of the two highest ranks are alone, assumed).
    `gaps_held_by` the owner: a plan around the clock may have hours in which no centre is open. A time of at
    most `break_up_to` between two shifts of a centre is a break, over which its cases stay.
    """

    enabled: bool = False
    levels: tuple[Key, ...] = ()
    acceptance: dict[Key, Acceptance] = Field(default_factory=dict)
    acceptance_otherwise: Acceptance = "automatic"
    lead: Duration = timedelta(minutes=30)
    accept_within: Duration = timedelta(minutes=10)
    break_up_to: Duration = timedelta(minutes=90)
    tell_at_once: tuple[Key, ...] = ()
    told_alone: tuple[Key, ...] = ()
    day_begins: TimeOfDay = time(8)
    gaps_held_by: Literal["owner", "nobody"] = "nobody"

    def is_urgent(self, level: str, rank: int) -> bool:
        """Tell whether a level is told alone at a shift end; `rank` is its rank, 0 the most urgent."""
        return level in self.told_alone if self.told_alone else rank < _TOLD_ALONE


class Tier(Frozen):
    """One line of support, what people call it, and what it knows (RHIPE-40)."""

    name: Key
    title: Line
    skills: tuple[Line, ...] = ()


class VendorEscalation(Frozen):
    """Who may take a case to the vendor, what must be done before, and what becomes of ours (CONF-01).

    `contact_details` are what must be known of the contact the vendor will speak to, `contact_from` whose
    man they have to be (RHIPE-49, RHIPE-50). `review_grounds` and `review_parts`: on what grounds the
    vendor's work may be looked at again, and what must come with that wish (RHIPE-60).

    `opens_tickets`: where no number of the vendor's is given, the ticket is opened by us. `products` are the
    ones that may be taken to them, empty for any, `enhanced` those with a queue of their own there
    (RHIPE-59). In the plans `engineer_is_contact_in` our engineer speaks to the vendor and is the main
    contact, `engineer_as_contact`: the case stays open, and the vendor's clock runs (RHIPE-42, not 5.4.1).
    `contact_roles` are what a technical contact may be, by these words or those that `role_aliases`
    has for them; empty for anybody who is no end user.
    `severity_for` says by level which severity we ask for (CSS-08), `around_the_clock` in which the vendor
    works day and night. The TSS and the SDM are told after so many follow-ups in a row without an answer.
    Without the `on_premises_addon` a cause on the customer's premises ends the case (CSS-12).
    """

    by: tuple[Line, ...] = ()
    prerequisites: tuple[Key, ...] = ()
    needs_reason: bool = False
    contact_details: tuple[Key, ...] = ()
    contact_from: Key | None = None
    disposition: Literal["close_on_handover", "keep_open"] = "keep_open"
    main_contact: Key | None = None
    our_cadence: Literal["continue", "stop"] = "continue"
    contact_check_after: Duration | None = None
    follow_up_every: Duration | None = None
    severity_set_by: Literal["vendor", "ours", "unset"] = "unset"
    licence_source_checked: bool = False
    review_grounds: tuple[Key, ...] = ()
    review_parts: tuple[Key, ...] = ()
    opens_tickets: bool = False
    products: tuple[Key, ...] = ()
    enhanced: tuple[Key, ...] = ()
    engineer_is_contact_in: tuple[Key, ...] = ()
    engineer_as_contact: Key = "engineer"
    contact_roles: tuple[Key, ...] = ()
    severity_for: dict[Key, Line] = Field(default_factory=dict)
    around_the_clock: tuple[Line, ...] = ()
    tss_told_after: int | None = Field(default=None, ge=1)
    sdm_told_after: int | None = Field(default=None, ge=1)
    on_premises_addon: Key | None = None


def _reachable(value: str) -> str:
    if "://" not in value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError("a department is told at a mail address or an https URL")
    return value


class Department(Frozen):
    """A department of our own that cases are passed on to (RHIPE-31): who answers for it, where it is told.

    Without an address the TSS hears in its place, whom escalations inside come to first (RHIPE-43).
    """

    owner: Line
    address: Annotated[Line, AfterValidator(_reachable)] | None = None


NoticePart = Literal["incident_details", "impact", "expected_resolution_at"]
BridgeDetail = Literal["phone_number", "participant_code"]


class OutageRules(Frozen):
    """How an outage is told: how soon, with what, and to whom (DED-28 to DED-35).

    `notify_within` counts from the declaration, elapsed. `ends_response`: the notice is an initial response
    too. `repeated_with_cadence`: more notices at the level's own cadence (DED-31). `bridge_details` are
    what an invitation to a bridge call must carry (DED-34).
    """

    levels: tuple[Key, ...] = Field(min_length=1)
    notify_within: Duration
    ends_response: bool = False
    repeated_with_cadence: bool = False
    content: tuple[NoticePart, ...] = ()
    audiences: tuple[Key, ...] = ()
    bridge_details: tuple[BridgeDetail, ...] = ()
    validated_before_notice: bool = True


class PhysicalAccess(Frozen):
    """Who may ask for hands or entry at equipment of their own in the vendor's rooms (DED-37 to DED-39).

    What is not among the `remote_hands` tasks needs a visit, asked for as `otherwise`. `required` is all that
    has to be said besides (DED-39).
    """

    requested_by: Key
    required: tuple[Key, ...] = ("requester", "contact")
    remote_hands: tuple[Key, ...] = ()
    otherwise: Key | None = None


class Document(Frozen):
    """A text the guide points to, or a place where customers help themselves; the link may be lost."""

    name: Line
    link: str = ""


class Organisation(Frozen):
    """What the guide says of the organisation besides the rules a case is held to.

    `phase_gates`: what has to be signed before a tenant enters that one of the `tenant_phases`; until then it
    has no support but for tests (DED-42). `telephone` is the number customers call where neither their
    centre has one of its own nor their country: `telephones` are by country, further ones of a country as
    `AU-2`. `routes` say by channel or kind of support how to get there where a guide names no number
    (O365-07). `mailboxes` and `portals` are named to customers as ways to us; in a portal they see how their
    case stands (RHIPE-03). `charged` is what costs extra, `reports` what there is to read of the service.
    `departments` are those that rules of scope with `refer_internal` name.
    """

    tiers: tuple[Tier, ...] = ()
    follow_the_sun: FollowTheSun = FollowTheSun()
    vendor: VendorEscalation | None = None
    outage: OutageRules | None = None
    physical_access: PhysicalAccess | None = None
    reassignment_notice: Literal["always", "never"] = "always"
    reports: tuple[Line, ...] = ()
    tenant_phases: tuple[Key, ...] = ()
    phase_gates: dict[Key, Line] = Field(default_factory=dict)
    charged: tuple[Line, ...] = ()
    mailboxes: tuple[Mailbox, ...] = ()
    portals: tuple[Line, ...] = ()
    telephone: Telephone | None = None
    telephones: dict[NumberOf, Telephone] = Field(default_factory=dict)
    routes: dict[Key, Line] = Field(default_factory=dict)
    role_aliases: dict[Key, Key] = Field(default_factory=dict)
    departments: dict[Key, Department] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _tiers_are_told_apart(self) -> Self:
        names = [tier.name for tier in self.tiers]
        if len(set(names)) < len(names):
            raise ValueError("tiers: names must be unique")
        return self

    @model_validator(mode="after")
    def _gates_lead_to_phases(self) -> Self:
        if unknown := sorted(set(self.phase_gates) - set(self.tenant_phases)):
            raise ValueError(f"phase_gates: unknown phase {', '.join(unknown)}")
        return self
