"""How centres answer: what follows when the workers of one took news for it, or nobody did.

GAP-30, RHIPE-25.
"""

from domain.case import Case
from domain.centres.handover import Handover
from domain.decision import Draft
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus
from domain.lifecycle.handoff import pass_on, take_over
from domain.text import excerpt
from domain.timeline import EntryKind


def centre_ended(draft: Draft, effect: Effect, outcome: Outcome) -> bool:
    """Draw the conclusion from how a centre was told; true where any worker tells it now.

    Where its workers took the note about a case nobody has to accept, the case is the centre's, also if the
    mail system then did not take the mail. Nobody there at all: the next centre is asked (GAP-30). What is
    only to be known there is told by any worker, as long as it is true.
    """
    handover, told = draft.case.handover, outcome.status is OutcomeStatus.DELIVERED
    if handover is not None and _waits_for(handover, effect):
        draft.cause = f"{effect.id.removeprefix(f'{effect.case_id}/').rsplit('/', 2)[0]}/answered"
        if handover.automatic and outcome.status is not OutcomeStatus.UNANSWERED:
            take_over(draft, handover)
        elif not told:
            nobody_there(draft, effect, outcome.reason or "no answer")
    if told or effect.anywhere or not _is_still_true(draft.case, effect):
        return False
    draft.effects.append(effect.model_copy(update={"anywhere": True}))
    return True


def nobody_there(draft: Draft, effect: Effect, reason: str) -> None:
    """Ask the next centre, where a handoff waits for somebody to take these news."""
    if draft.case.handover is not None and _waits_for(draft.case.handover, effect):
        pass_on(draft, EntryKind.HANDOFF_SKIPPED, excerpt(f"HandoffSkipped: {reason}", 300))


def _is_still_true(case: Case, effect: Effect) -> bool:
    """Return false for an offer, which is over by now, and for "yours now" where it is not theirs."""
    if effect.kind is EffectKind.HANDOFF_NOTE:
        return case.region == effect.region
    return effect.kind is not EffectKind.HANDOFF_OFFER


def _waits_for(handover: Handover, effect: Effect) -> bool:
    asked = (EffectKind.HANDOFF_NOTE if handover.automatic else EffectKind.HANDOFF_OFFER, handover.to)
    is_this = (effect.kind, effect.region) == asked and effect.caused_at == handover.offered_at
    return is_this and handover.accepted_by is None
