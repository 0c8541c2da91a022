"""Where a response is due after its level was raised or lowered, on desks with own hours (GAP-13)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import Clock
from domain.effects import EffectKind
from domain.rules import RULES_0_3
from tests.domain.cases import HOUR, MINUTE, TUESDAY, opened
from tests.domain.desks import utc
from tests.domain.own_desk import desk, held_to, local, opened_under
from tests.people import P1, P2, P3


def test_lowering_never_brings_a_due_instant_forward() -> None:
    at = utc("2027-06-14T23:00")  # Tuesday nine o'clock at a desk open two hours a day
    story = opened_under(held_to(at, desk("9:11")), at, **P2)
    assert local(story, story.due(Clock.INITIAL_RESPONSE)) == "Wed 16 Jun 11:00"
    lowered = utc("2027-06-16T00:00")
    story.say("change_level", lowered, level="P3", reason="Few users")
    assert local(story, story.due(Clock.INITIAL_RESPONSE)) == "Wed 16 Jun 11:00"
    assert story.until(lowered).case.breaches == ()
    told = story.told(EffectKind.LEVEL_CHANGED)[-1]
    assert told.facts.due_at == story.due(Clock.INITIAL_RESPONSE)


def test_a_level_lowered_to_a_longer_target_is_due_by_that() -> None:
    story = opened(**P1)
    story.say("change_level", TUESDAY + 30 * MINUTE, level="P2", reason="Few users")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 4 * HOUR
    assert story.clock(Clock.INITIAL_RESPONSE).warn_at == TUESDAY + 3 * HOUR


def test_a_level_lowered_after_it_was_raised_keeps_the_later_of_both() -> None:
    story = opened(**P2)
    story.say("change_level", TUESDAY + HOUR, level="P1", reason="All users")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 2 * HOUR
    story.say("change_level", TUESDAY + 90 * MINUTE, level="P2", reason="Few after all")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 4 * HOUR


def test_by_earlier_rules_a_lowered_level_is_due_from_the_receipt() -> None:
    at = utc("2027-06-14T23:00")
    story = opened_under(held_to(at, desk("9:11")), at, **P2)
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.say("change_level", at + HOUR, level="P3", reason="Few users")
    assert local(story, story.due(Clock.INITIAL_RESPONSE)) == "Wed 16 Jun 09:00"


@given(
    st.integers(0, 30 * 24 * 60),
    st.lists(st.tuples(st.integers(1, 300), st.sampled_from(["P1", "P2", "P3", "P4"])), max_size=5),
    st.sampled_from(["9:11", "9:13 14:18", "7:19"]),
)
@settings(max_examples=40)
def test_whatever_the_levels_lowering_makes_nothing_earlier_and_raising_nothing_later(
    minutes: int, changes: list[tuple[int, str]], hours: str
) -> None:
    at = utc("2027-03-01T00:00") + minutes * MINUTE
    story = opened_under(held_to(at, desk(hours)), at, **P3)
    now = at
    for later, level in changes:
        now += later * MINUTE
        story.until(now)
        before, rank = story.due(Clock.INITIAL_RESPONSE), story.case.rule.rank
        story.say("change_level", now, level=level, reason="So it seems")
        after = story.due(Clock.INITIAL_RESPONSE)
        if before is None or after is None:
            return
        assert after <= before if story.case.rule.rank < rank else after >= before
        assert after >= now
