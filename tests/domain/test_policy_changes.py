"""A changed policy and live cases: what is foreseen is what happens, and elapsed time survives (GAP-22)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case_step import take_terms
from domain.clocks import Clock
from domain.policy import Target
from domain.recomputing import Moved, foresee, moved_by
from domain.terms import Terms, TermsAnswer, TermsRefused
from domain.timeline import EntryKind
from domain.verbs import Verb
from domain.views.explain import explain
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, answered, opened, terms
from tests.people import ANA, KIM, P2, P3


def _asked(at) -> Any:
    return Verb.RECOMPUTE_TERMS.model(actor=ANA, received_at=at, reason="policy own@2 applied", in_bulk=True)


def _changed(at, response: timedelta | None, cadence: timedelta | None, days: int) -> Terms:
    """Terms of today in which every level promises something else."""
    fresh = terms(at)
    levels = tuple(
        level.model_copy(
            update={"initial_response": response and Target(within=response), "update_every": cadence}
        )
        for level in fresh.rules.levels
    )
    closing = fresh.rules.closing.model_copy(update={"auto_close_business_days": days})
    rules = fresh.rules.model_copy(update={"levels": levels, "closing": closing})
    return fresh.model_copy(update={"rules": rules, "version": "2"})


def _apply(story: Story, fresh: Terms, at) -> tuple[Moved, ...]:
    """Recompute on purpose, and read from the timeline alone what that did."""
    story.say("recompute_terms", at, reason="policy own@2 applied", in_bulk=True)
    before = story.case
    told = take_terms(story.case, TermsAnswer(terms=fresh), at)
    story.adopt(told)
    return moved_by(before, told.entries)


SPANS = st.one_of(st.none(), st.integers(10, 4000).map(lambda minutes: minutes * MINUTE))


@pytest.mark.covers("GAP-22")
@settings(max_examples=80, deadline=None)
@given(
    SPANS, SPANS, st.integers(1, 9), st.integers(5, 3000), st.sampled_from(["open", "answered", "resolved"])
)
def test_what_is_foreseen_is_what_recomputing_does(response, cadence, days, minutes, stage) -> None:
    story = opened(**P3)
    if stage != "open":
        story.say("respond", TUESDAY + MINUTE, text="We have begun")
    if stage == "resolved":
        story.say("resolve", TUESDAY + 2 * MINUTE, kind="resolution", text="Done")
    at = TUESDAY + minutes * MINUTE
    story.until(at)
    started = {running.clock: running.started_at for running in story.case.clocks}
    fresh = _changed(at, response, cadence, days)
    untouched = story.case
    foreseen = foresee(story.case, TermsAnswer(terms=fresh), _asked(at), at)
    assert story.case is untouched
    assert _apply(story, fresh, at) == foreseen.moved
    for moved in foreseen.moved:
        running = story.clock(moved.clock)
        assert running.due_at == moved.due_at >= at
        assert running.started_at == started[moved.clock]
        assert moved.at_once == (moved.due_at == at)
        assert not moved.at_once or moved.by < timedelta(0)
    still = {one.clock for one in foreseen.moved} | {Clock.TERMS_RENEWAL, Clock.HANDOFF}
    for running in untouched.clocks:
        assert running.clock in still or story.case.clock(running.clock) == running


def test_elapsed_time_survives_and_both_instants_are_on_the_timeline_and_explained() -> None:
    story = opened(**P2)
    at = TUESDAY + HOUR
    old = story.due(Clock.INITIAL_RESPONSE)
    assert old == TUESDAY + 4 * HOUR
    (moved, *_) = _apply(story, _changed(at, 2 * HOUR, 3 * HOUR, 3), at)
    assert moved == Moved(clock=Clock.INITIAL_RESPONSE, old_due_at=old, due_at=TUESDAY + 2 * HOUR)
    assert moved.by == -2 * HOUR
    (entry, *_) = [one for one in story.happened(EntryKind.TERMS_CHANGED) if one.due_at is not None]
    assert entry.text == "initial_response: 2027-06-15T04:00:00Z -> 2027-06-15T02:00:00Z"
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert (told.recounted_at, told.old_due_at, told.due_at) == (at, old, TUESDAY + 2 * HOUR)
    assert (
        "Other terms count since Tue 2027-06-15 11:00:00; until then it was due at Tue 2027-06-15 14:00:00."
        in told.steps
    )


def test_the_next_of_a_series_is_explained_without_what_moved_the_one_before() -> None:
    story = answered(**P2)
    at = TUESDAY + HOUR
    _apply(story, _changed(at, 4 * HOUR, 90 * MINUTE, 3), at)
    assert explain(story.case, Clock.UPDATE).old_due_at is not None
    story.until(story.due(Clock.UPDATE))
    assert explain(story.case, Clock.UPDATE).old_due_at is None


def test_a_promise_that_would_lie_in_the_past_falls_due_at_once_and_is_said_to() -> None:
    story = opened(**P2)
    at = TUESDAY + 3 * HOUR
    fresh = _changed(at, 2 * HOUR, None, 3)
    (foreseen,) = foresee(story.case, TermsAnswer(terms=fresh), _asked(at), at).moved
    assert (foreseen.at_once, foreseen.due_at) == (True, at)
    _apply(story, fresh, at)
    story.until(at)
    assert [breach.due_at for breach in story.breaches(Clock.INITIAL_RESPONSE)] == [at]


def test_a_policy_applied_to_all_cases_is_no_act_on_one_of_them() -> None:
    story = opened(**P2).until(TUESDAY + 5 * HOUR)
    at = TUESDAY + 5 * HOUR
    assert story.runs(Clock.LADDER)
    _apply(story, _changed(at, 8 * HOUR, None, 3), at)
    assert story.runs(Clock.LADDER)
    story.say("recompute_terms", at, reason="For this customer")
    assert not story.runs(Clock.LADDER)


def test_a_change_that_changes_nothing_moves_nothing() -> None:
    story = opened(**P3)
    at = TUESDAY + DAY - HOUR
    foreseen = foresee(story.until(at).case, TermsAnswer(terms=terms(at)), _asked(at), at)
    assert foreseen.moved == ()
    assert foreseen.refused is None


def test_what_cannot_be_recomputed_says_why() -> None:
    story = opened(**P2)
    at = TUESDAY + HOUR
    refused = TermsRefused(code="PlanUnknown", reason="policy own has no plan 'gold'", remedy="name a plan")
    cannot = foresee(story.case, TermsAnswer(refused=refused), _asked(at), at)
    assert (cannot.moved, cannot.refused and cannot.refused.code) == ((), "PlanUnknown")
    fresh = terms(at)
    others = tuple(level for level in fresh.rules.levels if level.id != "P2")
    fresh = fresh.model_copy(update={"rules": fresh.rules.model_copy(update={"levels": others})})
    cannot = foresee(story.case, TermsAnswer(terms=fresh), _asked(at), at)
    assert cannot.refused is not None
    assert (cannot.refused.code, "no level P2" in cannot.refused.reason) == ("SeverityUnknown", True)
    assert _apply(story, fresh, at) == ()
    story.say("close", at, KIM, reason="requested", text="Not needed any more")
    story.until(at + 60 * DAY)
    over = foresee(story.case, TermsAnswer(terms=terms(at)), _asked(at + 61 * DAY), at + 61 * DAY)
    assert over.refused is not None
