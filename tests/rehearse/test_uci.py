"""Real incidents live through the real workflow, and the figures are those a few plain lines compute.

The oracle reads the log's own cells and shares no code with the product: local times, a set of holidays, and
the targets of the support guide (RHIPE-13).
"""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from starter.cli.rehearsal import rehearse
from tests.rehearse.uci import Row, sampled_cases

_SYDNEY = ZoneInfo("Australia/Sydney")
_LEVELS = {
    "11": "P1",
    "12": "P2",
    "13": "P3",
    "21": "P2",
    "22": "P3",
    "23": "P4",
    "31": "P3",
    "32": "P4",
    "33": "P5",
}
_HOURS = {"P1": 1, "P2": 4}
_DAYS = {"P3": 1, "P4": 2}
_HOLIDAYS = {  # New South Wales, those that fall on weekdays
    date(2016, 1, 1), date(2016, 1, 26), date(2016, 3, 25), date(2016, 3, 28), date(2016, 4, 25),
    date(2016, 6, 13), date(2016, 10, 3), date(2016, 12, 26), date(2016, 12, 27),
    date(2017, 1, 2), date(2017, 1, 26), date(2017, 4, 14), date(2017, 4, 17), date(2017, 4, 25),
}  # fmt: skip


@pytest.fixture(scope="module")
def log() -> dict[str, list[Row]]:
    return sampled_cases()


@pytest.fixture(scope="module")
def found(log: dict[str, list[Row]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    room = tmp_path_factory.mktemp("rehearsal")
    rows = [row for case in log.values() for row in case]
    with (room / "sampled.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert rehearse(room / "sampled.csv", "rhipe-csp", None, None, room / "out.json", "json") == 0
    result: dict[str, Any] = json.loads((room / "out.json").read_text(encoding="utf-8"))
    return result


def _local(instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(_SYDNEY).replace(tzinfo=None)


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(row["timestamp"])


def _by_case(found: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    families: dict[str, list[dict[str, Any]]] = {}
    for one in found["findings"]:
        families.setdefault(one["case"].partition("/")[0], []).append(one)
    return families


def _is_business(day: date) -> bool:
    return day.weekday() < 5 and day not in _HOLIDAYS


def _due(opened: datetime, level: str) -> datetime:
    if level in _HOURS:
        return opened + timedelta(hours=_HOURS[level])
    at = opened
    while not _is_business(at.date()):
        at = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
    for _ in range(_DAYS[level]):
        at += timedelta(days=1)
        while not _is_business(at.date()):
            at += timedelta(days=1)
    return at


def _plain(log: dict[str, list[Row]]) -> Iterator[tuple[str, str, datetime, datetime]]:
    """Cases rated once and by telephone: id, level, opening, and the first row somebody answers with."""
    for case, rows in log.items():
        ratings = {row["impact"] + row["urgency"] for row in rows}
        answers = [
            row for row in rows if row["activity"] not in ("New", "-100") and row["sys_updated_by"] != "908"
        ]
        if len(ratings) == 1 and rows[0]["contact_type"] in ("Phone", "IVR") and answers:
            yield case, _LEVELS[ratings.pop()], datetime.fromisoformat(rows[0]["opened_at"]), _at(answers[0])


def test_all_sampled_cases_were_played_and_every_row_used(
    log: dict[str, list[Row]], found: dict[str, Any]
) -> None:
    rows = [row for case in log.values() for row in case]
    unusable = sum(row["activity"] == "-100" for row in rows)
    assert found["cases"] == len(log) == 39
    assert found["rows"]["read"] == len(rows)
    assert found["rows"]["used"] == len(rows) - unusable
    assert set(_by_case(found)) == set(log)


@pytest.mark.covers("RHIPE-13")
def test_initial_responses_are_met_and_missed_as_the_log_says(
    log: dict[str, list[Row]], found: dict[str, Any]
) -> None:
    cases, met, missed = _by_case(found), 0, 0
    for case, level, opened, answered in _plain(log):
        responses = cases[case][0]["responses"]
        if level == "P5":
            assert responses == []
            continue
        due = _due(opened, level)
        first = responses[0]
        assert (first["level"], first["met"]) == (level, answered <= due), (case, opened, answered, due)
        assert _local(first["answered_at"]) == answered
        assert first["late_seconds"] == (None if answered <= due else (answered - due).total_seconds())
        met, missed = met + (answered <= due), missed + (answered > due)
    assert met >= 10
    assert missed >= 5


@pytest.mark.covers("GAP-18")
def test_waits_for_the_customer_are_those_of_the_log(
    log: dict[str, list[Row]], found: dict[str, Any]
) -> None:
    cases, waits = _by_case(found), 0
    for case, rows in log.items():
        expected, since = [], None
        for row in (row for row in rows if row["activity"] != "-100"):
            waiting = row["activity"] == "Awaiting User Info"
            if waiting and since is None:
                since = _at(row)
            elif not waiting and since is not None:
                expected.append((since, _at(row)))
                since = None
        told = [
            (_local(wait["since"]), _local(wait["until"])) for one in cases[case] for wait in one["waits"]
        ]
        assert told == expected, case
        waits += len(expected)
    assert waits >= 10


def test_customers_come_back_as_often_as_in_the_log(log: dict[str, list[Row]], found: dict[str, Any]) -> None:
    cases = _by_case(found)
    expected = {case: max(int(row["reopen_count"]) for row in rows) for case, rows in log.items()}
    assert {case: sum(len(one["came_back"]) for one in family) for case, family in cases.items()} == expected
    assert sum(expected.values()) >= 5


def test_every_case_is_closed_once_and_once_more_for_each_reopening(found: dict[str, Any]) -> None:
    for one in found["findings"]:
        reopened = sum(back["how"] == "reopened" for back in one["came_back"])
        assert len(one["closings"]) == 1 + reopened, one["case"]
        assert one["phase"] == "archived"


def test_figures_by_level_add_up_to_those_of_the_cases(found: dict[str, Any]) -> None:
    total, findings = found["total"], found["findings"]
    assert total["cases"] == len(findings)
    for field in ("cases", "responses_met", "responses_missed", "updates_by_staff", "updates_by_system"):
        assert sum(level[field] for level in found["levels"].values()) == total[field]
    assert total["updates_missed"] == 0  # the system sends what staff leave out
    assert total["updates_by_system"] == found["told"]["status_update"]
    assert found["warnings"] == found["told"]["warning"]
    assert found["told"]["case_closed"] == sum(total["closings"].values())
