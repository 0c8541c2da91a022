"""What the cases of a log add up to beside their promises: each figure against cases made up for it."""

from datetime import timedelta

from domain.actor import ActorKind
from domain.timeline import EntryKind, TimelineEntry
from policies import load_policy
from starter.rehearse.engine_cost import A_CASE, A_HANDOFF, A_MESSAGE, A_NOTICE, engine_cost
from starter.rehearse.overview import LONGEST, Overview
from starter.rehearse.working_hands import WorkingHands
from tests.rehearse.results import BEGAN, ENDED, HOUR, case, made_up


def _overview() -> Overview:
    found = made_up().overview
    assert found is not None
    return found


def test_a_breach_counts_at_the_hour_of_the_clock_of_the_centre_that_had_the_case() -> None:
    (sydney,) = _overview().breaches
    assert (sydney.centre, sydney.zone, sydney.clocks) == (
        "sydney",
        "Australia/Sydney",
        {"initial_response": 1},
    )
    assert [hour for hour, count in enumerate(sydney.hours) if count] == [12]


def test_load_is_by_hour_of_the_week_of_each_centre() -> None:
    weeks = {one.centre: one.hours for one in _overview().load}
    assert [(hour, count) for hour, count in enumerate(weeks["sydney"]) if count] == [(11, 6), (12, 3)]
    assert [(hour, count) for hour, count in enumerate(weeks["manila"]) if count] == [(9, 3)]
    assert {len(week) for week in weeks.values()} == {168}


def test_the_tax_of_handoffs_is_read_of_all_of_them() -> None:
    tax = _overview().tax
    assert (tax.handoffs, tax.went_on, tax.asked_again) == (6, 6, 3)
    assert (tax.median_seconds, tax.longest_seconds) == (3600, 5400)


def test_the_longest_cases_come_first_and_an_open_one_lasts_to_the_end_of_the_log() -> None:
    found = _overview().longest
    assert [one.case for one in found] == ["T-3", "T-1", "T-2"]
    assert (found[0].ended_at, found[0].seconds) == (None, (ENDED - BEGAN).total_seconds())
    assert found[1].seconds == timedelta(days=3).total_seconds()
    many = made_up(tuple(case(f"T-{one}", "P3", open_for=HOUR * one) for one in range(1, 30))).overview
    assert many is not None
    assert len(many.longest) == LONGEST


def test_what_a_promise_takes_is_every_update_that_fell_due() -> None:
    first, *_ = _overview().promises
    assert (first.level, first.initial_response, first.update_every) == ("P1", "1 h", "1 h")
    assert (first.due, first.by_staff, first.by_system, first.missed) == (13, 7, 5, 1)
    assert first.due_a_case == 13


def test_the_engine_is_reckoned_from_unit_prices_and_a_notice_of_a_handoff_counts_once() -> None:
    found = engine_cost(100, 1000, 5000, 300)
    notices = 5000 - 2 * 300
    prices = ((100, A_CASE), (1000, A_MESSAGE), (notices, A_NOTICE), (300, A_HANDOFF))
    assert found.actions == round(sum(count * price.actions for count, price in prices))
    assert found.events == round(sum(count * price.events for count, price in prices))
    assert str(A_NOTICE.events) in found.how


def _entry(number: int, kind: EntryKind, **more: object) -> TimelineEntry:
    facts = {"number": number, "at": BEGAN + HOUR * number, "kind": kind, "by": "Ana"}
    return TimelineEntry.model_validate({**facts, "by_kind": ActorKind.STAFF, **more})


def test_a_message_counts_once_for_the_centre_that_had_the_case() -> None:
    system = {"by_kind": ActorKind.SYSTEM, "about": "sydney -> manila"}
    entries = (
        _entry(0, EntryKind.SUBMITTED, by_kind=ActorKind.CUSTOMER),
        _entry(1, EntryKind.RESPONDED, request_id="r1"),
        _entry(1, EntryKind.LEVEL_CHANGED, request_id="r1"),
        _entry(2, EntryKind.HANDED_OVER, **system),
        _entry(3, EntryKind.UPDATED, request_id="r2"),
        _entry(4, EntryKind.STATUS_SENT, by_kind=ActorKind.SYSTEM),
        _entry(5, EntryKind.REOPEN_DECLINED, by_kind=ActorKind.CUSTOMER, request_id="r3"),
    )
    hands = WorkingHands("sydney", load_policy("rhipe-csp"), timedelta(0))
    for entry in entries:
        hands.see(entry)
    found = hands.found(entries)
    assert (found["messages"], found["load"]) == (3, {"sydney": (11, 12), "manila": (12,)})
    assert (found["ways"], found["went_on_seconds"]) == ({"sydney -> manila": 1}, (3600,))
    assert hands.centre == "manila"
