"""Requests at the desks of the distributor, of Westcoast and of rhipe, with what the tenant directory knows.

Each desk has a complete request of an entitled requester; a test says only what is different in its own.
"""

from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from domain import case_step
from domain.actor import Actor, ActorKind, Role, Tier
from domain.clocks import Clock
from domain.decision import Accepted, Refused
from domain.effects import Effect, EffectKind
from domain.messages.case import Submit
from domain.policy import LicenceSource, Plan, SupportPolicy
from domain.tenants import TenantFacts
from domain.terms import Terms
from policies import load_policy
from tests.domain.cases import Story, terms
from tests.domain.desks import utc
from tests.people import KIM, P3, request

MORNING = utc("2027-05-12T08:00")  # a Wednesday, nine in London
WEEK = utc("2027-05-19T08:00") - MORNING

ENGINEER = Actor(kind=ActorKind.STAFF, name="Ines Roy", role=Role.ENGINEER, tier=Tier.L1)
ALEX = Actor(kind=ActorKind.PARTNER, name="Alex Brandt", role=Role.RESELLER, tenant="Example Reseller")
JO = Actor(kind=ActorKind.PARTNER, name="Jo Field", role=Role.RESELLER, tenant="Field IT")
KNOWN = TenantFacts(listed=True, entitled=True, licence_source=LicenceSource.PROVIDER)

_HOUSEKEEPING = {clock for clock in Clock if not clock.is_promise} | {Clock.REOPEN_WINDOW}
_REQUESTS: dict[str, dict[str, Any]] = {
    "distributor-css": {
        "actor": ALEX,
        "tenant": "Example Reseller",
        "reference": "CSS-1",
        "channel": "webform",
        "requester": {"name": "Alex Brandt", "role": "reseller"},
        "contact": {"name": "Alex Brandt", "role": "reseller", "email": "alex@reseller.example"},
        "end_user_company": "End User Ltd",
        "onmicrosoft_domain": "enduser.onmicrosoft.com",
        "priority": "normal",
        "scope": "Exchange Online",
        "explanation": "Shared mailboxes do not open.",
    },
    "westcoast": {
        "actor": JO,
        "tenant": "Field IT",
        "reference": "WEST-1",
        "channel": "portal",
        "requester": {"name": "Jo Field", "role": "reseller"},
        "contact": {"name": "Jo Field", "role": "reseller", "email": "jo@fieldit.example"},
        "category": "office_365",
        "priority": "normal",
        "explanation": "A user cannot sign in to Office.",
    },
    "rhipe-csp": request("CSP-1", actor=KIM, channel="email", **P3).model_dump(exclude_unset=True),
}


@lru_cache
def guide(name: str) -> SupportPolicy:
    return load_policy(name)


def guide_without(name: str, wanted: str, instead: str = "") -> str:
    """The TOML of a guide with something else, or nothing, in place of its first line that begins so."""
    lines = files("policies").joinpath(f"{name}.toml").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(wanted))
    return "\n".join([*lines[:at], instead, *lines[at + 1 :]])


def guide_with(name: str, section: str, **changes: Any) -> SupportPolicy:
    """A guide with other rules of intake, scope, informing or closing."""
    policy = guide(name)
    rules = getattr(policy.rules, section)
    changed = type(rules).model_validate(rules.model_dump() | changes)
    return policy.model_copy(update={"rules": policy.rules.model_copy(update={section: changed})})


def held_to(policy: SupportPolicy, at: datetime = MORNING, **plan: Any) -> Terms:
    """What a request received at `at` is held to under a guide; `plan` changes its default plan."""
    if plan:
        default = policy.plans[policy.default_plan].model_dump(mode="json") | plan
        changed = {**policy.plans, policy.default_plan: Plan.model_validate(default)}
        policy = policy.model_copy(update={"plans": changed})
    home = policy.regions[policy.default_region]
    compiled = terms(at, home.zone, home.calendar, policy.default_plan, policy)
    return compiled.model_copy(update={"region": policy.default_region})


def asked(
    name: str,
    at: datetime = MORNING,
    facts: TenantFacts | None = KNOWN,
    under: Terms | None = None,
    **fields: Any,
) -> Accepted | Refused:
    """A request at one of the desks, and what becomes of it."""
    given = {**_REQUESTS[name], "policy": name, "received_at": at, **fields}
    submit = Submit.model_validate(given)
    refused = case_step.refuse_opening(submit)
    return refused or case_step.open_case(submit, under or held_to(guide(name), at), at, facts=facts)


def turned_down(name: str, at: datetime = MORNING, **fields: Any) -> Refused:
    """A request that does not become a case, and why."""
    decision = asked(name, at, **fields)
    assert isinstance(decision, Refused), decision
    return decision


def taken(name: str, at: datetime = MORNING, **fields: Any) -> Story:
    """A request that becomes a case; it may be closed at once, with the explanation."""
    decision = asked(name, at, **fields)
    assert isinstance(decision, Accepted), decision
    story = Story(decision.case)
    story.adopt(decision)
    story.decision = decision
    return story


def worked_on(name: str, **fields: Any) -> Story:
    """A case that our engineer answered at `MORNING`, the instant it came in."""
    story = taken(name, **fields)
    story.say("respond", MORNING, ENGINEER, text="We have begun to look into it.")
    return story


def solved(name: str, **fields: Any) -> Story:
    """A case resolved at `MORNING`, whose requester has not said yet whether it works."""
    story = worked_on(name, **fields)
    story.say("resolve", MORNING, ENGINEER, kind="resolution", text="They open again.")
    return story


def warned(story: Story) -> tuple[str, ...]:
    """The codes that came with the last decision, which stands all the same."""
    assert isinstance(story.decision, Accepted), story.decision
    return story.decision.warnings


def only(story: Story, kind: EffectKind) -> Effect:
    """The one effect of its kind."""
    (effect,) = story.told(kind)
    return effect


def promised_clocks(story: Story) -> set[Clock]:
    """The clocks that run and are more than housekeeping: the archive and the renewal of terms."""
    return {running.clock for running in story.case.clocks} - _HOUSEKEEPING
