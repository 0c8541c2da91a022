"""An effect as a case causes it: what every template may need is filled in from the case.

The id is made of what caused it, so that the same cause makes the same effect once.
"""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from domain.case import Case
from domain.effects import Address, Audience, Channel, Effect, EffectKind, Recipient
from domain.facts import Facts
from domain.frozen import Frozen
from domain.promise_in_letter import promised_in


class Told(NamedTuple):
    """Who is told, and how, where that is not as the case has it.

    `region`: for whom of our own side it is, where that is not the centre that owns the case. `whom`: the one
    address or list it is for, where that is neither our own side nor the contact of the case. `zone`: the
    clock it is told by. `gathers`: it may go with others.
    """

    to: Recipient
    about: str | None = None
    language: str | None = None
    region: str | None = None
    whom: Address | Audience | None = None
    zone: str | None = None
    gathers: bool = False


def effect_of(
    case: Case, kind: EffectKind, told: Told, cause: str, at: datetime, more: dict[str, Any]
) -> Effect:
    """Return the effect that a cause has at `at` (UTC); `more` are facts beside those of every effect."""
    to, whom = told.to, told.whom
    facts = _facts(case, more)
    name = told.region or (_name(whom) if whom else None)
    return Effect.made(
        id=f"{case.id}/{cause}/{kind}/{to}:{name}" if name else f"{case.id}/{cause}/{kind}/{to}",
        case_id=case.id,
        case_number=case.number,
        kind=kind,
        to=to,
        caused_at=at,
        about=None if told.about is None else str(told.about),
        region=told.region or case.region,
        gathers=told.gathers,
        rank=case.rule.rank,
        addresses=(whom,) if isinstance(whom, Address) else _addresses(case, to),
        audience=whom if isinstance(whom, Audience) else None,
        language=told.language or case.request.language,
        zone=told.zone or case.terms.calendar.zone.name,
        thread=case.references,
        facts=facts,
        promise=promised_in(kind, facts, case) if to is Recipient.CUSTOMER else None,
        **_looked_up_by(case),
    )


def _name(whom: Address | Audience) -> str:
    """Name a list, or stand for an address in an id, which is no place for personal data."""
    return whom.name if isinstance(whom, Audience) else hashlib.sha256(whom.to.encode()).hexdigest()[:12]


def _addresses(case: Case, to: Recipient) -> tuple[Address, ...]:
    contact = case.contact
    if to is Recipient.CONTACT and case.vendor is not None:
        contact = case.vendor.contact or contact
    if contact is None or to not in (Recipient.CUSTOMER, Recipient.CONTACT):
        return ()
    found = []
    if contact.email:
        found.append(Address.made(channel=Channel.EMAIL, to=contact.email))
    if contact.webhook:
        found.append(Address.made(channel=Channel.WEBHOOK, to=contact.webhook))
    return tuple(found)


def _looked_up_by(case: Case) -> dict[str, Any]:
    """Return by what it is looked up how a reader reaches us: policy, plan, country and support type."""
    return {
        "policy": case.terms.policy,
        "plan": case.terms.plan,
        "country": case.request.country,
        "support_type": case.request.support_type,
    }


def _facts(case: Case, more: dict[str, Any]) -> Facts:
    known: dict[str, Any] = {
        "title": case.title,
        "level": case.level,
        "level_name": case.rule.name,
        "phase": case.phase.value,
        "owner": case.assignee or case.region,
    }
    told = known | more
    are_ours = more.keys() <= _FACTS and all(map(_is_ours, more.values()))
    return Facts.made(**told) if are_ours else Facts(**told)


_FACTS = frozenset(Facts.model_fields)
_PLAIN = (str, int, float, bool, datetime, type(None))


def _is_ours(value: object) -> bool:
    """Tell whether a fact is of a type in which it stays as it is; others are read as their fields say."""
    if type(value) is tuple:
        return all(map(_is_ours, value))
    return type(value) in _PLAIN or isinstance(value, Frozen)
