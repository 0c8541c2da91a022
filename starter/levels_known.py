"""Whether a level is one that some policy in force has, for those who name one without naming a case.

Part of the doors. A case knows its own policy; a list and a major incident are of many cases.
"""

from collections.abc import Iterable

from starter.faults import Fault, usage
from starter.output import printable


def unknown_level(levels: Iterable[str]) -> Fault | None:
    """This will be the fault of the first level that no policy in force has, or None."""
    known = _known()
    strange = next((level for level in levels if level not in known), None)
    if strange is None:
        return None
    return usage(
        f"--level: no policy in force has a level {printable(strange[:60])}",
        f"use one of {', '.join(sorted(known))}",
    )


def _known() -> frozenset[str]:
    """A company's file that is wrong has no levels here; `sunrelay policy check` tells what is wrong."""
    from policies import PolicyInvalid, load_policy, policy_names

    found: set[str] = set()
    for name in policy_names():
        try:
            found |= {rule.id for rule in load_policy(name).rules.levels}
        except PolicyInvalid:
            continue
    return frozenset(found)
