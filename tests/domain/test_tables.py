"""The rows of verbs and clocks are whole: nothing can be said, and nothing falls due, without a rule."""

import inspect

import pytest

from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.incidents.verbs import IncidentVerb
from domain.lifecycle.when_due import RULES, WARNINGS
from domain.phase import Phase
from domain.verbs import Verb
from tests.domain.cases import TUESDAY, answered


def test_every_clock_has_a_rule_that_settles_it() -> None:
    assert RULES.keys() == set(Clock)
    assert WARNINGS.keys() <= set(Clock)


def test_every_verb_but_the_one_that_opens_a_case_has_a_rule() -> None:
    assert [verb for verb in Verb if verb.rule is None] == [Verb.SUBMIT]
    assert [verb for verb in IncidentVerb if verb.rule is None] == [IncidentVerb.DECLARE]


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb.rule is not None])
def test_the_rule_of_a_verb_takes_the_record_the_verb_is_said_with(verb: Verb) -> None:
    assert verb.rule is not None
    draft, message = list(inspect.signature(verb.rule).parameters.values())
    assert (draft.annotation, message.annotation) == (Draft, verb.model)


@pytest.mark.parametrize("clock", Clock)
def test_every_clock_says_where_it_comes_from_and_what_it_runs_from(clock: Clock) -> None:
    assert clock.sources
    assert clock.runs_from
    assert clock.phases


@pytest.mark.parametrize("phase", Phase)
def test_a_case_that_comes_into_a_phase_stops_the_clocks_that_have_no_room_there(phase: Phase) -> None:
    draft = Draft(answered().case, TUESDAY, "test")
    for clock in Clock:
        draft.run(RunningClock(clock=clock, started_at=TUESDAY, due_at=TUESDAY))
    draft.set(phase=phase)
    assert {one.clock for one in draft.case.clocks} == {clock for clock in Clock if phase in clock.phases}
