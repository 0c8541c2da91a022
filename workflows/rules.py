"""Which release of the rules this run is held to. Durable code: decided once, when the run begins."""

from temporalio import workflow

from domain.rules import CURRENT_RULES, FIRST_RULES, RULES_0_3, RULES_0_4

_MARKS = (("rules-0.4", RULES_0_4), ("rules-0.3", RULES_0_3))
"""The marker each release writes, the latest first: a run that has an older one began under that."""


def rules_of_run(carried: int) -> int:
    """Return the release in the run's input; without one, today's for a new run, the first for a replay.

    A run that began without a mark (an older door, `signal-with-start` by hand) writes one marker of its own.
    """
    if carried:
        # Nothing of ours writes a release before the first mark: a start by hand that does wants an old rule.
        return max(RULES_0_3, min(carried, CURRENT_RULES))
    return next((rules for mark, rules in _MARKS if workflow.patched(mark)), FIRST_RULES)


def history_size(rules: int) -> int:
    """Return the size of this run's history in bytes; 0 under rules that do not count it."""
    return workflow.info().get_current_history_size() if rules >= RULES_0_3 else 0
