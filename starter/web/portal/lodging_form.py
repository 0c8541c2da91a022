"""The form a case is lodged by, as a policy wants it: its fields, its levels, and what must be given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.files import FILES
from domain.policy import SupportPolicy
from domain.verbs import Verb
from starter.web.board.case_choices import Named
from starter.web.board.case_fields import Field, Input, fields_of
from starter.web.portal.speech import Speech

_CONTACT = ("contact.name", "contact.phone", "contact.email")
_RATINGS = ("high", "medium", "low")
_ELSEWHERE = frozenset({"contact", "severity", "priority", "requester", *FILES})
PRIVATE = "private"


@dataclass(frozen=True)
class Asked:
    """One field of the form, with what may be chosen; `is_needed` by the policy, or else welcome."""

    field: Field
    label: str
    is_needed: bool
    choices: Named = ()


def asked_by(policy: SupportPolicy, say: Speech) -> tuple[Asked, ...]:
    """List what a policy asks for, in the order of a form."""
    known = {one.path: one for one in fields_of(Verb.SUBMIT)}
    needed = _needed(policy)
    choices = _choices(policy, say)
    return tuple(
        Asked(_shaped(known[path], path in choices), say.asked(path), path in needed, choices.get(path, ()))
        for path in dict.fromkeys(_paths(policy))
        if path in known
    )


def _paths(policy: SupportPolicy) -> Iterator[str]:
    intake = policy.rules.intake
    by_type = [path for paths in intake.required_by_type.values() for path in paths]
    yield from ("title", "explanation")
    if intake.support_types:
        yield "support_type"
    if intake.categories:
        yield "category"
    if intake.subscription_families:
        yield "subscription_family"
    if intake.services:
        yield "service"
    yield from (("impact", "urgency") if policy.rules.matrix else ("severity",))
    yield "business_impact"
    yield from (path for path in (*intake.required, *by_type) if path not in _ELSEWHERE)
    if any(category.needs_case for category in intake.categories.values()):
        yield "case_reference"
    if any(plan.named_contacts for plan in policy.plans.values()):
        yield "access_id"
    if intake.verified_types:
        yield from (f"verification.{one}" for one in _VERIFIED)
    yield from (path for path in intake.welcome if path not in _ELSEWHERE)
    if intake.update_channels:
        yield "update_channel"
    yield from (*_CONTACT, "customer_reference")


_VERIFIED = ("admin_name", "company_name", "company_address", "alternate_email")


def _needed(policy: SupportPolicy) -> frozenset[str]:
    required = {path for path in policy.rules.intake.required if path not in FILES}
    level = {"severity"} if required & {"severity", "priority"} else set()
    contact = {"contact.name"} if "contact" in required else set()
    return frozenset(required | level | contact | {"title"})


def _choices(policy: SupportPolicy, say: Speech) -> Mapping[str, Named]:
    rules = policy.rules
    ratings = tuple((one, say.plain(one)) for one in _RATINGS)
    levels = [one for one in rules.levels if not one.provider_only]
    found: dict[str, Named] = {
        "impact": ratings,
        "urgency": ratings,
        "severity": tuple((one.id, f"{one.id} {one.name}") for one in levels),
        "category": tuple((name, rule.title) for name, rule in rules.intake.categories.items()),
    }
    listed = {
        "support_type": rules.intake.support_types,
        "subscription_family": rules.intake.subscription_families,
        "service": rules.intake.services,
        "update_channel": rules.intake.update_channels,
    }
    found |= {path: tuple((one, say.name(one)) for one in names) for path, names in listed.items()}
    return {path: named for path, named in found.items() if named}


def _shaped(one: Field, is_chosen: bool) -> Field:
    return replace(one, input=Input.CHOICE) if is_chosen else one


def typed_values(asked: tuple[Asked, ...], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request that were asked for; of a contact nobody named there is none."""
    paths = {one.field.path.partition(".")[0] for one in asked} | {PRIVATE}
    return {name: value for name, value in found.items() if name in paths}
