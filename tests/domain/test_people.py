"""Who somebody is follows from their role; and each entry says who, as whom, through which door."""

import pytest
from pydantic import ValidationError

from domain.actor import Actor, ActorKind, Door, Role, Tier
from domain.people import SIDES, Person
from domain.timeline import TimelineEntry


@pytest.mark.parametrize("role", Role)
def test_every_role_stands_on_one_side(role: Role) -> None:
    tenant = "acme" if SIDES[role] in (ActorKind.CUSTOMER, ActorKind.PARTNER) else None
    actor = Person(name="Ana", role=role, tenant=tenant).actor(Door.API)
    assert (actor.kind, actor.role, actor.tenant, actor.door) == (SIDES[role], role, tenant, Door.API)
    assert actor.is_requester is (tenant is not None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "customer"}, "tenant"),
        ({"role": "reseller"}, "tenant"),
        ({"role": "engineer", "tenant": "acme"}, "tenant"),
        ({"role": "system", "tenant": "acme"}, "tenant"),
        ({"role": "customer", "tenant": "acme", "region": "sydney"}, "region"),
        ({"role": "vendor", "tier": "L1"}, "tier"),
        ({"role": "god"}, "role"),
    ],
)
def test_a_person_who_does_not_fit_is_refused_by_the_field(given: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Person.model_validate({"name": "Ana", **given})
    assert [one["loc"] for one in refused.value.errors()] == [(field,)]


def test_an_engineer_without_a_tier_stands_in_the_first_line() -> None:
    assert Person(name="Ana", role=Role.ENGINEER).actor(Door.CLI).tier is Tier.L1
    assert Person(name="Ana", role=Role.LEAD, tier=Tier.L2).actor(Door.CLI).tier is Tier.L2
    assert Person(name="Ana", role=Role.MANAGER).actor(Door.CLI).tier is None


def test_records_of_earlier_versions_are_read() -> None:
    old = '{"number": 1, "at": "2027-03-02T03:00:00Z", "kind": "noted", "by": "Ana"}'
    entry = TimelineEntry.model_validate_json(old)
    assert (entry.by_kind, entry.by_role, entry.door) == (None, None, None)
    assert Actor.model_validate_json('{"kind": "staff"}').door is None
