"""A customer of o365-dedicated: its service desk, its requests, and the terms they are held to.

A request is complete and a Severity C unless a test says otherwise; the customer is in London.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from domain import case_step
from domain.actor import Actor, ActorKind, Role
from domain.case import Case
from domain.clocks import Clock
from domain.compiled_terms import compile_terms
from domain.decision import Accepted, Refused
from domain.effects import EffectKind
from domain.messages.case import Contact, Requester, Submit
from domain.policy import SupportPolicy
from domain.tenants import TenantFacts
from domain.terms import HORIZON, Calendars, Terms
from domain.time.local_time import LocalZone
from policies import load_policy, parse_policy
from policies.zones import local_zone
from tests.domain.cases import DAY, MINUTE, Story
from tests.domain.desks import utc

MORNING = utc("2027-05-12T09:00")  # a Wednesday, ten in the morning in London
CORP, DESK_MAIL, DESK_PHONE = "Example Corp", "desk@customer.example", "+12025550100"

DESK = Actor(kind=ActorKind.CUSTOMER, name="Sam Ortiz", role=Role.SERVICE_DESK, tenant=CORP)
END_USER = Actor(kind=ActorKind.CUSTOMER, name="Bo Reed", role=Role.CUSTOMER, tenant=CORP)
OTHER_DESK = Actor(kind=ActorKind.CUSTOMER, name="Di Moss", role=Role.SERVICE_DESK, tenant="Other Corp")
INCIDENTS = Actor(kind=ActorKind.VENDOR, name="Incident management", role=Role.INCIDENT_MANAGEMENT)

WORK = (Clock.INITIAL_RESPONSE, Clock.TRIAGE, Clock.UPDATE, Clock.CUSTOMER_UPDATE)
"""Every clock of ours that runs while a case is worked on."""

REQUEST: dict[str, Any] = {
    "actor": DESK,
    "tenant": CORP,
    "reference": "HD-1",
    "policy": "o365-dedicated",
    "channel": "service_desk",
    "requester": Requester(name="Sam Ortiz", role="service_desk", organisation=CORP),
    "contact": Contact(name="Sam Ortiz", role="service_desk", phone=DESK_PHONE, email=DESK_MAIL),
    "service": "exchange_online",
    "severity": "C",
    "business_impact": "Mail flow is impaired",
    "troubleshooting_done": "Checked client, connectivity and known issues",
    "update_channel": "email",
}

_OVERSEAS = """
extends = "o365-dedicated"
name = "dedicated-overseas"
version = "1"
title = "Office 365 Dedicated, with a second centre"

[regions.overseas]
zone = "Asia/Singapore"
calendar = "none"
"""


@lru_cache
def dedicated() -> SupportPolicy:
    return load_policy("o365-dedicated")


@lru_cache
def with_a_second_centre() -> SupportPolicy:
    """A company's own policy: the preset, and a centre outside the security boundary."""
    return parse_policy(_OVERSEAS, "dedicated-overseas.toml")


@lru_cache(maxsize=64)
def _zone(name: str, day: date) -> LocalZone:
    start = datetime.combine(day, time(), UTC)
    return local_zone(name, start - 2 * DAY, start + HORIZON + 3 * DAY)


def held_to(
    at: datetime = MORNING,
    plan: str = "dedicated",
    zone: str = "Europe/London",
    region: str = "central",
    policy: SupportPolicy | None = None,
) -> Terms:
    """What a case received at `at` is held to."""
    calendars = Calendars(name="none", zone=_zone(zone, at.date()), holidays=(), sources="test")
    return compile_terms(policy or dedicated(), plan, region, calendars, at)


def asked(at: datetime = MORNING, **fields: Any) -> Submit:
    return Submit.model_validate({**REQUEST, "received_at": at, **fields})


def opening(
    at: datetime = MORNING,
    under: Terms | None = None,
    handled: datetime | None = None,
    facts: TenantFacts | None = None,
    **fields: Any,
) -> Accepted | Refused:
    """A request as it is taken, or not."""
    request = asked(at, **fields)
    refused = case_step.refuse_opening(request)
    return refused or case_step.open_case(request, under or held_to(at), handled or at, facts=facts)


def opened(at: datetime = MORNING, **fields: Any) -> Story:
    """A case of this customer, not answered yet."""
    decision = opening(at, **fields)
    assert isinstance(decision, Accepted), decision
    story = Story(decision.case)
    story.adopt(decision)
    story.decision = decision
    return story


def not_opened(at: datetime = MORNING, **fields: Any) -> Refused:
    """A request of which no case comes into being."""
    decision = opening(at, **fields)
    assert isinstance(decision, Refused), decision
    return decision


def answered(at: datetime = MORNING, **fields: Any) -> Story:
    """A case opened ten minutes before `at` and answered at `at`."""
    story = opened(at - 10 * MINUTE, **fields)
    story.say("respond", at, text="We have begun to work on this.")
    return story


def declared(at: datetime = MORNING, **fields: Any) -> Story:
    """A Severity 1 declared by the vendor ten minutes before `at` and answered at `at`."""
    return answered(at, actor=INCIDENTS, severity="1", **fields)


def at_severity(severity: str, at: datetime = MORNING, **fields: Any) -> Story:
    """An answered case of any severity."""
    if severity == "1":
        return declared(at, **fields)
    return answered(at, severity=severity, **fields)


def resolved(at: datetime = MORNING, **fields: Any) -> Story:
    """A case answered an hour before `at` and resolved at `at`, validated just before where it has to be."""
    story = answered(at - timedelta(hours=1), **fields)
    if story.case.rule.validate_resolution:
        story.say("validate_resolution", at - MINUTE, text="He says it works.", validated=True)
    story.say("resolve", at, kind="resolution", text="The store is mounted again.")
    return story


def running(case: Case) -> list[Clock]:
    """The clocks of work that run."""
    return [clock for clock in WORK if case.clock(clock) is not None]


def instants(story: Story, kind: EffectKind) -> list[datetime]:
    """When an effect was caused, each time."""
    return [effect.caused_at for effect in story.told(kind)]
