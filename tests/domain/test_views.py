"""What staff and customers may read of a case, and what its row in the lists says."""

import pytest

from domain.actor import Tier
from domain.centres.handover import Handover
from domain.clocks import Clock, RunningClock
from domain.decision import Refused
from domain.phase import Phase
from domain.record import row_of
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.staff import deadlines, view
from tests.domain.cases import HOUR, MINUTE, TUESDAY, answered, case_in, closed, mailed, opened
from tests.people import KIM, STRANGER


@pytest.mark.covers("DED-09")
def test_the_customer_sees_his_case_without_notes_warnings_breaches_and_failures() -> None:
    story = mailed().until(TUESDAY + 5 * HOUR)
    story.say("respond", TUESDAY + 5 * HOUR, text="We have begun.")
    story.say("add_note", TUESDAY + 5 * HOUR, text="He sounds angry.")
    shown = customer_view(story.case)
    assert [entry.kind for entry in shown.timeline] == [EntryKind.SUBMITTED, EntryKind.RESPONDED]
    assert "angry" not in shown.model_dump_json()
    assert all(row.warn_at is None and row.missed_at is None for row in shown.deadlines)
    assert not hasattr(shown, "breaches")
    decision = story.say("reply", TUESDAY + 6 * HOUR, STRANGER, text="Whose is this?")
    assert isinstance(decision, Refused)
    assert decision.code == "Forbidden"


def test_the_customer_sees_when_he_will_hear_from_us_and_not_when_we_triage() -> None:
    story = mailed()
    assert {row.clock for row in customer_view(story.case).deadlines} == {Clock.INITIAL_RESPONSE}
    assert {row.clock for row in view(story.case).deadlines} == {Clock.INITIAL_RESPONSE, Clock.TRIAGE}


def test_deadlines_come_the_nearest_first_and_missed_ones_last() -> None:
    story = mailed()
    story.say("respond", TUESDAY + MINUTE, text="We have begun.")
    assert [row.clock for row in deadlines(story.case)] == [Clock.UPDATE, Clock.TRIAGE]
    story.until(TUESDAY + 5 * HOUR)
    assert [(row.clock, row.due_at is None) for row in deadlines(story.case)] == [
        (Clock.UPDATE, False),
        (Clock.TRIAGE, True),
    ]


def test_our_own_renewal_of_terms_is_nobodys_deadline() -> None:
    assert deadlines(opened(channel="other").case) == ()


def test_what_we_wait_for_is_shown_with_its_beginning() -> None:
    shown = customer_view(case_in(Phase.AWAITING_CUSTOMER).case)
    assert (shown.waiting_for, shown.waiting_since) == ("Since when?", TUESDAY)


def test_the_view_counts_the_whole_timeline_and_shows_its_end() -> None:
    story = answered()
    for minute in range(30):
        story.say("add_note", TUESDAY + minute * MINUTE, text=f"note {minute}")
    shown = view(story.case, undelivered=3)
    assert (shown.entries, len(shown.timeline), shown.undelivered) == (32, 20, 3)
    assert shown.timeline[-1].text == "note 29"


def test_the_row_of_a_case_names_its_nearest_promise_and_neither_warning_nor_archive() -> None:
    row = row_of(opened().case)
    assert (row.next_clock, row.next_due_at) == ("initial_response", TUESDAY + HOUR)
    over = row_of(closed().case)
    assert over.next_clock == "reopen_window"
    assert over.next_due_at == closed().due(Clock.REOPEN_WINDOW)
    assert row_of(case_in(Phase.ARCHIVED).case).next_clock is None


def test_where_a_case_goes_next_is_shown_to_staff_and_is_nobodys_deadline() -> None:
    case = opened().case
    offer = Handover(
        to="manila", offered_at=TUESDAY, effective_at=TUESDAY + HOUR, until=TUESDAY + 9 * HOUR, contact="m@x"
    )
    ours = tuple(
        RunningClock(clock=clock, started_at=TUESDAY, due_at=TUESDAY + MINUTE)
        for clock in (Clock.HANDOFF, Clock.OFFER, Clock.CONTACT_NOTICE)
    )
    moving = case.model_copy(
        update={"clocks": (*case.clocks, *ours), "handover": offer, "tier": Tier.L2, "skill": "azure"}
    )
    shown = view(moving)
    assert (shown.handover, shown.tier, shown.skill, shown.handoffs) == (offer, Tier.L2, "azure", 0)
    assert (shown.looks_at, shown.answer_by) == (TUESDAY + MINUTE, TUESDAY + MINUTE)
    assert shown.deadlines == view(case).deadlines
    assert customer_view(moving) == customer_view(case)
    row = row_of(moving)
    assert (row.offered_to, row.tier, row.next_clock) == ("manila", Tier.L2, "initial_response")
    assert (row_of(case).offered_to, row_of(case).tier) == (None, None)


def test_the_row_scores_updates_with_and_without_the_systems() -> None:
    story = answered().until(TUESDAY + 2 * HOUR)
    story.say("post_update", TUESDAY + 2 * HOUR + MINUTE, text="News.")
    row = row_of(story.case)
    assert (row.updates_by_staff, row.updates_by_system, row.updates_missed) == (1, 2, 0)


def test_titles_are_one_line() -> None:
    assert opened(title=None, explanation="First line\nsecond").case.title == "First line"
    said = {"explanation": None, "business_impact": "Nobody can send mail.\nAt all."}
    assert opened(title=None, **said).case.title == "Nobody can send mail."
    assert opened(title=None, explanation=None).case.title == "(no title)"
    assert len(opened(title=None, explanation="x" * 500).case.title) == 120


def test_the_customer_sees_his_own_wish_for_another_level() -> None:
    story = answered()
    story.say("change_level", TUESDAY + MINUTE, KIM, level="P2", reason="It is worse")
    assert customer_view(story.case).timeline[-1].kind is EntryKind.LEVEL_REQUESTED
