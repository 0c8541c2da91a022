"""A case that began elsewhere is brought here in silence: nobody is told of long ago, nothing is missed."""

import pytest

from domain import case_step
from domain.clocks import Clock
from domain.decision import Refused
from domain.effects import EffectKind
from domain.imported import PATIENCE
from domain.phase import CloseReason, Phase
from domain.rules import RULES_0_3
from domain.timeline import EntryKind
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, Story, opening, terms
from tests.domain.own_desk import twelve_by_five
from tests.people import ANA, KIM, P1, P2, P3, P5, request

LONG_AGO = TUESDAY - 90 * DAY


def _imported(at=LONG_AGO, under=None, **fields) -> Story:
    given = {"imported": True, **P1, **fields}
    decision = opening(at, under or terms(at), handled=TUESDAY, **given)
    assert not isinstance(decision, Refused), decision
    story = Story(decision.case)
    story.adopt(decision)
    return story


def _say(story: Story, verb: str, at, by=ANA, **fields) -> None:
    assert not isinstance(story.say(verb, at, by, handled=TUESDAY, **fields), Refused), story.decision


def test_an_unanswered_case_of_long_ago_is_neither_missed_nor_told_of() -> None:
    story = _imported()
    story.away_until(TUESDAY)
    assert story.effects == []
    assert (story.case.phase, story.case.breaches) == (Phase.RECEIVED, ())
    assert not story.runs(Clock.INITIAL_RESPONSE)
    whole, settled = story.happened(EntryKind.IMPORTED)
    assert (whole.due_at, whole.about, whole.internal) == (TUESDAY, None, True)
    assert (settled.about, settled.due_at) == (Clock.INITIAL_RESPONSE, LONG_AGO + HOUR)


def test_what_was_said_then_is_kept_at_its_own_instant() -> None:
    story = _imported()
    story.away_until(TUESDAY)
    _say(story, "respond", LONG_AGO + 10 * MINUTE, text="We have begun")
    _say(story, "post_update", LONG_AGO + 30 * MINUTE, text="News")
    _say(story, "wait_for_customer", LONG_AGO + HOUR, text="Since when?")
    _say(story, "reply", LONG_AGO + DAY + 20 * MINUTE, KIM, text="Since Monday")
    story.away_until(TUESDAY)
    assert story.effects == []
    assert (story.case.responded_at, story.case.phase) == (LONG_AGO + 10 * MINUTE, Phase.IN_PROGRESS)
    assert (story.case.breaches, story.case.score.missed, story.case.score.system) == ((), 0, 0)
    assert [entry.at for entry in story.happened(EntryKind.UPDATED)] == [LONG_AGO + 30 * MINUTE]


def test_the_cadence_goes_on_from_the_import() -> None:
    story = _imported()
    _say(story, "respond", LONG_AGO + 10 * MINUTE, text="We have begun")
    assert story.due(Clock.UPDATE) == TUESDAY + 10 * MINUTE
    (settled,) = [one for one in story.happened(EntryKind.IMPORTED) if one.about == Clock.UPDATE]
    assert settled.count == 90 * 24 - 1
    story.until(TUESDAY + 10 * MINUTE)
    assert [effect.kind for effect in story.told(EffectKind.STATUS_UPDATE)] == [EffectKind.STATUS_UPDATE]


def test_an_import_into_a_plan_with_hours_goes_on_in_them() -> None:
    story = _imported(under=twelve_by_five(LONG_AGO), **P3)
    _say(story, "respond", LONG_AGO + 10 * MINUTE, text="We have begun")
    due = story.due(Clock.UPDATE)
    assert due is not None
    assert due >= TUESDAY
    story.until(due)
    assert story.case.score.system == 1


def test_a_case_resolved_long_ago_closes_and_is_archived_in_silence_as_of_then() -> None:
    story = _imported()
    _say(story, "respond", LONG_AGO + 10 * MINUTE, text="We have begun")
    _say(story, "resolve", LONG_AGO + HOUR, kind="resolution", text="Done")
    story.away_until(TUESDAY + MINUTE)
    assert story.case.phase is Phase.RESOLVED
    story.until(TUESDAY + PATIENCE)
    assert (story.case.phase, story.case.close_reason) == (Phase.ARCHIVED, CloseReason.AUTO_CLOSE)
    assert story.case.closed_at is not None
    assert story.case.closed_at < LONG_AGO + 7 * DAY
    assert (story.effects, story.case.breaches) == ([], ())


def test_what_came_after_an_old_resolution_is_still_taken() -> None:
    story = _imported()
    _say(story, "resolve", LONG_AGO + HOUR, kind="resolution", text="Done")
    story.away_until(TUESDAY)
    _say(story, "reply", LONG_AGO + DAY, KIM, text="No, it is back", accepts=False)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.until(TUESDAY + PATIENCE).case.phase is Phase.IN_PROGRESS


def test_what_falls_due_after_the_import_is_promised_as_ever() -> None:
    story = _imported(TUESDAY - 30 * MINUTE)
    assert story.effects == []
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 30 * MINUTE
    assert story.clock(Clock.INITIAL_RESPONSE).warn_at == TUESDAY + 15 * MINUTE
    story.until(TUESDAY + HOUR)
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1
    assert story.told(EffectKind.BREACH_NOTICE)


def test_a_warning_of_before_the_import_is_not_given_late() -> None:
    story = _imported(TUESDAY - 3 * HOUR - 30 * MINUTE, **P2)
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 30 * MINUTE
    assert story.clock(Clock.INITIAL_RESPONSE).warn_at is None


def test_what_is_said_after_the_import_is_told_to_everybody() -> None:
    story = _imported()
    story.say("respond", TUESDAY + MINUTE, text="We take it from here")
    assert [effect.kind for effect in story.effects] == [EffectKind.FIRST_RESPONSE]
    assert (story.case.breaches, story.due(Clock.UPDATE)) == ((), TUESDAY + MINUTE + HOUR)


def test_silence_is_watched_from_the_import_on() -> None:
    story = _imported(**P5)
    assert story.due(Clock.STALE) == TUESDAY + 7 * DAY


def test_a_request_received_now_is_no_import_of_the_past() -> None:
    story = _imported(TUESDAY)
    assert story.case.imported_at is None
    assert story.told(EffectKind.ACKNOWLEDGEMENT)


@pytest.mark.parametrize("actor", [KIM])
def test_only_staff_import(actor) -> None:
    refused = case_step.refuse_opening(request("INC-1", actor=actor, imported=True, received_at=LONG_AGO))
    assert refused is not None
    assert (refused.code, refused.missing) == ("RoleNotPermitted", ("imported",))


def test_a_run_under_earlier_rules_knows_no_imports() -> None:
    submit = request("INC-1", imported=True, received_at=LONG_AGO, **P1)
    decision = case_step.open_case(submit, terms(LONG_AGO), TUESDAY, rules=RULES_0_3)
    assert not isinstance(decision, Refused)
    assert decision.case.imported_at is None


def test_what_is_imported_later_is_not_held_up_by_what_was_done_meanwhile() -> None:
    story = _imported()
    story.say("add_note", TUESDAY + MINUTE, text="Being brought over", internal=True)
    story.case = story.case.model_copy(update={"settled_at": TUESDAY})
    story.say("respond", LONG_AGO + 10 * MINUTE, handled=TUESDAY + 2 * MINUTE, text="We have begun")
    story.say("post_update", LONG_AGO + 5 * MINUTE, handled=TUESDAY + 2 * MINUTE, text="Out of order")
    assert story.case.responded_at == LONG_AGO + 10 * MINUTE
    assert [entry.at for entry in story.happened(EntryKind.UPDATED)] == [LONG_AGO + 10 * MINUTE]
