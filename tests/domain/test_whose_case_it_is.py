"""Who answers a case that somebody else owns: it stays theirs unless the speaker says so, and they hear."""

import pytest

from domain.actor import Actor, ActorKind
from domain.effects import EffectKind, Recipient
from domain.rules import RULES_0_3
from tests.domain.cases import MINUTE, TUESDAY, Story, opened
from tests.people import ANA

BEN = Actor(kind=ActorKind.STAFF, name="Ben Tan")
NOBODY = Actor(kind=ActorKind.STAFF)


def owned() -> Story:
    story = opened()
    story.say("claim", TUESDAY + MINUTE, ANA)
    return story


@pytest.mark.covers("RHIPE-14", "RHIPE-37")
def test_who_responds_to_a_case_of_somebody_else_does_not_take_it_and_the_owner_hears() -> None:
    story = owned()
    answer = story.say("respond", TUESDAY + 2 * MINUTE, BEN, text="We are on it.")
    assert (story.case.assignee, story.case.responded_at) == (ANA.name, TUESDAY + 2 * MINUTE)
    (told,) = story.told(EffectKind.COLLEAGUE_RESPONDED)
    assert (told.to, told.facts.owner, told.facts.by) == (Recipient.ASSIGNEE, ANA.name, BEN.name)
    assert (told.about, told.facts.text) == ("kept", "We are on it.")
    assert "OwnerStays" in answer.warnings


@pytest.mark.parametrize(("said", "owner"), [({"take": True}, "Ben Tan"), ({"assignee": "Cid"}, "Cid")])
def test_who_says_so_takes_it_and_whose_it_was_hears(said: dict[str, object], owner: str) -> None:
    story = owned()
    answer = story.say("respond", TUESDAY + 2 * MINUTE, BEN, text="Mine now.", **said)
    assert story.case.assignee == owner
    (told,) = story.told(EffectKind.COLLEAGUE_RESPONDED)
    assert (told.facts.owner, told.about, told.facts.contact) == (ANA.name, "taken", owner)
    assert answer.warnings == ()


def test_a_second_response_of_somebody_else_leaves_the_owner_too() -> None:
    story = owned()
    story.say("respond", TUESDAY + 2 * MINUTE, ANA, text="I am on it.")
    story.say("respond", TUESDAY + 3 * MINUTE, BEN, text="So am I.")
    assert (story.case.assignee, len(story.told(EffectKind.COLLEAGUE_RESPONDED))) == (ANA.name, 1)
    story.say("respond", TUESDAY + 4 * MINUTE, BEN, text="I have it.", take=True)
    assert story.case.assignee == BEN.name


def test_a_case_nobody_has_is_whose_who_responds_and_nobody_is_told() -> None:
    story = opened()
    story.say("respond", TUESDAY + MINUTE, BEN, text="I am on it.")
    assert (story.case.assignee, story.told(EffectKind.COLLEAGUE_RESPONDED)) == (BEN.name, [])


def test_the_owner_who_responds_hears_nothing_of_it() -> None:
    story = owned()
    story.say("respond", TUESDAY + 2 * MINUTE, ANA, text="I am on it.")
    assert (story.case.assignee, story.told(EffectKind.COLLEAGUE_RESPONDED)) == (ANA.name, [])


def test_nobody_without_a_name_takes_a_case() -> None:
    story = owned()
    refused = story.refused("respond", TUESDAY + 2 * MINUTE, NOBODY, text="x", take=True)
    assert refused.code == "ValidationError"
    story.say("respond", TUESDAY + 2 * MINUTE, NOBODY, text="We are on it.")
    assert story.case.assignee == ANA.name


def test_by_the_rules_before_0_4_who_responds_takes_the_case() -> None:
    story = owned()
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.say("respond", TUESDAY + 2 * MINUTE, BEN, text="I am on it.")
    assert (story.case.assignee, story.told(EffectKind.COLLEAGUE_RESPONDED)) == (BEN.name, [])
