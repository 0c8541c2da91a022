"""The engine without a server: the pure domain, one instant after the other."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import case_step
from domain.case import Case
from domain.centres.regions import Roster, RosterRequest
from domain.compiled_terms import compile_terms
from domain.decision import Accepted, Declined, Refused
from domain.effects import Effect
from domain.lifecycle.intake_checks import request_digest
from domain.messages.case import AcceptHandoff, Submit
from domain.tenants import Enquiry, TenantFacts
from domain.terms import HORIZON, Calendars, Terms, TermsAnswer, TermsRequest
from domain.verbs import Verb
from domain.views.staff import view
from starter.rehearse.life import Life
from tests.scenarios import letters, saying, seeing
from tests.scenarios.centres import roster_at, zone_from
from tests.scenarios.files import Scenario, Step
from tests.scenarios.saying import NO_SUCH_CASE, Answer, Voice, answer_of
from tests.scenarios.seeing import Scene

_DAY = timedelta(days=1)


def play(scenario: Scenario) -> list[str]:
    """What went wrong in a scenario, a line each; nothing when all is as it must be."""
    try:
        return list(_Play(scenario).run())
    except Exception as error:  # a bug of ours fails its scenario; the others are still played
        return [f"raised {type(error).__name__}: {' '.join(str(error).split())[:300]}"]


def _same(at: datetime) -> datetime:
    return at


class _Play:
    """This plays one scenario: at one instant the steps in file order, then what is due, then the checks."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.voice = Voice(scenario, "tenant", _same)
        self.lives: dict[str, Life] = {}
        self.effects: list[Effect] = []

    def run(self) -> Iterator[str]:
        for at in self.scenario.instants:
            self._settle(at, inclusive=False)
            for step in self.voice.steps:
                if step.at == at and (wrong := saying.disappointment(step, self._say(step))):
                    yield wrong
            self._settle(at, inclusive=True)
            for check in self.scenario.checks:
                if check.at == at and (wrong := seeing.disappointment(check, self._scene(check.case))):
                    yield wrong

    def _settle(self, until: datetime, *, inclusive: bool) -> None:
        """Everything due falls due at its own instant, as it does while somebody is there."""
        for life in list(self.lives.values()):
            life.settle(until, inclusive=inclusive)

    def _say(self, step: Step) -> Answer:
        message = self.voice.message(step)
        if isinstance(message, Refused):
            return answer_of(message)
        life = self.lives.get(step.case)
        if isinstance(message, Submit):
            return self.open(step.case, message) if life is None else _again(life.case, message)
        if life is None:
            return NO_SUCH_CASE
        return answer_of(life.say(Verb(step.do), message, self.voice.request_id(step), step.at))

    def far_end(self, key: str) -> "FarEnd":
        return FarEnd(self, key)

    def open(self, key: str, request: Submit) -> Answer:
        assert request.received_at is not None
        at = request.received_at
        enquiry = case_step.terms_wanted(request, at).enquiry
        assert enquiry is not None
        far_end = self.far_end(key)
        decision = case_step.refuse_opening(request) or case_step.open_case(
            request,
            self.terms(request.region, request.calendar, request.zone, at),
            at,
            facts=far_end.facts(enquiry),
            roster=roster_at(self.scenario, at, zone_from),
        )
        if isinstance(decision, Refused):
            return answer_of(decision)
        self.lives[key] = Life(decision, far_end, at)
        return answer_of(decision, decision.case.missing)

    def terms(self, region: str | None, calendar: str | None, zone: str | None, at: datetime) -> Terms:
        region = region or self.voice.policy.default_region
        rule = self.voice.policy.regions[region]
        name = calendar or rule.calendar
        first, last = (at - 2 * _DAY).date(), (at + HORIZON + 2 * _DAY).date()
        calendars = Calendars(
            name=name,
            zone=zone_from(zone or rule.zone, at.date()),
            holidays=tuple(day for day in self.scenario.calendars[name] if first <= day <= last),
            sources="the scenario file",
        )
        return compile_terms(self.voice.policy, self.scenario.plan, region, calendars, at)

    def _scene(self, key: str) -> Scene:
        case = self.lives[key].case if key in self.lives else None
        effects = tuple(effect for effect in self.effects if case and effect.case_id == case.id)
        return Scene(
            view=view(case) if case else None,
            effects=effects,
            ids={name: life.case.id for name, life in self.lives.items()},
            moved=_same,
            back=_same,
            letters=letters.of_effects(effects) if self.scenario.reads_mail else (),
        )


class FarEnd:
    """What one case of a scenario reaches: the file's own records, and the effects so far."""

    def __init__(self, play: _Play, key: str) -> None:
        self._play = play
        self._key = key

    def terms(self, request: TermsRequest) -> TermsAnswer:
        return TermsAnswer(terms=self._play.terms(request.region, request.calendar, request.zone, request.at))

    def roster(self, request: RosterRequest) -> Roster:
        return roster_at(self._play.scenario, request.at, zone_from)

    def facts(self, enquiry: Enquiry) -> TenantFacts:
        return self._play.voice.facts(self._key, enquiry)

    def take(self, decision: Accepted | Declined) -> None:
        self._play.effects += decision.effects

    def acceptance(self, _offer: Effect) -> AcceptHandoff | None:
        """Nobody answers but in a step."""
        return None

    def open_linked(self, case: Case, effect: Effect) -> None:
        """The linked case is the first of the file's that may be one of this parent and is not there yet."""
        free = [key for key in self._play.scenario.linked_to(self._key) if key not in self._play.lives]
        request = Submit.model_validate_json(case_step.linked_request(case, effect).model_dump_json())
        key = free[0] if free else f"{self._key}'s linked case {effect.facts.linked_case}"
        self._play.open(key, request)


def _again(case: Case, request: Submit) -> Answer:
    """The same reference is the same case as long as it asks for the same (DED-14)."""
    if case.is_over:
        return Answer("refused", "CaseClosed", reason="the reference made a case that is archived")
    if request_digest(request) == case.request_digest:
        return Answer("accepted", missing=case.missing)
    return Answer("refused", "DuplicateRequestConflict", reason="the reference is taken by another request")
