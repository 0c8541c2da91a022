"""Major incidents by command: declared, joined, told, resolved and closed, and read back."""

from typing import Any

import pytest

from tests.servers import dev_server
from tests.starter.conftest import Commands, eventually, run

__all__ = ["dev_server", "run"]


def declare(run: Commands, reference: str, *more: str) -> Any:
    return run.as_json(
        "incident", "declare", "We look into it.", "--title", "No mail", "--reference", reference, *more
    )


def heard(run: Commands, case: str) -> int:
    link = run.as_json("show", case)["incident"]
    return link["notice"] if link else 0


def test_an_incident_is_led_from_its_declaration_to_its_end(run: Commands) -> None:
    incident = declare(run, "mi-life", "--level", "P1", "--expected", "4h")["number"]
    assert incident.startswith("MI-")
    first = run.open("mi-1")["number"]
    second = run.open("mi-2")["case_id"]
    receipt = run.as_json("incident", "join", incident, first, "-", stdin=f"{second}\n")
    assert (receipt["cases"], receipt["warnings"]) == (2, [])
    run.as_json("incident", "update", "mi-life", "The servers restart.", "--impact", "No mail at all")
    eventually(lambda: heard(run, first) == 2 and heard(run, second) == 2)
    assert ["incident", incident] in [line.split() for line in run("show", first).out.splitlines()]

    run.as_json("incident", "leave", incident, second, "--reason", "It is the proxy")
    eventually(lambda: run.as_json("show", second)["incident"] is None)
    run.as_json("incident", "resolve", incident, "Mail flows again.")
    eventually(lambda: run.as_json("show", first)["phase"] == "resolved")

    shown = run.as_json("incident", "show", incident, "--cases")
    assert (shown["phase"], shown["cases"], shown["had"], shown["waiting"]) == ("resolved", 1, 2, 0)
    assert [child["left_because"] for child in shown["children"]] == [None, "asked"]
    page = run("incident", "show", incident, "--cases").out
    assert "1 in it, 1 left" in page
    assert "Mail flows again." in page

    run.as_json("incident", "close", incident)
    closed = eventually(lambda: listed(run, incident, "closed"))
    assert closed["title"] == "No mail"
    gone = run("incident", "update", incident, "One more thing.", "-o", "json")
    assert (gone.code, gone.fault["code"]) == (3, "CaseClosed")
    assert incident in gone.fault["reason"]
    twice = run("incident", "close", "mi-life", "-o", "json")
    assert (twice.code, twice.fault["code"]) == (3, "CaseClosed")
    assert "mi-life" in twice.fault["reason"]
    never = run("incident", "close", "mi-never", "-o", "json")
    assert (never.code, never.fault["code"]) == (4, "IncidentNotFound")
    assert "mi-never" in never.fault["reason"]
    assert run.as_json("incident", "show", incident)["phase"] == "closed"
    again = run(
        "incident", "declare", "Once more.", "--title", "No mail", "--reference", "mi-life", "-o", "json"
    )
    assert (again.code, again.fault["code"]) == (3, "CaseClosed")


def test_a_closed_case_that_joins_is_warned_of(run: Commands) -> None:
    incident = declare(run, "mi-closed")["number"]
    case = run.open("mi-closed-1")["number"]
    run.as_json("close", case, "--reason", "requested")
    eventually(lambda: run.as_json("list", "--phase", "closed"))
    assert run.as_json("incident", "join", incident, case)["warnings"] == ["CaseClosed"]


def test_a_level_no_policy_has_is_no_level_of_an_incident(run: Commands) -> None:
    answer = run("incident", "declare", "We look.", "--title", "No mail", "--level", "P77", "-o", "json")
    assert (answer.code, answer.out) == (2, "")
    assert "P77" in answer.fault["reason"]


def listed(run: Commands, number: str, phase: str) -> Any:
    rows = [row for row in run.as_json("incident", "list") if row["number"] == number]
    return rows[0] if rows and rows[0]["phase"] == phase else None


def test_open_incidents_are_listed_the_latest_first(run: Commands) -> None:
    incident = declare(run, "mi-list")["number"]
    eventually(lambda: listed(run, incident, "declared"))
    assert incident in [row["number"] for row in run.as_json("incident", "list", "--open")]
    page = run("incident", "list")
    assert incident in page.out
    assert "from the server's index" in page.err


def test_it_is_shown_by_when_the_next_update_is_due(run: Commands) -> None:
    declared = run.as_json(
        *("incident", "declare", "We look into it.", "--title", "No mail", "--reference", "mi-due"),
        *("--update-every", "30m"),
    )
    updated = run.as_json("incident", "update", "mi-due", "News.", "--update-every", "PT2H")
    assert updated["next_update_at"] > declared["next_update_at"]
    shown = run.as_json("incident", "show", "mi-due")
    assert (shown["next_update_at"], shown["update_every"]) == (updated["next_update_at"], "PT2H")
    page = run("incident", "show", "mi-due").out
    assert "every 2 h, led by" in page
    assert "next update due by" in run("incident", "update", "mi-due", "More.").err
    run.as_json("incident", "resolve", "mi-due", "Done.")
    assert run.as_json("incident", "show", "mi-due")["next_update_at"] is None


def test_a_reference_declared_again_is_the_same_incident_unless_it_says_otherwise(run: Commands) -> None:
    first = declare(run, "mi-twice")
    again = declare(run, "mi-twice")
    assert (again["number"], again["repeated"]) == (first["number"], True)
    other = run("incident", "declare", "Else.", "--title", "No web", "--reference", "mi-twice", "-o", "json")
    assert (other.code, other.fault["code"]) == (3, "DuplicateRequestConflict")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["leave", "mi-bad", "case-" + "a" * 20], "ReasonRequired"),
        (["leave", "mi-bad", "case-" + "a" * 20, "--reason", "It is none"], "NoChange"),
        (["join", "mi-bad", "case-" + "a" * 20, "--request-id", "not an id"], "ValidationError"),
        (["close", "mi-bad"], "ReasonRequired"),
        (["update", "mi-bad", "News.", "--update-every", "4m"], "ValidationError"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(run: Commands, command: list[str], code: str) -> None:
    declare(run, "mi-bad")
    answer = run("incident", *command, "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == code


def test_a_number_misheard_and_an_incident_nobody_knows_are_not_found(run: Commands) -> None:
    for name in ("MI-0000-0000-1", "incident-" + "a" * 20, "nobody's reference"):
        answer = run("incident", "show", name, "-o", "json")
        assert (answer.code, answer.fault["code"]) == (4, "IncidentNotFound")


def test_a_requester_neither_leads_an_incident_nor_sees_one(run: Commands) -> None:
    declare(run, "mi-not-yours")
    door = {"SUNRELAY_ACTOR_KIND": "partner", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
    for command in (["update", "mi-not-yours", "Hurry."], ["show", "mi-not-yours"], ["list"]):
        answer = run("incident", *command, "-o", "json", **door)
        assert (answer.code, answer.fault["code"]) == (3, "RoleNotPermitted")
