"""`sunrelay queue`: what a centre has and is offered, from the case store, which says how old it is."""

import json
import re
from datetime import UTC, datetime

import pytest

from tests.starter.conftest import Commands, eventually
from tests.starter.relay import MANILA, Relay, relay
from tests.starter.test_watching import next_line, watching

__all__ = ["relay"]


def _numbers(relay: Relay, region: str, *flags: str) -> list[str]:
    return [row["number"] for row in relay.run.as_json("queue", region, "--limit", "1000", *flags)["cases"]]


def test_a_case_on_its_way_is_in_both_queues_until_it_is_taken(relay: Relay) -> None:
    case = relay.opened()
    eventually(lambda: case in _numbers(relay, "sydney"))
    assert case not in _numbers(relay, "manila")
    relay.offered(case)
    assert case in _numbers(relay, "sydney")
    assert case in _numbers(relay, "manila")
    assert case in [row["number"] for row in relay.run.as_json("list", "--offered-to", "manila")]
    relay.run.as_json("handoff", "accept", case, **MANILA)
    eventually(lambda: case not in _numbers(relay, "sydney"))
    assert case in _numbers(relay, "manila")
    relay.run.as_json("close", case, "--reason", "requested")
    eventually(lambda: case not in _numbers(relay, "manila"))


def test_the_nearest_promise_comes_first_whatever_its_level(relay: Relay) -> None:
    low, high = relay.opened("--impact", "low", "--urgency", "low"), relay.opened("--urgency", "high")
    mine = eventually(lambda: [one for one in _numbers(relay, "sydney") if one in (low, high)][1:])
    assert mine == [low]
    assert high in _numbers(relay, "sydney", "--level", "P1")
    assert low not in _numbers(relay, "sydney", "--level", "P1")
    relay.run.as_json("escalate", low, "--classification", "network")
    eventually(lambda: low in _numbers(relay, "sydney", "--tier", "L2"))
    assert high not in _numbers(relay, "sydney", "--tier", "L2")
    assert relay.run("queue", "sydney", "--tier", "L9").code == 2


def test_the_queue_says_how_old_the_store_is(relay: Relay) -> None:
    case = relay.opened()
    eventually(lambda: case in _numbers(relay, "sydney"))
    before = datetime.now(UTC)
    found = relay.run.as_json("queue", "sydney")
    assert found["region"] == "sydney"
    assert datetime.fromisoformat(found["written_at"]) < before
    page = relay.run("queue", "sydney", "--limit", "1000")
    assert case in page.out
    assert re.fullmatch(
        r"\d+ cases?, \d+ of them offered to sydney, from the case store, last written .+ ago\n", page.err
    )
    lines = relay.run("queue", "sydney", "-o", "jsonl").out.splitlines()
    assert {json.loads(line)["region"] for line in lines} == {"sydney"}


def test_the_board_of_a_centre_shows_to_whom_a_case_is_offered(relay: Relay) -> None:
    case = relay.opened()
    relay.offered(case)
    page = relay.run("queue", "manila", "--limit", "1000").out
    assert "to manila" in next(line for line in page.splitlines() if case in line)
    with watching(relay.run, "--region", "manila", "-o", "jsonl") as process:
        seen = json.loads(next_line(process))
        assert "manila" in (seen["region"], seen["offered_to"])
    relay.run.as_json("handoff", "accept", case, **MANILA)


@pytest.mark.covers("RHIPE-22")
@pytest.mark.parametrize("region", ["atlantis", "Sydney", "' OR '1'='1", "", "AEST", "+10:00"])
@pytest.mark.parametrize("command", ["queue", "watch"])
def test_the_queue_of_a_centre_nobody_knows_is_refused(run: Commands, command: str, region: str) -> None:
    flags = [region] if command == "queue" else ["--region", region]
    answer = run(command, *flags, "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == "RegionUnknown"


@pytest.mark.parametrize("command", [["queue", "sydney"], ["watch", "--region", "sydney"]])
def test_a_queue_is_for_our_own_people(run: Commands, command: list[str]) -> None:
    customer = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
    answer = run(*command, "-o", "json", **customer)
    assert answer.code == 3
    assert answer.fault["code"] == "RoleNotPermitted"
