"""Calendars with a weekend of their own, and with days that are closed for some hours."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from activities.terms import TermsActivities
from domain.terms import Terms, TermsRequest
from domain.time.calendar import Gap, Span, add_business_days, add_open_time
from policies import HolidayTableInvalid, holiday_table
from policies.holiday_snapshot import main
from policies.holiday_tables import CALENDAR_DIR, digest, read_calendar
from policies.holiday_tables.snapshot import PartDay
from tests.domain.desks import utc

EVE, CHRISTMAS = "2027-12-24", "2027-12-25"  # the second is a Saturday
NOON = {"name": "Christmas Eve", "closed": [["12:00", "24:00"]]}
FRIDAY, SATURDAY = (4, 5)
KOTA_BHARU = "Asia/Kuala_Lumpur"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CALENDAR_DIR, str(tmp_path))
    return tmp_path


def _write(own: Path, weekend: list[str] | None = None, **more: object) -> None:
    parts = {
        date.fromisoformat(day): PartDay.model_validate(part) for day, part in more.pop("parts", {}).items()
    }
    plain = {
        "calendar": "OWN",
        "first_year": 2020,
        "last_year": 2030,
        "made_by": "us",
        "sha256": digest({}, weekend, parts),
        "days": {},
        "weekend": weekend,
        "part_days": {day.isoformat(): part.model_dump(mode="json") for day, part in parts.items()},
    }
    (own / "OWN.json").write_text(json.dumps(plain | more), encoding="utf-8")


async def _terms(plan: str = "partner-24x7", at: datetime | None = None, zone: str = KOTA_BHARU) -> Terms:
    asked = TermsRequest(
        policy="rhipe-csp", plan=plan, at=at or utc("2027-06-17T00:00"), zone=zone, calendar="OWN"
    )
    answer = await TermsActivities().compile_terms(asked)
    assert answer.terms is not None, answer.refused
    return answer.terms


def _local(terms: Terms, at: datetime) -> str:
    return f"{terms.calendar.zone.to_local(at):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2027-06-17T02:00", "Sun 20 Jun 10:00"),  # Thursday
        ("2027-06-18T02:00", "Mon 21 Jun 00:00"),  # Friday, which rolls to Sunday
        ("2027-06-19T02:00", "Mon 21 Jun 00:00"),
        ("2027-06-20T02:00", "Mon 21 Jun 10:00"),  # Sunday is a working day
    ],
)
async def test_a_weekend_of_friday_and_saturday_counts_around_the_clock_too(own: Path, received, due) -> None:
    _write(own, ["fri", "sat"])
    assert holiday_table("OWN").weekend == (FRIDAY, SATURDAY)
    terms = await _terms()
    assert _local(terms, add_business_days(terms.calendar, utc(received), 1, gap=Gap.OUTSIDE)) == due


async def test_a_calendar_that_says_nothing_has_saturday_and_sunday(own: Path) -> None:
    _write(own)
    terms = await _terms()
    assert _local(terms, add_business_days(terms.calendar, utc("2027-06-18T02:00"), 1)) == "Mon 21 Jun 10:00"


async def test_a_weekend_of_its_own_is_closed_under_a_plan_with_hours_too(own: Path) -> None:
    _write(own, ["fri", "sat"])
    terms = await _terms("saas-12x5")
    thursday = utc("2027-06-17T10:00")  # 18:00: an hour is left, and the plan has no Sunday
    assert _local(terms, add_open_time(terms.calendar, thursday, timedelta(hours=2))) == "Mon 21 Jun 08:00"


async def test_a_day_closed_from_noon_is_half_a_day_of_a_plan_with_hours(own: Path) -> None:
    _write(own, parts={EVE: NOON})
    terms = await _terms("saas-12x5", utc("2027-12-20T00:00"), "Europe/London")
    morning = utc("2027-12-24T11:00")
    assert terms.calendar.spans_on(date.fromisoformat(EVE)) == (Span(7 * 60, 12 * 60),)
    assert _local(terms, add_open_time(terms.calendar, morning, timedelta(hours=2))) == "Mon 27 Dec 08:00"


async def test_a_day_closed_from_noon_is_a_business_day_around_the_clock(own: Path) -> None:
    _write(own, parts={EVE: NOON})
    terms = await _terms(at=utc("2027-12-20T00:00"), zone="Europe/London")
    for received, due in (("2027-12-23T09:00", "Fri 24 Dec 09:00"), ("2027-12-23T15:00", "Mon 27 Dec 00:00")):
        assert _local(terms, add_business_days(terms.calendar, utc(received), 1, gap=Gap.OUTSIDE)) == due


async def test_a_part_day_on_a_weekend_opens_nothing(own: Path) -> None:
    _write(own, parts={CHRISTMAS: NOON})
    terms = await _terms(at=utc("2027-12-20T00:00"))
    assert terms.calendar.spans_on(date.fromisoformat(CHRISTMAS)) == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"weekend": ["fri", "mon"]}, "weekend: name each day once"),
        ({"weekend": ["friday"]}, "weekend.0: "),
        ({"part_days": {EVE: NOON | {"closed": [["12:00", "24:01"]]}}}, "closed.0.1: "),
        ({"part_days": {EVE: NOON | {"closed": [["13:00", "12:00"]]}}}, "each span ends after"),
        ({"part_days": {"2031-12-24": NOON}}, "outside 2020 to 2030"),
        ({"part_days": {EVE: NOON}}, "sha256: "),
    ],
)
def test_what_is_no_weekend_and_no_part_day_is_refused(own: Path, changes, fault) -> None:
    _write(own, **changes)
    with pytest.raises(HolidayTableInvalid) as refused:
        holiday_table("OWN")
    assert fault in str(refused.value)


def test_the_tool_takes_the_weekend_from_the_library(own: Path) -> None:
    pytest.importorskip("holidays")
    assert main(["--add", "MY-KTN", "--country", "MY", "--subdivision", "KTN", "--out", str(own)]) == 0
    assert read_calendar("MY-KTN").weekend == ("fri", "sat")
    assert main(["--add", "DE", "--country", "DE", "--out", str(own)]) == 0
    assert '"weekend"' not in (own / "DE.json").read_text(encoding="utf-8")


def test_part_days_and_weekends_are_said_in_the_overlay(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("holidays")
    why = 'calendar = "DE"\nreason = "so it is written in our agreement"'
    (own / "overlay.toml").write_text(
        f'[[part_day]]\n{why}\ndate = 2027-12-24\nname = "Heiligabend"\nclosed = [["12:00", "24:00"]]\n'
        f'[[weekend]]\n{why}\ndays = ["sun"]\n',
        encoding="utf-8",
    )
    assert main(["--add", "DE", "--country", "DE", "--out", str(own)]) == 0
    table = holiday_table("DE")
    assert [(day.on, day.closed) for day in table.part_days] == [
        (date.fromisoformat(EVE), (Span(720, 1440),))
    ]
    assert table.weekend == (6,)
    assert main(["--add", "DE", "--country", "DE", "--out", str(own), "--check"]) == 0
    (own / "overlay.toml").write_text(
        f'[[part_day]]\n{why}\ndate = 2027-12-25\nname = "x"\nclosed = [["12:00", "24:00"]]\n',
        encoding="utf-8",
    )
    assert main(["--add", "DE", "--country", "DE", "--out", str(own)]) == 2
    assert "part_day 2027-12-25: it is a holiday" in capsys.readouterr().err
