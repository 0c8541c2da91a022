"""A survey for every closure: one answer, from the requester, within fourteen days."""

import pytest
from pydantic import ValidationError

from domain.actor import Actor, ActorKind
from domain.decision import Accepted
from domain.effects import EffectKind
from domain.phase import Phase
from domain.survey import KEPT_SURVEYS, asked
from domain.timeline import EntryKind
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TUESDAY,
    Story,
    answered,
    archived,
    closed,
    policy_with,
    resolved,
    terms,
)
from tests.people import ANA, KIM


def closed_twice() -> Story:
    story = closed()
    story.say("reopen", TUESDAY + HOUR, KIM, reason="It is back")
    story.say("respond", TUESDAY + 2 * HOUR, text="We look again.")
    story.say("resolve", TUESDAY + 3 * HOUR, kind="resolution", text="Now it works.")
    story.say("reply", TUESDAY + 4 * HOUR, KIM, text="Yes", accepts=True)
    return story


@pytest.mark.covers("RHIPE-27", "GAP-25")
def test_the_customer_answers_once_with_a_score_and_a_word() -> None:
    story = closed()
    assert isinstance(story.say("answer_survey", TUESDAY + HOUR, KIM, score=4, comment="Quick"), Accepted)
    (entry,) = story.happened(EntryKind.SURVEY_ANSWERED)
    assert (entry.about, entry.count, entry.text, entry.by) == ("4", 1, "Quick", KIM.name)
    again = story.refused("answer_survey", TUESDAY + 2 * HOUR, KIM, score=1)
    assert again.code == "SurveyAlreadyAnswered"


@pytest.mark.covers("RHIPE-27")
@pytest.mark.parametrize("score", [0, 6, -1, 4.5, "4", True, None])
def test_a_score_outside_the_scale_is_no_answer(score: object) -> None:
    with pytest.raises(ValidationError, match="score"):
        closed().say("answer_survey", TUESDAY + HOUR, KIM, score=score)


@pytest.mark.covers("GAP-25")
def test_a_survey_is_open_for_fourteen_days_that_instant_included_though_the_case_is_archived() -> None:
    story = archived()
    assert story.case.phase is Phase.ARCHIVED
    late = story.refused("answer_survey", TUESDAY + 14 * DAY + SECOND, KIM, score=5)
    assert late.code == "SurveyClosed"
    assert "2027-06-29 00:00 UTC" in late.reason
    assert isinstance(story.say("answer_survey", TUESDAY + 14 * DAY, KIM, score=5), Accepted)
    assert story.case.phase is Phase.ARCHIVED


def test_how_long_it_is_open_is_the_policys_to_say() -> None:
    short = terms(TUESDAY - DAY, policy=policy_with("closing", survey_open=2 * DAY))
    story = closed(under=short)
    assert story.told(EffectKind.CSAT_SURVEY)[0].facts.due_at == TUESDAY + 2 * DAY
    assert story.refused("answer_survey", TUESDAY + 2 * DAY + SECOND, KIM, score=5).code == "SurveyClosed"


@pytest.mark.covers("RHIPE-27")
def test_each_closure_has_an_answer_of_its_own_and_the_last_one_is_meant_unless_another_is_named() -> None:
    story = closed_twice()
    story.say("answer_survey", TUESDAY + 5 * HOUR, KIM, score=5)
    story.say("answer_survey", TUESDAY + 6 * HOUR, KIM, score=2, closure=1)
    entries = story.happened(EntryKind.SURVEY_ANSWERED)
    assert [(entry.count, entry.about) for entry in entries] == [(2, "5"), (1, "2")]
    for closure in (1, 2, None):
        again = story.refused("answer_survey", TUESDAY + 7 * HOUR, KIM, score=3, closure=closure)
        assert again.code == "SurveyAlreadyAnswered"
    assert story.refused("answer_survey", TUESDAY + DAY, KIM, score=3, closure=3).code == "SurveyNotFound"


def test_a_case_that_is_open_again_still_takes_the_answer_about_its_closure() -> None:
    story = closed()
    story.say("reopen", TUESDAY + HOUR, KIM, reason="It is back")
    clocks = story.case.clocks
    assert isinstance(story.say("answer_survey", TUESDAY + HOUR + MINUTE, KIM, score=1), Accepted)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.case.clocks == clocks


@pytest.mark.covers("RHIPE-27")
def test_only_the_requester_answers_and_only_for_his_own_case() -> None:
    assert closed().refused("answer_survey", TUESDAY + HOUR, ANA, score=5).code == "RoleNotPermitted"
    stranger = Actor(kind=ActorKind.CUSTOMER, name="Eve", tenant="Alpine Rail")
    assert closed().refused("answer_survey", TUESDAY + HOUR, stranger, score=5).code == "Forbidden"


def test_where_nobody_was_asked_there_is_nothing_to_answer() -> None:
    quiet = terms(TUESDAY - DAY, policy=policy_with("closing", survey=False))
    for story in (answered(), closed(under=quiet)):
        assert story.refused("answer_survey", TUESDAY + HOUR, KIM, score=5).code == "SurveyNotFound"


def test_a_case_closed_by_silence_is_asked_about_from_its_due_instant() -> None:
    story = resolved().until(TUESDAY + 4 * DAY)
    (survey,) = story.case.surveys
    assert survey.asked_at == story.case.closed_at
    assert survey.open_until == survey.asked_at + 14 * DAY


def test_the_case_keeps_no_more_surveys_than_it_has_room_for() -> None:
    surveys = closed().case.surveys
    for closure in range(2, 100):
        surveys = asked(surveys, closure, TUESDAY + closure * MINUTE, 14 * DAY)
    assert len(surveys) == KEPT_SURVEYS
    assert surveys[-1].closure == 99
