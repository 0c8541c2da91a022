"""The queue of one lane: whatever happens while the store is asked to keep it, each effect is in it once."""

from datetime import datetime, timedelta

from domain.effects import Effect, Lane
from domain.waiting import LaneFile, WaitingBatch, WaitingEffect
from tests.activities.builders import AT, CASE, effect
from workflows.lane import MOST_KEPT_AT_ONCE, Line

BLOB_LIMIT = 512 * 1024
"""What the server takes in one piece, as we set it."""

LATER = AT + timedelta(hours=1)


def line(count: int, **file: object) -> Line:
    made = Line(CASE, Lane.CUSTOMER, LaneFile(lane=Lane.CUSTOMER, **file) if file else None)  # type: ignore[arg-type]
    made.waiting += [effect(f"r-{number}") for number in range(1, count + 1)]
    return made


def causes(effects: object) -> list[str]:
    return [one.id.split("/")[1] for one in effects]  # type: ignore[attr-defined]


def kept(of: Line) -> WaitingBatch:
    batch = of.to_be_kept()
    assert batch is not None
    of.are_kept(batch.effects)
    return batch


def told(of: Line, store: list[WaitingEffect], at: datetime = AT) -> list[Effect]:
    """Everything a lane tells from now on, ten at a time, with what the store has kept of it."""
    all_told: list[Effect] = []
    while True:
        batch: tuple[Effect, ...] = ()
        if of.told is not None:
            batch = of.sets_out_again([one for one in store if one.number > of.told][:10], at)
        batch = batch or of.sets_out(10, at)
        if not batch:
            return all_told
        all_told += batch
        of.has_ended()


def test_what_is_kept_goes_first_and_what_came_since_goes_after_it() -> None:
    queue = line(25)
    batch = kept(queue)
    queue.waiting += [effect("later-1"), effect("later-2")]
    assert (queue.kept, len(queue.waiting), queue.is_empty) == (25, 2, False)
    assert causes(told(queue, list(batch.effects))) == [f"r-{n}" for n in range(1, 26)] + [
        "later-1",
        "later-2",
    ]
    assert queue.is_empty


def test_what_is_under_way_while_it_is_kept_is_told_once() -> None:
    queue = line(25)
    assert causes(queue.sets_out(10, AT)) == [f"r-{n}" for n in range(1, 11)]
    batch = kept(queue)
    assert not queue.lags
    queue.has_ended()
    assert causes(told(queue, list(batch.effects))) == [f"r-{n}" for n in range(11, 26)]


def test_what_was_told_while_the_store_was_asked_is_not_told_again() -> None:
    queue = line(25)
    queue.sets_out(10, AT)
    batch = queue.to_be_kept()
    assert batch is not None
    queue.has_ended()
    queue.are_kept(batch.effects)
    assert queue.kept == 15
    assert causes(told(queue, list(batch.effects))) == [f"r-{n}" for n in range(11, 26)]


def test_numbers_are_never_given_twice_also_where_the_store_did_not_answer() -> None:
    queue = line(3)
    first = queue.to_be_kept()
    assert first is not None
    second = kept(queue)
    assert [one.number for one in first.effects] == [1, 2, 3]
    assert [one.number for one in second.effects] == [4, 5, 6]
    assert causes(told(queue, [*first.effects, *second.effects])) == ["r-1", "r-2", "r-3"]


def test_a_next_run_goes_on_with_the_batch_and_the_time_of_the_one_before() -> None:
    queue = line(25)
    queue.sets_out(3, AT)
    batch = kept(queue)
    file = queue.file
    assert file == LaneFile(lane=Lane.CUSTOMER, queue=CASE, numbered=25, told=0, kept=25, trying=3, since=AT)
    after = Line(CASE, Lane.CUSTOMER, file)
    assert after.was_tried(AT)
    assert after.wanted(10).most == 3
    assert causes(after.sets_out_again(batch.effects[:3], LATER)) == ["r-1", "r-2", "r-3"]
    assert after.since == AT
    after.has_ended()
    assert after.wanted(10).most == 10
    after.sets_out_again(batch.effects[3:13], LATER)
    assert after.since == LATER


def test_what_a_late_write_left_in_the_store_makes_no_count_wrong() -> None:
    queue = line(3)
    first = queue.to_be_kept()
    assert first is not None
    second = kept(queue)
    queue.sets_out_again([*first.effects, *second.effects], AT)
    queue.has_ended()
    assert queue.kept == 0


def test_a_lane_with_nothing_in_it_needs_no_file() -> None:
    assert line(0).file is None
    assert line(3).file is None


def test_one_write_holds_no_more_than_a_second_takes() -> None:
    queue = line(MOST_KEPT_AT_ONCE + 1)
    assert len(kept(queue).effects) == MOST_KEPT_AT_ONCE
    assert len(kept(queue).effects) == 1
    long = Line(CASE, Lane.CUSTOMER)
    facts = effect().facts.model_copy(update={"text": "x" * 8192})
    long.waiting += [effect(f"r-{number}", facts=facts) for number in range(60)]
    batch = kept(long)
    assert 1 < len(batch.effects) < 60
    assert len(batch.model_dump_json().encode()) < BLOB_LIMIT


def test_only_what_waits_and_is_not_under_way_is_dropped() -> None:
    queue = line(5)
    queue.sets_out(2, AT)
    ids = {one.id for one in (queue.waiting[0], queue.waiting[3])}
    assert causes(queue.drop(ids)) == ["r-4"]
    assert causes(queue.waiting) == ["r-1", "r-2", "r-3", "r-5"]
