"""The workers of centres, where there is no server: they take what is for them at once, or are away."""

from collections.abc import Collection, Iterable

from domain import case_step
from domain.case import Case
from domain.decision import Accepted
from domain.effects import Effect, Lane, Outcome, OutcomeStatus


def taken(case: Case, effects: Iterable[Effect], dark: Collection[str] = ()) -> Accepted | None:
    """What a case decides once its news reach the workers of their centres; a dark centre does not answer."""
    news = tuple(effect for effect in effects if effect.lane is Lane.REGION)
    outcomes = tuple(
        Outcome(
            effect_id=effect.id,
            status=OutcomeStatus.UNANSWERED if effect.region in dark else OutcomeStatus.DELIVERED,
        )
        for effect in news
    )
    return case_step.delivery_ended(case, news, outcomes, news[-1].caused_at) if news else None
