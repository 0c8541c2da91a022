"""What can be read of a case, by whom, and from where."""

from datetime import UTC, datetime

import pytest
from rich.console import Console, RenderableType

from domain.clocks import Clock
from domain.naming import case_number
from domain.timeline import EntryKind, TimelineEntry
from domain.views.staff import CaseView
from starter.cli.pages import case as case_page
from starter.cli.pages import timeline as timeline_page
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
    assert {row["recipient"] for row in answer.record["told"]} == {"customer"}
    assert {row["recipient"] for row in run.as_json("report", case)["told"]} > {"customer"}


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


ADVISORY = {
    "tenant": "Harbour Foods",
    "policy": "o365-dedicated",
    "channel": "service_desk",
    "service": "exchange_online",
    "business-impact": "The shops cannot sell",
    "troubleshooting-done": "Signed out and in",
    "requester": "Kim",
    "requester-role": "service_desk",
    "contact": "Kim",
    "email": "kim@harbourfoods.example",
    "phone": "+61 2 5550 0100",
}


def _dedicated(run: Commands, severity: str) -> str:
    flags = [part for name, value in ADVISORY.items() for part in (f"--{name}", value)]
    reference = f"dedicated-{severity}"
    return str(run.as_json("open", *flags, "--reference", reference, "--severity", severity)["number"])


def _drawn(picture: RenderableType) -> str:
    console = Console(width=160, color_system=None)
    with console.capture() as capture:
        console.print(picture)
    return capture.get()


@pytest.fixture(scope="module")
def critical(run: Commands) -> str:
    """An answered case of a policy with duties on both sides, tracked in another system too."""
    number = _dedicated(run, "A")
    run.as_json("respond", number, "We are on it")
    run.as_json("track", number, "JIRA", "ABC_12")
    return number


def test_show_tells_staff_what_is_promised_said_and_known(run: Commands, critical: str) -> None:
    shown = run("show", critical).out
    for line in (
        "promised   initial response: 1 h; update: every 2 h; customer update: every 2 h",
        "contact    Kim, +61 2 5550 0100, kim@harbourfoods.example",
        "impact     The shops cannot sell",
        "elsewhere  tracked in JIRA as ABC_12",
        "tracked elsewhere  engineer (staff engineer, cli)  internal JIRA ABC_12",
    ):
        assert line in shown
    assert "scope" not in shown.partition("Deadlines")[0]


@pytest.mark.covers("O365-08")
def test_where_a_guide_promises_nothing_show_says_so(run: Commands) -> None:
    number = _dedicated(run, "D")
    nothing = "promised   initial response: no commitment in the policy; update: no commitment in the policy"
    assert nothing in run("show", number).out
    assert nothing in run("show", number, **CUSTOMER).out
    assert run.as_json("explain", number, "initial-response")["rule"] == "no commitment in the policy"


@pytest.mark.covers("DED-09", "O365-26")
def test_a_customer_learns_that_it_is_tracked_elsewhere_and_not_where(run: Commands, critical: str) -> None:
    for command in (["show"], ["show", "-o", "json"], ["timeline"], ["report"], ["report", "-o", "json"]):
        answer = run(command[0], critical, *command[1:], **CUSTOMER)
        assert answer.code == 0
        assert "JIRA" not in answer.out
        assert "ABC_12" not in answer.out
    assert "tracked elsewhere too" in run("show", critical, **CUSTOMER).out
    assert "customer update: every 2 h" in run("show", critical, "--as", "customer").out
    stranger = run("show", critical, "-o", "json", **STRANGER)
    assert stranger.code == 4


@pytest.mark.covers("DED-24")
def test_explain_knows_the_customers_duty_and_the_wait_for_his_word(run: Commands, critical: str) -> None:
    duty = run.as_json("explain", critical, "customer-update")
    assert duty["rule"] == "every 2 h"
    assert "DED-24" in duty["sources"]
    assert "customer update: every 2 h, due" in run("explain", critical, "customer_update").out
    word = run.as_json("explain", critical, "confirmation")
    assert word["due_at"] is None
    assert word["steps"]


def test_show_tells_what_was_checked_decided_and_confirmed(run: Commands, critical: str) -> None:
    whole = run.as_json("show", critical)
    del whole["source"]
    at = "2026-01-05T09:00:00Z"
    scope = {
        "rule": "dns_zone",
        "disposition": "best_effort",
        "refer_to": "dns_host",
        "vendor_escalation": False,
    }
    told = {
        "verified": True,
        "verified_at": at,
        "validated_at": at,
        "customer_lapses": 3,
        "main_contact": "css_engineer",
        "scope": scope,
        "has_sla": False,
        "route": "phone: billing",
    }
    shown = _drawn(case_page.staff(CaseView.model_validate(whole | told), "store"))
    for line in (
        "verified       the four items match, 2026-01-05 09:00Z",
        "validated      2026-01-05 09:00Z",
        "lapses         3 updates from the customer did not come",
        "main contact   css engineer",
        "scope          best effort, by the rule dns zone, refer to dns host, never to the vendor",
        "service level  none applies to this case",
        "by phone: billing",
    ):
        assert line in shown
    failed = CaseView.model_validate(whole | told | {"verified": False})
    assert "the four items do not match" in _drawn(case_page.staff(failed, "store"))


def _entry(kind: EntryKind, about: str | None) -> str:
    entry = TimelineEntry(
        number=1, at=datetime(2026, 1, 5, 9, tzinfo=UTC), kind=kind, by="Ana", about=about, count=2
    )
    return _drawn(timeline_page.entries([entry])).splitlines()[1].partition("2026-01-05 09:00Z  ")[2].strip()


@pytest.mark.parametrize(
    ("kind", "about", "told"),
    [
        (EntryKind.SCOPE_UPDATED, "review", "worse, check the level, 2 times"),
        (EntryKind.INTERVAL_AGREED, "every 24 h", "every 24 h, 2 times"),
        (EntryKind.TRACKED_ELSEWHERE, "JIRA ABC_12", "JIRA ABC_12, 2 times"),
        (EntryKind.CUSTOMER_UPDATE_LAPSED, "customer_update", "2 times"),
        (EntryKind.CONFIRMATION_ASKED, "confirmation", "2 times"),
        (EntryKind.SCOPE_DECIDED, "triage", "no rule matched, a person decides, 2 times"),
        (EntryKind.SCOPE_DECIDED, "log_on_behalf partner_ticket", "log on behalf partner ticket, 2 times"),
        (EntryKind.ENTITLEMENT_CHECKED, "not verified", "the four items do not match, 2 times"),
        (EntryKind.ENTITLEMENT_CHECKED, "unread", "2 times"),
    ],
)
def test_an_entry_reads_as_people_write(kind: EntryKind, about: str, told: str) -> None:
    assert _entry(kind, about).split("  Ana  ") == [kind.value.replace("_", " "), told]


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_can_be_drawn(kind: EntryKind) -> None:
    for about in (None, "in_progress"):
        assert _entry(kind, about).startswith(kind.value.replace("_", " "))
