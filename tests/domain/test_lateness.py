"""How late a clock is acted on is kept beside the decision, which goes on counting in whole seconds."""

from datetime import timedelta

from domain.case_step import decide, fall_due
from domain.clocks import Clock
from domain.decision import Accepted
from domain.verbs import Verb
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, answered, opened, opening, terms
from tests.people import ANA, P1, P2

MS = timedelta(milliseconds=1)


def test_a_clock_that_fires_says_how_late_in_milliseconds() -> None:
    story = opened(**P2)
    due_at = TUESDAY + 4 * HOUR
    story.until(due_at - MINUTE)
    decided = fall_due(story.case, due_at + 417 * MS + timedelta(microseconds=900))
    assert decided is not None
    (fired,) = [one for one in decided.fired if one.clock is Clock.INITIAL_RESPONSE]
    assert (fired.clock, fired.due_at, fired.late_ms) == (Clock.INITIAL_RESPONSE, due_at, 417)
    assert (fired.region, fired.is_warning) == ("sydney", False)
    same = fall_due(story.case, due_at)
    assert same is not None
    assert same.fired[0].late_ms == 0
    assert (same.entries, same.case) == (decided.entries, decided.case)  # the decision is what it was


def test_a_warning_is_a_clock_too_and_says_that_it_is_one() -> None:
    decided = fall_due(opened(**P2).case, TUESDAY + 3 * HOUR + 20 * MS)
    assert decided is not None
    assert [(one.is_warning, one.late_ms) for one in decided.fired] == [(True, 20)]


def test_what_is_caught_up_with_in_one_step_is_late_by_its_first_due_instant() -> None:
    story = answered(**P1)
    first = story.due(Clock.UPDATE)
    assert first is not None
    decided = fall_due(story.case, first + 5 * DAY)
    assert decided is not None
    updates = [one for one in decided.fired if one.clock is Clock.UPDATE and not one.is_warning]
    assert [(one.due_at, one.late_ms) for one in updates] == [(first, 5 * DAY // MS)]


def test_a_message_that_settles_what_was_due_before_it_says_so_too() -> None:
    case = opened(**P2).until(TUESDAY + 3 * HOUR).case
    at = TUESDAY + 5 * HOUR
    message = Verb.RESPOND.model.model_validate({"actor": ANA, "received_at": at, "text": "Here we are"})
    decided = decide(case, Verb.RESPOND, message, "r-1", at + 90 * MS)
    assert isinstance(decided, Accepted)
    late = {one.clock: one.late_ms for one in decided.fired}
    assert late[Clock.INITIAL_RESPONSE] == (HOUR + 90 * MS) // MS


def test_what_lies_before_an_import_is_not_late() -> None:
    long_ago = TUESDAY - 370 * DAY  # its calendar wants to be prolonged before the import, too
    decision = opening(long_ago, terms(long_ago), handled=TUESDAY, imported=True, **P2)
    assert isinstance(decision, Accepted)
    caught_up = fall_due(decision.case, TUESDAY)
    assert caught_up is not None
    assert (*decision.fired, *caught_up.fired) == ()
