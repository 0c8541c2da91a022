"""What a row stands for: the verb the desk would have used, decided without a look ahead."""

import csv
import random
from pathlib import Path

import pytest

from starter.rehearse.script import Script, read_script
from tests.rehearse.logs import DESK_LOG, HEADER, read, spoken, step, written
from tests.rehearse.uci import CUT, uci_sample

_OPEN = step("A", 1, "2025-04-01 09:00", "open")


def _told(tmp_path: Path, *lines: str) -> list[list[str]]:
    return spoken(read(written(tmp_path / "x.csv", [_OPEN, *lines])), "A")


def test_work_is_news_and_the_wait_for_the_customer_ends_with_his_answer(tmp_path: Path) -> None:
    assert _told(
        tmp_path,
        step("A", 2, "2025-04-01 10:00", "working"),
        step("A", 3, "2025-04-01 11:00", "with customer"),
        step("A", 4, "2025-04-01 12:00", "with customer"),
        step("A", 5, "2025-04-01 13:00", "working"),
        step("A", 6, "2025-04-01 14:00", "working"),
        step("A", 7, "2025-04-01 15:00", "with supplier"),
        step("A", 8, "2025-04-01 16:00", "with supplier"),
    ) == [
        ["post_update"],
        ["wait_for_customer"],
        ["add_note"],
        ["reply"],
        ["post_update"],
        ["post_update"],
        ["add_note"],
    ]


def test_nobody_answers_for_a_customer_whose_case_is_solved_while_he_is_asked(tmp_path: Path) -> None:
    assert _told(
        tmp_path,
        step("A", 2, "2025-04-01 10:00", "with customer"),
        step("A", 3, "2025-04-01 11:00", "solved"),
    ) == [["wait_for_customer"], ["resolve"]]


def test_a_solution_turned_down_is_a_reopening_or_else_a_rejecting_reply(tmp_path: Path) -> None:
    lines = [
        _OPEN,
        step("A", 2, "2025-04-01 10:00", "solved"),
        step("A", 3, "2025-04-01 11:00", "working", reopened="1"),
    ]
    story = read(written(tmp_path / "x.csv", lines)).stories[0]
    (saying,) = story.turns[1].sayings
    assert [word.verb.value for word in saying.words] == ["reopen", "reply"]
    assert all(word.message.actor.is_requester for word in saying.words)


def test_a_new_rating_changes_the_level_before_anything_is_said_at_it(tmp_path: Path) -> None:
    assert _told(tmp_path, step("A", 2, "2025-04-01 10:00", "working", impact="1", urgency="1")) == [
        ["change_level", "post_update"]
    ]


def test_what_the_customer_sent_himself_is_rated_when_staff_touch_it(tmp_path: Path) -> None:
    lines = [
        step("A", 1, "2025-04-01 09:00", "open", via="mail", by="clockwork"),
        step("A", 2, "2025-04-01 09:01", "open", via="mail", by="clockwork"),
        step("A", 3, "2025-04-01 10:00", "working", via="mail"),
    ]
    script = read(written(tmp_path / "x.csv", lines))
    assert script.stories[0].submit.actor.is_requester
    assert spoken(script, "A") == [["add_note"], ["triage", "post_update"]]


def test_a_machine_neither_informs_nor_closes_what_is_solved(tmp_path: Path) -> None:
    assert _told(
        tmp_path,
        step("A", 2, "2025-04-01 10:00", "working", by="clockwork"),
        step("A", 3, "2025-04-01 11:00", "solved"),
        step("A", 4, "2025-04-06 11:00", "done", by="clockwork"),
    ) == [["add_note"], ["resolve"]]


def test_a_person_closes_and_so_does_a_machine_what_nobody_solved(tmp_path: Path) -> None:
    assert _told(tmp_path, step("A", 2, "2025-04-01 10:00", "done")) == [["close"]]
    assert _told(tmp_path, step("A", 2, "2025-04-01 10:00", "done", by="clockwork")) == [["close"]]


def test_another_group_is_a_note(tmp_path: Path) -> None:
    assert _told(tmp_path, step("A", 2, "2025-04-01 10:00", "working", queue="mail")) == [
        ["post_update", "add_note"]
    ]


def test_a_case_that_begins_after_its_opening_is_opened_when_it_was(tmp_path: Path) -> None:
    lines = [step("A", 4, "2025-04-01 12:00", "solved", opened="2025-04-01 09:30")]
    story = read(written(tmp_path / "x.csv", lines)).stories[0]
    assert (story.opens_at.isoformat(), story.turns[0].at.isoformat()) == (
        "2025-03-31T22:30:00+00:00",
        "2025-04-01T01:00:00+00:00",
    )
    assert spoken(read(tmp_path / "x.csv"), "A") == [["resolve"]]


def _cut(source: Path, target: Path, rows: int) -> Path:
    target.write_text(
        "\n".join(source.read_text(encoding="utf-8").split("\n")[: rows + 1]) + "\n", encoding="utf-8"
    )
    return target


def _is_prefix(short: Script, long: Script) -> bool:
    whole = {story.case: story for story in long.stories}
    return all(
        story.submit == whole[story.case].submit
        and story.opens_at == whole[story.case].opens_at
        and story.turns == whole[story.case].turns[: len(story.turns)]
        for story in short.stories
    )


@pytest.mark.parametrize("rows", [1, 5, 9, 20, 31, 44, 61])
def test_a_log_cut_off_tells_the_same_story_up_to_there(tmp_path: Path, rows: int) -> None:
    assert _is_prefix(read(_cut(DESK_LOG, tmp_path / "x.csv", rows)), read(DESK_LOG))


def test_columns_that_tell_the_future_change_nothing(tmp_path: Path) -> None:
    rows = [
        line.rpartition(",")[0]
        for line in DESK_LOG.read_text(encoding="utf-8").splitlines()[1:]
        if line.count(",") > 2
    ]
    told = read(written(tmp_path / "x.csv", [f"{row},2024-01-01 00:00" for row in rows]))
    assert told.stories == read(written(tmp_path / "y.csv", [f"{row}," for row in rows])).stories


def test_no_case_of_the_real_log_tells_its_future_before_it_happens(tmp_path: Path) -> None:
    with uci_sample() as lines:
        rows = list(lines)
    whole = read_script(_uci(tmp_path / "whole.csv", rows), "rhipe-csp", "servicenow-uci", None)
    for cut in random.Random(498).sample(range(1, len(rows)), CUT):
        part = _uci(tmp_path / "part.csv", rows[:cut])
        assert _is_prefix(read_script(part, "rhipe-csp", "servicenow-uci", None), whole)


def _uci(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_header_of_these_tests_is_that_of_our_log() -> None:
    assert DESK_LOG.read_text(encoding="utf-8").splitlines()[0] == HEADER
