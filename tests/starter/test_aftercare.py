"""After the closing: surveys, feedback, statistics, repeats, and the report on paper."""

import re
from html.parser import HTMLParser

import pytest

from tests.starter.conftest import Answer, Commands, complete, eventually

KIM = {
    "SUNRELAY_ACTOR_KIND": "customer",
    "SUNRELAY_ACTOR_TENANT": "Harbour Foods",
    "SUNRELAY_ACTOR_NAME": "Kim Ng",
}
STRANGER = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}


def closed(run: Commands, reference: str, *more: str) -> str:
    number = str(run.open(reference, *more)["number"])
    run.as_json("respond", number, "We are on it <b>now</b>", "--assignee", "Ana")
    run.as_json("close", number, "--reason", "resolved")
    return number


def refused(answer: Answer, code: str) -> None:
    assert answer.code == 3, answer.err
    assert answer.fault["code"] == code


@pytest.mark.covers("RHIPE-27", "GAP-25")
def test_the_customer_answers_once_and_the_report_says_so(run: Commands) -> None:
    number = closed(run, "survey-1")
    answer = ["survey", "answer", number, "-o", "json"]
    for score in ("0", "6"):
        outside = run(*answer, "--score", score, **KIM)
        refused(outside, "ValidationError")
        assert outside.fault["missing"] == ["score"]
    stranger = run(*answer, "--score", "5", **STRANGER)
    assert (stranger.code, stranger.fault["code"]) == (4, "CaseNotFound")
    refused(run(*answer, "--score", "5"), "RoleNotPermitted")
    assert run(*answer, "--score", "4", "--comment", "Quick", **KIM).record["outcome"] == "accepted"
    refused(run(*answer, "--score", "1", **KIM), "SurveyAlreadyAnswered")
    kept = eventually(lambda: run.as_json("report", number)["answers"])
    assert [(one["closure"], one["score"], one["comment"]) for one in kept] == [(1, 4, "Quick")]
    assert "closure 1: 4 of 5" in run("report", number).out
    assert "4 of 5, closure 1  Quick" in run("timeline", number).out


def test_the_same_request_twice_is_one_answer(run: Commands) -> None:
    number = closed(run, "survey-2")
    answer = ["survey", "answer", number, "--score", "2", "--request-id", "survey-2-answer"]
    first = run.as_json(*answer, **KIM)
    assert run.as_json(*answer, **KIM) == first | {"repeated": True}


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.covers("RHIPE-28")
def test_the_report_on_paper_tells_the_whole_case_and_needs_nothing_but_itself(run: Commands) -> None:
    number = closed(run, "paper-1", "--title", "<script>alert(1)</script> & more")
    eventually(lambda: len(run.as_json("report", number)["told"]) >= 3)
    answer = run("report", number, "--format", "html")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("<!doctype html>")
    page = Page(answer.out)
    for told in (number, "We are on it <b>now</b>", "<script>alert(1)</script> & more", "first response"):
        assert told in page.text
    headings = re.findall(r"<h2>([A-Z][a-z ]+)", answer.out)
    parts = ["Deadlines", "Breaches", "Owners", "Updates", "Escalations", "Notices", "Timeline"]
    assert [part.strip() for part in headings if part.strip() in parts] == parts
    assert not {"script", "link", "img", "iframe", "b"} & set(page.tags)
    assert not {"src", "href", "onload"} & {name for name, _ in page.attributes}
    assert "url(" not in answer.out


@pytest.mark.covers("RHIPE-28")
def test_a_report_of_no_case_is_no_page(run: Commands) -> None:
    answer = run("report", "case-" + "c" * 20, "--format", "html")
    assert answer.code == 4
    assert "CaseNotFound" in answer.err
    assert answer.out == ""


def test_a_requesters_report_on_paper_says_nothing_of_what_is_ours(run: Commands) -> None:
    number = closed(run, "paper-2")
    run.as_json("note", number, "The customer is difficult")
    page = run("report", number, "--format", "html", **KIM).out
    assert number in page
    assert "difficult" not in page
    assert "Breaches" not in page
    assert "Targets missed" not in page


def test_two_forms_at_once_are_wrong_usage(run: Commands) -> None:
    number = closed(run, "paper-3")
    assert run("report", number, "--format", "html", "-o", "json").code == 2
    assert "SUPPORT INCIDENT REPORT" in run("report", number, "--format", "text").out


@pytest.mark.covers("RHIPE-43")
def test_repeats_are_found_by_tenant_and_category_for_our_people_alone(run: Commands) -> None:
    tenant = "Repeated Bakery"
    for number in range(3):
        run.as_json("open", *complete(f"repeat-{number}", tenant), "--category", "break_fix")
    run.as_json("open", *complete("repeat-other", tenant), "--category", "initial_setup")
    find = ["repeats", "--days", "1", "--tenant", tenant]
    (found,) = eventually(lambda: run.as_json(*find))
    assert (found["tenant"], found["category"], found["count"]) == (tenant, "break_fix", 3)
    assert found["still_open"] == 3
    assert len(found["numbers"]) == 3
    assert run.as_json(*find, "--at-least", "4") == []
    assert found["numbers"][0] in run(*find).out
    refused(run(*find, "-o", "json", **STRANGER), "RoleNotPermitted")


@pytest.mark.covers("RHIPE-44")
def test_the_statistics_add_up_satisfaction_targets_updates_and_reopenings(run: Commands) -> None:
    tenant = "Counted Bakery"
    kim = {**KIM, "SUNRELAY_ACTOR_TENANT": tenant}
    number = run.as_json("open", *complete("count-1", tenant))["number"]
    run.as_json("respond", number, "We are on it")
    run.as_json("update", number, "Nearly there")
    run.as_json("close", number, "--reason", "resolved")
    run.as_json("survey", "answer", number, "--score", "3", **kim)
    run.as_json("reopen", number, "--reason", "It is back", **kim)
    run.as_json("open", *complete("count-2", tenant))
    figures = ["statistics", "--days", "1", "--tenant", tenant]
    found = eventually(lambda: (all_ := run.as_json(*figures))["reopened"] and all_["cases"] == 2 and all_)
    assert (found["still_open"], found["reopenings"], found["closed"]) == (2, 1, 0)
    assert found["satisfaction"] == {
        "answers": 1,
        "mean": 3.0,
        "scores": {"1": 0, "2": 0, "3": 1, "4": 0, "5": 0},
    }
    response, update = found["targets"]
    assert (response["clock"], response["met"], response["missed"]) == ("initial_response", 1, 0)
    assert (update["met"], update["missed"]) == (1, 0)
    assert found["updates"] == {"by_staff": 1, "by_system": 0, "missed": 0}
    assert "Satisfaction, 1 answers, 3.00 of 5" in run(*figures).out
    # One more is resolved: neither open nor closed, and none is lost between the rows.
    run.as_json(
        "resolve",
        run.open("figures-resolved", "--tenant", tenant)["number"],
        "It works",
        "--kind",
        "resolution",
    )
    eventually(lambda: "resolved, not closed yet  1" in run(*figures).out)
    refused(run(*figures, "-o", "json", **STRANGER), "RoleNotPermitted")


@pytest.mark.covers("RHIPE-62")
def test_feedback_needs_no_case(run: Commands) -> None:
    add = ["feedback", "add", "Friendly,\nbut slow", "--by", "Mr X", "--request-id", "feedback-1"]
    kept = run.as_json(*add)
    assert (kept["text"], kept["given_by"], kept["tenant"]) == ("Friendly,\nbut slow", "Mr X", None)
    assert run.as_json(*add) == kept
    refused(
        run("feedback", "add", "Other", "--request-id", "feedback-1", "-o", "json"),
        "DuplicateRequestConflict",
    )
    theirs = run.as_json("feedback", "add", "Good", "--tenant", "Somebody else", **KIM)
    assert (theirs["tenant"], theirs["given_by"]) == ("Harbour Foods", "Kim Ng")
    assert [one["text"] for one in run.as_json("feedback", "list")] == ["Good", "Friendly,\nbut slow"]
    assert [one["text"] for one in run.as_json("feedback", "list", "--tenant", "Harbour Foods")] == ["Good"]
    refused(run("feedback", "list", "-o", "json", **KIM), "RoleNotPermitted")
    refused(run("feedback", "add", "  ", "-o", "json"), "ValidationError")
