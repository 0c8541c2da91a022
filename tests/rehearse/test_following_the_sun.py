"""Cases of a log that says where owners sit follow the sun on both engines alike, beside the log's own.

The oracle is the three instants of a day at which rhipe's centres hand on in April 2012: Kuala Lumpur works
from 06:00 to 15:00 UTC, Manila from 14:00 to 23:00, Sydney and Melbourne from 23:00 to 08:00.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from starter.cli.rehearsal import rehearse
from tests.rehearse.vinst import CLOSED, IN_CALL, QUEUED, RESOLVED, WORKING, change, written

_TAKERS = {8: "kuala_lumpur", 15: "manila", 23: "sydney"}
_B_ENDS_AT = datetime(2012, 4, 10, 2, 50, tzinfo=UTC)
_ASKED = """
extends = "rhipe-csp"
name = "asked"
version = "1"
title = "A centre has to accept, and Manila goes home early"
[organisation.follow_the_sun]
acceptance_otherwise = "person"
gaps_held_by = "owner"
[regions.manila]
shifts = [{ days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], start = 22:00:00, end = 02:00:00 }]
"""


def _rows() -> Iterator[list[str]]:
    """A: from Poland by India and America and back, solved a day later; B: solved in the call; C: open."""
    yield change("A", "2012-04-10 06:30")
    yield change("A", "2012-04-10 07:00", QUEUED, team="T2", line=2)
    yield change("A", "2012-04-10 09:00", country="INDIA", team="T2", line=2)
    yield change("A", "2012-04-10 17:00", country="USA", team="T2", line=2)
    yield change("A", "2012-04-11 04:00", ("Accepted", "Wait - Vendor"), country="0", team="T2", line=2)
    yield change("A", "2012-04-11 10:00", country="Poland")
    yield change("A", "2012-04-11 12:00", RESOLVED)
    yield change("B", "2012-04-10 02:30", country="0", impact="High")
    yield change("B", "2012-04-10 02:50", IN_CALL, country="0", impact="High")
    yield change("C", "2012-04-17 15:30", WORKING, country="Brazil", impact="Low")
    yield change("C", "2012-04-18 03:00", ("Accepted", "Wait - User"), country="Brazil", impact="Low")
    yield change("A", "2012-04-18 12:00", CLOSED, owner="Siebel")


def _played(room: Path, policy: str) -> dict[str, Any]:
    log = written(room / "made-up.csv", _rows())
    assert rehearse(log, policy, None, None, room / "out.json", "text", "both") == 0
    result: dict[str, Any] = json.loads((room / "out.json").read_text(encoding="utf-8"))
    return result


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _played(tmp_path_factory.mktemp("sun"), "rhipe-csp")


def _case(found: dict[str, Any], case: str) -> dict[str, Any]:
    (one,) = (one for one in found["handoffs"]["cases"] if one["log"]["case"] == case)
    return dict(one)


def _closed_at(found: dict[str, Any], case: str) -> datetime:
    (one,) = (one for one in found["findings"] if one["case"] == case)
    return datetime.fromisoformat(one["closings"][0]["at"])


def _changes(first: str, start: datetime, end: datetime) -> int:
    """How often a case changes hands between two instants, taken in by `first`."""
    hour, owner, count = start.replace(minute=0) + timedelta(hours=1), first, 0
    while hour < end:
        taker = _TAKERS.get(hour.hour, owner)
        count, owner = count + (taker != owner), taker
        hour += timedelta(hours=1)
    return count


def test_the_log_is_known_by_its_header_and_its_cases_are_rated_by_impact(found: dict[str, Any]) -> None:
    assert (found["mapping"], found["cases"], found["rows"]["used"]) == ("vinst-incidents", 3, 12)
    assert {one["case"]: one["level"] for one in found["findings"]} == {"A": "P3", "B": "P2", "C": "P4"}
    assert found["said"]["escalate"] == 1
    assert found["refused"] == []


def test_a_case_changes_hands_at_every_shift_end_until_it_closes(found: dict[str, Any]) -> None:
    """The log closes A a week after its resolution, the policy after three business days."""
    opened, closed = datetime(2012, 4, 10, 6, 30, tzinfo=UTC), _closed_at(found, "A")
    assert closed < datetime(2012, 4, 18, 12, tzinfo=UTC)
    ours = _case(found, "A")["ours"]
    assert (ours["home"], ours["first"]) == ("kuala_lumpur", "kuala_lumpur")
    assert ours["handed_over"] == _changes("kuala_lumpur", opened, closed) == 18
    assert ours["open_seconds"] == (closed - opened).total_seconds()
    assert (ours["handed_over_after"], ours["held"], ours["offered"]) == (0, 0, 0)


def test_what_a_case_does_after_the_last_row_of_the_log_is_kept_apart(found: dict[str, Any]) -> None:
    """B is not known to belong to any country: it is opened at the policy's default centre, Sydney."""
    closed = _closed_at(found, "B")
    ours = _case(found, "B")["ours"]
    assert (ours["home"], ours["first"], ours["handed_over"]) == (None, "sydney", 0)
    assert ours["handed_over_after"] == _changes("sydney", _B_ENDS_AT, closed) == 9


def test_a_case_still_open_at_the_end_of_the_log_is_counted_up_to_there(found: dict[str, Any]) -> None:
    ours = _case(found, "C")["ours"]
    assert (ours["home"], ours["handed_over"]) == ("manila", 1)


def test_no_case_is_ever_with_a_centre_that_is_closed(found: dict[str, Any]) -> None:
    assert [case["ours"]["unattended_seconds"] for case in found["handoffs"]["cases"]] == [0, 0, 0]


def test_the_log_s_own_changes_stand_beside_ours(found: dict[str, Any]) -> None:
    log = _case(found, "A")["log"]
    assert (log["countries"], log["centres"], log["teams"], log["came_back"]) == (3, 2, 2, 1)
    assert (log["raised"], log["lowered"], log["queued_seconds"]) == (1, 1, 2 * 3600)
    handoffs = found["handoffs"]
    assert (handoffs["rows_without_country"], handoffs["rows_by_country"]["poland"]) == (3, 5)
    assert handoffs["levels"]["P3"]["handed_over"] == 18
    total = handoffs["total"]
    assert (total["countries"], total["handed_over"], total["cases_handed_over"]) == (3, 19, 2)


def test_the_customer_and_the_taker_are_told_of_each_handover(found: dict[str, Any]) -> None:
    handed = found["handoffs"]["total"]["handed_over"] + found["handoffs"]["total"]["handed_over_after"]
    assert (found["told"]["reassigned"], found["told"]["handoff_note"]) == (handed, handed)


def test_a_centre_that_is_asked_accepts_and_where_none_is_open_the_owner_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Manila goes home at 18:00 UTC, Auckland opens at 20:00: two hours each evening nobody is open."""
    monkeypatch.setenv("SUNRELAY_POLICY_DIR", str(tmp_path))
    (tmp_path / "asked.toml").write_text(_ASKED, encoding="utf-8")
    found = _played(tmp_path, "asked")
    ours, closed = _case(found, "A")["ours"], _closed_at(found, "A")
    evenings = (closed.date() - datetime(2012, 4, 10, tzinfo=UTC).date()).days
    assert (ours["held"], evenings) == (6, 6)
    assert ours["unattended_seconds"] // 3600 == 2 * evenings
    assert ours["offered"] == ours["accepted"] == ours["handed_over"] > 18
    assert (ours["declined"], ours["skipped"]) == (0, 0)
    said = capsys.readouterr().out
    assert "handoffs: the log's own, and ours over the same time" in said
    assert "whether an owner was at work is not in it" in said


def test_the_overview_counts_every_handoff_and_every_message_where_the_case_was(
    found: dict[str, Any],
) -> None:
    overview, total = found["overview"], found["handoffs"]["total"]
    assert sum(way["count"] for way in overview["ways"]) == total["handed_over"] + total["handed_over_after"]
    assert {(way["giver"], way["taker"]) for way in overview["ways"]} == {
        ("sydney", "kuala_lumpur"),
        ("kuala_lumpur", "manila"),
        ("manila", "sydney"),
    }
    assert sum(sum(week["hours"]) for week in overview["load"]) == sum(found["said"].values())
    assert overview["tax"]["handoffs"] == overview["engine"]["handoffs"]
