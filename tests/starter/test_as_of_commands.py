"""The desk as it stood, typed and called: at a real desk, and elsewhere through its API."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.starter.conftest import Commands, eventually
from tests.starter.typed_verbs import CUSTOMER, ENGINEER, Speaker
from tests.starter.ways import WAYS, Ways, ways

__all__ = ["ways"]

OTHER = Speaker("Rob of the past", "customer", tenant="Reef of the past")


def stood(desk: Commands, reference: str) -> tuple[str, str]:
    """A case that was open at an instant and is resolved now; its number, and that instant."""
    number = desk.open(reference)["number"]
    at = datetime.now(UTC)
    while datetime.now(UTC) < at + timedelta(seconds=1):
        time.sleep(0.1)
    desk.as_json("respond", number, "Found it.", **ENGINEER.setting)
    desk.as_json("resolve", number, "Mended.", "--kind", "resolution", **ENGINEER.setting)
    eventually(lambda: desk.as_json("list", "--phase", "resolved", "--text", number))
    return number, at.isoformat()


@pytest.fixture(scope="module")
def past(ways: Ways) -> tuple[str, str]:
    return stood(ways.desk, "AS-OF-1")


@pytest.mark.parametrize("way", WAYS)
def test_a_case_and_its_lists_are_shown_as_they_stood(ways: Ways, past: tuple[str, str], way: str) -> None:
    number, at = past
    case: Any = ways.type(way, ENGINEER, "show", number, "--as-of", at).record
    assert case["row"]["phase"] == "received"
    assert [one["clock"] for one in case["promises"]] == ["initial_response"]
    assert {one["kind"] for one in case["timeline"]} & {"responded", "resolved"} == set()
    listed: Any = ways.type(way, ENGINEER, "list", "--open", "--text", number, "--as-of", at).record
    assert [row["phase"] for row in listed["cases"]] == ["received"]
    assert ways.type(way, ENGINEER, "list", "--open", "--text", number).record == []
    queue: Any = ways.type(way, ENGINEER, "queue", "sydney", "--limit", "1000", "--as-of", at).record
    assert number in [row["number"] for row in queue["cases"]]
    assert (queue["as_of"], queue["unknown"]) == (at, 0)


def test_pages_say_of_when_they_are(ways: Ways, past: tuple[str, str]) -> None:
    number, at = past
    head = f"as of {at[:10]} {at[11:16]}Z"
    for words in (["show", number], ["list", "--text", number], ["queue", "sydney"], ["region", "list"]):
        page = ways.desk(*words, "--as-of", at)
        assert (page.code, page.out.splitlines()[0].strip()) == (0, head), page.err
    centres = ways.desk.as_json("region", "list", "--as-of", at)
    assert {"sydney", "manila"} <= {one["region"] for one in centres}
    assert all(one["is_open"] is not None for one in centres)  # the worker has kept their hours


@pytest.mark.parametrize("way", WAYS)
def test_a_requester_sees_the_past_of_their_own_cases_and_nothing_internal(
    ways: Ways, past: tuple[str, str], way: str
) -> None:
    number, at = past
    mine: Any = ways.type(way, CUSTOMER, "show", number, "--as-of", at).record
    assert (mine["phase"], mine["is_known"]) == ("received", True)
    assert {"row", "tenant", "case_id", "stood_since"} & set(mine) == set()
    assert not any(one["internal"] for one in mine["timeline"])
    foreign = ways.type(way, OTHER, "show", number, "--as-of", at)
    assert (foreign.code, foreign.fault["code"]) == (4, "CaseNotFound")
    listed: Any = ways.type(way, OTHER, "list", "--as-of", at).record
    assert listed["cases"] == []
    assert ways.type(way, CUSTOMER, "queue", "sydney", "--as-of", at).code == 3


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2099-01-01T00:00:00Z", "InstantAhead"),
        ("1999-01-01T00:00:00Z", "InstantBeforeDesk"),
        ("2026-11-30T09:12", "InstantWithoutZone"),
        ("yesterday", "InstantUnreadable"),
    ],
)
def test_an_instant_without_a_past_is_refused(
    ways: Ways, past: tuple[str, str], way: str, at: str, code: str
) -> None:
    for words in (["show", past[0]], ["list"], ["queue", "sydney"]):
        answer = ways.type(way, ENGINEER, *words, "--as-of", at)
        assert (answer.code, answer.fault["code"]) == (2, code)
        assert answer.fault["remedy"]
