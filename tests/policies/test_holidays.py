"""Holidays are dates written down: which, who named them, which of them may still change."""

import ast
import json
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from activities.terms import TermsActivities
from domain.terms import Terms, TermsRequest
from policies import CalendarUnknown, HolidayTableInvalid, calendar_names, holiday_table
from policies.holiday_snapshot import LIBRARY, as_text, main, shipped
from policies.holiday_tables import CALENDAR_DIR, Snapshot, digest, own_calendar_names, read_calendar
from policies.holiday_tables.overlay import OverlayInvalid, lay, read_overlay

TABLES = ("AU-NSW", "AU-VIC", "GB-ENG", "MY-KUL", "NZ-AUK", "PH")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
WHY = "the board has decided so, see the minutes of May"
CHRISTMAS, EASTER = date(2027, 12, 25), date(2027, 3, 28)


def days(name: str, year: int) -> set[str]:
    return {day.isoformat() for day in holiday_table(name).dates if day.year == year}


def content(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        files("policies.holiday_tables").joinpath(f"{name}.json").read_text(encoding="utf-8")
    )
    return found


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory of own calendars."""
    monkeypatch.setenv(CALENDAR_DIR, str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _no_directory_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CALENDAR_DIR, raising=False)


def write(directory: Path, name: str, *holidays: str, **changes: object) -> None:
    named = {date.fromisoformat(day): "Founder's Day" for day in holidays}
    plain = {
        "calendar": name,
        "first_year": 2020,
        "last_year": 2030,
        "made_by": "the personnel office",
        "sha256": digest(named),
        "days": {day.isoformat(): called for day, called in named.items()},
    }
    (directory / f"{name}.json").write_text(json.dumps(plain | changes), encoding="utf-8")


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
    assert table.source == "no holidays"


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


def test_the_dates_are_those_reviewed_last() -> None:
    """Whoever renews the tables sees here which calendars have other dates now."""
    assert {name: read_calendar(name).sha256[:12] for name in TABLES} == {
        "AU-NSW": "75349d7d7c65",
        "AU-VIC": "2ad08e53f21a",
        "GB-ENG": "ba204203583e",
        "MY-KUL": "f56f2213d770",
        "NZ-AUK": "26fbee5e6d96",
        "PH": "636668216704",
    }


def test_a_correction_lies_over_the_library_and_says_why() -> None:
    assert "2027-06-08" in days("MY-KUL", 2027)
    overlay = read_overlay(ROOT / "policies/holiday_tables/overlay.toml")
    assert [(fix.calendar, fix.date.isoformat()) for fix in overlay.add] == [("MY-KUL", "2027-06-08")]
    entries = (*overlay.add, *overlay.remove, *overlay.doubt, *overlay.doubt_named, *overlay.may_come)
    assert all(len(entry.reason.split()) > 10 for entry in entries)


@pytest.mark.parametrize(
    ("calendar", "day", "reason"),
    [
        ("MY-KUL", "2027-06-08", "Not yet gazetted"),  # an addition of ours
        ("MY-KUL", "2028-02-27", "holidays 0.109 calls it estimated"),
        ("MY-KUL", "2028-02-29", "holidays 0.109 calls it estimated"),  # "(observed, estimated)"
        ("PH", "2027-03-09", "holidays 0.109 calls it estimated"),
        ("AU-VIC", "2027-09-24", "A guess"),
        ("AU-VIC", "2035-09-28", "A guess"),
    ],
)
def test_a_doubtful_day_counts_and_says_why_it_is_doubted(calendar: str, day: str, reason: str) -> None:
    snapshot, at = read_calendar(calendar), date.fromisoformat(day)
    assert reason in snapshot.doubtful[at]
    assert at in holiday_table(calendar).dates


@pytest.mark.parametrize(("calendar", "day"), [("AU-VIC", "2026-09-25"), ("MY-KUL", "2027-06-07")])
def test_a_day_that_is_settled_is_not_doubted(calendar: str, day: str) -> None:
    assert date.fromisoformat(day) not in read_calendar(calendar).doubtful


@pytest.mark.parametrize("name", TABLES)
def test_every_day_the_library_labels_estimated_is_listed(name: str) -> None:
    snapshot = read_calendar(name)
    labelled = {day for day, called in snapshot.days.items() if "estimated)" in called}
    assert labelled <= snapshot.doubtful.keys()
    assert not labelled or name in {"MY-KUL", "PH"}


def test_a_day_that_may_yet_come_is_named_and_does_not_count() -> None:
    coming = read_calendar("PH").may_come[date(2028, 11, 2)]
    assert coming.name == "All Souls' Day"
    assert "year by year" in coming.reason
    assert date(2028, 11, 2) not in holiday_table("PH").dates


def test_the_tables_are_what_the_library_and_the_overlay_make(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("holidays")
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    made = list(shipped())
    assert [one.calendar for one in made] == list(TABLES)
    assert as_text(made[0]) == as_text(read_calendar("AU-NSW"))


def test_the_tool_asks_for_the_library_the_project_pins() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert LIBRARY in project["optional-dependencies"]["dev"]
    assert not [one for one in project["dependencies"] if one.startswith("holidays")]


def test_one_module_alone_knows_the_library() -> None:
    rooms = ("domain", "policies", "workflows", "activities", "starter")
    sources = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert [path.name for path in (*sources, ROOT / "worker.py") if _imports_holidays(path)] == [
        "holiday_snapshot.py"
    ]


def _imports_holidays(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import) and any(a.name.split(".")[0] == "holidays" for a in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "holidays":
            return True
    return False


def test_without_the_library_the_tool_says_in_one_line_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    for arguments in ([], ["--check"], ["--add", "DE", "--country", "DE", "--out", str(tmp_path)]):
        assert main(arguments) == 2
        told = capsys.readouterr()
        assert told.err == f"the library of holidays is missing; install it: pip install {LIBRARY}\n"
        assert told.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_table_changed_by_hand_is_refused(own: Path) -> None:
    changed = content("PH")
    assert Snapshot.model_validate(changed)
    del changed["days"]["2035-12-30"]  # type: ignore[attr-defined]
    (own / "PH.json").write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(HolidayTableInvalid, match=r"PH\.json.*overlay\.toml"):
        holiday_table("PH")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"surprise": 1}, "surprise: Extra inputs"),
        ({"made_by": None}, "made_by: "),
        ({"doubtful": {"2027-05-05": "perhaps"}}, "2027-05-05 is not among the days"),
        ({"may_come": {"2027-05-04": {"name": "x", "reason": "y"}}}, "2027-05-04 is among the days"),
        ({"may_come": {"2031-05-04": {"name": "x", "reason": "y"}}}, "outside 2020 to 2030"),
        ({"may_come": {"2027-05-05": "perhaps"}}, "may_come.2027-05-05: "),
        ({"first_year": 2028}, "2027-05-04: outside 2028 to 2030"),
        ({"calendar": "OTHER"}, "it says 'OTHER'"),
        ({"days": {"2027-13-01": "x"}}, "days.2027-13-01"),
        ({"days": ["2027-05-04"]}, "days: "),
    ],
)
def test_a_table_that_is_not_whole_is_refused_with_what_is_wrong(
    own: Path, changes: dict[str, object], fault: str
) -> None:
    write(own, "ACME", "2027-05-04", **changes)
    with pytest.raises(HolidayTableInvalid) as caught:
        holiday_table("ACME")
    assert str(caught.value).startswith("ACME.json: ")
    assert fault in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"[", b"[]", b"null", b"\xff\xfe"])
def test_a_file_that_is_no_table_is_refused(own: Path, raw: bytes) -> None:
    (own / "ACME.json").write_bytes(raw)
    with pytest.raises(HolidayTableInvalid, match=r"^ACME\.json: "):
        holiday_table("ACME")
    assert holiday_table("PH").dates  # the others are as good as ever


@pytest.mark.parametrize("name", ["MY", "au-nsw", "", "../loading", "AU-NSW.json", "/etc/passwd", "overlay"])
def test_an_unknown_calendar_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(CalendarUnknown, match="none, AU-NSW"):
        holiday_table(name)


def test_a_company_has_calendars_of_its_own(own: Path) -> None:
    write(own, "ACME", "2027-05-04")
    assert calendar_names() == ("none", "ACME", *TABLES)
    assert own_calendar_names() == ("ACME",)
    table = holiday_table("ACME")
    assert table.dates == (date(2027, 5, 4),)
    assert table.years == (2020, 2030)
    assert table.source == f"the personnel office, sha256 {digest({date(2027, 5, 4): ''})[:12]}"


def test_a_companys_own_calendar_goes_before_ours_of_the_same_name(own: Path) -> None:
    assert holiday_table("PH").dates != (date(2027, 5, 4),)
    write(own, "PH", "2027-05-04")
    assert holiday_table("PH").dates == (date(2027, 5, 4),)
    assert calendar_names() == ("none", *TABLES)


def test_the_calendar_without_holidays_cannot_be_replaced(own: Path) -> None:
    write(own, "none", "2027-05-04")
    assert calendar_names() == ("none", *TABLES)
    with pytest.raises(HolidayTableInvalid, match="rename it"):
        holiday_table("none")


def test_a_directory_that_is_none_is_refused_and_ours_are_not_taken_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CALENDAR_DIR, str(tmp_path / "away"))
    for look in (calendar_names, own_calendar_names, lambda: holiday_table("PH")):
        with pytest.raises(HolidayTableInvalid, match=f"{CALENDAR_DIR}: .*away is not a directory"):
            look()


@pytest.mark.covers("GAP-22")
async def test_terms_name_the_dates_they_were_compiled_with_so_that_other_dates_are_seen(own: Path) -> None:
    async def compiled() -> Terms:
        request = TermsRequest(policy="rhipe-csp", at=AT, calendar="ACME")
        answer = await TermsActivities().compile_terms(request)
        assert answer.terms is not None, answer
        return answer.terms

    soon, later = (AT + timedelta(days=ahead) for ahead in (30, 60))
    write(own, "ACME", soon.date().isoformat())
    before = await compiled()
    write(own, "ACME", later.date().isoformat())
    after = await compiled()
    for terms, day in ((before, soon.date()), (after, later.date())):
        assert terms.calendar.holidays == (day,)
        assert digest({day: ""})[:12] in terms.model_dump_json()


def make(*arguments: str) -> int:
    pytest.importorskip("holidays")
    return main(list(arguments))


def test_the_tool_adds_a_calendar_of_any_place_the_library_knows(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bavaria = ["--add", "DE-BY", "--country", "DE", "--subdivision", "BY", "--out", str(own)]
    assert make(*bavaria, "--check") == 1
    assert "DE-BY.json differs" in capsys.readouterr().out
    assert list(own.iterdir()) == []
    assert make(*bavaria) == 0
    assert "DE-BY.json written: " in capsys.readouterr().out
    assert [path.name for path in own.iterdir()] == ["DE-BY.json"]
    assert {"2027-01-06", "2027-11-01"} <= days("DE-BY", 2027)  # Epiphany, All Saints': not in Berlin
    assert read_calendar("DE-BY").days[date(2027, 1, 1)] == "Neujahr"
    assert make(*bavaria, "--check") == 0
    assert make(*bavaria) == 0
    assert capsys.readouterr().out == ""


def test_an_estimate_is_recognised_in_every_language(own: Path) -> None:
    for language in ("ms_MY", "en_US"):
        where = ["--country", "MY", "--subdivision", "KUL", "--language", language, "--out", str(own)]
        assert make("--add", language, *where) == 0
    malay, english = read_calendar("ms_MY"), read_calendar("en_US")
    assert malay.days[date(2030, 2, 3)] == "Tahun Baharu Cina (anggaran)"
    assert malay.doubtful == english.doubtful
    assert len(malay.doubtful) > 80


def test_a_calendar_reaches_no_further_than_the_library_knows(own: Path) -> None:
    assert make("--add", "LK", "--country", "LK", "--out", str(own)) == 0
    assert holiday_table("LK").years == (2015, 2026)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"--country": "XX"}, "XX not available"),
        ({"--subdivision": "ZZZ"}, "ZZZ"),
        ({"--language": "tlh"}, "no names in 'tlh'; there are de, en_US"),
        ({"--add": "none"}, "'none' cannot name a calendar"),
        ({"--add": "../PH"}, "'../PH' cannot name a calendar"),
        ({"--out": __file__}, "not a directory"),
    ],
)
def test_what_cannot_be_added_is_told_on_one_line(
    own: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], told: str
) -> None:
    given = {"--add": "DE-BY", "--country": "DE", "--subdivision": "BY", "--out": str(own)} | changes
    assert make(*(part for pair in given.items() for part in pair)) == 2
    err = capsys.readouterr().err
    assert told.lower() in err.lower()
    assert err.count("\n") == 1
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--add", "DE"], ["--country", "DE"], ["--add", "DE", "--out", "."]])
def test_the_options_of_add_go_together(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2


def test_a_companys_overlay_lies_beside_its_calendars(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "overlay.toml").write_text(
        f"""
        [[add]]
        calendar = "DE"
        date = 2027-05-04
        name = "Founder's Day"
        reason = "{WHY}"
        [[remove]]
        calendar = "DE"
        date = 2027-10-03
        reason = "{WHY}"
        [[add]]
        calendar = "ED"
        date = 2027-05-04
        name = "Founder's Day"
        reason = "{WHY}"
        """,
        encoding="utf-8",
    )
    assert make("--add", "DE", "--country", "DE", "--out", str(own)) == 0
    found = read_calendar("DE")
    assert found.corrected == (date(2027, 5, 4), date(2027, 10, 3))
    assert found.days[date(2027, 5, 4)] == "Founder's Day"
    assert date(2027, 10, 3) not in found.days
    assert "overlay.toml speaks of ED" in capsys.readouterr().err


def laid(tmp_path: Path, text: str) -> tuple[dict[date, str], dict[date, str]]:
    """Days and doubts of a calendar with Easter and Christmas, Easter estimated, under an overlay."""
    path = tmp_path / "overlay.toml"
    path.write_text(text.replace("WHY", f'reason = "{WHY}"\ncalendar = "X"'), encoding="utf-8")
    known = {EASTER: "Easter; Thaipusam", CHRISTMAS: "Christmas"}
    found = lay(read_overlay(path), "X", known, {EASTER: "estimated"})
    return found.days, found.doubtful


def test_an_addition_counts_and_is_doubted_only_where_it_says_so(tmp_path: Path) -> None:
    entry = '[[add]]\ndate = 2027-01-05\nname = "New"\nWHY\n'
    assert laid(tmp_path, entry) == (
        {date(2027, 1, 5): "New", EASTER: "Easter; Thaipusam", CHRISTMAS: "Christmas"},
        {EASTER: "estimated"},
    )
    assert laid(tmp_path, entry + "doubtful = true")[1] == {date(2027, 1, 5): WHY, EASTER: "estimated"}


def test_a_day_taken_out_is_doubted_no_more(tmp_path: Path) -> None:
    assert laid(tmp_path, "[[remove]]\ndate = 2027-03-28\nWHY") == ({CHRISTMAS: "Christmas"}, {})


@pytest.mark.parametrize(
    ("entry", "doubts"),
    [
        ("[[doubt]]\ndate = 2027-12-25\nWHY", {EASTER: "estimated", CHRISTMAS: WHY}),
        (
            '[[doubt_named]]\nname = "Christmas"\nsince = 2027-12-25\nWHY',
            {EASTER: "estimated", CHRISTMAS: WHY},
        ),
        ('[[doubt_named]]\nname = "Thaipusam"\nsince = 2020-01-01\nWHY', {EASTER: WHY}),
    ],
)
def test_a_doubt_is_about_a_date_or_about_every_day_of_a_name(
    tmp_path: Path, entry: str, doubts: dict[date, str]
) -> None:
    assert laid(tmp_path, entry)[1] == doubts


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('[[add]]\ndate = 2027-12-25\nname = "Christmas"\nWHY', "the library has it"),
        ("[[remove]]\ndate = 2027-12-26\nWHY", "does not have it"),
        ("[[doubt]]\ndate = 2027-12-26\nWHY", "write may_come"),
        ('[[doubt_named]]\nname = "Christmas"\nsince = 2027-12-26\nWHY', "no holiday of that name"),
        ('[[doubt_named]]\nname = "Christ"\nsince = 2020-01-01\nWHY', "no holiday of that name"),
        ('[[may_come]]\ndate = 2027-12-25\nname = "Christmas"\nWHY', "a holiday already"),
        ('[[add]]\ncalendar = "X"\ndate = 2027-12-24\nname = "Eve"\nreason = "short"', "add.0.reason"),
        ("[[remove]]\ndate = 2027-12-25\nname = 'x'\nWHY", "remove.0.name"),
        ("[[supply]]\ndate = 2027-12-25\nWHY", "supply"),
        ("[[add]", "overlay.toml"),
    ],
)
def test_an_entry_that_is_wrong_or_without_effect_is_refused(tmp_path: Path, entry: str, told: str) -> None:
    with pytest.raises(OverlayInvalid, match=r"^overlay\.toml: ") as caught:
        laid(tmp_path, entry)
    assert told in str(caught.value)
