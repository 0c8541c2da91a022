"""`sunrelay open`: one reference, one case, whoever asks how often; what is wrong is refused with a code."""

import json

import pytest

from tests.starter.conftest import Commands, complete, eventually


def test_opening_prints_the_receipt_on_standard_output_alone(run: Commands) -> None:
    answer = run("open", *complete("receipt-1"), "-o", "json")
    assert answer.code == 0
    assert answer.err == ""
    assert answer.record["number"].startswith("SR-")
    assert answer.record["level"] == "P2"
    assert answer.record["next_deadline"]["clock"] == "initial_response"


def test_the_same_request_again_is_the_same_case(run: Commands) -> None:
    first = run.open("again-1")
    second = run.open("again-1")
    assert second["case_id"] == first["case_id"]
    assert (first["repeated"], second["repeated"]) == (False, True)


def test_another_tenants_equal_reference_is_another_case(run: Commands) -> None:
    ours = run.open("shared-1")
    theirs = run.as_json("open", *complete("shared-1", tenant="Alpine Rail"))
    assert ours["case_id"] != theirs["case_id"]


def test_the_same_reference_with_other_content_is_refused(run: Commands) -> None:
    run.open("conflict-1")
    answer = run("open", *complete("conflict-1"), "--title", "Something else", "-o", "json")
    assert answer.code == 3
    assert answer.out == ""
    assert answer.fault["code"] == "DuplicateRequestConflict"
    assert answer.fault["remedy"]


def test_a_json_document_opens_a_case_and_flags_win_over_it(run: Commands, tmp_path) -> None:
    file = tmp_path / "request.json"
    request = {
        "tenant": "Harbour Foods",
        "reference": "document-1",
        "title": "From a file",
        "channel": "email",
    }
    file.write_text(json.dumps(request), encoding="utf-8")
    receipt = run.as_json("open", str(file), "--title", "From a flag")
    view = run.as_json("show", receipt["number"])
    assert view["title"] == "From a flag"
    assert view["channel"] == "email"


def test_a_document_comes_by_standard_input(run: Commands) -> None:
    request = {"tenant": "Harbour Foods", "reference": "stdin-1", "explanation": "Größe ändert sich: 大きさ"}
    receipt = run.as_json("open", "-", stdin=json.dumps(request))
    assert run.as_json("show", receipt["case_id"])["explanation"] == "Größe ändert sich: 大きさ"


def test_a_request_handed_over_without_waiting_becomes_a_case(run: Commands) -> None:
    answer = run.as_json("open", *complete("no-wait-1"), "--no-wait")
    assert answer["outcome"] == "handed_over"
    eventually(lambda: run("show", answer["case_id"]).code == 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ("[1]", "one JSON object"),
        ("[" * 5000, "is not JSON"),
        ('{"users_affected_percent": NaN}', "NaN is no number"),
        ('{"tenant": "' + "x" * 70_000 + '"}', "more than 65536 bytes"),
        (b"\xff\xfe", "is not UTF-8"),
        ('{"tenant": "a", "actor": {"kind": "staff"}}', "the door sets this itself"),
    ],
)
def test_a_document_that_is_no_request_is_wrong_usage(run: Commands, text: str | bytes, reason: str) -> None:
    answer = run("open", "-", stdin=text)
    assert answer.code == 2
    assert answer.out == ""
    assert reason in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant", "Harbour\x00Foods"),
        ("tenant", "Harbour\nFoods"),
        ("reference", "safe\u202etxt.exe"),
        ("reference", "x" * 201),
        ("title", "\x1b[31mred"),
        ("explanation", "a NUL \x00 inside"),
        ("explanation", "x" * 9000),
        ("zone", "AEST"),
        ("country", "Australia"),
        ("nonsense", "unknown field"),
    ],
)
def test_hostile_and_wrong_values_are_refused_naming_the_field(run: Commands, field: str, value: str) -> None:
    request = {"tenant": "Harbour Foods", "reference": "hostile-1", field: value}
    answer = run("open", "-", "-o", "json", stdin=json.dumps(request))
    assert answer.code == 3
    assert answer.fault["code"] == "ValidationError"
    assert field in answer.fault["missing"]
    assert "\x00" not in answer.err
    assert "\x1b" not in answer.err


@pytest.mark.parametrize(
    "text", ["[bold red]x[/nope]", "'; drop table cases; --", '"quoted" <b>&amp;</b>', "{{7*7}} %s"]
)
def test_markup_and_quotes_are_kept_and_shown_as_they_are(run: Commands, text: str) -> None:
    receipt = run.as_json("open", *complete(f"markup-{text}"), "--title", text)
    assert run.as_json("show", receipt["case_id"])["title"] == text
    assert text in run("show", receipt["case_id"]).out


def test_a_policy_nobody_knows_is_refused(run: Commands) -> None:
    answer = run("open", *complete("policy-1"), "--policy", "../../etc/passwd", "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == "PolicyValueUnknown"
