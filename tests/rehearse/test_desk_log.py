"""The small log that ships with us, on both engines, which agree: every figure is known beforehand."""

import json
from pathlib import Path
from typing import Any

import pytest

from starter.cli.rehearsal import rehearse
from tests.rehearse.logs import DESK_LOG


def _played(log: Path, room: Path) -> dict[str, Any]:
    assert rehearse(log, "rhipe-csp", None, None, room / "out.json", "text", "both") == 0
    result: dict[str, Any] = json.loads((room / "out.json").read_text(encoding="utf-8"))
    return result


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _played(DESK_LOG, tmp_path_factory.mktemp("desk"))


def _case(found: dict[str, Any], case: str) -> dict[str, Any]:
    (one,) = (one for one in found["findings"] if one["case"] == case)
    return dict(one)


def test_the_rows_are_counted(found: dict[str, Any]) -> None:
    rows = found["rows"]
    assert (found["cases"], found["linked_cases"]) == (12, 1)
    assert (rows["read"], rows["used"]) == (67, 61)
    assert {tally["reason"]: tally["count"] for tally in rows["unusable"]} == {
        "it has another number of cells than the header": 1,
        "it has no time": 1,
        "it names no case": 1,
        "it repeats a row of its case": 1,
        "its state has no meaning in the mapping": 1,
        "its time cannot be read": 1,
    }
    assert sum(tally["count"] for tally in rows["mended"]) == 3


@pytest.mark.parametrize(
    ("level", "cases", "met", "missed", "staff", "system"),
    [
        ("P1", 3, 2, 1, 1, 3),
        ("P2", 1, 1, 0, 1, 0),
        ("P3", 5, 5, 0, 1, 3),
        ("P4", 4, 3, 1, 1, 2),
        ("P5", 0, 0, 0, 0, 0),
    ],
)
def test_promises_are_kept_and_missed_by_level(
    found: dict[str, Any], level: str, cases: int, met: int, missed: int, staff: int, system: int
) -> None:
    figures = found["levels"][level]
    assert (figures["cases"], figures["responses_met"], figures["responses_missed"]) == (cases, met, missed)
    assert (figures["updates_by_staff"], figures["updates_by_system"]) == (staff, system)
    assert figures["updates_missed"] == 0


def test_totals_and_attainment_with_and_without_updates_of_the_system(found: dict[str, Any]) -> None:
    total = found["total"]
    assert (total["responses_met"], total["responses_missed"], total["response_attainment"]) == (
        11,
        2,
        0.8462,
    )
    assert (total["update_attainment"], total["update_attainment_without_system"]) == (1.0, 0.3333)
    assert total["closings"] == {"auto_close": 12, "resolved": 1}
    assert (total["reopened"], total["rejected"], total["reopened_too_late"]) == (1, 1, 1)
    assert (total["waits_for_customer"], total["waited_seconds"]) == (2, (20 * 60 + 47 * 60 + 30) * 60)
    assert found["refused"] == []


def test_a_missed_response_is_one_breach_with_its_lateness(found: dict[str, Any]) -> None:
    breach = {"level": "P1", "clock": "initial_response", "due_at": "2025-04-01T03:00:00Z", "count": 1}
    assert _case(found, "T-02")["breaches"] == [breach | {"late_seconds": 1800, "centre": "sydney"}]
    total = found["total"]
    assert total["breaches"] == {"initial_response": 2}
    assert (total["lateness_median_seconds"], total["lateness_max_seconds"]) == (
        (1800 + 79200) // 2,
        22 * 3600,
    )


def test_printed_instants_are_those_of_the_log(found: dict[str, Any]) -> None:
    assert (found["begins_at"], found["ends_at"]) == ("2025-03-30T22:00:00Z", "2025-05-02T02:00:00Z")
    assert _case(found, "T-01")["responses"][0]["answered_at"] == "2025-03-30T22:40:00Z"
    assert found["shift_weeks"] > 0


def test_holidays_of_the_log_s_own_year_count(found: dict[str, Any]) -> None:
    """T-07 was solved on the Thursday before Easter 2025: the third business day is the Thursday after."""
    assert _case(found, "T-07")["closings"] == [
        {"level": "P4", "reason": "auto_close", "at": "2025-04-24T05:00:00Z"}
    ]


def test_the_clocks_of_the_log_s_own_zone_count(found: dict[str, Any]) -> None:
    """T-04 came on the Friday before daylight saving ended: 15:00 on Monday is an hour later in UTC."""
    case = _case(found, "T-04")
    assert case["received_at"] == "2025-04-04T04:00:00Z"
    assert case["responses"] == [
        {"level": "P3", "met": True, "answered_at": "2025-04-07T04:30:00Z", "late_seconds": None}
    ]


def test_a_raised_level_shortens_the_promise(found: dict[str, Any]) -> None:
    case = _case(found, "T-06")
    assert case["level"] == "P1"
    assert [(one["level"], one["met"]) for one in case["responses"]] == [("P1", True)]
    assert case["updates"] == [{"level": "P1", "staff": 0, "system": 1, "missed": 0}]


def test_a_reopening_promises_a_response_anew(found: dict[str, Any]) -> None:
    case = _case(found, "T-08")
    assert [one["met"] for one in case["responses"]] == [True, True]
    assert [one["at"] for one in case["closings"]] == ["2025-04-15T02:00:00Z", "2025-04-23T01:00:00Z"]


def test_a_late_reopening_goes_on_in_a_linked_case(found: dict[str, Any]) -> None:
    (linked,) = (one for one in found["findings"] if one["parent"] is not None)
    assert linked["parent"] == _case(found, "T-09")["case_id"]
    assert linked["received_at"] == "2025-04-28T00:00:00Z"
    assert [one["met"] for one in linked["responses"]] == [True]
    assert linked["phase"] == "archived"


def test_a_case_still_open_at_the_end_of_the_log_is_counted_up_to_there(found: dict[str, Any]) -> None:
    case = _case(found, "T-10")
    assert (case["phase"], case["closings"]) == ("in_progress", [])
    assert case["updates"] == [{"level": "P3", "staff": 0, "system": 2, "missed": 0}]


def test_a_channel_without_a_service_level_promises_nothing(found: dict[str, Any]) -> None:
    case = _case(found, "T-12")
    assert (case["responses"], case["updates"], case["breaches"]) == ([], [], [])
    assert len(case["closings"]) == 1


def test_every_notice_was_taken_and_nothing_else(found: dict[str, Any]) -> None:
    assert found["told"] == {
        "acknowledgement": 13,
        "breach_notice": 2,
        "case_closed": 13,
        "case_reopened": 1,
        "case_resolved": 14,
        "colleague_responded": 1,
        "csat_survey": 13,
        "customer_replied": 3,
        "first_response": 13,
        "level_changed": 2,
        "new_case": 13,
        "question": 2,
        "response_late": 2,
        "staff_update": 4,
        "stale_notice": 3,
        "status_update": 8,
        "still_missed": 27,
        "warning": 12,
    }


def test_a_log_cut_off_shows_nothing_of_its_future(tmp_path: Path, found: dict[str, Any]) -> None:
    lines = DESK_LOG.read_text(encoding="utf-8").splitlines()
    cut = next(number for number, line in enumerate(lines) if line.startswith("T-08,3"))
    (tmp_path / "cut.csv").write_text("\n".join(lines[:cut]) + "\n", encoding="utf-8")
    part = _played(tmp_path / "cut.csv", tmp_path)
    case = _case(part, "T-08")
    assert (case["phase"], case["closings"], case["came_back"]) == ("in_progress", [], [])
    assert case["responses"] == _case(found, "T-08")["responses"][:1]
    assert _case(part, "T-01") == _case(found, "T-01")  # over by then
    assert part["rows"]["used"] < found["rows"]["used"]


def test_every_message_is_a_part_of_the_load_of_the_centre_that_had_the_case(found: dict[str, Any]) -> None:
    (week,) = found["overview"]["load"]
    assert (week["centre"], sum(week["hours"])) == ("sydney", sum(found["said"].values()))
    assert found["overview"]["tax"]["handoffs"] == 0
