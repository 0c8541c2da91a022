"""`sunrelay open`: one reference, one case, whoever asks how often; what is wrong is refused with a code."""

import json
import subprocess

import pytest

from domain.messages.case import ProvideInformation, Submit
from starter.cli.request_flags import OPENING, PROVIDING
from tests.servers import TEMPORAL, free_port
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


def test_a_reference_whose_closed_case_the_server_forgot_is_no_new_case(run: Commands) -> None:
    """Here it was deleted by hand; the end of its retention is the same to the door."""
    tenant = "Forgotten Foods"
    first = run.as_json("open", *complete("forgotten-1", tenant))
    assert run("close", first["number"], "--reason", "requested").code == 0
    eventually(lambda: run.as_json("list", "--tenant", tenant, "--phase", "closed"))
    forget(run, first["case_id"])
    answer = run("open", *complete("forgotten-1", tenant), "--explanation", "Something else", "-o", "json")
    assert (answer.code, answer.fault["code"]) == (3, "DuplicateRequestConflict")
    again = run("open", *complete("forgotten-1", tenant), "-o", "json")
    assert (again.code, again.fault["code"]) == (3, "CaseClosed")
    assert first["number"] in answer.fault["reason"]
    assert first["number"] in again.fault["reason"]
    assert [row["number"] for row in run.as_json("list", "--tenant", tenant)] == [first["number"]]
    assert run.as_json("show", first["number"])["phase"] == "closed"


def forget(run: Commands, case_id: str) -> None:
    where = ["--address", str(run.address), "--workflow-id", case_id]
    assert temporal("workflow", "delete", "--yes", *where) == 0
    eventually(lambda: temporal("workflow", "describe", *where) != 0)


def temporal(*arguments: str) -> int:
    return subprocess.run([str(TEMPORAL), *arguments], check=False, capture_output=True).returncode


def test_a_store_that_is_away_keeps_nobody_from_opening_a_case(run: Commands) -> None:
    nowhere = f"postgresql://sunrelay@127.0.0.1:{free_port()}/nowhere"
    answer = run("open", *complete("storeless-1"), "-o", "json", SUNRELAY_STORE_URL=nowhere)
    assert (answer.code, answer.err) == (0, "")


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
        ('{"users_affected_percent": NaN}', "NaN is not a number"),
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


def test_every_flag_fills_a_field_of_the_request() -> None:
    assert {name.partition("__")[0] for name in OPENING} <= set(Submit.model_fields)
    assert {name.partition("__")[0] for name in PROVIDING} <= set(ProvideInformation.model_fields)
    assert not {name for name in PROVIDING if name.startswith(("verification", "access_id"))}


WHOLE = {
    "tenant": "Harbour Foods",
    "reference": "whole-1",
    "source": "web",
    "policy": "o365-overview",
    "plan": "standard",
    "country": "AU",
    "zone": "Australia/Sydney",
    "calendar": "AU-NSW",
    "channel": "phone",
    "language": "en",
    "title": "No mail",
    "explanation": "Nobody gets mail",
    "support_type": "technical",
    "subscription_family": "E",
    "category": "break_fix",
    "product": "Exchange",
    "service": "exchange_online",
    "scope": "mail",
    "functionality": "receiving mail",
    "onset_at": "2026-01-05T09:00:00+11:00",
    "service_accessible": False,
    "workaround": False,
    "troubleshooting_done": "Restarted everything",
    "troubleshooting_steps": ["one", "two"],
    "error_messages": ["4.7.1"],
    "screenshots": ["a.png"],
    "attachments": ["store:log.txt", "store:trace.txt"],
    "customer_reference": "T-17",
    "severity": "A",
    "impact": "high",
    "urgency": "high",
    "outage": True,
    "business_impact": "No orders come in",
    "users_affected": 40,
    "users_affected_percent": 60.5,
    "affected_users": ["ann", "bob"],
    "vip_affected": True,
    "partner_legal_name": "Southern Cloud Pty Ltd",
    "tenant_company": "Harbour Foods",
    "tenant_domain": "harbourfoods.example",
    "end_user_company": "Harbour Foods",
    "onmicrosoft_domain": "harbour.onmicrosoft.com",
    "partner_centre_account": True,
    "access_id": "AX-1",
    "update_channel": "email",
    "requester": {"name": "Ann", "role": "administrator", "organisation": "Harbour Foods"},
    "contact": {
        "name": "Ann",
        "role": "administrator",
        "email": "ann@harbourfoods.example",
        "phone": "+61 2 5550 0100",
        "webhook": "https://hooks.harbourfoods.example/cases",
    },
}
"""A request that says all a requester of technical support may say."""

FLAGS = {
    "subscription_family": "family",
    "onset_at": "onset",
    "troubleshooting_steps": "step",
    "error_messages": "error-message",
    "screenshots": "screenshot",
    "attachments": "attachment",
    "affected_users": "affected-user",
    "vip_affected": "vip",
    "partner_legal_name": "partner",
    "tenant_company": "company",
    "tenant_domain": "domain",
    "requester.name": "requester",
    "contact.name": "contact",
    "contact.email": "email",
    "contact.phone": "phone",
    "contact.webhook": "webhook",
}
"""Flags that are not named like their fields."""


def _as_flags(request: dict[str, object], outer: str = "") -> list[str]:
    flags: list[str] = []
    for field, value in request.items():
        name = f"--{FLAGS.get(outer + field, (outer + field).replace('.', '-').replace('_', '-'))}"
        match value:
            case dict():
                flags += _as_flags(value, f"{field}.")
            case bool():
                flags.append(name if value else f"--no-{name[2:]}")
            case list():
                flags += [part for one in value for part in (name, str(one))]
            case _:
                flags += [name, str(value)]
    return ["--service-not-accessible" if flag == "--no-service-accessible" else flag for flag in flags]


@pytest.mark.covers("O365-21", "O365-22")
def test_flags_can_say_all_that_a_document_says(run: Commands) -> None:
    by_flags = run.as_json("open", *_as_flags(WHOLE))
    assert by_flags["level"] == "A"
    by_document = run.as_json("open", "-", stdin=json.dumps(WHOLE))
    assert by_document["repeated"] is True
    other = run("open", "-", "-o", "json", stdin=json.dumps(WHOLE | {"vip_affected": False}))
    assert other.fault["code"] == "DuplicateRequestConflict"


def test_everything_missing_and_everything_wrong_is_named_in_one_answer(run: Commands) -> None:
    lacking = {key: WHOLE[key] for key in WHOLE if key not in ("functionality", "contact", "onset_at")}
    answer = run("open", *_as_flags(lacking | {"reference": "lacking-1"}), "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == "ValidationError"
    assert answer.fault["missing"] == ["functionality", "onset_at", "contact"]
    wrong = run("open", *_as_flags(WHOLE | {"reference": "wrong-1", "users_affected": 0}), "-o", "json")
    assert wrong.code == 3
    assert wrong.fault["missing"] == ["users_affected"]


BILLING = {**WHOLE, "support_type": "billing", "category": "licences", "severity": "C", "workaround": True}


@pytest.mark.covers("O365-10")
def test_items_of_a_verification_are_four_flags_and_their_values_are_never_printed(run: Commands) -> None:
    flags = _as_flags(BILLING | {"reference": "billing-1", "outage": False})
    flags.remove("--no-outage")
    part = run("open", *flags, "--verify-name", "Secret Ann", "--verify-company", "Hidden Ltd", "-o", "json")
    assert part.code == 3
    assert part.fault["code"] == "VerificationIncomplete"
    assert part.fault["missing"] == ["verification.company_address", "verification.alternate_email"]
    four = [*flags, "--verify-name", "Secret Ann", "--verify-company", "Hidden Ltd"]
    four += ["--verify-address", "1 Quiet Rd", "--verify-email", "other@quiet.example"]
    wrong = run("open", *four, "-o", "json")
    assert wrong.code == 3
    assert wrong.fault["code"] == "VerificationFailed"
    for answer in (part, wrong):
        assert not any(value in answer.out + answer.err for value in ("Secret", "Hidden", "Quiet", "quiet"))


@pytest.mark.covers("CSS-03", "CSS-04")
def test_a_request_that_is_turned_away_is_a_closed_case_that_says_why(run: Commands) -> None:
    answer = run(
        "open",
        "--tenant",
        "Reseller",
        "--reference",
        "away-2",
        "--title",
        "Help",
        "--policy",
        "distributor-css",
        "--channel",
        "webform",
        "--end-user-company",
        "Shop",
        "--contact",
        "Jo",
        "--email",
        "jo@reseller.example",
    )
    assert answer.code == 0
    assert "closed" in answer.out
    lacking = "its tenant, as in example.onmicrosoft.com, the level, what the request is about"
    assert f"missing: {lacking}" in answer.out
    assert "type: " not in answer.out
    assert "reopen window" not in answer.out
    assert "warning: ValidationError" in answer.err
    number = answer.out.split()[0]
    view = run.as_json("show", number, "--as", "customer")
    assert view["close_reason"] == "missing_information"
    assert "lacks onmicrosoft_domain, priority, scope" in view["timeline"][-1]["text"]
    shown = run("show", number).out
    assert "Deadlines\n  none" in shown

    def told() -> str:
        subject = f"[{number}] Help"
        numbers = [mail["number"] for mail in run.as_json("mail") if mail["subject"] == subject]
        return run("mail", str(numbers[0])).out if numbers else ""

    mail = eventually(told)
    assert "cannot support it" in mail
    assert "What is missing or wrong: onmicrosoft domain, priority, scope." in mail


@pytest.mark.covers("WEST-13", "WEST-16")
def test_a_case_without_a_service_level_says_so_to_all(run: Commands) -> None:
    answer = run(
        "open",
        "--tenant",
        "Reseller",
        "--reference",
        "refund-1",
        "--policy",
        "westcoast",
        "--category",
        "csp_refund",
        "--no-partner-centre-account",
        "--explanation",
        "A refund",
        "--requester",
        "Jo",
        "--requester-role",
        "reseller",
        "--contact",
        "Jo",
        "--phone",
        "+44 20 5550 0100",
    )
    assert answer.code == 0
    assert "warning: SlaNotApplicable" in answer.err
    shown = run("show", answer.out.split()[0]).out
    assert "service level  none applies to this case" in shown
    assert "initial response: no commitment in the policy" in shown
    assert "log on behalf, by the rule partner centre without account" in shown
    assert "never to the vendor" in shown
    assert "main contact   reseller" in shown


@pytest.mark.covers("WEST-01")
def test_staff_are_asked_to_decide_about_a_request_no_rule_knows(run: Commands) -> None:
    customer = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Reseller"}
    receipt = run.as_json(
        "open",
        "--tenant",
        "Reseller",
        "--reference",
        "unknown-2",
        "--policy",
        "westcoast",
        "--title",
        "A printer",
        "--explanation",
        "It jams",
        **customer,
    )
    subject = f"[{receipt['number']}] New case, is it ours?: A printer"
    eventually(lambda: subject in [mail["subject"] for mail in run.as_json("mail")])
    assert "triage, no rule matched" in run("show", receipt["number"]).out
