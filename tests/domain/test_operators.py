"""What operators do to the engine below a case: recorded, told to who works on it, and no promise moves."""

from datetime import datetime

import pytest

from domain import case_step
from domain.effects import EffectKind, Recipient
from domain.incidents.cadence import cancel_asked
from domain.timeline import EntryKind
from tests.domain.cases import HOUR, MINUTE, TUESDAY, Story, answered, opened
from tests.domain.test_incidents import Affair
from tests.people import ANA

LATER = TUESDAY + HOUR


def cancelled(story: Story, reason: str = "", at: datetime = LATER) -> Story:
    story.adopt(case_step.cancel_asked(story.case, reason, at))
    return story


def test_a_cancel_is_recorded_and_told_to_who_works_on_the_case_which_goes_on_unmoved() -> None:
    story = answered()
    before = story.case
    cancelled(story, "  tidying up\n")
    entry, (effect,) = story.entries[-1], story.told(EffectKind.CANCEL_ASKED)
    assert (entry.kind, entry.at, entry.internal) == (EntryKind.CANCEL_ASKED, LATER, True)
    assert entry.text == "the engine was asked to cancel this case; it goes on: tidying up"
    assert (effect.to, effect.facts.owner, effect.facts.reason) == (
        Recipient.ASSIGNEE,
        ANA.name,
        "tidying up",
    )
    assert (story.case.phase, story.case.clocks, story.case.heard_at) == (
        before.phase,
        before.clocks,
        before.heard_at,
    )


def test_a_cancel_without_a_reason_says_none() -> None:
    story = cancelled(opened())
    assert story.entries[-1].text == "the engine was asked to cancel this case; it goes on"
    assert story.told(EffectKind.CANCEL_ASKED)[0].facts.reason is None


@pytest.mark.parametrize("reason", ["\x00\u202e\ud800", "x" * 100_000])
def test_a_reason_can_neither_hide_nor_flood_anything(reason: str) -> None:
    text = cancelled(opened(), reason).entries[-1].text
    assert text is not None
    assert len(text.encode()) < 400
    assert not set("\x00\u202e\ud800") & set(text)


def test_a_cancel_of_a_closed_case_is_recorded_and_told_to_nobody() -> None:
    story = answered()
    story.say("close", TUESDAY + 10 * MINUTE, reason="requested", text="Done.")
    cancelled(story)
    assert story.entries[-1].kind is EntryKind.CANCEL_ASKED
    assert story.told(EffectKind.CANCEL_ASKED) == []


def test_a_cancelled_incident_notes_it_tells_its_manager_and_keeps_its_clock() -> None:
    incident = Affair().incident
    after, (effect,) = cancel_asked(incident, "tidying up", LATER)
    assert (after.timeline[-1].kind, after.timeline[-1].text) == ("cancel_asked", "tidying up")
    assert (effect.kind, effect.to) == (EffectKind.INCIDENT_CANCEL_ASKED, Recipient.ASSIGNEE)
    assert (after.clock, after.phase) == (incident.clock, incident.phase)
