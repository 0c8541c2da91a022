"""Westcoast's two levels: the requester names one, nothing is promised at either, and one has a cap."""

import pytest

from domain.case import LevelSource
from domain.clocks import Clock
from domain.effects import EffectKind
from domain.phase import Phase
from domain.views.staff import view
from tests.domain.boundary_desk import (
    ENGINEER,
    JO,
    MORNING,
    guide,
    only,
    promised_clocks,
    taken,
    turned_down,
    warned,
    worked_on,
)
from tests.domain.cases import DAY, HOUR, MINUTE
from tests.domain.desks import utc

WEST = "westcoast"
NIGHT = utc("2027-12-25T02:00")  # Christmas, two in the morning in London


@pytest.mark.covers("WEST-10")
@pytest.mark.parametrize("at", [MORNING, NIGHT])
def test_a_migration_is_never_of_high_priority_at_any_hour(at) -> None:
    refused = turned_down(WEST, at, category="migration", priority="high")
    assert refused.code == "PriorityNotPermitted"
    assert "category migration is at most normal" in refused.reason
    assert refused.missing == ("level",)
    assert "while you are still planning" in refused.remedy


@pytest.mark.covers("WEST-10")
def test_a_migration_of_normal_priority_is_taken_and_anything_else_may_be_high() -> None:
    migration, broken = taken(WEST, category="migration"), taken(WEST, priority="high")
    assert (migration.case.level, migration.case.phase) == ("normal", Phase.RECEIVED)
    assert (broken.case.level, broken.case.level_source) == ("high", LevelSource.REQUESTER)


@pytest.mark.covers("WEST-10")
@pytest.mark.parametrize("speaker", [JO, ENGINEER])
def test_a_migration_is_not_raised_above_its_cap_later_whoever_asks(speaker) -> None:
    story = taken(WEST, category="migration")
    refused = story.refused("change_level", MORNING + HOUR, speaker, level="high", reason="Tonight!")
    assert refused.code == "PriorityNotPermitted"
    assert story.case.level == "normal"


@pytest.mark.covers("WEST-10")
def test_a_case_of_high_priority_does_not_become_a_migration_afterwards() -> None:
    story = taken(WEST, priority="high", category=None, explanation=None)
    assert story.case.phase is Phase.AWAITING_INFORMATION
    later = {"explanation": "We move our mail tonight.", "category": "migration"}
    refused = story.refused("provide_information", MORNING + HOUR, JO, **later)
    assert refused.code == "PriorityNotPermitted"
    assert story.case.missing == ("explanation",)


@pytest.mark.covers("GAP-26")
def test_there_are_two_levels_and_neither_promises_anything() -> None:
    assert [(level.id, level.rank) for level in guide(WEST).rules.levels] == [("high", 0), ("normal", 1)]
    for priority in ("high", "normal"):
        story = worked_on(WEST, priority=priority)
        assert promised_clocks(story) == set()
        promised = {row.clock: row.promise for row in view(story.case).promises}
        assert promised == dict.fromkeys(
            (Clock.INITIAL_RESPONSE, Clock.UPDATE), "no commitment in the policy"
        )
        assert story.until(MORNING + 60 * DAY).case.breach_count == 0


@pytest.mark.covers("GAP-26")
def test_a_request_that_names_no_priority_is_a_normal_one() -> None:
    story = taken(WEST, priority=None)
    assert (story.case.level, story.case.level_source) == ("normal", LevelSource.CHANNEL_DEFAULT)
    assert turned_down(WEST, priority="P1").code == "SeverityUnknown"


@pytest.mark.covers("CONF-03")
def test_the_requester_names_the_level_and_may_change_it_with_a_reason() -> None:
    story = worked_on(WEST)
    later = MORNING + MINUTE
    assert story.refused("change_level", later, JO, level="high").code == "ReasonRequired"
    story.say("change_level", later, JO, level="high", reason="Everybody is affected now.")
    assert (story.case.level, story.case.level_source) == ("high", LevelSource.REQUESTER)
    assert only(story, EffectKind.LEVEL_CHANGED).facts.reason == "Everybody is affected now."


@pytest.mark.covers("CONF-11")
@pytest.mark.parametrize("language", ["ja", "cy"])
@pytest.mark.parametrize("name", [WEST, "distributor-css"])
def test_a_guide_that_is_silent_on_languages_takes_any_without_a_word(name: str, language: str) -> None:
    story = taken(name, language=language)
    assert story.case.phase is Phase.RECEIVED
    assert warned(story) == ()
    assert guide(name).rules.intake.languages_mode == "unset"


@pytest.mark.covers("WEST-10")
def test_the_cap_follows_what_staff_find_it_to_be() -> None:
    story = worked_on(WEST, priority="high")
    story.say("diagnose", MORNING + HOUR, ENGINEER, finding="migration", text="They are moving mailboxes.")
    assert (story.case.level, story.case.phase) == ("normal", Phase.IN_PROGRESS)
    told = only(story, EffectKind.LEVEL_CHANGED)
    assert told.about == "normal"
    for speaker in (JO, ENGINEER):
        refused = story.refused("change_level", MORNING + 2 * HOUR, speaker, level="high", reason="Tonight!")
        assert refused.code == "PriorityNotPermitted"
    story.say("diagnose", MORNING + 3 * HOUR, ENGINEER, finding="office_365", text="It is an outage.")
    story.say("change_level", MORNING + 4 * HOUR, JO, level="high", reason="Nobody has mail")
    assert story.case.level == "high"
