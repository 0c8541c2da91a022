"""A policy in the order in which somebody reads it: its promises plan by plan, then section by section."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.policy import SupportPolicy
from policies.values import DEFAULT, Value, promise
from starter.door.policy_rows import values_under

_SECTIONS = (
    ("Plans", "plans"),
    ("Levels", "rules.levels"),
    ("Rating", "rules.rating"),
    ("Impact and urgency", "rules.matrix"),
    ("Intake", "rules.intake"),
    ("Scope", "rules.scope"),
    ("Keeping informed", "rules.informing"),
    ("Closing", "rules.closing"),
    ("Regions", "regions"),
    ("Organisation", "organisation"),
    ("Self-help", "self_help"),
    ("Documents", "documents"),
)
"""What a reader looks for first stands first; a value in none of them comes under Other."""

_PROMISES = (".initial_response", ".update_every", ".customer_update_every")
_HEADED = ("contractual", "default_plan", "default_region")


class Section(NamedTuple):
    """A section with a title; what its values begin with goes without saying."""

    title: str
    prefix: str
    values: list[Value]


def headed(policy: SupportPolicy, plans: Sequence[str]) -> list[Value]:
    """Return what is told at the head of a policy."""
    written = _written(policy, plans)
    return [written[name] for name in _HEADED if name in written]


def sections(policy: SupportPolicy, plans: Sequence[str]) -> list[Section]:
    """List what else was written in a policy: no default of the product, and no promise."""
    left = _written(policy, plans)
    for name in _HEADED:
        left.pop(name, None)
    found = []
    for title, prefix in _SECTIONS:
        rows = [left.pop(path) for path in list(left) if path == prefix or path.startswith(f"{prefix}.")]
        found += [Section(title, prefix, rows)] if rows else []
    return found + ([Section("Other", "", list(left.values()))] if left else [])


def asked_of_customers(policy: SupportPolicy, plan: str, level: str) -> Value | None:
    """Return how often the customer is to update a case of a level; None where nobody asks for it."""
    path = f"rules.levels.{level}.customer_update_every"
    return next((value for value in values_under(policy, (plan,)) if value.path == path), None)


def _written(policy: SupportPolicy, plans: Sequence[str]) -> dict[str, Value]:
    shown = (value for value in values_under(policy, plans) if value.mark != DEFAULT)
    return {one.path: one for one in shown if one.path != "title" and not one.path.endswith(_PROMISES)}


def alike(policy: SupportPolicy, plans: Sequence[str]) -> list[list[str]]:
    """Put plans together that promise the same, so that nobody reads one table four times."""
    groups: dict[tuple[Value, ...], list[str]] = {}
    for plan in plans:
        # The same words from another place are told apart, for they may carry another mark.
        promised = tuple(
            _without_plan(promise(policy, plan, level.id, name), plan)
            for level in policy.rules.levels
            for name in ("initial_response", "update_every")
        )
        groups.setdefault(promised, []).append(plan)
    return list(groups.values())


def _without_plan(value: Value, plan: str) -> Value:
    return value._replace(path=value.path.removeprefix(f"plans.{plan}."))
