"""What is not support goes to a department of ours, which contacts the customer as soon as we would have."""

import pytest

from domain.case import Case
from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.lifecycle.promised import derived
from domain.phase import Phase
from domain.policy import Department
from domain.rules import RULES_0_3
from domain.terms import Terms
from domain.timeline import EntryKind
from domain.verbs import Verb
from domain.views.explain import explain
from domain.views.staff import deadlines, view
from tests.domain.boundary_desk import ENGINEER, MORNING, guide, held_to, taken, worked_on
from tests.domain.cases import DAY, HOUR, MINUTE, SECOND, Story
from tests.domain.vendor_desk import RHIPE
from tests.people import ANA, KIM, P1, P3

CATEGORIES = ["configuration", "customisation"]
ADDRESS = "projects@provider.example"


def with_department(**changes: str | None) -> Terms:
    department = Department.model_validate({"owner": "Pat Lee", "address": ADDRESS} | changes)
    return held_to(guide(RHIPE)).model_copy(update={"departments": {"relevant_department": department}})


def referred(category: str = "customisation", **fields: object) -> Story:
    """A request by telephone that our staff took down at `MORNING`, a P1 unless it says otherwise."""
    given = {"actor": ANA, "channel": "phone", **P1, "under": with_department(), **fields}
    return taken(RHIPE, category=category, **given)


@pytest.mark.covers("RHIPE-31")
@pytest.mark.parametrize("category", CATEGORIES)
def test_it_stays_open_and_the_department_is_told_at_once(category: str) -> None:
    story = referred(category)
    assert story.case.phase is Phase.RECEIVED
    (told,) = story.told(EffectKind.INTERNAL_REFERRAL)
    assert (told.to, [one.to for one in told.addresses]) == (Recipient.DEPARTMENT, [ADDRESS])
    assert told.caused_at == MORNING
    assert (told.facts.contact, told.facts.due_at) == ("Pat Lee", MORNING + HOUR)
    (letter,) = story.told(EffectKind.REFERRAL)
    assert (letter.to, letter.facts.due_at) == (Recipient.CUSTOMER, MORNING + HOUR)
    assert [one.to for one in story.told(EffectKind.NEW_CASE)] == [Recipient.ASSIGNEE]
    assert story.told(EffectKind.ACKNOWLEDGEMENT, EffectKind.CASE_CLOSED, EffectKind.CSAT_SURVEY) == []
    assert view(story.case).referral is not None


@pytest.mark.covers("RHIPE-31")
def test_without_an_address_the_tss_hears() -> None:
    for terms in (
        with_department(address=None),
        held_to(guide(RHIPE)).model_copy(update={"departments": {}}),
    ):
        (told,) = referred(under=terms).told(EffectKind.INTERNAL_REFERRAL)
        assert (told.to, told.addresses) == (Recipient.TSS, ())


@pytest.mark.covers("RHIPE-31", "RHIPE-13")
@pytest.mark.parametrize(
    ("rating", "target"),
    [(("high", "high"), "1 h"), (("high", "medium"), "4 h"), (("medium", "medium"), "1 business day")],
)
def test_they_contact_the_customer_within_the_levels_own_target(rating: tuple[str, str], target: str) -> None:
    story = referred(impact=rating[0], urgency=rating[1])
    clock = story.clock(Clock.DEPARTMENT_CONTACT)
    assert clock.rule == target
    promise = derived(story.case, clock)
    assert promise is not None
    assert promise.due_at == clock.due_at
    assert Clock.DEPARTMENT_CONTACT in [row.clock for row in deadlines(story.case)]
    assert not story.runs(Clock.INITIAL_RESPONSE)
    assert not story.runs(Clock.TRIAGE)
    assert explain(story.case, Clock.DEPARTMENT_CONTACT).due_at == clock.due_at


def test_an_informational_request_has_no_clock_and_is_passed_on_all_the_same() -> None:
    story = referred(impact="low", urgency="low")
    assert not story.runs(Clock.DEPARTMENT_CONTACT)
    assert len(story.told(EffectKind.INTERNAL_REFERRAL)) == 1


@pytest.mark.covers("RHIPE-31")
@pytest.mark.parametrize("speaker", [ANA, ENGINEER, KIM])
def test_contacted_is_the_answer_they_were_promised(speaker: object) -> None:
    story = referred()
    story.say("contacted", MORNING + HOUR, speaker, who="Pat Lee", text="A workshop on Friday.")
    assert not story.runs(Clock.DEPARTMENT_CONTACT)
    assert story.case.breach_count == 0
    assert (story.case.phase, story.case.responded_at) == (Phase.IN_PROGRESS, MORNING + HOUR)
    assert story.due(Clock.UPDATE) == MORNING + 2 * HOUR
    assert story.case.referral is not None
    assert story.case.referral.contacted_by == "Pat Lee"
    (entry,) = story.happened(EntryKind.CONTACTED)
    assert (entry.text, entry.about) == ("A workshop on Friday.", "relevant_department")
    assert story.refused("contacted", MORNING + 2 * HOUR).code == "NoChange"


@pytest.mark.covers("RHIPE-31", "RHIPE-43")
def test_a_contact_that_is_missed_climbs_and_the_department_is_reminded() -> None:
    story = referred().until(MORNING + HOUR)
    (breach,) = story.breaches(Clock.DEPARTMENT_CONTACT)
    assert breach.due_at == MORNING + HOUR
    assert [one.to for one in story.told(EffectKind.INTERNAL_REFERRAL)] == [Recipient.DEPARTMENT] * 2
    story.until(MORNING + 5 * HOUR)
    climbed = story.told(EffectKind.STILL_MISSED)
    assert {one.to for one in climbed} == {Recipient.ASSIGNEE, Recipient.TSS, Recipient.SDM}
    assert {one.about for one in climbed} == {"department_contact"}
    story.say("contacted", MORNING + 6 * HOUR)
    assert not story.runs(Clock.LADDER)
    assert story.breaches(Clock.DEPARTMENT_CONTACT)[0].late_seconds == 5 * 3600


def test_the_target_follows_the_level() -> None:
    story = referred(impact="medium", urgency="medium")
    story.say("change_level", MORNING + 10 * MINUTE, level="P1", reason="They all stand still")
    assert story.due(Clock.DEPARTMENT_CONTACT) == MORNING + 10 * MINUTE + HOUR
    assert not story.runs(Clock.INITIAL_RESPONSE)


@pytest.mark.covers("RHIPE-31")
def test_what_a_diagnosis_finds_is_passed_on_as_well() -> None:
    story = worked_on(RHIPE, under=with_department(), actor=ANA, channel="phone", **P1)
    story.say("diagnose", MORNING + HOUR, ENGINEER, finding="configuration", text="Two new fields.")
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.due(Clock.DEPARTMENT_CONTACT) == MORNING + 2 * HOUR
    assert story.due(Clock.UPDATE) == MORNING + 2 * HOUR
    (told,) = story.told(EffectKind.INTERNAL_REFERRAL)
    assert told.facts.text == "Two new fields."
    story.say("resolve", MORNING + HOUR + SECOND, kind="resolution", text="They have what they want.")
    assert not story.runs(Clock.DEPARTMENT_CONTACT)
    assert story.until(MORNING + 7 * DAY).case.breach_count == 0


def test_where_nothing_was_passed_on_nobody_was_contacted() -> None:
    assert worked_on(RHIPE, **P3).refused("contacted", MORNING + HOUR).code == "InvalidTransition"


def test_a_run_from_before_0_4_ends_as_referred() -> None:
    story = worked_on(RHIPE, **P3)
    case: Case = story.case.model_copy(update={"rules": RULES_0_3})
    story.case = case
    story.say(Verb.DIAGNOSE, MORNING + HOUR, ENGINEER, finding="configuration", text="Two new fields.")
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, "referred")
