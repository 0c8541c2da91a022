"""What is told of policies, as plain records: the list, one policy whole, what differs between two.

The room of policies is read, nothing is drawn.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from domain.compiled_terms import policy_digest
from domain.policy import SupportPolicy
from policies import PolicyInvalid, Value, load_policy, policy_names, policy_versions, values
from policies.library import policy_files
from policies.values import DEFAULT, promise
from starter.door.plain import counted


class PolicyRow(NamedTuple):
    """One policy in force; with `errors`, nothing else can be told of it."""

    name: str
    version: str | None
    versions: tuple[str, ...]
    title: str | None
    extends: str | None
    levels: tuple[str, ...]
    plans: tuple[str, ...]
    origin: str
    digest: str | None
    errors: tuple[str, ...] = ()


class Difference(NamedTuple):
    """Values by where they are: the same path with other words on both sides is `different`."""

    only_in_a: tuple[Value, ...]
    only_in_b: tuple[Value, ...]
    different: tuple[tuple[Value, Value], ...]

    @property
    def total(self) -> int:
        """The values that are not the same."""
        return len(self.only_in_a) + len(self.only_in_b) + len(self.different)

    def as_record(self) -> dict[str, object]:
        """Return the difference as JSON prints it."""
        return {
            "only_in_a": [as_record(value) for value in self.only_in_a],
            "only_in_b": [as_record(value) for value in self.only_in_b],
            "different": [
                {"path": a.path, "a": a.words, "b": b.words, "mark_a": a.mark, "mark_b": b.mark}
                for a, b in self.different
            ],
        }


def as_record(value: Value) -> dict[str, str]:
    """Return one value as JSON prints it."""
    return {"path": value.path, "value": value.words, "mark": value.mark}


def policy_rows() -> list[PolicyRow]:
    """Tell of every policy in force; one with errors does not hide the others."""
    return [_row(name) for name in policy_names()]


def _row(name: str) -> PolicyRow:
    origin = policy_files(name)[0].room
    versions = policy_versions(name)
    try:
        policy = load_policy(name)
    except PolicyInvalid as invalid:
        return PolicyRow(name, None, versions, None, None, (), (), origin, None, invalid.errors)
    levels = tuple(level.id for level in policy.rules.levels)
    return PolicyRow(
        name=name,
        version=policy.version,
        versions=versions,
        title=policy.title,
        extends=policy.extends,
        levels=levels,
        plans=tuple(policy.plans),
        origin=origin,
        digest=policy_digest(policy),
    )


def policy_record(policy: SupportPolicy, plans: Sequence[str]) -> dict[str, object]:
    """Return one policy as JSON prints it: the promises under each plan, then every value."""
    return {
        "name": policy.name,
        "version": policy.version,
        "title": policy.title,
        "extends": policy.extends,
        "digest": policy_digest(policy),
        "promises": {plan: _promises(policy, plan) for plan in plans},
        "values": [as_record(value) for value in values_under(policy, plans)],
    }


def _promises(policy: SupportPolicy, plan: str) -> dict[str, dict[str, dict[str, str]]]:
    names = ("initial_response", "update_every")
    return {
        level.id: {name: as_record(promise(policy, plan, level.id, name)) for name in names}
        for level in policy.rules.levels
    }


def values_under(policy: SupportPolicy, plans: Sequence[str]) -> tuple[Value, ...]:
    """List the values of a policy without those of plans that are not asked for."""
    others = tuple(f"plans.{plan}." for plan in policy.plans if plan not in plans)
    return tuple(value for value in values(policy) if not value.path.startswith(others))


def difference(a: SupportPolicy, b: SupportPolicy) -> Difference:
    """Compare two policies value by value, in words.

    Where a value comes from does not count, nor do defaults of a part that only one of them has.
    """
    in_a = {value.path: value for value in values(a)}
    in_b = {value.path: value for value in values(b)}
    return Difference(
        only_in_a=tuple(one for one in in_a.values() if one.path not in in_b and one.mark != DEFAULT),
        only_in_b=tuple(one for one in in_b.values() if one.path not in in_a and one.mark != DEFAULT),
        different=tuple(
            (value, in_b[path])
            for path, value in in_a.items()
            if path in in_b and in_b[path].words != value.words
        ),
    )


def summary(policy: SupportPolicy) -> list[str]:
    """Say in a few lines what a policy is, for somebody who has just written it."""
    levels, plans = policy.rules.levels, policy.plans
    marks = Counter(value.kind or "without a mark" for value in values(policy))
    told = [f"{marks[kind]} {kind}" for kind in ("own", "stated", "assumed", "without a mark") if marks[kind]]
    extends = f", extends {policy.extends}" if policy.extends else ""
    return [
        f"{policy.name}@{policy.version} is a policy: {policy.title}{extends}",
        f"{counted(len(levels), 'level')}: {', '.join(level.id for level in levels)}",
        f"{counted(len(plans), 'plan')}: {', '.join(plans)}",
        f"values: {', '.join(told)}; digest {policy_digest(policy)}",
    ]
