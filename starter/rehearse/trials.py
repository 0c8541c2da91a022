"""What is asked of a rehearsal: one policy, two side by side, or one with a value given several in turn.

Part of the rehearsals. Every policy is made and judged before the first case is played.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from domain.policy import SupportPolicy
from policies import PolicyInvalid, PolicyUnknown, load_policy
from policies.variation import Change, VariationInvalid, Varied, read_change, value_at, varied
from starter.door.faults import usage
from starter.rehearse.figure_rows import Answer
from starter.rehearse.figures import Rehearsal, surveyed
from starter.rehearse.on_trial import on_trial
from starter.rehearse.side_by_side import Sweep, SweptValue, compared, without_cases
from starter.rehearse.value_range import ValueRange, read_range

Play = Callable[[str], Rehearsal]
"""Plays the log under the policy of that name, which the library has meanwhile. Raises: Fault."""


class Asked(NamedTuple):
    """Which policies are to be rehearsed. `changes` and `sweep` are as they were typed.

    With `compare` the changes are those of the second policy alone: so a policy can be set beside itself.
    """

    policy: str
    compare: tuple[str, str] | None = None
    changes: tuple[str, ...] = ()
    sweep: str | None = None


class _Trial(NamedTuple):
    """One policy to be played: what it is called by whoever reads it, and what was varied in it."""

    reference: str
    policy: SupportPolicy
    varied: Varied | None = None

    @property
    def name(self) -> str:
        return self.varied.policy.name if self.varied else self.reference


def tried(asked: Asked, play: Play) -> Answer:
    """Play what is asked, one policy after another. Raises: Fault."""
    if asked.compare and asked.sweep:
        raise usage("--compare and --sweep do not go together", "sweep a value of one policy")
    swept = read_range(asked.sweep) if asked.sweep else None
    trials = _trials(asked, swept)
    with on_trial(trial.varied for trial in trials if trial.varied is not None):
        results = []
        for trial in trials:
            result = _labelled(surveyed(play(trial.name), trial.policy), trial)
            results.append(result if swept is None else without_cases(result))
    if swept is not None:
        return _swept(asked, swept, results)
    return compared(*results) if asked.compare else results[0]


def _swept(asked: Asked, swept: ValueRange, results: list[Rehearsal]) -> Sweep:
    path = value_at(asked.policy, swept.path)[0]
    values = tuple(
        SweptValue(value=value, rehearsal=found) for value, found in zip(swept.values, results, strict=True)
    )
    return Sweep(path=path, values=values, level=_level_of(path, results[0]))


def _trials(asked: Asked, swept: ValueRange | None) -> list[_Trial]:
    """Make every policy that is to be played. Raises: Fault (usage)."""
    try:
        changes = tuple(read_change(one) for one in asked.changes)
        if asked.compare:
            first, second = asked.compare
            return [_trial(first, ()), _trial(second, changes)]
        if swept is None:
            return [_trial(asked.policy, changes)]
        return [
            _trial(asked.policy, (*changes, read_change(f"{swept.path}={value}"))) for value in swept.values
        ]
    except VariationInvalid as error:
        raise usage(str(error), "see what the policy says there") from None
    except (PolicyUnknown, PolicyInvalid) as error:
        raise usage(str(error), "name a policy that can be used") from None


def _trial(reference: str, changes: tuple[Change, ...]) -> _Trial:
    """Make a policy. A varied one is called by what was varied, so that nothing takes it for another."""
    if not changes:
        return _Trial(reference, load_policy(reference))
    mark = sha256("\n".join(map(str, changes)).encode()).hexdigest()[:12]
    found = varied(reference, changes, f"{reference.partition('@')[0]}-varied-{mark}")
    return _Trial(reference, found.policy, found)


def _labelled(result: Rehearsal, trial: _Trial) -> Rehearsal:
    """Name the policy as it is known, and what was varied in it."""
    if trial.varied is None:
        return result
    label = f"{trial.reference.partition('@')[0]}@{trial.policy.version}"
    return result.model_copy(update={"policy": label, "changed": trial.varied.changes})


def _level_of(path: str, result: Rehearsal) -> str | None:
    """Name the level a path leads into: P2 of `rules.levels.P2.update_every`, or of a plan's targets."""
    parts = path.split(".")
    return next((part for part in parts[2:-1] if part in result.levels), None)
