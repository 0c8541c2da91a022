"""A program uses the API: it is known, does things once, learns all faults at once, follows what happens."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.verbs import Verb
from starter.web.api.application import api as make_api
from starter.web.api.bodies import MAX_BODY
from starter.web.api.callers import Backing, known_by
from starter.web.api.described import said_as
from starter.web.api.examples import example_of
from starter.web.api.resources import CASE_RESOURCES, INCIDENT_RESOURCES
from tests.starter.api_client import Api, request
from tests.starter.conftest import Commands, eventually

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"


@cache
def described() -> dict[str, Any]:
    """What the API says of itself, made without a desk."""
    return make_api(Backing(None, known_by(None), None)).openapi()  # type: ignore[arg-type]


def test_the_description_that_is_kept_is_the_one_that_is_served() -> None:
    assert json.loads(DESCRIPTION.read_text(encoding="utf-8")) == json.loads(json.dumps(described()))


@pytest.mark.parametrize("verb", [*CASE_RESOURCES.values(), *INCIDENT_RESOURCES.values(), Verb.SUBMIT])
def test_the_worked_example_of_a_verb_is_a_message_the_core_takes(verb: Any) -> None:
    example = example_of(said_as(verb.model), verb.model.__name__)
    if "cases" in example:  # numbers are looked up, the core takes ids
        example["cases"] = [f"case-{20 * 'a'}"]
    verb.model.model_validate({"actor": {"kind": "staff"}, **example})


def test_every_verb_of_a_case_has_its_route_and_every_noun_is_another() -> None:
    paths = described()["paths"]
    said_elsewhere = {Verb.SUBMIT, Verb.INCIDENT_NEWS, Verb.STAFFING_NEWS}
    assert set(CASE_RESOURCES.values()) == set(Verb) - said_elsewhere
    assert all(f"/v1/cases/{{case}}/{noun}" in paths for noun in CASE_RESOURCES)


def test_the_page_names_every_route() -> None:
    page = (DESCRIPTION.parent / "api.md").read_text(encoding="utf-8")
    nouns = {[part for part in path.split("/") if "{" not in part][-1] for path in described()["paths"]}
    assert [noun for noun in sorted(nouns) if f"/{noun}" not in page and f"`{noun}`" not in page] == []


def test_a_case_is_opened_answered_and_explained(api: Api) -> None:
    opened = api.post("/v1/cases", request("API-1"))
    assert opened.status_code == 201
    number = opened.json()["number"]
    assert opened.headers["location"] == f"/v1/cases/{opened.json()['case_id']}"
    answered = api.post(f"/v1/cases/{number}/responses", {"text": "I have started."})
    assert (answered.status_code, answered.json()["owner"]) == (200, "Mia Chen")
    why = api.get(f"/v1/cases/{number}/explanations/update").json()
    assert why["running"] is True
    assert why["sources"]
    entries = api.get(f"/v1/cases/{number}/timeline").json()["entries"]
    assert [entry["kind"] for entry in entries[:2]] == ["submitted", "responded"]
    assert (entries[1]["by"], entries[1]["door"], entries[1]["by_role"]) == ("Mia Chen", "api", "engineer")


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_the_five_lines_of_the_page_lead_from_no_key_to_an_explained_deadline(
    run: Commands, api: Api
) -> None:
    page = (DESCRIPTION.parent / "api.md").read_text(encoding="utf-8")
    lines = page.split("```sh\n")[1].split("```")[0].replace("http://127.0.0.1:8080", api.base)
    assert len(lines.splitlines()) == 5
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    own = {"SUNRELAY_HOME": str(run.home), "TEMPORAL_ADDRESS": str(run.address), "PATH": programs}
    typed = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert typed.returncode == 0, typed.stderr
    assert '"outcome":"accepted"' in typed.stdout
    assert '"due_at":"' in typed.stdout
    assert '"end_of_stream":' in typed.stdout


def test_a_repeated_request_is_answered_as_the_first_and_other_content_is_refused(api: Api) -> None:
    number = api.open("API-2")["number"]
    path = f"/v1/cases/{number}/responses"
    first = api.post(path, {"text": "I have started."}, key="k-2")
    again = api.post(path, {"text": "I have started."}, key="k-2")
    assert again.json() == first.json()
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    other = api.post(path, {"text": "Something else."}, key="k-2")
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")
    assert len(api.get(f"/v1/cases/{number}/timeline").json()["entries"]) == 2


def test_an_equal_key_of_somebody_else_is_another_request(api: Api) -> None:
    number = api.open("API-3")["number"]
    api.key("Tom Reid")
    for who in ("Mia Chen", "Tom Reid"):
        answer = api.post(f"/v1/cases/{number}/notes", {"text": f"Seen by {who}."}, key="k-3", as_=who)
        assert (answer.status_code, answer.json()["repeated"]) == (200, False)


def test_a_reference_of_other_content_is_a_conflict_and_a_key_of_other_content_is_not_understood(
    api: Api,
) -> None:
    assert api.post("/v1/cases", request("API-4"), key="k-4").status_code == 201
    assert api.post("/v1/cases", request("API-4", title="Another"), key="k-4b").status_code == 409
    assert api.post("/v1/cases", request("API-4", title="Another"), key="k-4").status_code == 422


def test_two_who_saw_the_same_version_do_not_overwrite_each_other(api: Api) -> None:
    number = api.open("API-5")["number"]
    seen = api.get(f"/v1/cases/{number}").headers["etag"]
    path = f"/v1/cases/{number}/notes"
    assert api.post(path, {"text": "One."}, **{"If-Match": seen}).status_code == 200
    late = api.post(path, {"text": "Two."}, **{"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "VersionConflict")
    assert late.json()["receipt"]["version"] == int(seen.strip('"')) + 1
    assert api.post(path, {"text": "Two."}, **{"If-Match": late.headers["etag"]}).status_code == 200


def test_who_has_been_answered_reads_at_least_what_they_were_answered(api: Api) -> None:
    number = api.open("API-6")["number"]
    for turn in range(5):
        said = api.post(f"/v1/cases/{number}/notes", {"text": f"Note {turn}."}).json()
        assert api.get(f"/v1/cases/{number}").json()["version"] >= said["version"]


def test_all_faults_of_a_body_are_named_at_once(api: Api) -> None:
    answer = api.post("/v1/cases", {"tenant": 3, "users_affected": 0, "colour": "red"})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "ValidationError")
    assert {one["pointer"] for one in problem["errors"]} == {"/tenant", "/users_affected", "/colour"}
    assert problem["remedy"]
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("claimed", ["actor", "received_at", "request_id", "expected_version"])
def test_nobody_says_who_they_are_or_when_it_was(api: Api, claimed: str) -> None:
    number = api.open(f"API-7-{claimed}")["number"]
    answer = api.post(f"/v1/cases/{number}/notes", {"text": "Hello.", claimed: {"kind": "staff"}})
    assert answer.status_code == 422
    assert claimed in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": NaN}', "application/json", 400),
        (b'["text"]', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"text=hello", "application/x-www-form-urlencoded", 415),
        (b'{"text": "' + b"x" * MAX_BODY + b'"}', "application/json", 413),
    ],
    ids=["deep", "no number", "no object", "no character", "no text", "a form", "too large"],
)
def test_a_body_that_cannot_be_read_is_refused_with_its_reason(
    api: Api, content: bytes, kind: str, status: int
) -> None:
    answer = api.call("POST", "/v1/cases", content=content, **{"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer sr_none", "Basic bWlhOm1pYQ==", "Bearer " + "x" * 500]
)
def test_who_is_not_known_is_told_one_thing_alone(api: Api, shown: str) -> None:
    answer = api.call("GET", "/v1/cases", as_=None, Authorization=shown)
    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_customer_opens_and_sees_their_own_company_s_cases(api: Api) -> None:
    api.key("Ben", "customer", "Delta Mining")
    body = request("API-9", "Delta Mining")
    del body["tenant"], body["impact"], body["urgency"]
    opened = api.post("/v1/cases", body, as_="Ben")
    assert opened.status_code == 201, opened.text
    number = opened.json()["number"]
    seen = api.get(f"/v1/cases/{number}", as_="Ben").json()
    assert seen["number"] == number
    assert "assignee" not in seen
    refused = api.post("/v1/cases", {**body, "tenant": "Harbour Foods", "reference": "API-9b"}, as_="Ben")
    assert refused.status_code == 403


def test_the_export_gives_every_event_once_in_pages_and_says_where_it_ends(api: Api) -> None:
    opened = api.open("API-10")
    for turn in range(3):
        api.post(f"/v1/cases/{opened['number']}/notes", {"text": f"Note {turn}."})
    cursor, read = "", []

    def followed() -> bool:
        nonlocal cursor
        page = api.get(f"/v1/exports/case-events?limit=2{cursor}").json()
        read.extend(page["events"])
        cursor = f"&cursor={page['next_cursor']}"
        mine = [one for one in read if one["case_id"] == opened["case_id"]]
        return bool(page["end_of_stream"]) and len(mine) == 4

    eventually(followed)
    ids = [one["id"] for one in read]
    assert len(ids) == len(set(ids))
    mine = [one["entry"]["number"] for one in read if one["case_id"] == opened["case_id"]]
    assert mine == [1, 2, 3, 4]


def test_a_message_handed_over_is_kept_and_named(api: Api) -> None:
    number = api.open("API-11")["number"]
    told = api.post(f"/v1/cases/{number}/notes", {"text": "No hurry."}, Prefer="respond-async")
    assert (told.status_code, told.headers["preference-applied"]) == (202, "respond-async")
    eventually(lambda: "No hurry." in api.get(f"/v1/cases/{number}/timeline").text)


def test_a_cursor_or_a_version_that_is_none_of_ours_is_refused(api: Api) -> None:
    for path in ("/v1/cases?after=eh", "/v1/exports/case-events?cursor=%C3%A9", "/v1/cases?after=e30"):
        assert api.get(path).json()["code"] == "CursorInvalid", path
    number = api.open("API-12")["number"]
    answer = api.post(f"/v1/cases/{number}/notes", {"text": "x"}, **{"If-Match": '"one"'})
    assert (answer.status_code, answer.json()["code"]) == (400, "VersionUnreadable")
