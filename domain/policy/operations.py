"""What a guide says of the organisation itself: centres, tiers, the vendor, outages, reports. Pure.

Cases are not held to these by value: they are read when a decision needs them, or by people.
"""

from datetime import time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.frozen import Frozen
from domain.policy.durations import Duration, Key, Zone
from domain.policy.plans import Weekday
from domain.text import Line


class Shift(Frozen):
    """One shift of a centre in its local time; an `end` not after `start` is on the next day (GAP-12)."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    start: time
    end: time


Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""A country by its two letters, as in ISO 3166."""


class RegionRule(Frozen):
    """A support centre: where it is, when it works, and the calendar its customers count business days by.

    `countries` call this centre (RHIPE-23); those that keep another local time than it does have theirs in
    `country_zones`.
    """

    zone: Zone
    calendar: Key
    countries: tuple[Country, ...] = ()
    country_zones: dict[Country, Zone] = Field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    closed_on_holidays: bool = False
    languages: tuple[Key, ...] = ()
    skills: tuple[Key, ...] = ()
    contact: Line | None = None

    @model_validator(mode="after")
    def _zones_are_of_its_countries(self) -> Self:
        if strange := sorted(set(self.country_zones) - set(self.countries)):
            raise ValueError(f"country_zones: {', '.join(strange)} does not call this region")
        return self


Acceptance = Literal["person", "lead", "automatic"]
"""Who accepts a case for a centre: a person, the lead for a whole list, or nobody: somebody is there."""


class FollowTheSun(Frozen):
    """Whether open cases are handed from centre to centre, which of them, and who accepts them.

    `levels` travel whenever their centre closes; none named means those whose cadence is shorter than a
    shift, and any case with a deadline before its home centre opens. Where somebody has to accept, the offer
    goes out `lead` before the end of the shift and passes on after `accept_within`. `tell_at_once` are the
    levels whose customers hear of another contact at any hour, others in their own day from `day_begins` on.
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
    day_begins: time = time(8)
    gaps_held_by: Literal["owner", "nobody"] = "nobody"


class Tier(Frozen):
    """One line of support and what it knows."""

    name: Key
    title: Line
    skills: tuple[Line, ...] = ()


class VendorEscalation(Frozen):
    """Who may take a case to the vendor, what must be done before, and what becomes of ours (CONF-01).

    `contact_details` are what must be known of the contact the vendor will speak to, `contact_from` whose
    man he has to be (RHIPE-49, RHIPE-50). `review_grounds` and `review_parts`: on what grounds the vendor's
    work may be looked at again, and what must come with that wish (RHIPE-60).

    `opens_tickets`: where no number of the vendor's is given, the ticket is opened by us. `products` are the
    ones that may be taken to him, empty for any, `enhanced` those with a queue of their own there (RHIPE-59).
    In the plans `engineer_is_contact_in` our engineer speaks to the vendor (RHIPE-42). `severity_for` says by
    level which severity we ask for (CSS-08), `around_the_clock` in which the vendor works day and night.
    The TSS and the SDM are told after so many follow-ups in a row without an answer. Without the
    `on_premises_addon` a cause on the customer's premises ends the case (CSS-12).
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
    severity_for: dict[Key, Line] = Field(default_factory=dict)
    around_the_clock: tuple[Line, ...] = ()
    tss_told_after: int | None = Field(default=None, ge=1)
    sdm_told_after: int | None = Field(default=None, ge=1)
    on_premises_addon: Key | None = None


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
    """Who may ask for hands or entry at equipment of his own in the vendor's rooms (DED-37 to DED-39).

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

    `phase_gates`: what has to be signed before a tenant enters that one of the `tenant_phases` (DED-42).
    """

    tiers: tuple[Tier, ...] = ()
    follow_the_sun: FollowTheSun = FollowTheSun()
    vendor: VendorEscalation | None = None
    outage: OutageRules | None = None
    physical_access: PhysicalAccess | None = None
    reassignment_notice: Literal["always", "never", "unset"] = "unset"
    reports: tuple[Line, ...] = ()
    tenant_phases: tuple[Key, ...] = ()
    phase_gates: dict[Key, Line] = Field(default_factory=dict)
    charged: tuple[Line, ...] = ()
    mailboxes: tuple[Line, ...] = ()
    portals: tuple[Line, ...] = ()
    telephones: dict[Key, Line] = Field(default_factory=dict)
    role_aliases: dict[Key, Key] = Field(default_factory=dict)

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
