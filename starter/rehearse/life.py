"""One case that lives in memory: the domain decides, and what it asks for is answered at once.

What the workflow is on a server, without the server: no waiting, no history, and a clock that stands wherever
the next instant of the story or the next deadline puts it. What stands at its far end is given.
"""

from collections import deque
from datetime import datetime
from typing import Protocol

from domain import case_step
from domain.case import Case
from domain.centres.regions import Roster, RosterRequest
from domain.clocks import next_deadline
from domain.decision import Accepted, Decision, Declined, Refused
from domain.effects import Effect, EffectKind, Lane, Outcome, OutcomeStatus
from domain.messages.base import Message
from domain.messages.case import AcceptHandoff
from domain.tenants import Enquiry, TenantFacts
from domain.terms import TermsAnswer, TermsRequest
from domain.verbs import Verb


class FarEnd(Protocol):
    """What a life reaches: our own records, whoever is told, and the room where its entries go."""

    def terms(self, request: TermsRequest) -> TermsAnswer:
        """Compile terms."""

    def roster(self, request: RosterRequest) -> Roster:
        """Say who is open."""

    def facts(self, enquiry: Enquiry) -> TenantFacts:
        """Look a tenant up."""

    def take(self, decision: Accepted | Declined) -> None:
        """Take the entries and effects of a decision."""

    def acceptance(self, offer: Effect) -> AcceptHandoff | None:
        """Return what the centre says that is offered a case, if it answers at once."""

    def open_linked(self, case: Case, effect: Effect) -> None:
        """Open the case a late reopening asks for."""


class Life:
    """A case from its opening on. Instants are UTC and never go back."""

    def __init__(self, opened: Accepted, far_end: FarEnd, at: datetime) -> None:
        self._far_end = far_end
        self._untold: deque[Effect] = deque()
        self.case = opened.case
        self._go_on(opened, at)

    def settle(self, until: datetime, *, inclusive: bool = True) -> None:
        """Let everything fall due at its own instant, as it does while somebody is there."""
        while (deadline := next_deadline(self.case.clocks)) is not None:
            if deadline.at > until or (deadline.at == until and not inclusive):
                return
            self._go_on(case_step.fall_due(self.case, deadline.at), deadline.at)

    def say(self, verb: Verb, message: Message, cause: str, at: datetime) -> Decision:
        """Say something that was received at `at`, and answer with what the case decides."""
        decision = case_step.decide(self.case, verb, message, cause, at)
        if not isinstance(decision, Refused):
            self._go_on(decision, at)
        return decision

    # --- carrying out ------------------------------------------------------------------------------------

    def _go_on(self, decision: Accepted | Declined | None, at: datetime) -> None:
        """Go on from a decision: what it asks our records is answered first, then centres hear their news."""
        self._adopt(decision)
        self._ask(at)
        while self._untold:
            self._tell(self._untold.popleft(), at)
            self._ask(at)

    def _adopt(self, decision: Accepted | Declined | None) -> None:
        if decision is None:
            return
        self.case = decision.case
        self._far_end.take(decision)
        if decision.effects:
            self._untold.extend(decision.effects)

    def _ask(self, at: datetime) -> None:
        while (case := self.case).roster_wanted_for is not None:
            roster = self._far_end.roster(case_step.roster_wanted(case, at))
            self._adopt(case_step.take_roster(case, roster, at))
        while case_step.awaits_terms(self.case):
            answer = self._far_end.terms(case_step.terms_wanted_again(self.case, at))
            self._adopt(case_step.take_terms(self.case, answer, at))
        while case_step.awaits_facts(self.case):
            facts = self._far_end.facts(case_step.facts_wanted(self.case))
            self._adopt(case_step.take_facts(self.case, facts, at))

    def _tell(self, effect: Effect, at: datetime) -> None:
        """Let an effect arrive; only centres answer in a way that changes the case."""
        if effect.lane is Lane.CASES:
            self._far_end.open_linked(self.case, effect)
            return
        if effect.kind is EffectKind.HANDOFF_OFFER:
            self._accept(effect, at)
        if effect.lane is Lane.REGION:
            arrived = Outcome.made(effect_id=effect.id, status=OutcomeStatus.DELIVERED)
            self._adopt(case_step.delivery_ended(self.case, (effect,), (arrived,), at))

    def _accept(self, offer: Effect, at: datetime) -> None:
        answer = self._far_end.acceptance(offer)
        if answer is None:
            return
        verb = Verb.ACCEPT_HANDOFF
        decision = case_step.decide(self.case, verb, answer, answer.request_id or offer.id, at)
        if not isinstance(decision, Refused):
            self._adopt(decision)
            return
        size = len(answer.model_dump_json())
        reason = f"{decision.code}: {decision.reason}"
        self._adopt(case_step.not_understood(self.case, verb.value, size, reason, at))
