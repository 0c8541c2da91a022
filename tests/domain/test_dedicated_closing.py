"""The end of a case under o365-dedicated: validated, resolved, closed, archived, and silent from then on."""

import pytest

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.timeline import EntryKind
from tests.domain.cases import DAY, HOUR, MINUTE, Story
from tests.domain.dedicated_desk import (
    DESK,
    MORNING,
    answered,
    at_severity,
    declared,
    instants,
    opened,
    resolved,
    running,
)
from tests.people import ANA

BOTH = [Clock.UPDATE, Clock.CUSTOMER_UPDATE]
SOLVED = {"kind": "resolution", "text": "The store is mounted again."}


def _asked(severity: str = "A") -> Story:
    """A case whose customer is asked a minute past the hour whether it works."""
    story = at_severity(severity)
    story.say("validate_resolution", MORNING + MINUTE, text="Does it work?")
    return story


# --- the end of the cadence -----------------------------------------------------------------------------


@pytest.mark.covers("DED-02")
@pytest.mark.parametrize("severity", ["1", "A", "B", "C"])
@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (None, {}),
        ("wait_for_customer", {"text": "Since when?"}),
        ("validate_resolution", {"text": "Does it work?"}),
        ("add_note", {"text": "The vendor suspects storage."}),
    ],
)
def test_status_goes_on_in_every_phase_before_the_end(
    severity: str, verb: str | None, said: dict[str, str]
) -> None:
    story = at_severity(severity)
    if verb:
        story.say(verb, MORNING + MINUTE, **said)
    assert Clock.UPDATE in running(story.case)
    story.until(MORNING + 30 * DAY)
    assert instants(story, EffectKind.STATUS_UPDATE)[-1] > MORNING + 26 * DAY


@pytest.mark.covers("DED-02")
@pytest.mark.parametrize("reason", ["resolved", "restored"])
def test_status_ends_with_the_resolution_and_stays_silent_until_the_archive(reason: str) -> None:
    story = resolved(severity="A")
    assert (story.case.phase, running(story.case)) == (Phase.RESOLVED, [])
    story.until(MORNING + 30 * DAY)
    story.say("close", MORNING + 30 * DAY, reason=reason)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason(reason))
    assert story.until(MORNING + 60 * DAY).case.phase is Phase.ARCHIVED
    quiet = (EffectKind.STATUS_UPDATE, EffectKind.CUSTOMER_UPDATE_REMINDER, EffectKind.BREACH_NOTICE)
    assert [told.caused_at for told in story.told(*quiet) if told.caused_at >= MORNING] == []


@pytest.mark.covers("DED-02")
def test_no_update_is_posted_to_a_closed_or_archived_case() -> None:
    story = answered()
    story.say("close", MORNING + MINUTE, DESK, reason="requested")
    assert story.refused("post_update", MORNING + 2 * MINUTE, text="Late").code == "CaseClosed"
    assert story.until(MORNING + HOUR).case.phase is Phase.ARCHIVED
    assert story.refused("post_update", MORNING + HOUR, text="Late").code == "CaseClosed"


@pytest.mark.covers("DED-02", "DED-24")
def test_a_solution_the_customer_rejects_lets_both_cadences_run_again() -> None:
    story = resolved(severity="A")
    story.say("reply", MORNING + HOUR, DESK, text="It is down again.", accepts=False)
    assert (story.case.phase, running(story.case)) == (Phase.IN_PROGRESS, BOTH)
    assert story.due(Clock.UPDATE) == story.due(Clock.CUSTOMER_UPDATE) == MORNING + 3 * HOUR


# --- the kind of solution -------------------------------------------------------------------------------


@pytest.mark.covers("DED-32")
@pytest.mark.parametrize("kind", ["resolution", "workaround"])
def test_work_ends_with_a_resolution_or_a_workaround(kind: str) -> None:
    story = answered(severity="B")
    story.say("resolve", MORNING + HOUR, kind=kind, text="Use the other site.")
    assert story.case.phase is Phase.RESOLVED
    (told,) = story.told(EffectKind.CASE_RESOLVED)
    assert (told.to, told.about) == (Recipient.CUSTOMER, kind)


@pytest.mark.covers("DED-32")
@pytest.mark.parametrize("severity", ["A", "B"])
@pytest.mark.parametrize("kind", [None, "restored", "Resolution", "none"])
def test_anything_else_is_no_solution(severity: str, kind: str | None) -> None:
    refused = answered(severity=severity).refused("resolve", MORNING + HOUR, kind=kind, text="Gone away.")
    assert (refused.code, refused.missing) == ("ResolutionKindRequired", ("kind",))


# --- validated first ------------------------------------------------------------------------------------


@pytest.mark.covers("DED-33", "DED-35")
@pytest.mark.parametrize("severity", ["1", "A"])
def test_the_order_is_asked_validated_resolved(severity: str) -> None:
    story = _asked(severity)
    assert story.case.phase is Phase.VALIDATING_RESOLUTION
    (asked,) = story.told(EffectKind.VALIDATION_REQUEST)
    assert (asked.to, asked.facts.text) == (Recipient.CUSTOMER, "Does it work?")
    story.say("reply", MORNING + 2 * MINUTE, DESK, text="It does.", accepts=True)
    assert (story.case.phase, story.case.validated_at) == (Phase.IN_PROGRESS, MORNING + 2 * MINUTE)
    story.say("resolve", MORNING + 3 * MINUTE, **SOLVED)
    (notice,) = story.told(EffectKind.CASE_RESOLVED)
    assert notice.caused_at > story.happened(EntryKind.VALIDATED)[0].at


@pytest.mark.covers("DED-33")
def test_a_validation_on_a_call_is_as_good_as_one_in_writing() -> None:
    story = declared()
    story.say("validate_resolution", MORNING + MINUTE, text="He says it works.", validated=True)
    (entry,) = story.happened(EntryKind.VALIDATED)
    assert (entry.text, entry.by) == ("He says it works.", ANA.label)
    assert story.told(EffectKind.VALIDATION_REQUEST) == []
    story.say("resolve", MORNING + 2 * MINUTE, **SOLVED)
    assert story.case.phase is Phase.RESOLVED


@pytest.mark.covers("DED-35")
@pytest.mark.parametrize("severity", ["1", "A"])
@pytest.mark.parametrize(
    ("verb", "said"),
    [("resolve", SOLVED), ("close", {"reason": "resolved"}), ("close", {"reason": "restored"})],
)
def test_nothing_is_told_to_be_resolved_before_it_is_validated(
    severity: str, verb: str, said: dict[str, str]
) -> None:
    for story in (at_severity(severity), _asked(severity)):
        before = story.count()
        assert story.refused(verb, MORNING + HOUR, **said).code == "ResolutionNotValidated"
        assert story.count() == before


@pytest.mark.covers("DED-35")
def test_a_validation_taken_back_or_asked_for_again_is_none() -> None:
    back, again, rejected = _asked(), _asked(), _asked()
    for story in (back, again):
        story.say("reply", MORNING + 2 * MINUTE, DESK, text="It works.", accepts=True)
    back.say("reply", MORNING + 3 * MINUTE, DESK, text="No, it is down again.", accepts=False)
    again.say("validate_resolution", MORNING + 3 * MINUTE, text="And now that we changed it?")
    rejected.say("reply", MORNING + 3 * MINUTE, DESK, text="It does not.", accepts=False)
    assert rejected.case.phase is Phase.IN_PROGRESS
    for story in (back, again, rejected):
        assert story.refused("resolve", MORNING + 4 * MINUTE, **SOLVED).code == "ResolutionNotValidated"


@pytest.mark.covers("DED-35")
def test_a_solution_rejected_later_is_validated_anew() -> None:
    story = resolved(severity="A")
    story.say("reply", MORNING + HOUR, DESK, text="It is down again.", accepts=False)
    for verb, said in (("resolve", SOLVED), ("close", {"reason": "resolved"})):
        assert story.refused(verb, MORNING + 2 * HOUR, **said).code == "ResolutionNotValidated"


@pytest.mark.covers("DED-33")
def test_what_says_neither_yes_nor_no_leaves_the_validation_open() -> None:
    story = _asked()
    story.say("reply", MORNING + 2 * MINUTE, DESK, text="We are trying.")
    assert (story.case.phase, story.case.validated_at) == (Phase.VALIDATING_RESOLUTION, None)


@pytest.mark.covers("DED-33")
def test_both_cadences_go_on_while_the_customer_tries_it_out() -> None:
    story = _asked()
    assert running(story.case) == BOTH
    story.say("reply", MORNING + HOUR, DESK, text="It works.", accepts=True)
    assert running(story.case) == BOTH


def test_a_validation_noted_while_we_wait_restarts_the_cadence_the_guide_states() -> None:
    story = answered(severity="A")
    story.say("wait_for_customer", MORNING + MINUTE, text="Does it work?")
    assert story.due(Clock.UPDATE) == MORNING + MINUTE + 2 * HOUR
    story.say("validate_resolution", MORNING + HOUR, text="He called: it does.", validated=True)
    assert story.due(Clock.UPDATE) == MORNING + 3 * HOUR


def test_less_urgent_cases_are_resolved_without_a_validation() -> None:
    for severity in ("B", "C", "D"):
        assert resolved(severity=severity).case.phase is Phase.RESOLVED


def test_a_case_its_customer_gives_up_needs_no_validation() -> None:
    story = opened(severity="A")
    story.say("close", MORNING + MINUTE, DESK, reason="requested")
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.REQUESTED)
