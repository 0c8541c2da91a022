"""Regions, rota and coverage from the command line: files and the store alone, no Temporal."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers import free_port
from tests.starter.conftest import Answer, Commands

CENTRES = ["auckland", "sydney", "melbourne", "kuala_lumpur", "manila"]
TOML = """
[[engineers]]
name = "Ana Ruiz"
region = "sydney"
tier = "L2"
skills = ["billing"]
languages = ["en", "es"]
address = "ana@desk.example"
zone = "Australia/Sydney"
shifts = [
  { days = ["mon", "tue"], start = 09:00:00, end = 18:00:00 },
  { days = ["wed"], start = 22:00:00, end = 07:00:00 },
]

[[engineers]]
name = "Ben Tan"
region = "kuala_lumpur"
"""
ANA = {"name": "Ana Ruiz", "region": "sydney", "skills": ["billing"]}
BEN = {"name": "Ben Tan", "region": "kuala_lumpur"}


@pytest.fixture
def desk(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "home", None)


@pytest.fixture
def staffed(desk: Commands) -> Commands:
    imported(desk, ANA, BEN)
    return desk


def imported(desk: Commands, *people: dict[str, Any], more: tuple[str, ...] = ()) -> Any:
    return desk.as_json("rota", "import", "-", *more, stdin=json.dumps(people))


def refused(answer: Answer, code: str) -> Any:
    assert answer.code == 3, answer.err
    assert answer.fault["code"] == code
    assert answer.fault["remedy"]
    return answer.fault


def region(desk: Commands, name: str, *flags: str) -> Any:
    return next(row for row in desk.as_json("region", "list", *flags) if row["region"] == name)


def engineer(desk: Commands, name: str) -> Any:
    return next(row for row in desk.as_json("rota") if row["name"] == name)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# Regions


def test_the_centres_are_listed_in_the_policys_order_and_say_what_counts(staffed: Commands) -> None:
    rows = staffed.as_json("region", "list")
    assert [row["region"] for row in rows] == CENTRES
    assert [row["on_shift"] for row in rows] == [None, 0, None, 0, None]
    assert all(row["is_open"] == (row["opens_at"] is None) for row in rows)
    assert all(row["is_open"] == (row["open_until"] is not None) for row in rows)
    page = staffed("region", "list")
    assert all(name in page.out for name in CENTRES)
    assert "5 centres" in page.err


def test_a_centre_closed_by_hand_says_why_until_when_and_by_whom(staffed: Commands) -> None:
    answer = staffed.as_json(
        "region", "close", "sydney", "--until", "2h", "--reason", "Flood", SUNRELAY_ACTOR_NAME="Ada"
    )
    assert (answer["outcome"], answer["reason"]) == ("closed", "Flood")
    row = region(staffed, "sydney")
    assert (row["is_open"], row["closed_by_hand"]["reason"], row["closed_by_hand"]["by"]) == (
        False,
        "Flood",
        "Ada",
    )
    until, since = (instant(row["closed_by_hand"][name]) for name in ("until", "since"))
    assert until - since == timedelta(hours=2)
    assert row["opens_at"] is None or instant(row["opens_at"]) >= until
    assert "Flood" in staffed("region", "list").out
    assert region(staffed, "melbourne")["closed_by_hand"] is None


def test_a_centre_that_is_opened_follows_its_shifts_again(staffed: Commands) -> None:
    before = region(staffed, "manila")
    staffed.as_json("region", "close", "manila", "--reason", "Typhoon")
    assert region(staffed, "manila")["opens_at"] is None
    assert staffed.as_json("region", "open", "manila")["outcome"] == "opened"
    assert staffed.as_json("region", "open", "manila")["outcome"] == "unchanged"
    after = region(staffed, "manila")
    assert after["closed_by_hand"] is None
    assert (after["is_open"], after["opens_at"]) == (before["is_open"], before["opens_at"])


def test_a_closure_until_an_instant_needs_its_offset_and_the_future(desk: Commands) -> None:
    for until in ("2027-03-02T09:00", "tomorrow", "2020-01-01T00:00:00Z", "0h", "9999-12-31T23:59:59-14:00"):
        answer = desk("region", "close", "sydney", "--reason", "Flood", "--until", until, "-o", "json")
        assert (answer.code, answer.fault["code"]) == (2, "UsageError"), until
    answer = desk.as_json(
        "region", "close", "sydney", "--reason", "Flood", "--until", "2099-03-02T09:00+11:00"
    )
    assert instant(answer["closed_until"]) == datetime(2099, 3, 1, 22, tzinfo=UTC)


def test_nobody_closes_a_centre_without_a_reason(desk: Commands) -> None:
    assert desk("region", "close", "sydney").code == 2
    for reason in ("", "  ", "a\u202eb"):
        assert desk("region", "close", "sydney", "--reason", reason).code == 2
    assert not (desk.home / "cases.db").exists()


@pytest.mark.covers("RHIPE-22")
@pytest.mark.parametrize("command", [["close", "--reason", "Flood"], ["open"]])
def test_a_region_no_policy_has_is_refused(desk: Commands, command: list[str]) -> None:
    for name in ("oslo", "Sydney", "\u202e"):
        fault = refused(desk("region", *command, name, "-o", "json"), "RegionUnknown")
        assert "sydney" in fault["reason"]


def test_a_customer_neither_sees_nor_closes_our_centres(staffed: Commands) -> None:
    customer = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "acme"}
    commands = (
        ["region", "list"],
        ["region", "close", "sydney", "--reason", "Flood"],
        ["region", "open", "sydney"],
        ["rota"],
        ["checkin", "Ana Ruiz"],
        ["checkout", "Ana Ruiz"],
        ["away", "Ana Ruiz"],
        ["rota", "import", "-"],
    )
    for command in commands:
        refused(staffed(*command, "-o", "json", stdin="[]", **customer), "RoleNotPermitted")


def test_a_list_without_a_store_or_a_policy_says_so(desk: Commands) -> None:
    assert desk("region", "list", "-o", "json").fault["code"] == "StoreUnreachable"
    imported(desk, ANA)
    refused(desk("region", "list", "--policy", "nobodys", "-o", "json"), "PolicyValueUnknown")
    away = f"postgresql://desk@127.0.0.1:{free_port()}/cases"
    assert desk("region", "list", SUNRELAY_STORE_URL=away).code == 5


# The rota


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rota.toml", TOML),
        ("rota.json", json.dumps([ANA, BEN])),
        ("object.json", "\ufeff" + json.dumps({"engineers": [ANA, BEN]})),
    ],
)
def test_a_rota_of_each_kind_is_read(desk: Commands, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    answer = desk.as_json("rota", "import", str(tmp_path / name))
    assert answer == {"new": 2, "changed": 0, "unchanged": 0, "removed": 0}
    assert [row["name"] for row in desk.as_json("rota", "list")] == ["Ana Ruiz", "Ben Tan"]
    assert engineer(desk, "Ana Ruiz")["skills"] == ["billing"]
    assert desk("rota", "--region", "sydney").out.count("Ana Ruiz") == 1
    assert [row["name"] for row in desk.as_json("rota", "--region", "kuala_lumpur")] == ["Ben Tan"]


def test_an_import_changes_what_differs_and_removes_only_when_told(staffed: Commands) -> None:
    assert imported(staffed, ANA | {"tier": "L3"}) == {"new": 0, "changed": 1, "unchanged": 0, "removed": 0}
    assert engineer(staffed, "Ana Ruiz")["tier"] == "L3"
    again = imported(staffed, ANA, more=("--replace",))
    assert again == {"new": 0, "changed": 1, "unchanged": 0, "removed": 1}


def test_an_address_nobody_can_be_paged_at_is_an_error_of_the_rota(desk: Commands) -> None:
    people = json.dumps([ANA | {"address": "pager 17"}, BEN | {"address": "https://pager.example/ben"}])
    (problem,) = refused(desk("rota", "import", "-", "-o", "json", stdin=people), "ValidationError")[
        "problems"
    ]
    assert (problem["position"], problem["field"]) == ("record 1", "address")


@pytest.mark.covers("RHIPE-22", "RHIPE-24")
def test_every_error_of_a_rota_is_told_at_once_and_nothing_is_written(desk: Commands) -> None:
    def shift(days: list[str], start: str, end: str) -> dict[str, Any]:
        return {"days": days, "start": start, "end": end}

    twice = [shift(["sun", "mon"], "20:00", "09:00"), shift(["mon"], "08:00", "12:00")]
    people = [
        ANA | {"region": "oslo", "zone": "AEST", "shifts": twice},
        BEN | {"zone": "Asia/Kuala_Lumpurr"},
        BEN | {"zone": "+08:00", "pager": 1, "tier": "L9"},
        "Cai",
    ]
    answer = desk("rota", "import", "-", "-o", "json", stdin=json.dumps(people))
    problems = {
        (one["position"], one["field"], one["code"]) for one in refused(answer, "ValidationError")["problems"]
    }
    assert problems == {
        ("record 1", "region", "RegionUnknown"),
        ("record 1", "zone", "ValidationError"),
        ("record 1", "shifts", "ValidationError"),
        ("record 2", "zone", "ValidationError"),
        ("record 3", "name", "ValidationError"),
        ("record 3", "zone", "ValidationError"),
        ("record 3", "pager", "ValidationError"),
        ("record 3", "tier", "ValidationError"),
        ("record 4", "record", "ValidationError"),
    }
    assert not (desk.home / "cases.db").exists()
    told = desk("rota", "import", "-", stdin=json.dumps(people)).err
    assert (
        "record 1 (Ana Ruiz): shifts: ValidationError: sun 20:00 to mon 09:00 overlaps mon 08:00 to mon 12:00"
        in told
    )


def test_only_unknown_regions_are_refused_as_such(desk: Commands) -> None:
    answer = desk("rota", "import", "-", "-o", "json", stdin=json.dumps([ANA | {"region": "AUCKLAND"}]))
    refused(answer, "RegionUnknown")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "FileMalformed"),
        ("{}", "FileMalformed"),
        ('{"engineers": [], "more": 1}', "FileMalformed"),
        ("[]", "FileEmpty"),
        ('[{"name": "a", "name": "b", "region": "sydney"}]', "ValidationError"),
        ("[" * 100_000, "FileMalformed"),
        (b"\xff", "FileNotUtf8"),
        ("[" + " " * 5 * 1024 * 1024 + "]", "FileTooLarge"),
    ],
)
def test_a_file_that_is_no_rota_is_refused(desk: Commands, text: str | bytes, code: str) -> None:
    refused(desk("rota", "import", "-", "-o", "json", stdin=text), code)
    assert desk("rota", "import", "no-such-file.toml").code == 2


def test_who_checks_in_is_on_shift_until_his_shift_ends_and_takes_cases(staffed: Commands) -> None:
    before = datetime.now(UTC)
    answer = staffed.as_json("checkin", "Ana Ruiz")
    assert (answer["outcome"], answer["on_shift"], answer["checked_in_at"]) == ("checked_in", True, "sydney")
    assert before < instant(answer["until"]) <= datetime.now(UTC) + timedelta(hours=24)
    row = region(staffed, "sydney")
    assert (row["on_shift"], row["engineer"], row["skills"]) == (1, "Ana Ruiz", ["billing"])
    assert "on shift at sydney" in staffed("rota").out
    assert staffed.as_json("checkout", "Ana Ruiz")["outcome"] == "checked_out"
    assert staffed.as_json("checkout", "Ana Ruiz")["outcome"] == "unchanged"
    assert region(staffed, "sydney")["on_shift"] == 0


def test_a_guest_counts_where_he_is_and_as_long_as_he_says(staffed: Commands) -> None:
    answer = staffed.as_json("checkin", "Ben Tan", "--region", "sydney", "--until", "3h")
    assert instant(answer["until"]) - instant(answer["since"]) == timedelta(hours=3)
    assert region(staffed, "sydney")["on_shift"] == 1
    assert region(staffed, "kuala_lumpur")["on_shift"] == 0
    refused(staffed("checkin", "Ben Tan", "--region", "oslo", "-o", "json"), "RegionUnknown")


def test_who_is_away_is_back_when_he_checks_in(staffed: Commands) -> None:
    staffed.as_json("checkin", "Ana Ruiz")
    answer = staffed.as_json("away", "Ana Ruiz", "--until", "2d")
    assert (answer["outcome"], answer["away"], answer["on_shift"]) == ("away", True, False)
    assert region(staffed, "sydney")["on_shift"] == 0
    assert "away until" in staffed("rota").out
    assert staffed.as_json("checkin", "Ana Ruiz")["on_shift"] is True
    assert engineer(staffed, "Ana Ruiz")["away"] is False


@pytest.mark.parametrize("command", ["checkin", "checkout", "away"])
def test_nobody_of_that_name_is_not_found(staffed: Commands, command: str) -> None:
    answer = staffed(command, "ana ruiz", "-o", "json")
    assert (answer.code, answer.fault["code"]) == (4, "EngineerNotFound")


def test_a_rota_alone_is_its_list_and_help_is_help(staffed: Commands) -> None:
    assert staffed("rota").out == staffed("rota", "list").out
    assert "import" in staffed("rota", "--help").out


# Coverage


def coverage(desk: Commands, *more: str) -> Any:
    return desk.as_json("policy", "coverage", "rhipe-csp", *more)


def test_coverage_names_every_stretch_and_the_weeks_in_which_clocks_change(desk: Commands) -> None:
    found = coverage(desk, "--from", "2027-03-10", "--days", "60")
    assert found["gaps"] == []
    assert {tuple(one["first"]["open"]) for one in found["overlaps"]} >= {("kuala_lumpur", "manila")}
    assert [week["monday"] for week in found["weeks"] if week["clock_changes"]] == ["2027-03-29"]
    assert [(one["at"], one["zone"]) for one in found["clock_changes"]] == [
        ("2027-04-03T14:00:00Z", "Pacific/Auckland"),
        ("2027-04-03T16:00:00Z", "Australia/Melbourne"),
        ("2027-04-03T16:00:00Z", "Australia/Sydney"),
    ]
    edges = [one["since"] for one in found["stretches"]] + [found["stretches"][-1]["until"]]
    assert edges[0] == "2027-03-10T00:00:00Z"
    assert edges[-1] == "2027-05-09T00:00:00Z"
    assert edges[1:-1] == [one["until"] for one in found["stretches"][:-1]]
    page = desk("policy", "coverage", "rhipe-csp", "--from", "2027-03-10")
    assert "Pacific/Auckland back by 1 h at 2027-04-03 14:00Z" in page.out
    assert "rhipe-csp@1: 60 days from 2027-03-10, no gap" in page.err


def test_coverage_lists_gaps_and_who_holds_meanwhile(desk: Commands, tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text(
        'name = "short"\nversion = "1"\nextends = "rhipe-csp"\n'
        '[organisation.follow_the_sun]\ngaps_held_by = "owner"\n'
        '[[regions.manila.shifts]]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
        "start = 23:30:00\nend = 07:00:00\n",
        encoding="utf-8",
    )
    own = {"SUNRELAY_POLICY_DIR": str(tmp_path)}
    found = desk.as_json("policy", "coverage", "short", "--from", "2027-03-01", "--days", "10", **own)
    (gap,) = found["gaps"]
    assert (gap["days"], gap["first"]["since"], gap["first"]["until"]) == (
        10,
        "2027-03-01T15:00:00Z",
        "2027-03-01T15:30:00Z",
    )
    page = desk("policy", "coverage", "short", "--from", "2027-03-01", "--days", "10", **own)
    assert "10 gaps, 5 h together; the owner holds meanwhile" in page.err


def test_coverage_of_what_is_no_policy_or_no_day_is_refused(desk: Commands) -> None:
    refused(desk("policy", "coverage", "nobodys", "-o", "json"), "PolicyValueUnknown")
    for flags in (
        ["--days", "0"],
        ["--from", "yesterday"],
        ["--from", "9999-12-31"],
        ["--from", "0001-01-01"],
    ):
        assert desk("policy", "coverage", "rhipe-csp", *flags).code == 2, flags


def test_coverage_is_worked_out_without_temporal_and_the_database() -> None:
    code = (
        "import sys\nfrom starter.cli.application import app\n"
        "try:\n    app()(['policy', 'coverage', 'rhipe-csp', '-o', 'json'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "assert not {'temporalio', 'sqlalchemy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_list_of_centres_is_read_without_temporal(staffed: Commands) -> None:
    code = (
        "import sys\nfrom starter.cli.application import app\n"
        "try:\n    app()(['region', 'list'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "assert 'temporalio' not in sys.modules\n"
    )
    where = {"SUNRELAY_HOME": str(staffed.home), "PYTHONTZPATH": ""}
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=where)
