"""`sunrelay calendar`: which days count, how sure they are, where they come from. Files alone are read."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from policies.holiday_tables import CALENDAR_DIR, digest
from tests.starter.conftest import Commands


@pytest.fixture
def typed(tmp_path: Path) -> Commands:
    """Commands where there is no server, no worker and no store."""
    return Commands(tmp_path / "nowhere", "127.0.0.1:1")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A directory with one calendar: a day that counts, one that was taken out."""
    days = {date(2027, 5, 4): "Founder's Day [bold]\x1b[31m"}
    plain = {
        "calendar": "ACME",
        "first_year": 2026,
        "last_year": 2028,
        "made_by": "the personnel office",
        "corrected": ["2027-05-04", "2027-10-03"],
        "sha256": digest(days),
        "days": {day.isoformat(): name for day, name in days.items()},
    }
    (tmp_path / "ACME.json").write_text(json.dumps(plain), encoding="utf-8")
    return tmp_path


def test_the_list_says_of_each_calendar_what_it_was_made_from(typed: Commands) -> None:
    rows = {row["name"]: row for row in typed.as_json("calendar", "list")}
    assert list(rows) == ["none", "AU-NSW", "AU-VIC", "GB-ENG", "MY-KUL", "NZ-AUK", "PH"]
    assert rows["MY-KUL"] == {
        "name": "MY-KUL",
        "origin": "shipped",
        "first_year": 2015,
        "last_year": 2035,
        "days": 440,
        "corrected": 1,
        "doubtful": 89,
        "may_come": 1,
        "made_by": "holidays 0.109",
        "sha256": "f56f2213d770e605049abf4340fd8a06365f216457e35a13dcdadfed6e46ff5b",
    }
    assert rows["none"]["days"] == 0


def test_the_list_for_people_has_a_line_for_each_calendar(typed: Commands) -> None:
    answer = typed("calendar", "list")
    assert answer.code == 0
    line = next(line for line in answer.out.splitlines() if line.startswith("AU-VIC"))
    assert line.split() == ["AU-VIC", "2015-2035", "290", "0", "9", "0", "holidays", "0.109", "2ad08e53f21a"]
    assert "every" in next(line for line in answer.out.splitlines() if line.startswith("none"))
    assert answer.err == "7 calendars\n"


def test_a_year_of_a_calendar_shows_doubts_with_their_reasons(typed: Commands) -> None:
    answer = typed("calendar", "show", "MY-KUL", "--year", "2027", COLUMNS="300")
    assert answer.code == 0
    lines = {line[:10]: " ".join(line.split()) for line in answer.out.splitlines()}
    assert lines["2027-06-07"] == "2027-06-07 Mon Birthday of HM Yang di-Pertuan Agong"
    expected = "2027-06-08 Tue Islamic New Year (observed, expected) ? corrected The Islamic New Year falls"
    assert lines["2027-06-08"].startswith(expected)
    assert lines["2027-03-12"].startswith(
        "2027-03-12 Fri Eid al-Fitr (additional holiday) ? may come A further"
    )
    assert all(day.startswith(("2027-", "date")) for day in lines if day.strip())
    assert answer.err == "MY-KUL: 21 holidays, 5 doubts; from holidays 0.109, sha256 f56f2213d770\n"


def test_the_record_of_a_calendar_says_of_each_day_whether_it_counts(typed: Commands) -> None:
    record = typed.as_json("calendar", "show", "PH", "--year", "2028")
    assert record["sha256"].startswith("636668216704")
    days = {day["date"]: day for day in record["holidays"]}
    assert days["2028-02-26"]["doubt"] == "holidays 0.109 calls it estimated"
    assert days["2028-02-26"]["counts"] is True
    souls = days["2028-11-02"]
    assert (souls["weekday"], souls["name"], souls["counts"]) == ("Thu", "All Souls' Day", False)
    assert days["2028-12-25"] == {
        "date": "2028-12-25",
        "weekday": "Mon",
        "name": "Christmas Day",
        "counts": True,
        "doubt": None,
        "corrected": False,
    }


def test_without_a_year_every_day_is_shown_one_a_line_as_jsonl(typed: Commands) -> None:
    answer = typed("calendar", "show", "GB-ENG", "-o", "jsonl")
    days = [json.loads(line) for line in answer.out.splitlines()]
    assert len(days) == 189
    assert [day["date"] for day in days] == sorted(day["date"] for day in days)


def test_the_calendar_without_holidays_shows_none(typed: Commands) -> None:
    answer = typed("calendar", "show", "none", "--year", "2027")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith("none: 0 holidays, 0 doubts; from no holidays")


@pytest.mark.parametrize("name", ["XX", "au-vic", "../overlay", "[bold]", ""])
def test_an_unknown_calendar_is_not_found_and_the_known_ones_are_named(typed: Commands, name: str) -> None:
    answer = typed("calendar", "show", name)
    assert answer.code == 4
    assert answer.out == ""
    assert "CalendarUnknown" in answer.err
    assert "known are none, AU-NSW, AU-VIC, GB-ENG, MY-KUL, NZ-AUK, PH" in answer.err
    assert typed("calendar", "show", name, "-o", "json").fault["code"] == "CalendarUnknown"


@pytest.mark.parametrize("year", ["2014", "2036", "0", "-1", "soon"])
def test_a_year_the_calendar_does_not_know_is_wrong_usage(typed: Commands, year: str) -> None:
    assert typed("calendar", "show", "PH", "--year", year).code == 2


def test_own_calendars_are_listed_and_shown_as_such(typed: Commands, own: Path) -> None:
    answer = typed("calendar", "list", **{CALENDAR_DIR: str(own)})
    assert "the personnel office (own)" in answer.out
    assert answer.err == "8 calendars, 1 of them your own\n"
    record = typed.as_json("calendar", "show", "ACME", **{CALENDAR_DIR: str(own)})
    assert record["origin"] == "own"
    taken_out = record["holidays"][1]
    assert (taken_out["date"], taken_out["name"]) == ("2027-10-03", None)
    assert (taken_out["counts"], taken_out["corrected"]) == (False, True)


def test_a_name_from_a_file_is_printed_as_it_is_and_steers_no_terminal(typed: Commands, own: Path) -> None:
    answer = typed("calendar", "show", "ACME", **{CALENDAR_DIR: str(own)})
    assert "Founder's Day [bold]\\u001b[31m" in answer.out
    assert "\x1b" not in answer.out


def test_a_calendar_that_is_not_whole_is_refused_and_the_others_are_listed(
    typed: Commands, own: Path
) -> None:
    settings = {CALENDAR_DIR: str(own)}
    whole = (own / "ACME.json").read_text(encoding="utf-8")
    (own / "ACME.json").write_text(whole.replace("2027-05-04", "2027-05-05"), encoding="utf-8")
    listed = typed("calendar", "list", "-o", "json", **settings)
    assert listed.code == 3
    assert listed.fault["code"] == "CalendarInvalid"
    assert len(listed.record) == 7
    shown = typed("calendar", "show", "ACME", **settings)
    assert (shown.code, shown.out) == (3, "")
    assert "CalendarInvalid: ACME.json: sha256" in shown.err
    assert typed("calendar", "show", "PH", **settings).code == 0


def test_a_directory_that_is_none_is_refused(typed: Commands, tmp_path: Path) -> None:
    for arguments in (["list"], ["show", "PH"]):
        answer = typed("calendar", *arguments, **{CALENDAR_DIR: str(tmp_path / "away")})
        assert (answer.code, answer.out) == (3, "")
        assert f"CalendarInvalid: {CALENDAR_DIR}: " in answer.err


@pytest.mark.parametrize("arguments", [["list"], ["show", "PH"]])
def test_calendars_are_read_without_temporal_database_or_library(arguments: list[str]) -> None:
    code = (
        "import sys, atexit; atexit.register(lambda: print('MODULES', *sys.modules, file=sys.stderr));"
        "from starter.cli.application import app; app()(['calendar', *sys.argv[1:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    loaded = {name.partition(".")[0] for name in done.stderr.partition("MODULES")[2].split()}
    assert "policies" in loaded
    assert not loaded & {"temporalio", "sqlalchemy", "alembic", "holidays", "workflows", "activities"}
