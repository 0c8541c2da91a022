"""The engine without a server: the pure domain, one instant after the other."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import case_step
from domain.case import Case
from domain.clocks import next_deadline
from domain.compiled_terms import compile_terms
from domain.decision import Accepted, Declined, Refused
from domain.effects import Effect, EffectKind
from domain.lifecycle.intake_checks import request_digest
from domain.messages.case import Submit
from domain.terms import HORIZON, Calendars, Terms
from domain.verbs import Verb
from domain.views.staff import view
from tests.scenarios import letters, saying, seeing
from tests.scenarios.centres import roster_at, zone_from
from tests.scenarios.files import Scenario, Step
from tests.scenarios.saying import NO_SUCH_CASE, Answer, Voice, answer_of
from tests.scenarios.seeing import Scene
from tests.taking import taken

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
        self.cases: dict[str, Case] = {}
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
        for key in list(self.cases):
            while (deadline := next_deadline(self.cases[key].clocks)) is not None:
                if deadline.at > until or (deadline.at == until and not inclusive):
                    break
                self._adopt(key, case_step.fall_due(self.cases[key], deadline.at))
                self._look_who_is_open(key, deadline.at)

    def _say(self, step: Step) -> Answer:
        message = self.voice.message(step)
        if isinstance(message, Refused):
            return answer_of(message)
        case = self.cases.get(step.case)
        if isinstance(message, Submit):
            return self._open(step.case, message) if case is None else _again(case, message)
        if case is None:
            return NO_SUCH_CASE
        verb = Verb(step.do)
        decision = case_step.decide(case, verb, message, self.voice.request_id(step), step.at)
        if isinstance(decision, Refused):
            return answer_of(decision)
        self._adopt(step.case, decision)
        self._look_who_is_open(step.case, step.at)
        return answer_of(decision)

    def _look_who_is_open(self, key: str, at: datetime) -> None:
        case = self.cases[key]
        while case_step.awaits_roster(case):
            self._adopt(key, case_step.take_roster(case, roster_at(self.scenario, at, zone_from), at))
            case = self.cases[key]
        while case_step.awaits_facts(case):
            self._adopt(
                key, case_step.take_facts(case, self.voice.facts(key, case_step.facts_wanted(case)), at)
            )
            case = self.cases[key]

    def _open(self, key: str, request: Submit) -> Answer:
        assert request.received_at is not None
        enquiry = case_step.terms_wanted(request, request.received_at).enquiry
        assert enquiry is not None
        decision = case_step.refuse_opening(request) or case_step.open_case(
            request,
            self._terms(request, request.received_at),
            request.received_at,
            facts=self.voice.facts(key, enquiry),
            roster=roster_at(self.scenario, request.received_at, zone_from),
        )
        if isinstance(decision, Refused):
            return answer_of(decision)
        self._adopt(key, decision)
        return answer_of(decision, decision.case.missing)

    def _terms(self, request: Submit, at: datetime) -> Terms:
        region = request.region or self.voice.policy.default_region
        name = request.calendar or self.voice.policy.regions[region].calendar
        first, last = (at - 2 * _DAY).date(), (at + HORIZON + 2 * _DAY).date()
        calendars = Calendars(
            name=name,
            zone=zone_from(request.zone or self.voice.policy.regions[region].zone, at.date()),
            holidays=tuple(day for day in self.scenario.calendars[name] if first <= day <= last),
            sources="the scenario file",
        )
        return compile_terms(self.voice.policy, self.scenario.plan, region, calendars, at)

    def _adopt(self, key: str, decision: Accepted | Declined | None) -> None:
        if decision is None:
            return
        self.cases[key] = decision.case
        self.effects += decision.effects
        for effect in decision.effects:
            if effect.kind is EffectKind.LINKED_CASE:
                self._open_linked(key, decision.case, effect)
        self._adopt(key, taken(decision.case, decision.effects))

    def _open_linked(self, parent: str, case: Case, effect: Effect) -> None:
        """The linked case is the first of the file's that may be one of this parent and is not there yet."""
        free = [key for key in self.scenario.linked_to(parent) if key not in self.cases]
        request = Submit.model_validate_json(case_step.linked_request(case, effect).model_dump_json())
        self._open(free[0] if free else f"{parent}'s linked case {effect.facts.linked_case}", request)

    def _scene(self, key: str) -> Scene:
        case = self.cases.get(key)
        effects = tuple(effect for effect in self.effects if case and effect.case_id == case.id)
        return Scene(
            view=view(case) if case else None,
            effects=effects,
            ids={name: known.id for name, known in self.cases.items()},
            moved=_same,
            back=_same,
            letters=letters.of_effects(effects) if self.scenario.reads_mail else (),
        )


def _again(case: Case, request: Submit) -> Answer:
    """The same reference is the same case as long as it asks for the same (DED-14)."""
    if case.is_over:
        return Answer("refused", "CaseClosed", reason="the reference made a case that is archived")
    if request_digest(request) == case.request_digest:
        return Answer("accepted", missing=case.missing)
    return Answer("refused", "DuplicateRequestConflict", reason="the reference is taken by another request")
