"""What a form offers where the record of a verb takes any line: what policy, rota and domain know.

It is an offer and no rule: whether it may be said is the domain's to decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from activities.people.rota import Rota
from domain.policy import SupportPolicy
from domain.vendor import Boundary
from domain.verbs import Verb
from domain.views.staff import CaseView
from starter.door.faults import Fault
from starter.door.policies_in_force import policy_named
from starter.door.session import Session

Named = tuple[tuple[str, str], ...]
"""What may be chosen: the value, and its words."""

_RATINGS = ("high", "medium", "low")


@dataclass(frozen=True)
class Choices:
    """What is offered, by verb and field; a list of `hints` may be left for anything else."""

    of_verb: Mapping[tuple[Verb, str], Named]
    hints: Mapping[str, tuple[str, ...]]

    def of(self, verb: Verb, path: str) -> Named:
        """Return what may be chosen for a field; nothing where anything may be written."""
        return self.of_verb.get((verb, path), ())


async def choices_for(session: Session, view: CaseView) -> Choices:
    """Read what is offered for a case; a policy that is there no longer offers nothing. Raises: Fault."""
    people = await session.read(lambda store: Rota(store).people())
    hints = {"assignee": tuple(one.engineer.name for one in people)}
    try:
        return Choices(_by(policy_named(view.policy), view), hints)
    except Fault:
        return Choices({}, hints)


def _by(policy: SupportPolicy, view: CaseView) -> dict[tuple[Verb, str], Named]:
    rules = policy.rules
    ratings = _each(_RATINGS) if rules.matrix else ()
    return {
        (Verb.TRIAGE, "impact"): ratings,
        (Verb.TRIAGE, "urgency"): ratings,
        (Verb.CHANGE_LEVEL, "impact"): ratings,
        (Verb.CHANGE_LEVEL, "urgency"): ratings,
        (Verb.CHANGE_LEVEL, "level"): tuple((one.id, f"{one.id} {one.name}") for one in rules.levels),
        (Verb.HAND_OFF, "to"): _each(name for name in policy.regions if name != view.region),
        (Verb.RESOLVE, "kind"): _each(("resolution", "workaround")),
        (Verb.CLOSE, "reason"): _each(rules.closing.reasons),
        (Verb.VENDOR_FINDING, "boundary"): _each(Boundary),
    }


def _each(names: Iterable[str]) -> Named:
    return tuple((str(name), str(name).replace("_", " ")) for name in names)
