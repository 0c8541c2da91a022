"""Lists are made by typed filters; no text of a user is ever part of a query."""

import pytest

from tests.starter.conftest import Answer, Commands, complete, eventually

TENANT = "Listing Ltd"


@pytest.fixture(scope="module")
def numbers(run: Commands) -> dict[str, str]:
    """Three cases of one tenant, P1, P2 and P5, the last one closed."""
    found = {}
    for level, impact, urgency in (("P1", "high", "high"), ("P2", "high", "medium"), ("P5", "low", "low")):
        flags = [*complete(f"listing-{level}", TENANT), "--impact", impact, "--urgency", urgency]
        found[level] = run.as_json("open", *flags)["number"]
    run.as_json("close", found["P5"], "--reason", "requested")
    eventually(lambda: len(_rows(run, "--phase", "closed")) == 1)
    return found


def _rows(run: Commands, *flags: str) -> list[str]:
    return [row["number"] for row in run.as_json("list", "--tenant", TENANT, *flags)]


def test_the_nearest_promise_comes_first(run: Commands, numbers: dict[str, str]) -> None:
    assert _rows(run) == [numbers["P1"], numbers["P2"], numbers["P5"]]


@pytest.mark.parametrize(
    ("flags", "levels"),
    [
        (["--open"], ["P1", "P2"]),
        (["--level", "P2"], ["P2"]),
        (["--level", "P2", "--level", "P5"], ["P2", "P5"]),
        (["--phase", "closed"], ["P5"]),
        (["--region", "sydney"], ["P1", "P2", "P5"]),
        (["--region", "manila"], []),
        (["--breached"], []),
        (["--due-before", "2h"], ["P1"]),
        (["--due-before", "2020-01-01T00:00:00Z"], []),
        (["--limit", "1"], ["P1"]),
    ],
)
def test_each_filter_narrows(
    run: Commands, numbers: dict[str, str], flags: list[str], levels: list[str]
) -> None:
    assert _rows(run, *flags) == [numbers[level] for level in levels]


@pytest.mark.parametrize(
    "value",
    [
        "' OR '1'='1",
        '\\\' OR Partner != "zzz" -- ',
        "x'; drop table cases; --",
        "%",
        "Listing\x00Ltd",
        "[bold]",
        "\u202eListing Ltd",
    ],
)
@pytest.mark.parametrize("option", ["--tenant", "--region"])
def test_a_hostile_value_is_a_name_nobody_has_and_breaks_nothing(
    run: Commands, numbers: dict[str, str], option: str, value: str
) -> None:
    answer = run("list", option, value, "-o", "json")
    assert answer.code in (3, 4)
    assert answer.fault["code"] in ("TenantUnknown", "RegionUnknown")
    assert len(_rows(run)) == 3


@pytest.mark.parametrize(
    "flags",
    [
        ["--phase", "x' OR 1=1"],
        ["--level", "x' OR 1=1"],
        ["--level", "P9"],
        ["--due-before", "soon"],
        ["--due-before", "2026-01-01"],
    ],
)
def test_a_value_of_the_wrong_kind_is_wrong_usage(run: Commands, flags: list[str]) -> None:
    assert run("list", *flags).code == 2


@pytest.mark.parametrize("limit", ["0", "1001", "many"])
def test_a_limit_outside_one_to_a_thousand_is_wrong_usage(run: Commands, limit: str) -> None:
    assert run("list", "--limit", limit).code == 2


def test_a_requesters_list_is_his_own_tenants(run: Commands, numbers: dict[str, str]) -> None:
    stranger = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Nobody At All"}
    assert run.as_json("list", **stranger) == []
    assert run("list", "--tenant", TENANT, **stranger).code == 2


def test_the_list_for_people_goes_to_standard_output_and_the_count_to_standard_error(
    run: Commands, numbers: dict[str, str]
) -> None:
    answer: Answer = run("list", "--tenant", TENANT)
    assert all(number in answer.out for number in numbers.values())
    assert answer.err == "3 cases, from the case store\n"
