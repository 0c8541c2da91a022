import json
from datetime import date
from importlib.resources import files

import pytest

from policies import CalendarUnknown, HolidayTableInvalid, calendar_names, holiday_table
from policies.holiday_snapshot import files_as_they_should_be, main, read_overlay
from policies.holiday_tables import Snapshot, _table

TABLES = ("AU-NSW", "AU-VIC", "GB-ENG", "MY-KUL", "NZ-AUK", "PH")


def days(name: str, year: int) -> set[str]:
    return {day.isoformat() for day in holiday_table(name).dates if day.year == year}


def test_every_calendar_covers_twenty_one_years() -> None:
    assert calendar_names() == ("none", *TABLES)
    for name in TABLES:
        table = holiday_table(name)
        assert table.years == (2015, 2035)
        assert {day.year for day in table.dates} == set(range(2015, 2036))
        assert list(table.dates) == sorted(set(table.dates))
        assert table.source.startswith("holidays 0.109, sha256 ")


def test_none_has_no_holidays_in_any_year() -> None:
    table = holiday_table("none")
    assert table.dates == ()
    assert table.years == (1, 9999)


# Written down by hand from what the states published; none of it comes from the library.
@pytest.mark.parametrize(
    ("calendar", "holiday", "workday"),
    [
        ("AU-NSW", "2026-04-27", "2026-11-03"),  # the additional Anzac day; Cup Day is Melbourne's
        ("AU-VIC", "2026-11-03", "2026-04-27"),
        ("AU-VIC", "2027-03-08", "2027-10-04"),  # Labour Day in March, not in October
        ("NZ-AUK", "2027-02-01", "2027-01-25"),  # Auckland Anniversary; Wellington's is another
        ("NZ-AUK", "2026-07-10", "2026-07-13"),  # Matariki
        ("MY-KUL", "2027-02-01", "2027-09-17"),  # Federal Territory Day
        ("PH", "2027-12-30", "2027-02-25"),  # Rizal Day; EDSA is a working day
        ("GB-ENG", "2027-08-30", "2027-08-02"),  # the summer bank holiday of England, not Scotland's
        ("GB-ENG", "2022-09-19", "2022-09-20"),  # the Queen's funeral
    ],
)
def test_holidays_that_tell_the_calendars_apart(calendar: str, holiday: str, workday: str) -> None:
    dates = holiday_table(calendar).dates
    assert date.fromisoformat(holiday) in dates
    assert date.fromisoformat(workday) not in dates


def test_a_correction_lies_over_the_library_and_says_why() -> None:
    assert "2027-06-08" in days("MY-KUL", 2027)
    overlay = read_overlay()
    assert [(fix.calendar, fix.date.isoformat()) for fix in overlay.add] == [("MY-KUL", "2027-06-08")]
    assert all(len(fix.reason.split()) > 10 for fix in (*overlay.add, *overlay.remove))


def test_the_tables_are_what_the_library_and_the_corrections_make(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("holidays")
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    assert [path.stem for path, _ in files_as_they_should_be()] == list(TABLES)


def test_a_table_changed_by_hand_is_refused() -> None:
    content = json.loads(files("policies.holiday_tables").joinpath("PH.json").read_text(encoding="utf-8"))
    assert Snapshot.model_validate(content)
    del content["days"]["2035-12-30"]
    with pytest.raises(HolidayTableInvalid, match=r"PH\.json.*overlay\.toml"):
        _table("PH", json.dumps(content))


@pytest.mark.parametrize("name", ["MY", "au-nsw", "", "../loading", "AU-NSW.json"])
def test_an_unknown_calendar_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(CalendarUnknown, match="none, AU-NSW"):
        holiday_table(name)
