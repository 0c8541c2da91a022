"""`sunrelay open` at a terminal: what the policy requires is asked for, checked, and shown as a command.

What is asked is the policy's, by the very rules of the case. What the directory knows of the tenant stands
there already; Enter takes it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast, get_args

import typer

from starter.cli import core
from starter.cli.command import Door
from starter.cli.finished_line import open_line
from starter.cli.request_flags import OPENING, gathered
from starter.door.faults import Fault
from starter.door.plain import printable

if TYPE_CHECKING:
    from domain.messages.case import Submit
    from domain.tenants import TenantRecord

Fields = dict[str, Any]
Ask = Callable[[str, str | None], str]
"""Asks one thing, with what stands there already, and returns the answer."""

_RATINGS = ("high", "medium", "low")
_PARTS = {"contact": ("contact__name", "contact__email", "contact__phone")}
_MOST = 40  # questions; a policy asks for less, and an answer that never fits comes to an end


async def ask_opening(door: Door, ask: Ask) -> Fields:
    """Ask until nothing is missing, and return the fields of the request. Raises: Fault; typer.Abort."""
    tenant, known = await _tenant(door, ask)
    fields: Fields = {"tenant": tenant}
    policy = _policy(door, ask)
    if policy != core.DEFAULT_POLICY:
        fields["policy"] = policy
    await _level(door, ask, fields)
    for name in ("title", "explanation"):
        fields[name] = _checked(door, ask, fields, name)
    for _ in range(_MOST):
        missing = await core.lacking(door.session, _request(door, fields))
        if not missing:
            break
        for name in _asked_for(missing[0]):
            fields[name] = _checked(door, ask, fields, name, _default(name, tenant, known))
    door.output.say(open_line(fields))
    return fields


def at_terminal(text: str, default: str | None) -> str:
    """Ask at the terminal; an empty answer takes what stands there."""
    answer: str = typer.prompt(text, default=default or "", show_default=bool(default), err=True)
    return answer.strip()


async def _tenant(door: Door, ask: Ask) -> "tuple[str, TenantRecord | None]":
    """Ask whose case it is; return the name, and what the directory knows of them. Raises: Fault."""
    own, directory = door.actor.tenant, door.backend.cases
    if own is not None and door.actor.is_requester:
        return own, await directory.known_tenant(own)
    while True:
        name = ask("tenant: whose case it is", None)
        if not name:
            continue
        try:
            return name, await directory.known_tenant(name)
        except Fault as fault:
            door.output.say(f"{fault.reason}; {fault.remedy}" if fault.remedy else fault.reason)
            if fault.code == "TenantUnknown" and ask("a new one? yes or no", "no") != "yes":
                continue
        return name, None


def _policy(door: Door, ask: Ask) -> str:
    while True:
        name = ask("policy: what is promised", core.DEFAULT_POLICY)
        try:
            core.policy_named(name)
        except Fault as fault:
            door.output.say(fault.reason)
            continue
        return name


async def _level(door: Door, ask: Ask, fields: Fields) -> None:
    terms = await core.terms_of(door.session, _request(door, fields))
    if terms.rules.rating.by != "requester":
        for name in ("impact", "urgency"):
            fields[name] = _one_of(door, ask, f"{name}: {', '.join(_RATINGS)}", _RATINGS, "medium")
        return
    levels = [rule.id for rule in terms.rules.levels]
    said = ", ".join(f"{rule.id} ({rule.name})" for rule in terms.rules.levels)
    fields["severity"] = _one_of(door, ask, f"level: {said}", levels, terms.rules.intake.default_level)


def _one_of(door: Door, ask: Ask, text: str, known: Sequence[str], default: str) -> str:
    while (answer := ask(text, default)) not in known:
        door.output.say(f"one of {', '.join(known)}")
    return answer


def _asked_for(field: str) -> tuple[str, ...]:
    name = field.replace(".", "__")
    inner = tuple(key for key in OPENING if key.startswith(f"{name}__"))
    return _PARTS.get(name) or ((name,) if name in OPENING else inner)


def _default(name: str, tenant: str, known: "TenantRecord | None") -> str | None:
    people = (*known.authorised_contacts, *known.requesters) if known else ()
    mails = [one for one in people if "@" in one]
    names = [one for one in people if "@" not in one]
    return {
        "tenant_company": tenant,
        "partner_legal_name": tenant,
        "tenant_domain": mails[0].rpartition("@")[2] if mails else None,
        "contact__name": names[0] if names else None,
        "contact__email": mails[0] if mails else None,
        "affected_users": "all",
    }.get(name)


def _checked(door: Door, ask: Ask, fields: Fields, name: str, default: str | None = None) -> Any:
    """Ask until the answer is one. Raises: Fault where none can be given here."""
    about = (
        next(str(one.help) for one in get_args(OPENING[name][0]) if hasattr(one, "help"))
        .partition(";")[0]
        .rstrip(".")
    )
    for _ in range(_MOST):
        answer = _typed(name, ask(f"{name.replace('__', ' ').replace('_', ' ')}: {about}", default))
        if answer is None and name not in ("contact__email", "contact__phone"):
            continue
        try:
            _request(door, {**fields, name: answer})
        except Fault as fault:
            door.output.say(printable(fault.reason))
            continue
        return answer
    raise typer.Abort


def _typed(name: str, answer: str) -> Any:
    kinds = str(OPENING[name][0])
    if not answer:
        return None
    if "bool" in kinds:
        return {"yes": True, "no": False}.get(answer.lower())
    return [answer] if "list" in kinds else answer


def _request(door: Door, fields: Fields) -> "Submit":
    request = {"reference": "?", **gathered(fields, {})}
    return cast("Submit", core.build(door.session, door.actor, core.Verb.SUBMIT, request, None))
