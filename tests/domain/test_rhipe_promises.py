"""What rhipe promises and to whom: a first answer by priority at any hour, and no more."""

import pytest

from domain.clocks import Clock
from domain.effects import EffectKind
from domain.phase import Phase
from domain.record import row_of
from domain.terms import Terms
from domain.views.customer import customer_view
from domain.views.explain import explain
from domain.views.staff import view
from tests.domain.boundary_desk import (
    KNOWN,
    MORNING,
    guide,
    guide_with,
    held_to,
    only,
    promised_clocks,
    taken,
    turned_down,
    warned,
)
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, answered, mailed, opened, resolved
from tests.domain.desks import utc
from tests.people import ANA, KIM, P1, P2, P3, P5

RHIPE = "rhipe-csp"
P4 = {"impact": "medium", "urgency": "low"}
CHRISTMAS_NIGHT = utc("2027-12-24T16:00")  # three in the morning of Christmas Day in Sydney


def _without_service_level() -> Terms:
    return held_to(guide(RHIPE), service_level=False)


@pytest.mark.covers("RHIPE-06")
def test_only_the_first_answer_has_a_target_and_no_solution_is_promised() -> None:
    for rating in (P1, P2, P3, P4, P5):
        story = opened(**rating)
        assert promised_clocks(story) <= {Clock.INITIAL_RESPONSE}
        story.say("respond", TUESDAY + MINUTE, text="Begun.")
        assert promised_clocks(story) <= {Clock.UPDATE}
    assert promised_clocks(answered(**P5)) == set()
    year = answered(**P1).until(TUESDAY + 60 * DAY)
    assert {breach.clock for breach in year.case.breaches} <= {Clock.UPDATE}


@pytest.mark.covers("RHIPE-06")
def test_what_was_kept_and_missed_is_on_record_with_its_priority() -> None:
    late = opened(**P1).until(TUESDAY + 2 * HOUR)
    late.say("respond", TUESDAY + 2 * HOUR, text="Sorry.")
    rows = [row_of(story.case) for story in (late, resolved(**P3))]
    assert [(row.level, row.rank, row.breaches) for row in rows] == [("P1", 0, 1), ("P3", 2, 0)]
    assert rows[0].responded_at == rows[0].received_at + 2 * HOUR


@pytest.mark.covers("RHIPE-08")
def test_support_is_there_day_and_night_on_every_day_of_the_year() -> None:
    story = opened(CHRISTMAS_NIGHT, **P1)
    assert story.due(Clock.INITIAL_RESPONSE) == CHRISTMAS_NIGHT + HOUR
    assert not story.case.terms.hours_in_coverage


@pytest.mark.covers("RHIPE-20")
def test_an_outage_is_no_matter_of_information_at_opening() -> None:
    story = opened(outage=True, **P5)
    assert (story.case.level, story.case.phase) == ("P5", Phase.RECEIVED)
    assert warned(story) == ("PriorityBoundsMismatch",)
    assert warned(opened(**P5)) == ()
    assert warned(opened(outage=True, **P1)) == ()


@pytest.mark.covers("RHIPE-20")
def test_an_outage_is_no_matter_of_information_at_triage_or_later() -> None:
    story = mailed()
    story.say("triage", TUESDAY + MINUTE, outage=True, **P5)
    assert story.case.level == "P5"
    assert warned(story) == ("PriorityBoundsMismatch",)
    story.say("change_level", TUESDAY + HOUR, level="P3", reason="Some are hindered.", outage=True)
    assert warned(story) == ()
    story.say("change_level", TUESDAY + 2 * HOUR, level="P5", reason="Nobody is.", outage=True)
    assert warned(story) == ("PriorityBoundsMismatch",)


@pytest.mark.covers("RHIPE-20")
def test_a_question_without_impact_has_no_timer_and_five_examples() -> None:
    (level,) = [level for level in guide(RHIPE).rules.levels if level.id == "P5"]
    assert len(level.examples) == 5
    story = opened(**P5).until(TUESDAY + 100 * DAY)
    assert promised_clocks(story) == set()
    assert story.case.breach_count == 0


@pytest.mark.covers("RHIPE-63")
@pytest.mark.parametrize("channel", ["email", "portal"])
def test_what_is_urgent_is_asked_to_call_and_the_rest_is_left_with_mail_and_portal(channel: str) -> None:
    for rating in (P1, P2):
        urgent = taken(RHIPE, channel=channel, **rating)
        assert warned(urgent) == ("UsePhoneForUrgent",)
        assert only(urgent, EffectKind.ACKNOWLEDGEMENT).facts.advice == "call"
    for rating in (P3, P4, P5):
        story = taken(RHIPE, channel=channel, **rating)
        assert warned(story) == ()
        assert only(story, EffectKind.ACKNOWLEDGEMENT).facts.advice is None


def test_a_plan_without_service_level_runs_no_clock_and_everything_says_so() -> None:
    story = taken(RHIPE, under=_without_service_level(), actor=ANA, channel="phone", **P1)
    assert (story.case.has_sla, story.case.level) == (False, "P1")
    assert warned(story) == ("SlaNotApplicable",)
    assert promised_clocks(story) == set()
    facts = only(story, EffectKind.ACKNOWLEDGEMENT).facts
    assert (facts.has_sla, facts.due_at, facts.advice) == (False, None, None)
    for shown in (view(story.case), customer_view(story.case)):
        assert shown.deadlines == ()
        assert {row.promise for row in shown.promises} == {"no commitment in the policy"}
    for clock in (Clock.INITIAL_RESPONSE, Clock.UPDATE):
        told = explain(story.case, clock)
        assert (told.running, told.rule) == (False, "no commitment in the policy")
        assert told.steps == ("The clock does not run: the plan partner-24x7 has no service level.",)


def test_a_plan_without_service_level_promises_nothing_later_either() -> None:
    story = taken(RHIPE, under=_without_service_level())
    story.say("triage", MORNING + MINUTE, ANA, **P3)
    story.say("respond", MORNING + HOUR, ANA, text="Begun.")
    story.say("change_level", MORNING + 2 * HOUR, ANA, level="P1", reason="Everybody is affected.")
    story.say("wait_for_customer", MORNING + 3 * HOUR, ANA, text="Since when?")
    story.say("reply", MORNING + 4 * HOUR, KIM, text="Since noon.")
    assert promised_clocks(story) == set()
    story.say("resolve", MORNING + 5 * HOUR, ANA, kind="resolution", text="Done.")
    assert promised_clocks(story) == {Clock.AUTO_CLOSE}  # how a case ends is no service level
    story.say("reply", MORNING + 6 * HOUR, KIM, text="Yes.", accepts=True)
    story.say("reopen", MORNING + DAY, KIM, reason="Again.")
    assert promised_clocks(story) == set()
    assert story.until(MORNING + 90 * DAY).case.breach_count == 0


@pytest.mark.covers("GAP-28")
def test_everything_that_is_missing_is_named_whichever_group_answers() -> None:
    strict = held_to(guide_with(RHIPE, "intake", on_incomplete="refuse"))

    def told(**fields):
        refused = turned_down(RHIPE, under=strict, facts=KNOWN, category="mpn", **fields)
        return refused.code, refused.missing

    nothing_done = {"troubleshooting_steps": ()}
    assert told(tenant_company=None, contact=None, **nothing_done) == (
        "ValidationError",
        ("contact", "tenant_company", "troubleshooting_steps"),
    )
    assert told(contact=None, **nothing_done) == ("ContactRequired", ("contact", "troubleshooting_steps"))
    assert told(**nothing_done) == ("TroubleshootingRequired", ("troubleshooting_steps",))
    assert taken(RHIPE, under=strict, category="mpn").case.phase is Phase.CLOSED
