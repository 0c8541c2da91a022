"""Which centres there are, for commands that name one, and who may change anything about them.

Part of the doors. Policies alone are read here. A centre of one name is one centre, whatever policies it
works for: it is closed for all of them.
"""

from typing import TYPE_CHECKING

from starter.faults import Exit, Fault
from starter.output import printable

if TYPE_CHECKING:
    from domain.policy import RegionRule, SupportPolicy
    from starter.door import Door

DEFAULT_POLICY = "rhipe-csp"
"""The policy of a command that is given none; a centre that it has is the one meant, whoever else has one."""


def policy_named(reference: str) -> "SupportPolicy":
    """This will read a policy by name. Raises: Fault (refused) with PolicyValueUnknown or PolicyInvalid."""
    from policies import PolicyInvalid, PolicyUnknown, load_policy

    try:
        return load_policy(reference)
    except PolicyUnknown as unknown:
        raise Fault(Exit.REFUSED, unknown.code, str(unknown), "sunrelay policy list names them") from unknown
    except PolicyInvalid as invalid:
        raise Fault(
            Exit.REFUSED, invalid.code, str(invalid), "mend the policy: sunrelay policy check"
        ) from invalid


def known_regions() -> "dict[str, RegionRule]":
    """This will list the centres of every policy in force; one with errors has none."""
    from policies import PolicyInvalid, PolicyUnknown, load_policy, policy_names

    found: dict[str, RegionRule] = {}
    for name in sorted(policy_names(), key=lambda name: (name != DEFAULT_POLICY, name)):
        try:
            regions = load_policy(name).regions
        except (PolicyUnknown, PolicyInvalid):
            continue
        found = {**regions, **found}
    return found


def known_region(name: str) -> str:
    """This will return the name of a centre. Raises: Fault (refused) with RegionUnknown (RHIPE-22)."""
    known = known_regions()
    if name.strip() not in known:
        reason = (
            f"no policy has a region {printable(name.strip()[:200])!r}; known are {', '.join(sorted(known))}"
        )
        raise Fault(Exit.REFUSED, "RegionUnknown", reason, "name a known region; capitals count")
    return name.strip()


def staff_only(door: "Door", what: str) -> str:
    """This will name who speaks here. Raises: Fault (refused) for anybody but our own people and programs."""
    from domain.actor import ActorKind

    actor = door.actor
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        raise Fault(Exit.REFUSED, "RoleNotPermitted", f"{what} is not for a {actor.kind}", "ask our staff")
    return actor.label
