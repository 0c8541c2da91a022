"""Whatever a customer is promised can be derived again by `explain`, from what it shows."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.clocks import Clock
from domain.counting import Arithmetic
from domain.effects import Effect, Recipient
from domain.time.calendar import Gap, add_business_days, add_open_time
from domain.views.explain import Explanation, explain
from tests.domain.cases import DAY, HOUR, MINUTE, terms
from tests.domain.desks import utc
from tests.domain.own_desk import LUNCH, desk, held_to, local, opened_under
from tests.people import KIM, P1, P2, P3

P4 = {"impact": "low", "urgency": "medium"}
PROMISED = {
    "due_at": Clock.INITIAL_RESPONSE,
    "next_update_at": Clock.UPDATE,
    "auto_close_at": Clock.AUTO_CLOSE,
    "reopen_until": Clock.REOPEN_WINDOW,
}
WORDS = st.sampled_from(
    ["respond", "post_update", "wait", "reply", "raise", "lower", "resolve", "accept", "reopen"]
)


def _amount(rule: str) -> timedelta | int:
    """Read a rule as the customer does: `2 business days`, `every 1 h`, `4 h (raised)`."""
    words = rule.removeprefix("every ").removesuffix(" (raised)").split()
    if "business" in words:
        return int(words[0])
    units = {"d": DAY, "h": HOUR, "min": MINUTE}
    parts = zip(words[::2], words[1::2], strict=True)
    return sum((int(count) * units[unit] for count, unit in parts), timedelta(0))


def _derived(case: Case, told: Explanation) -> datetime:
    amount, start, calendar = _amount(told.rule), told.counted_from, case.terms.calendar
    assert start is not None
    if isinstance(amount, int):
        assert told.arithmetic is Arithmetic.BUSINESS_DAYS
        return add_business_days(calendar, start, amount, gap=Gap.OUTSIDE)
    if told.arithmetic is Arithmetic.COVERAGE:
        return add_open_time(calendar, start, amount)
    assert told.arithmetic is Arithmetic.ELAPSED
    return start + amount


def _check(case: Case, effects: tuple[Effect, ...]) -> None:
    for effect in effects:
        if effect.to is not Recipient.CUSTOMER:
            continue
        for fact, clock in PROMISED.items():
            told, explanation = getattr(effect.facts, fact), explain(case, clock)
            if told is None or explanation.due_at is None:
                continue
            if fact == "due_at" and effect.about in (Clock.UPDATE, Clock.CUSTOMER_UPDATE):
                continue  # the instant that has just passed
            assert told == explanation.due_at == _derived(case, explanation), (effect.kind, fact)


SAID = {
    "respond": ("respond", {"text": "We have begun"}),
    "post_update": ("post_update", {"text": "News"}),
    "wait": ("wait_for_customer", {"text": "Since when?"}),
    "raise": ("change_level", {"level": "P1", "reason": "All users"}),
    "lower": ("change_level", {"level": "P3", "reason": "Few users"}),
    "resolve": ("resolve", {"kind": "resolution", "text": "Done"}),
}


@settings(max_examples=60)
@given(
    st.integers(0, 365 * 24 * 60),
    st.sampled_from([P1, P2, P3, P4]),
    st.sampled_from([LUNCH, "7:19", "9:11", "plan", "round"]),
    st.lists(st.tuples(WORDS, st.integers(1, 3000)), max_size=8),
)
def test_no_promise_is_told_that_explain_cannot_derive(minutes, level, hours, said) -> None:
    at = utc("2027-01-01T00:00") + timedelta(minutes=minutes)
    plans = {"plan": "saas-12x5", "round": "partner-24x7"}
    under = terms(at, plan=plans[hours]) if hours in plans else held_to(at, desk(hours))
    story = opened_under(under, at, **level)
    _check(story.case, tuple(story.effects))
    for word, later in said:
        at += later * MINUTE
        before = len(story.effects)
        story.until(at)
        if story.effects[before:]:
            _check(story.case, (story.effects[-1],))
        if word in ("reply", "accept"):
            decision = story.say("reply", at, KIM, text="Well", accepts=True if word == "accept" else None)
        elif word == "reopen":
            decision = story.say("reopen", at, KIM, reason="It is back")
        else:
            verb, fields = SAID[word]
            decision = story.say(verb, at, **fields)
        _check(story.case, getattr(decision, "effects", ()))


def test_a_raised_level_is_explained_from_the_change() -> None:
    at = utc("2027-06-18T08:00")
    story = opened_under(terms(at, plan="saas-12x5"), at, **P3)
    story.say("change_level", at + HOUR + MINUTE, level="P1", reason="All users")
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert told.counted_from == at + HOUR + MINUTE
    assert local(story, told.due_at) == "Mon 21 Jun 08:00"
    assert any("The level was raised" in step and "Fri 2027-06-18 19:01:00" in step for step in told.steps)


def test_cadences_under_hours_are_explained_with_the_hours_skipped() -> None:
    at = utc("2027-06-18T08:40")
    story = opened_under(terms(at, plan="saas-12x5"), at, **P1)
    story.say("respond", at + 10 * MINUTE, text="We have begun")
    told = explain(story.case, Clock.UPDATE)
    assert told.arithmetic is Arithmetic.COVERAGE
    assert "Hours outside the plan's coverage were skipped." in told.steps
