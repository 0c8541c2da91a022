"""What can be read of a case, by whom, and from where."""

import pytest

from domain.case import case_number
from domain.clocks import Clock
from tests.starter.conftest import Answer, Commands, eventually

CUSTOMER = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
STRANGER = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}


@pytest.fixture(scope="module")
def case(run: Commands) -> str:
    """A case with an answer, an internal note and a public one."""
    receipt = run.open("reading-1")
    run.as_json("respond", receipt["number"], "We are on it", "--assignee", "Ana")
    run.as_json("note", receipt["number"], "The customer is difficult")
    run.as_json("note", receipt["number"], "A comment for all", "--public")
    return str(receipt["number"])


def test_show_tells_staff_everything_and_where_it_was_read(run: Commands, case: str) -> None:
    view = run.as_json("show", case)
    assert view["source"] == "workflow"
    assert view["assignee"] == "Ana"
    assert "The customer is difficult" in [entry["text"] for entry in view["timeline"]]
    assert "read from  workflow" in run("show", case).out


@pytest.mark.parametrize("how", [["--as", "customer"], []])
def test_the_customers_view_has_nothing_internal(run: Commands, case: str, how: list[str]) -> None:
    answer = run("show", case, *how, "-o", "json", **({} if how else CUSTOMER))
    assert answer.code == 0
    assert "difficult" not in answer.out
    assert "A comment for all" in answer.out


@pytest.mark.parametrize("command", [["show"], ["timeline"], ["report"], ["explain", "update"]])
def test_another_tenants_case_is_not_there(run: Commands, case: str, command: list[str]) -> None:
    answer = run(command[0], case, *command[1:], "-o", "json", **STRANGER)
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"
    assert answer.out == ""


def test_the_timeline_has_every_entry_in_order(run: Commands, case: str) -> None:
    entries = run.as_json("timeline", case)["entries"]
    assert [entry["number"] for entry in entries] == [1, 2, 3, 4]
    assert [entry["kind"] for entry in entries] == ["submitted", "responded", "noted", "noted"]
    assert run.as_json("timeline", case)["source"] in ("store", "workflow")


def test_the_customers_timeline_has_nothing_internal(run: Commands, case: str) -> None:
    assert [entry["kind"] for entry in run.as_json("timeline", case, **CUSTOMER)["entries"]] == [
        "submitted",
        "responded",
        "noted",
    ]


def test_jsonl_is_one_line_a_record(run: Commands, case: str) -> None:
    assert len(run("timeline", case, "-o", "jsonl").out.splitlines()) == 4


def test_explain_names_rule_source_and_start(run: Commands, case: str) -> None:
    why = run.as_json("explain", case, "update")
    assert why["rule"] == "every 2 h"
    assert "RHIPE-38" in why["sources"]
    assert why["due_at"] > why["started_at"]
    assert "every 2 h" in run("explain", case, "update").out


def test_a_clock_that_does_not_run_says_why(run: Commands, case: str) -> None:
    assert run.as_json("explain", case, "auto-close")["steps"]


def test_a_clock_of_another_name_is_wrong_usage_and_names_the_clocks(run: Commands, case: str) -> None:
    answer = run("explain", case, "doom")
    assert answer.code == 2
    assert all(clock in answer.err for clock in Clock)


@pytest.mark.covers("RHIPE-28")
def test_the_report_tells_the_whole_case_and_what_was_told_to_whom(run: Commands, case: str) -> None:
    def told() -> bool:
        return {"acknowledgement", "first_response"} <= {
            row["kind"] for row in run.as_json("report", case)["told"]
        }

    eventually(told)
    report = run.as_json("report", case)
    assert report["owner"] == "Ana"
    assert [entry["kind"] for entry in report["updates"]] == ["responded"]
    assert report["deadlines"][0]["clock"] == "update"
    assert len(report["timeline"]) == 4
    assert "SUPPORT INCIDENT REPORT" in run("report", case).out


@pytest.mark.covers("RHIPE-28")
def test_a_report_of_a_case_nobody_knows_is_not_found(run: Commands) -> None:
    answer = run("report", "case-" + "b" * 20, "-o", "json")
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


def test_a_customers_report_has_nothing_internal(run: Commands, case: str) -> None:
    answer = run("report", case, "-o", "json", **CUSTOMER)
    assert answer.code == 0
    assert "difficult" not in answer.out


def _show(run: Commands, number: str) -> Answer:
    return run("show", number, "-o", "json")


@pytest.mark.parametrize(
    "spelled", [str.lower, lambda number: number.replace("-", ""), lambda number: number[3:]]
)
def test_a_number_is_found_however_it_is_written(run: Commands, case: str, spelled) -> None:
    assert _show(run, spelled(case)).record["number"] == case


def test_a_misheard_number_is_noticed_and_said(run: Commands, case: str) -> None:
    wrong = "0" if case[4] != "0" else "1"
    answer = _show(run, case[:4] + wrong + case[5:])
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"
    assert "check character" in answer.fault["remedy"]


def test_a_well_formed_number_of_no_case_is_not_found(run: Commands) -> None:
    answer = _show(run, case_number("case-" + "c" * 20))
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


def test_with_no_worker_the_address_tried_is_said_on_one_line(run: Commands, case: str) -> None:
    with run.with_the_worker_away():
        answer = run("show", run.as_json("list", "--limit", "1")[0]["case_id"], "--timeout", "1")
    assert answer.code == 5
    assert "WorkerUnreachable" in answer.err
    assert str(run.address) in answer.err
    assert len(answer.err.splitlines()) == 1
