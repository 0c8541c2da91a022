"""Offers are accepted, declined and answered as lists; a case has one owner, whom every refusal names."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from starter.cli.stores import store_url
from starter.home import Home
from tests.starter.conftest import eventually
from tests.starter.relay import MANILA, SYDNEY, Relay, relay

__all__ = ["relay"]
_PEOPLE = [
    {"name": "Ana", "region": "manila"},
    {"name": "Bea", "region": "sydney", "address": "bea@pagers.example"},
]
BEA_ALONE = {"SUNRELAY_ACTOR_NAME": "Bea"}


@pytest.fixture
def rota(relay: Relay, tmp_path: Path) -> Iterator[Path]:
    """People for that desk, to be imported when a test wants them; afterwards it has none, as before."""
    file = tmp_path / "people.json"
    file.write_text(json.dumps(_PEOPLE), encoding="utf-8")
    yield file
    for one in _PEOPLE:
        relay.run("checkout", one["name"])

    async def clear() -> None:
        store = CaseStore(store_url(Home(relay.home)))
        await Rota(store).put([], "Ada", replace=True)
        await store.close()

    asyncio.run(clear())


@pytest.mark.covers("RHIPE-25")
def test_an_offer_is_shown_accepted_by_the_centre_it_is_for_and_told_step_by_step(relay: Relay) -> None:
    case = relay.opened()
    relay.offered(case)
    offer = relay.run.as_json("show", case)["handover"]
    assert (offer["to"], offer["accepted_by"]) == ("manila", None)
    assert "to manila from" in relay.run("show", case).out
    receipt = relay.run.as_json("handoff", "accept", case, "--next-action", "Free the disk", **MANILA)
    assert (receipt["owner"], receipt["warnings"]) == ("Ana", [])
    eventually(lambda: relay.row(case)["region"] == "manila")
    shown = relay.run.as_json("show", case)
    assert (shown["home_region"], shown["handover"], shown["handoffs"]) == ("sydney", None, 1)
    steps = ["handoff_offered", "handoff_accepted", "next_action_confirmed", "handed_over"]
    assert relay.chain(case) == steps
    assert "next action confirmed: Free the disk" in relay.run("report", case).out.replace("\n", " ")
    page = relay.run("handoffs", case)
    assert "sydney -> manila" in page.out
    assert page.err == f"{case}: 4 steps, now with manila, from the case store\n"
    eventually(lambda: f"sunrelay handoff accept {case}" in relay.mails())


@pytest.mark.covers("RHIPE-25")
def test_an_offer_is_for_one_centre_and_can_be_taken_once(relay: Relay) -> None:
    case = relay.opened()
    never = relay.run("handoff", "accept", case, "-o", "json", **MANILA)
    assert never.code == 3
    assert never.fault["code"] == "HandoffNotOffered"
    relay.offered(case)
    stranger = relay.run("handoff", "accept", case, "-o", "json", **SYDNEY)
    assert stranger.fault["code"] == "HandoffNotOffered"
    assert "offered to manila" in stranger.fault["reason"]
    relay.run.as_json("handoff", "accept", case, "--assignee", "Cora", **MANILA)
    late = relay.run("handoff", "accept", case, "-o", "json", **MANILA)
    assert late.fault["code"] == "HandoffNotOffered"
    assert "with manila" in late.fault["reason"]
    assert relay.run.as_json("show", case)["assignee"] == "Cora"


def test_who_declines_says_why_and_where_nobody_takes_it_the_owner_keeps_it(relay: Relay) -> None:
    case = relay.opened()
    relay.offered(case)
    silent = relay.run("handoff", "decline", case, "-o", "json", **MANILA)
    assert silent.code == 3
    assert silent.fault["code"] == "ReasonRequired"
    relay.run.as_json("handoff", "decline", case, "--reason", "We are two short", **MANILA)
    eventually(lambda: "held" in relay.chain(case))
    assert relay.chain(case) == ["handoff_offered", "handoff_declined", "held"]
    row = relay.row(case)
    assert (row["region"], row["offered_to"]) == ("sydney", None)
    assert "We are two short" in relay.run("handoffs", case).out
    eventually(lambda: relay.mails().count(f"handoff to {case} REGION") >= 2)  # the TSS and the SDM


@pytest.mark.covers("RHIPE-25")
def test_a_case_is_handed_on_by_hand_with_a_reason_to_another_centre_there_is(relay: Relay) -> None:
    case = relay.opened()
    for region, flags, code in (
        ("manila", [], "ReasonRequired"),
        ("sydney", ["--reason", "Why not"], "NoChange"),
        ("atlantis", ["--reason", "They have time"], "RegionUnknown"),
    ):
        answer = relay.run("handoff", "to", case, region, *flags, "-o", "json")
        assert answer.code == 3
        assert answer.fault["code"] == code
    assert relay.run.as_json("show", case)["region"] == "sydney"
    relay.run.as_json("handoff", "to", case, "manila", "--reason", "They know it")
    eventually(lambda: relay.row(case)["region"] == "manila")
    assert relay.chain(case) == ["handed_over"]


def test_a_lead_accepts_the_list_of_a_centre_by_level_or_whole(relay: Relay) -> None:
    relay.run("handoff", "accept", "--region", "manila", "--all", **MANILA)  # what other tests left
    urgent, first, second = relay.opened("--urgency", "high"), relay.opened(), relay.opened()
    relay.offered(urgent, first, second)
    by_level = relay.run.as_json("handoff", "accept", "--region", "manila", "--level", "P1", **MANILA)
    assert [(one["number"], one["owner"]) for one in by_level] == [(urgent, "Ana")]
    assert relay.run.as_json("show", first)["region"] == "sydney"
    whole = ["handoff", "accept", "--region", "manila", "--all", "--request-id", f"lead-{first}"]
    answer = relay.run(*whole, **MANILA)
    assert answer.code == 0
    assert f"{first}  P2  accepted, owner Ana" in answer.out
    assert re.fullmatch(r"([2-9]) of \1 cases accepted\n", answer.err)
    eventually(lambda: {relay.row(case)["region"] for case in (first, second)} == {"manila"})
    assert relay.run(*whole, **MANILA).err == "0 of 0 cases accepted\n"
    assert [relay.chain(case).count("handed_over") for case in (urgent, first, second)] == [1, 1, 1]


def test_of_a_list_what_passed_on_meanwhile_is_told_and_no_fault(relay: Relay) -> None:
    case = relay.opened()
    relay.offered(case)
    answer = relay.run("handoff", "accept", "--region", "manila", "--all", **SYDNEY)
    assert answer.code == 0
    assert "1 no longer offered" in answer.err
    assert "HandoffNotOffered: " in answer.err
    refused = relay.run(
        "handoff",
        "accept",
        "--region",
        "manila",
        "--all",
        "--request-id",
        "not an id",
        "-o",
        "json",
        **MANILA,
    )
    assert refused.code == 3
    assert refused.fault["code"] == "ValidationError"
    relay.run.as_json("handoff", "accept", case, **MANILA)


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--region", "manila"],
        ["--all"],
        ["--region", "manila", "--all", "--level", "P1"],
        ["SR-2222-2222-2", "--all"],
        ["--region", "manila", "--all", "--no-wait"],
    ],
)
def test_one_case_or_a_list_and_never_by_accident_everything(relay: Relay, flags: list[str]) -> None:
    assert relay.run("handoff", "accept", *flags).code == 2


def test_a_list_of_a_centre_nobody_knows_or_for_a_customer_is_refused(relay: Relay) -> None:
    unknown = relay.run("handoff", "accept", "--region", "atlantis", "--all", "-o", "json")
    assert unknown.code == 3
    assert unknown.fault["code"] == "RegionUnknown"
    customer = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
    for command in (["handoff", "accept", "--region", "manila", "--all"], ["handoffs", "SR-2222-2222-2"]):
        answer = relay.run(*command, "-o", "json", **customer)
        assert answer.code == 3
        assert answer.fault["code"] == "RoleNotPermitted"


@pytest.mark.covers("RHIPE-37")
def test_the_first_who_claims_a_case_has_it_and_the_second_is_told_by_whom(relay: Relay) -> None:
    case = relay.opened()
    assert relay.run.as_json("claim", case, **SYDNEY)["owner"] == "Bea"
    second = relay.run("claim", case, "-o", "json", **MANILA)
    assert second.code == 3
    assert second.fault["code"] == "AlreadyClaimed"
    assert "Bea" in second.fault["reason"]
    assert relay.run("claim", case, "-o", "json", **SYDNEY).fault["code"] == "NoChange"


@pytest.mark.covers("RHIPE-37")
def test_a_case_is_given_to_somebody_else_for_one_of_five_reasons(relay: Relay) -> None:
    case = relay.opened()
    for reason in ("holiday", "sick_leave", "shift_change", "senior_engineer", "handoff"):
        assert relay.run.as_json("reassign", case, f"for {reason}", "--reason", reason)["owner"]
    same = relay.run("reassign", case, "for handoff", "--reason", "holiday", "-o", "json")
    assert same.fault["code"] == "NoChange"
    for name, reason in (("Dan", "boredom"), ("", "holiday")):
        wrong = relay.run("reassign", case, name, "--reason", reason, "-o", "json")
        assert wrong.code == 3
        assert wrong.fault["code"] == "ValidationError"
    assert relay.run("reassign", case, "Dan").code == 2
    eventually(lambda: relay.mails().count("Your contact from now on: for ") >= 5)


@pytest.mark.covers("RHIPE-43", "RHIPE-44")
def test_the_tss_and_the_sdm_alone_take_a_case_out_of_its_line(relay: Relay) -> None:
    case = relay.opened()
    engineer = relay.run("take-ownership", case, "-o", "json", **SYDNEY)
    assert engineer.code == 3
    assert engineer.fault["code"] == "RoleNotPermitted"
    tss = {"SUNRELAY_ACTOR_NAME": "Tam", "SUNRELAY_ACTOR_ROLE": "tss"}
    assert relay.run.as_json("take-ownership", case, "--reason", "Open for a week", **tss)["owner"] == "Tam"
    sdm = {"SUNRELAY_ACTOR_NAME": "Sam", "SUNRELAY_ACTOR_ROLE": "sdm"}
    assert relay.run.as_json("take-ownership", case, **sdm)["owner"] == "Sam"


@pytest.mark.covers("RHIPE-39", "RHIPE-40")
def test_a_case_goes_to_the_next_tier_with_its_classification(relay: Relay) -> None:
    case = relay.opened()
    bare = relay.run("escalate", case, "-o", "json")
    assert bare.code == 3
    assert bare.fault["code"] == "ClassificationRequired"
    relay.run.as_json("escalate", case, "--classification", "Sign-in", "--skill", "azure")
    shown = relay.run.as_json("show", case)
    assert (shown["tier"], shown["skill"]) == ("L2", "azure")
    assert "L2, azure" in relay.run("show", case).out
    again = relay.run("escalate", case, "--classification", "Sign-in", "--skill", "azure", "-o", "json")
    assert again.fault["code"] == "NoChange"
    eventually(lambda: relay.row(case)["tier"] == "L2")


def test_a_case_the_store_does_not_have_has_no_steps(relay: Relay) -> None:
    answer = relay.run("handoffs", "case-" + "e" * 20, "-o", "json")
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


@pytest.mark.covers("RHIPE-37")
def test_with_a_rota_a_case_is_given_to_somebody_in_it_who_is_told_at_his_own_address(
    relay: Relay, rota: Path
) -> None:
    case = relay.opened()
    relay.run.as_json("rota", "import", str(rota))
    unknown = relay.run("reassign", case, "Nobody Known", "--reason", "holiday", "-o", "json", **SYDNEY)
    assert unknown.code == 4
    assert unknown.fault["code"] == "EngineerNotFound"
    assert relay.run.as_json("show", case)["assignee"] is None
    relay.run.as_json("reassign", case, "Bea", "--reason", "sick_leave", **MANILA)
    eventually(lambda: relay.chain(case) == ["reassigned"])
    for page in (relay.run("handoffs", case), relay.run("timeline", case), relay.run("report", case)):
        assert "sydney -> Bea" in page.out
        assert "sick leave" in page.out
    eventually(lambda: "bea@pagers.example" in relay.mails())
    assert "Ana has assigned this case to Bea: sick leave" in relay.mails()


@pytest.mark.covers("RHIPE-25")
def test_without_a_region_of_his_own_a_door_speaks_for_the_centre_the_rota_names(
    relay: Relay, rota: Path
) -> None:
    case, other = relay.opened(), relay.opened()
    relay.offered(case, other)
    relay.run.as_json("rota", "import", str(rota))
    for command in (["accept", case], ["decline", case, "--reason", "Not ours"]):
        answer = relay.run("handoff", *command, "-o", "json", **BEA_ALONE)
        assert answer.code == 3
        assert answer.fault["code"] == "HandoffNotOffered"
        assert "offered to manila" in answer.fault["reason"]
    listed = relay.run("handoff", "accept", "--region", "manila", "--all", **BEA_ALONE)
    assert listed.err.rsplit("\n", 2)[1].startswith("0 of ")
    assert all(f"{number}  P2  HandoffNotOffered" in listed.err for number in (case, other))
    wrong = relay.run("handoff", "accept", case, "--assignee", "Cora", "-o", "json", **MANILA)
    assert wrong.fault["code"] == "EngineerNotFound"
    assert relay.run.as_json("show", case)["handover"]["to"] == "manila"
    relay.run.as_json("checkin", "Bea", "--region", "manila")  # a guest there for today
    assert relay.run.as_json("handoff", "accept", case, **BEA_ALONE)["owner"] == "Bea"
    stranger = {"SUNRELAY_ACTOR_NAME": "Zoe"}
    for takes in (["respond", other, "I am on it."], ["claim", other]):
        refused = relay.run(*takes, "-o", "json", **stranger)
        assert (refused.code, refused.fault["code"]) == (3, "EngineerNotFound")
        assert "Zoe is not in the rota" in refused.fault["reason"]
    assert relay.run("respond", other, "x", "--assignee", "Cora", "-o", "json", **BEA_ALONE).code == 4
    assert relay.run.as_json("handoff", "accept", other, **stranger)["owner"] == "Zoe"


def test_a_closed_centre_gets_a_case_anyway_alone_and_who_hands_it_over_is_warned(
    relay: Relay,
) -> None:
    case, other = relay.opened(), relay.opened()
    eventually(
        lambda: {case, other} <= {row["number"] for row in relay.run.as_json("list", "--limit", "1000")}
    )
    knows_policies = {"SUNRELAY_POLICY_DIR": str(relay.home / "policies")}
    why = ("--reason", "Its customer is there", "-o", "json")
    refused = relay.run("handoff", "to", case, "auckland", *why, **knows_policies)
    assert (refused.code, refused.fault["code"]) == (3, "CentreClosed")
    assert "auckland is closed" in refused.fault["reason"]
    assert "--anyway" in refused.fault["remedy"]
    assert relay.run.as_json("show", case)["region"] == "sydney"
    answer = relay.run("handoff", "to", case, "auckland", "--anyway", *why, **knows_policies)
    assert answer.code == 0
    assert "CentreClosed" in json.loads(answer.out)["warnings"]
    assert "warning: CentreClosed: auckland is closed" in answer.err
    assert "goes on at once to a centre that is open" in answer.err
    eventually(lambda: relay.row(case)["offered_to"] or relay.row(case)["region"] != "auckland")
    to_open = relay.run("handoff", "to", other, "manila", *why, **knows_policies)
    assert json.loads(to_open.out)["warnings"] == []


@pytest.mark.covers("RHIPE-25")
def test_closing_a_centre_offers_its_cases_on_at_once_and_an_offer_stands_when_it_opens(
    relay: Relay,
) -> None:
    urgent, other = relay.opened("--urgency", "high"), relay.opened()
    eventually(
        lambda: {urgent, other} <= {row["number"] for row in relay.run.as_json("list", "--limit", "1000")}
    )
    closed = relay.run.as_json("region", "close", "sydney", "--reason", "a flood")
    assert closed["told"] >= 2
    eventually(lambda: all(relay.row(case)["offered_to"] == "manila" for case in (urgent, other)))
    assert relay.run.as_json("region", "open", "sydney")["told"] >= 2
    assert relay.row(urgent)["offered_to"] == "manila"


@pytest.mark.covers("RHIPE-37")
def test_nobody_with_open_cases_leaves_the_rota_unless_they_are_handed_on(relay: Relay, rota: Path) -> None:
    relay.run.as_json("rota", "import", str(rota))
    case = relay.opened()
    relay.run.as_json("claim", case, **BEA_ALONE)
    eventually(lambda: relay.row(case)["assignee"] == "Bea")
    without_bea = ("rota", "import", "-", "--replace")
    ana = json.dumps(_PEOPLE[:1])
    refused = relay.run(*without_bea, "-o", "json", stdin=ana)
    assert (refused.code, refused.fault["code"]) == (3, "StillOwning")
    assert case in refused.fault["cases"]["Bea"]
    assert "--hand-on" in refused.fault["remedy"]
    assert re.search(rf"^Bea: .*{case} P2", relay.run(*without_bea, stdin=ana).err)
    assert {one["name"] for one in relay.run.as_json("rota")} == {"Ana", "Bea"}
    written = relay.run.as_json(*without_bea, "--hand-on", stdin=ana)
    assert (written["removed"], written["handed_on"] >= 1) == (1, True)
    eventually(lambda: relay.row(case)["assignee"] is None)
    assert relay.run.as_json("claim", case, **MANILA)["owner"] == "Ana"
