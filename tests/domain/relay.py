"""A story that follows the sun: whoever is open is read at each attempt, as the workflow does."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain import case_step
from domain.centres.regions import HORIZON, Centre, Roster
from domain.centres.shifts import OpenSpan
from domain.clocks import next_deadline
from domain.decision import Accepted, Declined
from domain.policy import FollowTheSun, PlanRules
from domain.terms import Terms
from tests.domain.cases import TUESDAY, Story, terms
from tests.people import P1, request
from tests.taking import taken


class Relay(Story):
    """A case among centres, each open in the stretches given; `centres` may change at any time.

    The workers of those that are `dark` do not answer, though the roster says that somebody is there.
    """

    def __init__(self, centres: Sequence[Centre], **rules: Any) -> None:
        self.centres = tuple(centres)
        self.dark: set[str] = set()
        submit = request(**{"reference": "INC-1", **P1, "received_at": TUESDAY, "region": "sydney"})
        decision = case_step.open_case(submit, held_to(**rules), TUESDAY, roster=self.roster(TUESDAY))
        assert isinstance(decision, Accepted), decision
        super().__init__(decision.case)
        self.adopt(decision)

    def roster(self, at: datetime) -> Roster:
        return Roster(read_at=at, until=at + HORIZON, centres=self.centres)

    def until(self, at: datetime) -> "Relay":
        """Time passes; who is open is read whenever the case wants to know."""
        while (deadline := next_deadline(self.case.clocks)) is not None and deadline.at <= at:
            self.adopt(case_step.fall_due(self.case, deadline.at))
            self.look(deadline.at)
        return self

    def say(self, verb: Any, at: datetime, *args: Any, **fields: Any) -> Any:
        decision = super().say(verb, at, *args, **fields)
        self.look(at)
        return decision

    def adopt_only(self, decision: Accepted | Declined | None) -> None:
        """What was decided is so, and what is to be told is still under way."""
        super().adopt(decision)

    def adopt(self, decision: Accepted | Declined | None) -> None:
        super().adopt(decision)
        if decision is not None:
            self.adopt(taken(self.case, decision.effects, self.dark))

    def look(self, at: datetime) -> None:
        while case_step.awaits_roster(self.case):
            self.adopt(case_step.take_roster(self.case, self.roster(at), at))


def held_to(within: tuple[str, ...] = (), **rules: Any) -> Terms:
    """The terms of rhipe-csp with other rules of handing on, or an export boundary."""
    given = terms()
    sun = FollowTheSun(enabled=True, **rules)
    plan = PlanRules.model_validate(given.plan_rules.model_dump() | {"regions": within})
    return given.model_copy(update={"follow_the_sun": sun, "plan_rules": plan})


def centre(name: str, opens: float, closes: float, **known: Any) -> Centre:
    """A centre that is open from and until so many hours after the request."""
    span = OpenSpan(opens_at=TUESDAY + timedelta(hours=opens), closes_at=TUESDAY + timedelta(hours=closes))
    return Centre(name=name, zone="UTC", open=(span,), **{"on_shift": 1, **known})
