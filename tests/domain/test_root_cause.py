"""Root causes: offered with a resolution, and analysed where somebody asks, which may be charged."""

import pytest

from domain.decision import Refused
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.timeline import EntryKind
from domain.views.staff import view
from tests.domain.boundary_desk import ENGINEER, JO, MORNING, only, solved, taken, worked_on
from tests.domain.cases import HOUR, TUESDAY, resolved
from tests.people import KIM

WEST = "westcoast"


@pytest.mark.covers("WEST-11")
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ("charge_accepted", "quote_ref")),
        ({"charge_accepted": True}, ("quote_ref",)),
        ({"quote_ref": "Q-17"}, ("charge_accepted",)),
        ({"charge_accepted": True, "quote_ref": "  "}, ("quote_ref",)),
    ],
)
def test_an_analysis_that_is_charged_takes_an_accepted_quote(given, missing) -> None:
    story = solved(WEST)
    for speaker in (JO, ENGINEER):
        refused = story.refused("request_root_cause", MORNING + HOUR, speaker, **given)
        assert (refused.code, refused.missing) == ("ChargeApprovalRequired", missing)
    assert story.case.root_cause is None


@pytest.mark.covers("WEST-11")
def test_with_the_quote_accepted_the_wish_is_noted_and_the_engineer_told() -> None:
    story = solved(WEST)
    story.say(
        "request_root_cause",
        MORNING + HOUR,
        JO,
        charge_accepted=True,
        quote_ref="Q-17",
        text="Our board wants to know.",
    )
    assert story.case.root_cause is not None
    assert (story.case.root_cause.quote_ref, story.case.root_cause.requested_by) == ("Q-17", "Jo Field")
    assert story.case.root_cause.requested_at == MORNING + HOUR
    told = only(story, EffectKind.ROOT_CAUSE_REQUESTED)
    assert (told.to, told.about, told.facts.quote_ref) == (Recipient.ASSIGNEE, "chargeable", "Q-17")
    assert story.case.phase is Phase.RESOLVED
    (entry,) = story.happened(EntryKind.ROOT_CAUSE_REQUESTED)
    assert (entry.about, entry.text) == ("chargeable", "Our board wants to know.")


@pytest.mark.covers("WEST-11", "CONF-14")
def test_where_a_cause_is_part_of_the_support_nothing_has_to_be_accepted() -> None:
    story = resolved()
    story.say("request_root_cause", TUESDAY + HOUR, KIM)
    assert only(story, EffectKind.ROOT_CAUSE_REQUESTED).about == "included"


@pytest.mark.covers("WEST-11")
def test_an_analysis_is_asked_for_once_the_problem_is_solved() -> None:
    story = worked_on(WEST)
    accepted = {"charge_accepted": True, "quote_ref": "Q-17"}
    assert story.refused("request_root_cause", MORNING + HOUR, JO, **accepted).code == "InvalidTransition"
    story.say("close", MORNING + HOUR, JO, reason="requested")
    assert story.refused("request_root_cause", MORNING + HOUR, JO, **accepted).code == "InvalidTransition"
    referred = taken(WEST, category="mpn")
    refused = referred.say("request_root_cause", MORNING, JO, **accepted)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.reason) == ("InvalidTransition", "nothing has been resolved here")


@pytest.mark.covers("WEST-11", "CONF-14")
@pytest.mark.parametrize("policy", [WEST, "distributor-css", "rhipe-csp"])
def test_a_cause_may_be_offered_with_the_resolution_and_never_has_to_be(policy: str) -> None:
    assert solved(policy).case.root_cause is None
    story = worked_on(policy)
    story.say(
        "resolve",
        MORNING + HOUR,
        ENGINEER,
        kind="resolution",
        text="It opens.",
        root_cause="A full disk. " * 100,
    )
    assert story.case.root_cause is not None
    assert story.case.root_cause.found_at == MORNING + HOUR
    assert len(story.case.root_cause.found or "") <= 280
    (entry,) = story.happened(EntryKind.ROOT_CAUSE_FOUND)
    assert (entry.text, entry.internal) == ("A full disk. " * 99 + "A full disk.", False)
    (told,) = story.told(EffectKind.CASE_RESOLVED, EffectKind.CONFIRM_RESOLUTION)
    assert (told.facts.cause or "").startswith("A full disk.")
    assert len(told.facts.cause or "") <= 1024
    assert view(story.case).root_cause == story.case.root_cause
    (resolution,) = story.happened(EntryKind.RESOLVED)
    assert told.facts.text_entry == resolution.number
