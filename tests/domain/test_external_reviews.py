"""A case of the vendor's that we did not raise: looked at as SDM or TSS wish, and promised nothing."""

import pytest

from domain.actor import Actor
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.timeline import EntryKind
from domain.views.explain import explain
from tests.domain.boundary_desk import MORNING
from tests.domain.cases import DAY, HOUR, MINUTE, Story, opened, resolved
from tests.domain.vendor_desk import (
    AT,
    LINA,
    MANAGER,
    NUMBER,
    SDM,
    TSS,
    VENDOR,
    at_rhipe,
    handed_over,
    kept_open,
)
from tests.people import KIM

SAID = {"text": "We look at your ticket with the vendor as we find the time.", "vendor_reference": NUMBER}
PROMISED = (Clock.INITIAL_RESPONSE, Clock.TRIAGE, Clock.UPDATE, Clock.CUSTOMER_UPDATE)


def reviewed(story: Story, by: Actor = SDM) -> Story:
    story.say("review_externally", AT, by, **SAID)
    return story


@pytest.mark.covers("RHIPE-61")
@pytest.mark.parametrize("by", [SDM, TSS])
def test_an_external_review_promises_nothing_and_the_customer_is_told_once(by: Actor) -> None:
    story = reviewed(at_rhipe(), by)
    assert [clock for clock in PROMISED if story.runs(clock)] == []
    (told,) = story.told(EffectKind.STAFF_UPDATE)
    assert (told.to, told.facts.text, told.facts.next_update_at) == (Recipient.CUSTOMER, SAID["text"], None)
    (entry,) = story.happened(EntryKind.REVIEW_DECIDED)
    assert (entry.about, entry.internal, entry.by) == ("external", False, by.label)
    assert story.case.external_tracking is not None
    assert story.case.external_tracking.reference == NUMBER
    assert story.case.phase is Phase.IN_PROGRESS
    why = " ".join(explain(story.case, Clock.UPDATE).steps)
    assert "external_review" in why


def test_it_is_the_first_answer_where_none_was_given() -> None:
    story = reviewed(opened(MORNING, actor=KIM))
    assert story.case.responded_at == AT
    assert story.case.phase is Phase.IN_PROGRESS
    assert [clock for clock in PROMISED if story.runs(clock)] == []


def test_nothing_that_follows_promises_anything_again() -> None:
    story = reviewed(at_rhipe())
    story.say("change_level", AT + HOUR, SDM, level="P1", reason="It spreads.")
    story.say("post_update", AT + 2 * HOUR, LINA, text="The vendor has found it.")
    story.say("resolve", AT + 3 * HOUR, LINA, kind="resolution", text="It is mended.")
    story.say("close", AT + 4 * HOUR, KIM, reason="resolved")
    story.say("reopen", AT + DAY, KIM, reason="It is back.")
    assert [clock for clock in PROMISED if story.runs(clock)] == []
    assert story.case.breach_count == 0


@pytest.mark.parametrize("by", [LINA, MANAGER])
def test_it_is_at_the_discretion_of_sdm_and_tss(by: Actor) -> None:
    assert at_rhipe().refused("review_externally", AT, by, **SAID).code == "RoleNotPermitted"


def test_a_case_we_took_there_ourselves_is_none() -> None:
    refused = handed_over().refused("review_externally", AT + HOUR, SDM, **SAID)
    assert refused.code == "CaseClosed"
    story = kept_open()
    assert story.refused("review_externally", AT + MINUTE, SDM, **SAID).code == "InvalidTransition"
    story.say("vendor_update", AT + MINUTE, VENDOR, text="It is mended.", resolved=True)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.refused("review_externally", AT + MINUTE, SDM, **SAID).code == "InvalidTransition"


def test_what_is_solved_or_reviewed_already_is_refused() -> None:
    story = reviewed(at_rhipe())
    assert story.refused("review_externally", AT + MINUTE, SDM, **SAID).code == "NoChange"
    assert resolved().refused("review_externally", AT + DAY, SDM, **SAID).code == "InvalidTransition"


def test_a_policy_whose_cases_go_to_no_vendor_has_no_external_reviews() -> None:
    story = at_rhipe()
    held_to = story.case.terms.model_copy(update={"vendor": None})
    story.case = story.case.model_copy(update={"terms": held_to})
    assert story.refused("review_externally", AT, SDM, **SAID).code == "PolicyViolation"
