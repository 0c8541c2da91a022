"""The overview's desk: premier and ordinary requests under the shipped preset, and what our records know.

The complete request is the one the acceptance scenarios lay under theirs.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import pytest
from pydantic import ValidationError

from domain import case_step
from domain.actor import Actor, ActorKind, Role, Tier
from domain.decision import Accepted, Refused
from domain.messages.case import Submit
from domain.misreading import misread
from domain.policy import SupportPolicy
from domain.tenants import UNREAD, NamedContact, TenantFacts, TenantRecord, Verification, facts_of
from domain.terms import Terms
from domain.verbs import Verb
from policies import load_policy
from tests.domain.cases import Story, terms
from tests.domain.desks import utc
from tests.scenarios.files import SHIPPED

WEDNESDAY = utc("2027-05-12T15:30")  # half past four in London
TENANT = "Example Ltd"

ENGINEER = Actor(kind=ActorKind.STAFF, name="Ines Vogt", role=Role.ENGINEER, tier=Tier.L1)
ROBIN = Actor(kind=ActorKind.CUSTOMER, name="Robin Hale", role=Role.NAMED_CONTACT, tenant=TENANT)
ADMIN = Actor(kind=ActorKind.CUSTOMER, name="Robin Hale", role=Role.ADMINISTRATOR, tenant=TENANT)

ITEMS = {
    "admin_name": "Quentin Ashgrove",
    "company_name": "Larchfield Holdings",
    "company_address": "9 Thistle Row, Crewe",
    "alternate_email": "q.ashgrove@elsewhere.example",
}
RECORD = TenantRecord(
    tenant=TENANT,
    entitled=True,
    named_contacts=(
        NamedContact(name="Robin Hale", access_id="PX-1001"),
        NamedContact(name="Kit Moor", access_id="PX-2002"),
    ),
    verification=Verification.model_validate(ITEMS),
)

_COMPLETE: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))["defaults"]["o365-overview"][
    "submit"
]
PREMIER: dict[str, Any] = {"tenant": TENANT, "reference": "INC-1", "actor": ROBIN, **_COMPLETE}
ORDINARY: dict[str, Any] = {
    **PREMIER,
    "actor": ADMIN,
    "channel": "portal",
    "requester": _COMPLETE["requester"] | {"role": "administrator"},
    "access_id": None,
}
BILLED: dict[str, Any] = {
    "support_type": "billing",
    "category": "bill_clarification",
    "verification": ITEMS,
}
BILLING: dict[str, Any] = ORDINARY | BILLED
BARE = dict.fromkeys(_COMPLETE.keys() - {"channel", "requester", "language"})
"""Laid over a request it leaves nothing but who asks, and where."""


@lru_cache
def overview() -> SupportPolicy:
    return load_policy("o365-overview")


def held_to(plan: str, at: datetime = WEDNESDAY, policy: SupportPolicy | None = None) -> Terms:
    """What a case of a plan is held to; its tenant keeps the time of London."""
    found = terms(at, zone="Europe/London", calendar="GB-ENG", plan=plan, policy=policy or overview())
    return found.model_copy(update={"region": "central"})


def asked(
    given: dict[str, Any],
    plan: str | None = None,
    at: datetime = WEDNESDAY,
    under: Terms | None = None,
    record: TenantRecord | None = RECORD,
    is_ours: bool | None = None,
    unread: bool = False,
    **changes: Any,
) -> Accepted | Refused:
    """A request as a door hands it over: read, looked up in the directory, and decided.

    A change to None leaves a field out. `is_ours`: whether the case it refers to is one of the tenant's.
    """
    fields = {name: value for name, value in (given | changes).items() if value is not None}
    try:
        request = Submit.model_validate({"received_at": at, **fields})
    except ValidationError as error:
        return misread(error)
    enquiry = case_step.terms_wanted(request, at).enquiry
    assert enquiry is not None
    facts: TenantFacts = UNREAD if unread else facts_of(record, enquiry, is_ours)
    plan = plan or ("premier-o365" if given["access_id"] else "standard")
    refused = case_step.refuse_opening(request)
    return refused or case_step.open_case(request, under or held_to(plan, at), at, facts=facts)


def taken(given: dict[str, Any], plan: str | None = None, **changes: Any) -> Story:
    """A request that became a case, open or closed at once."""
    decision = asked(given, plan, **changes)
    assert isinstance(decision, Accepted), decision
    story = Story(decision.case)
    story.adopt(decision)
    story.decision = decision
    return story


def refused(given: dict[str, Any], plan: str | None = None, **changes: Any) -> Refused:
    """A request of which no case came into being."""
    decision = asked(given, plan, **changes)
    assert isinstance(decision, Refused), decision
    return decision


def warnings(story: Story) -> tuple[str, ...]:
    """What the last thing said was answered with besides yes."""
    assert isinstance(story.decision, Accepted), story.decision
    return story.decision.warnings


def unreadable(verb: Verb, **fields: Any) -> Refused:
    """A message of a shape that no case ever hears of."""
    with pytest.raises(ValidationError) as caught:
        verb.model.model_validate({"actor": ROBIN, "received_at": WEDNESDAY, **fields})
    return misread(caught.value)
