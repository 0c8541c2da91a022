"""The commands of a case's life, each answered with a receipt or refused with a code and an exit code."""

import uuid

import pytest

from domain.phase import Phase
from tests.starter.conftest import Commands, complete

CUSTOMER = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}


def _case(run: Commands) -> str:
    return str(run.open(f"saying-{uuid.uuid4().hex[:12]}")["number"])


def _dedicated(run: Commands, severity: str, *more: str) -> str:
    """A case of a policy in which the requester names the severity, answered."""
    given = {
        "tenant": "Harbour Foods",
        "reference": f"saying-{uuid.uuid4().hex[:12]}",
        "policy": "o365-dedicated",
        "channel": "service_desk",
        "severity": severity,
        "service": "exchange_online",
        "business-impact": "No mail at the till",
        "troubleshooting-done": "Signed out and in",
        "requester": "Kim",
        "requester-role": "service_desk",
        "contact": "Kim",
        "email": "kim@harbourfoods.example",
    }
    flags = [part for name, value in given.items() for part in (f"--{name}", value)]
    case = str(run.as_json("open", *flags, *more)["number"])
    run.as_json("respond", case, "We are on it")
    return case


def test_a_case_is_answered_informed_resolved_and_closed_by_its_number(run: Commands) -> None:
    case = _case(run)
    assert run.as_json("respond", case, "We are on it", "--assignee", "Ana")["owner"] == "Ana"
    assert run.as_json("update", case, "Found the cause")["next_deadline"]["clock"] == "update"
    assert run.as_json("wait", case, "Which build is it?")["phase"] == Phase.AWAITING_CUSTOMER
    assert run.as_json("reply", case, "Build 2311")["phase"] == Phase.IN_PROGRESS
    assert run.as_json("note", case, "Known problem")["outcome"] == "accepted"
    assert run.as_json("priority", case, "P1", "--reason", "The whole site")["level"] == "P1"
    assert run.as_json("resolve", case, "New profile", "--kind", "workaround")["phase"] == Phase.RESOLVED
    assert run.as_json("reply", case, "Thank you", "--accepts")["phase"] == Phase.CLOSED
    assert run.as_json("reopen", case, "--reason", "It is back")["phase"] == Phase.IN_PROGRESS
    assert run.as_json("close", case, "--reason", "requested")["phase"] == Phase.CLOSED


def test_an_answer_that_says_neither_yes_nor_no_is_told_so_and_that_ours_is_owed(run: Commands) -> None:
    case = _case(run)
    run.as_json("respond", case, "We are on it")
    run.as_json("resolve", case, "New profile", "--kind", "resolution")
    answer = run("reply", case, "No, still broken", **CUSTOMER)
    assert answer.code == 0
    assert "warning: AnswerUnclear: the answer says neither yes nor no" in answer.err
    assert "so the case stays resolved and no longer closes by itself" in answer.err
    assert "say so with --rejects" in answer.err
    assert "answer owed" in run("show", case).out


def test_a_machine_s_words_and_mere_thanks_are_kept_and_said_to_be(run: Commands) -> None:
    case = _case(run)
    run.as_json("respond", case, "We are on it")
    run.as_json("wait", case, "Since when?")
    for words in (("Out of office", "--automatic"), ("Thanks!",)):
        assert run.as_json("reply", case, *words, **CUSTOMER)["phase"] == Phase.AWAITING_CUSTOMER
    assert "warning: OnlyThanks: it says thanks" in run("reply", case, "Thank you", **CUSTOMER).err
    assert run.as_json("note", case, "Since Monday", **CUSTOMER)["phase"] == Phase.IN_PROGRESS


def test_whoever_opens_a_case_may_take_it(run: Commands) -> None:
    reference = f"taken-{uuid.uuid4().hex[:12]}"
    told = ("--tenant", "Harbour Foods", "--reference", reference, "--explanation", "No mail")
    assert run.as_json("open", *told, "--take", SUNRELAY_ACTOR_NAME="Ana")["owner"] == "Ana"


def test_a_telephone_number_is_added_to_the_contact_that_is_known(run: Commands) -> None:
    flags = ["--contact", "Kim", "--email", "kim@harbourfoods.example", "--explanation", "No mail"]
    reference = f"saying-{uuid.uuid4().hex[:12]}"
    case = run.as_json("open", "--tenant", "Harbour Foods", "--reference", reference, *flags)
    assert case["phase"] == Phase.AWAITING_INFORMATION
    assert run.as_json("provide", case["number"], "--phone", "+61 2 5550 0100")["outcome"] == "accepted"


def test_the_guides_own_names_of_the_verbs_work_too(run: Commands) -> None:
    case = _case(run)
    assert run.as_json("change-level", case, "P1", "--reason", "More users")["level"] == "P1"
    assert run.as_json("add-note", case, "Seen before")["outcome"] == "accepted"


def test_a_text_comes_by_standard_input(run: Commands) -> None:
    case = _case(run)
    run.as_json("respond", case, "-", stdin="Two lines\nof text")
    assert run.as_json("timeline", case)["entries"][-1]["text"] == "Two lines\nof text"


def test_a_case_is_found_by_its_tenants_reference(run: Commands) -> None:
    receipt = run.open("by-reference-1")
    noted = run.as_json("note", "by-reference-1", "Hello", "--tenant", "Harbour Foods")
    assert noted["case_id"] == receipt["case_id"]


def test_missing_information_is_provided_later(run: Commands) -> None:
    receipt = run.as_json("open", "--tenant", "Harbour Foods", "--reference", "later-1", "--title", "Help")
    assert receipt["phase"] == Phase.AWAITING_INFORMATION
    given = complete("ignored")
    wanted = {
        "--partner",
        "--company",
        "--domain",
        "--explanation",
        "--affected-user",
        "--step",
        "--contact",
        "--email",
    }
    flags = [
        part
        for name, value in zip(given[::2], given[1::2], strict=True)
        if name in wanted
        for part in (name, value)
    ]
    assert run.as_json("provide", receipt["number"], *flags)["phase"] == Phase.RECEIVED


def test_a_request_from_the_portal_is_triaged(run: Commands) -> None:
    receipt = run.open("triage-1", "--channel", "portal", "--urgency", "low")
    rated = ["--impact", "low", "--urgency", "low", "--reason", "One user"]
    triaged = run.as_json("triage", receipt["number"], *rated, "--users-affected-percent", "1", "--outage")
    assert triaged["level"] == "P5"


def test_a_request_repeated_with_its_id_changes_nothing(run: Commands) -> None:
    case = _case(run)
    said = [run.as_json("note", case, "Only once", "--request-id", "note-1") for _ in range(2)]
    assert [receipt["repeated"] for receipt in said] == [False, True]
    assert [entry["text"] for entry in run.as_json("timeline", case)["entries"]].count("Only once") == 1


@pytest.mark.parametrize("again", [("note", "two"), ("update", "one")])
def test_a_request_id_is_not_taken_for_something_else(run: Commands, again: tuple[str, str]) -> None:
    case = _case(run)
    run.as_json("note", case, "one", "--request-id", "rr1")
    answer = run(again[0], case, again[1], "--request-id", "rr1", "-o", "json")
    assert (answer.code, answer.fault["code"]) == (3, "DuplicateRequestConflict")


def test_a_request_declined_is_declined_again_when_it_is_repeated(run: Commands) -> None:
    case = _case(run)
    asked = ("priority", case, "P1", "--reason", "Please", "--request-id", "declined-1", "-o", "json")
    first, again = run(*asked, **CUSTOMER), run(*asked, **CUSTOMER)
    assert (first.code, again.code) == (6, 6)
    assert [answer.record["repeated"] for answer in (first, again)] == [False, True]


def test_a_message_handed_over_without_waiting_is_heard(run: Commands) -> None:
    case = _case(run)
    assert run.as_json("respond", case, "By signal", "--no-wait")["outcome"] == "handed_over"
    assert run.as_json("note", case, "After it")["phase"] == Phase.IN_PROGRESS


@pytest.mark.covers("RHIPE-36")
def test_a_refusal_prints_code_reason_and_what_to_do(run: Commands) -> None:
    case = _case(run)
    answer = run("reopen", case, "--reason", "Too soon")
    assert answer.code == 3
    assert answer.out == ""
    assert answer.err.startswith("refused: CaseNotClosed: ")
    assert "; " in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_refusal_is_json_on_standard_error_where_json_is_asked_for(run: Commands) -> None:
    answer = run("close", _case(run), "-o", "json")
    assert answer.code == 3
    assert answer.out == ""
    assert answer.fault["error"] == "refused"
    assert answer.fault["code"] == "ReasonRequired"
    assert answer.fault["missing"] == ["reason"]
    assert answer.fault["remedy"]


@pytest.mark.parametrize("text", ["a NUL \x00", "an escape \x1b[2J", "reordered \u202e", "   ", "x" * 9000])
def test_a_hostile_text_is_refused_and_the_case_goes_on(run: Commands, text: str) -> None:
    case = _case(run)
    answer = run("respond", case, "-", "-o", "json", stdin=text)
    assert answer.code == 3
    assert answer.fault["code"] == "ValidationError"
    assert run.as_json("respond", case, "A plain answer")["phase"] == Phase.IN_PROGRESS


@pytest.mark.parametrize("request_id", ["with space", "line\nbreak", "x" * 101, ""])
def test_a_request_id_that_could_not_be_an_id_is_refused(run: Commands, request_id: str) -> None:
    answer = run("note", "case-" + "a" * 20, "Hello", "--request-id", request_id, "-o", "json")
    assert answer.code == 3
    assert answer.fault["missing"] == ["request_id"]


@pytest.mark.covers("O365-23")
@pytest.mark.parametrize(("verb", "said"), [("respond", ["Hello"]), ("reopen", ["--reason", "It is back"])])
def test_a_case_nobody_knows_is_not_found(run: Commands, verb: str, said: list[str]) -> None:
    answer = run(verb, "case-" + "a" * 20, *said, "-o", "json")
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


@pytest.mark.parametrize(
    "case", ["../../x", "case-\x00", "' OR WorkflowType != \"", "", "[bold]", "safe\u202etxt", "case\nid"]
)
def test_what_can_be_no_case_is_not_found_and_never_reaches_the_server(run: Commands, case: str) -> None:
    answer = Commands(run.home, "127.0.0.1:1")("note", case, "Hello", "-o", "json")
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


def test_a_customers_door_may_not_say_what_is_staffs(run: Commands) -> None:
    case = _case(run)
    customer = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
    answer = run("respond", case, "I help myself", "-o", "json", **customer)
    assert answer.code == 3
    assert answer.fault["code"] == "RoleNotPermitted"


def test_another_tenants_door_may_say_nothing(run: Commands) -> None:
    case = _case(run)
    stranger = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}
    answer = run("reply", case, "Tell me all", "-o", "json", **stranger)
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


def test_an_answer_that_does_not_come_is_unknown_and_asking_again_does_it_once(run: Commands) -> None:
    case = run.open("unknown-1")["case_id"]
    note = ["note", case, "Said once", "--request-id", "again-7", "-o", "json"]
    with run.with_the_worker_away():
        answer = run(*note, "--timeout", "1")
    assert answer.code == 7
    assert answer.out == ""
    assert answer.fault["code"] == "OutcomeUnknown"
    assert "--request-id again-7" in answer.fault["remedy"]
    assert run(*note, "--timeout", "60").code == 0
    assert [entry["text"] for entry in run.as_json("timeline", case)["entries"]].count("Said once") == 1


@pytest.mark.covers("DED-27")
def test_an_interval_is_agreed_for_an_advisory_case_and_for_no_other(run: Commands) -> None:
    advisory = _dedicated(run, "D")
    agreed = run.as_json("agree-interval", advisory, "--every", "24h")
    assert agreed["next_deadline"]["clock"] == "update"
    assert run.as_json("explain", advisory, "update")["rule"] == "every 24 h"
    for wrong in ("0h", "-1h", "often"):
        answer = run("agree-interval", advisory, "--every", wrong, "-o", "json")
        assert answer.code == 3
        assert answer.fault["code"] == "ValidationError"
        assert answer.fault["missing"] == ["every"]
    urgent = run("agree-interval", _dedicated(run, "A"), "--every", "24h", "-o", "json")
    assert urgent.code == 3
    assert urgent.fault["code"] == "PolicyOverrideNotPermitted"


@pytest.mark.covers("O365-25")
def test_a_customer_says_that_the_problem_has_grown(run: Commands) -> None:
    case = _dedicated(run, "B")
    grown = ["A second site", "--worse", "--users-affected", "40", "--business-impact", "No tills"]
    assert run.as_json("scope", case, *grown, **CUSTOMER)["outcome"] == "accepted"
    assert run.as_json("update-scope", case, "-", stdin="And a third")["level"] == "B"
    assert run.as_json("show", case)["business_impact"] == "No tills"
    entries = run.as_json("timeline", case)["entries"][-2:]
    assert [entry["kind"] for entry in entries] == ["scope_updated", "scope_updated"]
    assert [entry["about"] for entry in entries] == ["review", None]
    run.as_json("close", case, "--reason", "requested")
    late = run("scope", case, "Too late", "-o", "json")
    assert late.code == 3
    assert late.fault["code"] == "CaseClosed"


@pytest.mark.covers("O365-26")
def test_a_case_is_tracked_elsewhere_and_its_clocks_run_on(run: Commands) -> None:
    case = _dedicated(run, "A")
    before = run.as_json("show", case)["deadlines"]
    for command in ("track", "track-elsewhere"):
        assert run.as_json(command, case, "JIRA", "ABC_12")["outcome"] == "accepted"
    view = run.as_json("show", case)
    assert view["external_tracking"] == {"system": "JIRA", "reference": "ABC_12"}
    assert view["deadlines"] == before
    empty = run("track", case, "JIRA", "", "-o", "json")
    assert empty.code == 3
    assert empty.fault["code"] == "ValidationError"
    assert empty.fault["missing"] == ["external_ref"]


@pytest.mark.covers("DED-33", "DED-35")
def test_a_solution_is_validated_before_the_case_is_resolved(run: Commands) -> None:
    case = _dedicated(run, "A")
    solved = ["resolve", case, "New certificate", "--kind", "resolution"]
    answer = run(*solved, "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == "ResolutionNotValidated"
    asked = run.as_json("validate", case, "Please try to sign in")
    assert asked["phase"] == Phase.VALIDATING_RESOLUTION
    assert run.as_json("reply", case, "No", "--rejects")["phase"] == Phase.IN_PROGRESS
    said = run.as_json("validate-resolution", case, "Said so on a call", "--validated")
    assert said["phase"] == Phase.IN_PROGRESS
    assert run.as_json(*solved)["phase"] == Phase.RESOLVED
    assert run.as_json("show", case)["validated_at"] is not None
    assert run.as_json("close", case, "--reason", "restored")["phase"] == Phase.CLOSED


@pytest.mark.covers("DED-19", "DED-28")
def test_another_severity_takes_a_new_statement_and_an_outage_its_severity(run: Commands) -> None:
    case = _dedicated(run, "B")
    answer = run("severity", case, "A", "-o", "json", **CUSTOMER)
    assert answer.fault["code"] == "BusinessImpactStatementRequired"
    raised = ["severity", case, "A", "--business-impact", "All shops are shut", "--outage"]
    assert run.as_json(*raised, **CUSTOMER)["level"] == "A"
    lowered = run("priority", case, "C", "--reason", "One user", "--outage", "-o", "json")
    assert lowered.code == 3
    assert lowered.fault["code"] == "OutageSeverityRequired"


def test_what_is_compared_with_our_records_is_not_provided_later(run: Commands) -> None:
    case = _case(run)
    for flag in ("--access-id", "--verify-name"):
        assert run("provide", case, flag, "x").code == 2
