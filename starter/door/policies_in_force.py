"""What the policies in force know: a policy by name, the centres there are, the levels.

A centre of one name is one centre, whatever policies it works for: it is closed for all of them. A policy
with errors has neither centres nor levels here.
"""

from collections.abc import Callable, Iterable, Iterator

from domain.policy import RegionRule, SupportPolicy
from domain.views.leaflet import Leaflet, leaflet
from domain.views.staff import CaseView
from policies import PolicyInvalid, PolicyUnknown, load_policy, policy_names
from policies.errors import did_you_mean
from starter.door.faults import Fault, Kind, Way, usage
from starter.door.plain import printable

DEFAULT_POLICY = "rhipe-csp"
"""The policy of a request that names none; a centre that it has is the one meant, whoever else has one."""


def policy_named(reference: str, read: Callable[[str], SupportPolicy] = load_policy) -> SupportPolicy:
    """Read a policy. Raises: Fault (refused) with PolicyValueUnknown or PolicyInvalid."""
    try:
        return read(reference)
    except PolicyUnknown as unknown:
        way, remedy = Way.LIST_POLICIES, "name a policy in force"
        raise Fault(Kind.REFUSED, unknown.code, str(unknown), remedy, way=way) from unknown
    except PolicyInvalid as invalid:
        way, remedy = Way.CHECK_POLICY, "fix the policy"
        raise Fault(Kind.REFUSED, invalid.code, str(invalid), remedy, way=way) from invalid


def leaflet_of(view: CaseView) -> Leaflet | None:
    """Describe the support behind a case by its policy; None where the policy is there no longer."""
    try:
        policy = load_policy(view.policy)
    except (PolicyUnknown, PolicyInvalid):
        return None
    return leaflet(policy, view.plan, view.level, view.category)


def known_regions() -> dict[str, RegionRule]:
    """List the centres of every policy."""
    return {name: rule for name, (_, rule) in regions_by_policy().items()}


def regions_by_policy() -> dict[str, tuple[str, RegionRule]]:
    """List the centres of every policy, each with the policy by which it works."""
    found: dict[str, tuple[str, RegionRule]] = {}
    for policy in _in_force():
        found = {**{name: (policy.name, rule) for name, rule in policy.regions.items()}, **found}
    return found


def policy_with(region: str) -> str:
    """Name the policy by which a known centre works: the default one where it has it."""
    return next(policy.name for policy in _in_force() if region in policy.regions)


def known_region(name: str) -> str:
    """Return the name of a centre. Raises: Fault (refused) with RegionUnknown (RHIPE-22)."""
    known = known_regions()
    if name.strip() not in known:
        reason = (
            f"no policy has a region {printable(name.strip()[:200])!r}; known are {', '.join(sorted(known))}"
        )
        near = did_you_mean(name.strip().lower(), known)
        raise Fault(Kind.REFUSED, "RegionUnknown", reason, near or "name a known region; capitals count")
    return name.strip()


def unknown_level(levels: Iterable[str]) -> Fault | None:
    """Return the fault of levels that no policy has, for who names some without a case, or None."""
    known = {rule.id for policy in _in_force() for rule in policy.rules.levels}
    strange = [printable(level[:60]) for level in levels if level not in known]
    if not strange:
        return None
    reason = f"no policy in force has a level {', '.join(strange)}"
    near = did_you_mean(strange[0].upper(), known)
    return usage(reason, near or f"use one of {', '.join(sorted(known))}", "level")


def known_level(level: str | None) -> str | None:
    """Return a level that some policy has, or None where none was given. Raises: Fault (usage)."""
    if level is not None and (strange := unknown_level([level])):
        raise strange
    return level


def _in_force() -> Iterator[SupportPolicy]:
    """Read every policy without errors, the default one first."""
    for name in sorted(policy_names(), key=lambda name: (name != DEFAULT_POLICY, name)):
        try:
            yield load_policy(name)
        except (PolicyUnknown, PolicyInvalid):
            continue
