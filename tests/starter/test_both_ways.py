"""What is typed at the desk and what is typed elsewhere, against its API: the same answer, the same end."""

from typing import Any

import pytest

from starter.web.api.resources import CASE_RESOURCES
from tests.starter.conftest import complete, eventually
from tests.starter.typed_verbs import CUSTOMER, ENGINEER, SAID, TENANT, Said
from tests.starter.ways import WAYS, Ways, end_of, ways, words

__all__ = ["ways"]

PLAIN = Said("add_note", "case note CASE hello")


@pytest.mark.parametrize("said", SAID, ids=[one.verb for one in SAID])
def test_a_verb_ends_alike_at_the_desk_and_over_the_api(ways: Ways, said: Said) -> None:
    at_desk, elsewhere = (
        end_of(ways.type(way, said.who, *words(said.typed, number)), number)
        for way, number in zip(WAYS, ways.pair(said), strict=True)
    )
    assert elsewhere == at_desk
    code, record, _ = at_desk
    assert (record.get("outcome") or record["code"]) == said.ends, (code, record)


def test_every_verb_is_typed_both_ways() -> None:
    assert {one.verb for one in SAID} == {verb.value for verb in CASE_RESOURCES.values()}


@pytest.mark.parametrize(
    "typed",
    [
        "show CASE",
        "show CASE --as customer",
        "case timeline CASE",
        "explain CASE update",
        "handoff history CASE",
        "list --tenant 'Harbour Foods' --limit 1000",
        "list --level P2 --region sydney --limit 3",
        "list --owner nobody-there",
        "list --mine --overdue",
        "list --region atlantis",
        "list --tenant 'Harbor Foods' --level P9",
        "region queue sydney --limit 300",
        "region queue atlantis",
        "show SR-0000-0000-0",
        "show SR-CASE-XXXX-9",
        "show a/b",
        "show BOTH-NONE --tenant 'Harbour Foods'",
        "explain CASE resolution",
        "incident show MI-0000",
        "incident list --open",
        "find outlook --limit 3 --skip 1",
        "find CASE",
        "find outlook --tenant 'Harbor Foods'",
        "find '  '",
        "draft list --case CASE",
        "draft drop nothing-there",
    ],
)
def test_a_view_is_the_same_at_the_desk_and_over_the_api(ways: Ways, typed: str) -> None:
    number, _ = ways.pair(PLAIN)

    def ends() -> list[object]:
        return [end_of(ways.type(way, ENGINEER, *words(typed, number)), number) for way in WAYS]

    eventually(lambda: _alike(ends()), 20)


def _alike(found: list[Any]) -> Any:
    return found[0] if found[0] == found[1] else None


def test_a_reference_opened_at_the_desk_and_elsewhere_is_one_case(ways: Ways) -> None:
    typed = ("open", *complete("BOTH-OPEN", TENANT))
    first, again = (ways.type(way, ENGINEER, *typed) for way in WAYS)
    assert (first.code, again.code) == (0, 0)
    assert first.record["number"] == again.record["number"]
    assert (first.record["repeated"], again.record["repeated"]) == (False, True)
    other = [end_of(ways.type(way, ENGINEER, *typed, "--title", "Other"), "-") for way in WAYS]
    assert other[0] == other[1]
    assert other[0][1]["code"] == "DuplicateRequestConflict"


@pytest.mark.parametrize("way", WAYS)
def test_a_request_id_does_a_thing_once_and_no_other_thing(ways: Ways, way: str) -> None:
    number, key = ways.pair(PLAIN)[0], f"once-{way}"
    said = [ways.type(way, ENGINEER, "case", "note", number, "Once", "--request-id", key) for _ in range(2)]
    assert [one.record["repeated"] for one in said] == [False, True]
    other = ways.type(way, ENGINEER, "case", "note", number, "Twice", "--request-id", key)
    assert (other.code, other.fault["code"]) == (3, "DuplicateRequestConflict")
    assert (other.fault["missing"], other.fault["flags"]) == (
        ["request_id"],
        {"request_id": "--request-id"},
    )
    assert key in other.fault["reason"]


@pytest.mark.parametrize("way", WAYS)
def test_a_message_is_handed_over_without_waiting(ways: Ways, way: str) -> None:
    number = ways.pair(PLAIN)[0]
    handed = ways.type(way, ENGINEER, "case", "note", number, way, "--no-wait", "--request-id", f"late-{way}")
    assert (handed.record["outcome"], handed.record["number"]) == ("handed_over", number)
    assert handed.record["request_id"] == f"late-{way}"
    eventually(lambda: way in ways.type(way, ENGINEER, "case", "timeline", number).out)


def test_who_speaks_over_the_api_is_whom_the_key_is_for(ways: Ways) -> None:
    number = ways.pair(PLAIN)[0]
    assert ways.type("elsewhere", CUSTOMER, "case", "note", number, "Seen by me", "--public").code == 0
    (entry,) = (
        one
        for one in ways.type("elsewhere", ENGINEER, "case", "timeline", number).record["entries"]
        if one["text"] == "Seen by me"
    )
    assert (entry["by"], entry["by_kind"], entry["door"]) == (CUSTOMER.name, "customer", "api")
    for word in ("show", "list"):
        seen = ways.type("elsewhere", CUSTOMER, word, *([number] if word == "show" else []))
        assert "assignee" not in (seen.record if word == "show" else {})
    refused = ways.type("elsewhere", CUSTOMER, "region", "queue", "sydney")
    assert (refused.code, refused.fault["code"]) == (3, "RoleNotPermitted")


def test_an_incident_lives_over_the_api(ways: Ways) -> None:
    def type_(*typed: str) -> object:
        answer = ways.type("elsewhere", ENGINEER, "incident", *typed)
        assert answer.code == 0, answer.err
        return answer.record

    case = ways.api.open("BOTH-INCIDENT")["number"]
    declare = ("declare", "Mail is down", "--title", "Mail", "--reference", "BOTH-MI", "--request-id", "mi-1")
    first, again = type_(*declare), type_(*declare)
    assert again == {**first, "repeated": True}  # type: ignore[dict-item]
    for typed in (("join", "BOTH-MI", case), ("update", "BOTH-MI", "A cause is found")):
        type_(*typed)
    show = ("incident", "show", "BOTH-MI", "--cases")
    shown = eventually(lambda: _alike([ways.type(way, ENGINEER, *show).record for way in WAYS]), 20)
    assert len(shown["children"]) == 1
    for typed in (
        ("leave", "BOTH-MI", case, "--reason", "Its own cause"),
        ("resolve", "BOTH-MI", "Back"),
        ("close", "BOTH-MI"),
    ):
        type_(*typed)


def test_a_list_of_offers_is_accepted_over_the_api_though_it_is_empty(ways: Ways) -> None:
    ends = [
        end_of(ways.type(way, ENGINEER, "handoff", "accept", "--region", "manila", "--all"), "-")
        for way in WAYS
    ]
    assert ends[0] == ends[1] == (0, [], [])
