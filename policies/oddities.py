"""What is legal in a policy and yet hardly meant: told as a warning, never as an error.

Part of the room of policies; it reads a validated policy and no file.
"""

from collections.abc import Iterator
from datetime import time

from domain.policy import SupportPolicy
from policies.model_fields import known_keys
from policies.paths import is_within, spelled
from policies.values import values


def oddities(policy: SupportPolicy) -> tuple[str, ...]:
    """List what its writer should look at once more, each as `path: what is odd`."""
    found = (
        *_levels_without_definition(policy),
        *_never_open(policy),
        *_empty_promises(policy),
        *_closed_for_a_minute(policy),
        *_marks_of_nothing(policy),
    )
    if not policy.rules.intake.channels:
        return ("rules.intake.channels: there is none, so every way in counts as unsupported", *found)
    return found


def _levels_without_definition(policy: SupportPolicy) -> Iterator[str]:
    for level in policy.rules.levels:
        if not level.definition.strip():
            at = spelled(("rules", "levels", level.id, "definition"))
            yield f"{at}: there is none, so nobody can tell when {level.id} is right"


def _never_open(policy: SupportPolicy) -> Iterator[str]:
    """Find regions without a shift.

    A guide that speaks of no shifts at all leaves them open; one that gives some leaves a region out.
    """
    says_shifts = policy.organisation.follow_the_sun.enabled or any(
        region.shifts for region in policy.regions.values()
    )
    for name, region in policy.regions.items():
        if says_shifts and not region.shifts:
            yield f"{spelled(('regions', name, 'shifts'))}: there is none, so the region never opens"


def _empty_promises(policy: SupportPolicy) -> Iterator[str]:
    for name, plan in policy.plans.items():
        by_plan = [target.initial_response for target in plan.targets.values()]
        by_level = [level.initial_response for level in policy.rules.levels if level.id not in plan.targets]
        if plan.service_level and not any([*by_plan, *by_level]):
            yield f"{spelled(('plans', name))}: it promises no initial response at any level"


def _closed_for_a_minute(policy: SupportPolicy) -> Iterator[str]:
    """Find plans that close at 23:59: for one minute each midnight, so that nothing can be due in it."""
    for name, plan in policy.plans.items():
        for day, spans in plan.hours.items():
            if any(span.closes == time(23, 59) for span in spans):
                at = spelled(("plans", name, "hours", day))
                yield f'{at}: it closes a minute before midnight; did you mean "24:00"?'


def _marks_of_nothing(policy: SupportPolicy) -> Iterator[str]:
    """Find marks of nothing.

    A mark whose path has a slip in it would leave the value it is meant for without one.
    """
    places = [value.path for value in values(policy)]
    for path in policy.sources:
        *above, last = path.split(".")
        if last not in known_keys(above) and not any(is_within(place, path) for place in places):
            yield f"{spelled(('sources', path))}: there is no value at that path"
