"""What a vendor writes is kept, however long and odd, and taking back "resolved" reaches a person."""

from typing import Any

import pytest

from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.rules import RULES_0_3
from domain.text import MAX_TEXT_BYTES
from domain.timeline import EntryKind
from tests.domain import dedicated_desk
from tests.domain.boundary_desk import ALEX, ENGINEER
from tests.domain.cases import DAY, HOUR, MINUTE, Story
from tests.domain.vendor_desk import AT, NUMBER, VENDOR, handed_over, kept_open
from tests.people import ANA

BACK = "It is back, we reopened our ticket."


def done_with(**fields: Any) -> Story:
    """A case the vendor said an hour later is solved."""
    story = kept_open(**fields)
    story.say("vendor_update", AT + HOUR, VENDOR, text="Done.", resolved=True)
    assert story.case.phase is Phase.IN_PROGRESS
    return story


def told_since(story: Story, before: int) -> list[tuple[EffectKind, Recipient, str | None]]:
    return [(effect.kind, effect.to, effect.about) for effect in story.effects[before:]]


@pytest.mark.covers("CSS-09", "CSS-10")
def test_a_vendor_who_takes_back_resolved_has_the_case_again_and_the_engineer_hears_it() -> None:
    story = done_with()
    assert not story.runs(Clock.VENDOR_FOLLOW_UP)
    before = len(story.effects)
    story.say("vendor_update", AT + 3 * HOUR, VENDOR, text=BACK)
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.case.vendor is not None
    assert story.case.vendor.is_active
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + 3 * HOUR + DAY
    assert (EffectKind.VENDOR_ANSWERED, Recipient.ASSIGNEE, "taken_back") in told_since(story, before)


def test_our_own_clocks_rest_again_where_they_did_while_the_vendor_had_it() -> None:
    story = dedicated_desk.at_severity("B", AT)
    story.say("escalate_to_vendor", AT, ANA, vendor_reference=NUMBER)
    kept = {clock.clock for clock in story.case.clocks}
    story.say("vendor_update", AT + HOUR, VENDOR, text="Done.", resolved=True)
    story.say("vendor_update", AT + 2 * HOUR, VENDOR, text=BACK)
    assert {clock.clock for clock in story.case.clocks} == kept


def test_while_the_customer_is_asked_something_the_vendor_has_it_again_behind_that() -> None:
    story = done_with()
    story.say("wait_for_customer", AT + 2 * HOUR, ENGINEER, text="Does it work?")
    story.say("vendor_update", AT + 3 * HOUR, VENDOR, text=BACK)
    assert (story.case.phase, story.case.working_phase) == (Phase.AWAITING_CUSTOMER, Phase.VENDOR_ESCALATED)
    assert story.runs(Clock.VENDOR_FOLLOW_UP)


@pytest.mark.parametrize("phase", [Phase.RESOLVED, Phase.CLOSED])
def test_of_a_case_that_is_resolved_or_closed_a_person_is_asked(phase: Phase) -> None:
    story = done_with()
    story.say("resolve", AT + 2 * HOUR, ENGINEER, kind="resolution", text="Solved there.")
    if phase is Phase.CLOSED:
        story.say("reply", AT + 2 * HOUR + MINUTE, ALEX, text="Yes, it works.", accepts=True)
    before = len(story.effects)
    story.say("vendor_update", AT + 2 * HOUR + 2 * MINUTE, VENDOR, text=BACK)
    assert story.case.phase is phase
    assert told_since(story, before) == [(EffectKind.VENDOR_ANSWERED, Recipient.ASSIGNEE, "taken_back")]


def test_of_a_case_handed_over_a_person_is_asked_only_where_the_vendor_takes_it_back() -> None:
    story = handed_over()
    before = len(story.effects)
    story.say("vendor_update", AT + HOUR, VENDOR, text="We look into it.")
    story.say("vendor_update", AT + 2 * HOUR, VENDOR, text="Done.", resolved=True)
    assert told_since(story, before) == []
    story.say("vendor_update", AT + 3 * HOUR, VENDOR, text=BACK)
    assert told_since(story, before) == [(EffectKind.VENDOR_ANSWERED, Recipient.ASSIGNEE, "taken_back")]


def test_an_older_run_notes_what_the_vendor_takes_back_as_before() -> None:
    story = done_with()
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    before = len(story.effects)
    story.say("vendor_update", AT + 3 * HOUR, VENDOR, text=BACK)
    assert (story.case.phase, told_since(story, before)) == (Phase.IN_PROGRESS, [])


# --- long and odd ----------------------------------------------------------------------------------------

LONG = "Fixed.\n" + "> quoted \N{GRINNING FACE}\n" * 1000


@pytest.mark.parametrize("text", ["x" * (MAX_TEXT_BYTES + 1), LONG, "y" * 50_000])
@pytest.mark.parametrize("verb", ["vendor_update", "vendor_finding"])
def test_a_long_answer_of_the_vendor_is_kept_whole_and_named_as_an_attachment(verb: str, text: str) -> None:
    story = kept_open()
    given = {"boundary": "cloud"} if verb == "vendor_finding" else {}
    decision = story.say(verb, AT + HOUR, VENDOR, text=text, **given)
    assert isinstance(decision, Accepted)
    parts = [entry for entry in decision.entries if (entry.about or "").startswith("attachment timeline:")]
    assert "".join(part.text or "" for part in parts) == text.strip()
    answer = next(
        e for e in decision.entries if e.kind in (EntryKind.VENDOR_ANSWERED, EntryKind.VENDOR_FOUND)
    )
    assert answer.text is not None
    assert answer.text.startswith(text[:1000])
    assert f"attachment timeline:vendor-answer-{parts[0].number}" in answer.text
    assert all(len((entry.text or "").encode()) <= MAX_TEXT_BYTES for entry in decision.entries)
    assert all(len((one.facts.text or "").encode()) <= MAX_TEXT_BYTES for one in decision.effects)


@pytest.mark.parametrize(
    ("odd", "plain", "named"),
    [
        ("Fixed.\vTry again.", "Fixed.\nTry again.", "U+000B"),
        ("Fixed.\fTry again.", "Fixed.\nTry again.", "U+000C"),
        ("Fixed \u202enow\u202c.", "Fixed now.", "U+202E, U+202C"),
        ("Fixed \u2067now\u2069.\x00", "Fixed now.", "U+2067, U+2069, U+0000"),
        ("One\u2028two", "One\ntwo", "U+2028"),
    ],
)
def test_marks_that_hide_what_a_text_says_are_taken_out_and_that_is_noted(
    odd: str, plain: str, named: str
) -> None:
    story = kept_open()
    decision = story.say("vendor_update", AT + HOUR, VENDOR, text=odd)
    assert isinstance(decision, Accepted)
    noted, answer, *_ = decision.entries
    assert (noted.kind, noted.internal, noted.text) == (
        EntryKind.NOTED,
        True,
        f"Taken out of what the vendor wrote: {named}",
    )
    assert answer.text == plain
    assert story.told(EffectKind.VENDOR_ANSWERED)[-1].facts.text == plain


def test_odd_lines_beside_the_text_are_made_fit_and_what_they_were_is_noted() -> None:
    story = kept_open()
    story.say("vendor_update", AT + HOUR, VENDOR, text="Fixed.", contact="Robin\u202e", severity="B\x0b")
    assert story.case.vendor is not None
    assert (story.case.vendor.engineer, story.case.vendor.severity) == ("Robin", "B")
    assert "contact was 'Robin?'" in (story.happened(EntryKind.NOTED)[-1].text or "")


def test_an_answer_of_nothing_but_marks_says_nothing_and_is_refused() -> None:
    refused = kept_open().refused("vendor_update", AT + HOUR, VENDOR, text="\u202e\x00")
    assert (refused.code, refused.missing) == ("ValidationError", ("text",))


def test_a_requester_is_there_to_write_it_again_and_so_is_whoever_speaks_to_an_older_run() -> None:
    story = handed_over()
    kim = story.case.request.actor
    assert story.refused("vendor_contacted", AT + HOUR, kim, text="x" * 9000).missing == ("text",)
    older = kept_open()
    older.case = older.case.model_copy(update={"rules": RULES_0_3})
    for text in ("x" * 9000, "Fixed.\vAgain."):
        assert older.refused("vendor_update", AT + HOUR, VENDOR, text=text).code == "ValidationError"
