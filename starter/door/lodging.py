"""What a case is lodged by at the portal: the policy its company is held to, and what is known already.

A company is held to the policy of its newest case that whoever lodges may see, else to the default one; what
that case says of the company itself stands in the form, to be kept or changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from activities.people.credentials import Credentials
from activities.store.case_list import CaseFilter
from domain.actor import Actor
from domain.messages.case import Submit
from domain.policy import SupportPolicy
from starter.door.case_lists import list_cases
from starter.door.case_reader import see_stored
from starter.door.policies_in_force import DEFAULT_POLICY, policy_named
from starter.door.session import Session

SOURCE = "portal"
_CHANNELS = ("portal", "webform", "email", "chat")
"""How a request at the portal came in, the first that a policy knows."""

_OF_THE_COMPANY = (
    "partner_legal_name",
    "tenant_company",
    "tenant_domain",
    "end_user_company",
    "onmicrosoft_domain",
)
_CARRIED = ("country", "zone", "language", "plan")


@dataclass(frozen=True)
class Lodging:
    """A form to lodge a case by: its policy, what is set without being asked, and what stands in it."""

    policy: SupportPolicy
    fixed: Mapping[str, Any]
    known: Mapping[str, str]


async def lodging_for(session: Session, actor: Actor) -> Lodging:
    """Return what somebody lodges a case by. Raises: Fault."""
    last = await _last_of(session, actor)
    name = last.policy.partition("@")[0] if last is not None else DEFAULT_POLICY
    policy = policy_named(name)
    carried = {one: getattr(last, one) for one in _CARRIED if last is not None and getattr(last, one)}
    fixed = {**carried, "policy": name, "channel": _channel(policy), "tenant": actor.tenant, "source": SOURCE}
    company = {one: getattr(last, one) for one in _OF_THE_COMPANY if last is not None}
    known = {one: text for one, text in company.items() if text}
    return Lodging(policy, fixed, {**known, **await _themselves(session, actor)})


async def _last_of(session: Session, actor: Actor) -> Submit | None:
    rows = await list_cases(session, actor, CaseFilter(newest_first=True, limit=1))
    seen = await see_stored(session, actor, rows[0].case_id) if rows else None
    return seen.case.request if seen is not None and seen.case is not None else None


async def _themselves(session: Session, actor: Actor) -> dict[str, str]:
    """Return how whoever lodges a case is reached, as far as we know."""
    name = actor.name
    if name is None:
        return {}
    kept = await session.read(lambda store: Credentials(store).person(name))
    email = kept.person.email if kept is not None else None
    said = name.removesuffix(f" ({email})") if email else name
    return {"contact.name": said, **({"contact.email": email} if email else {})}


def _channel(policy: SupportPolicy) -> str:
    known = policy.rules.intake.channels
    return next((one for one in _CHANNELS if one in known), _CHANNELS[0])
