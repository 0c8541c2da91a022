"""`sunrelay policy preview`: from the store and a file, by the domain's rules; nothing happens to a case."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from activities.store.case_store import CaseStore
from activities.terms import TermsActivities
from domain.case_step import open_case
from domain.decision import Accepted
from domain.record import RecordBatch, row_of
from domain.terms import TermsRequest
from policies import load_policy
from starter.home import Home
from tests.people import P2, P3, request
from tests.starter.conftest import Answer, Commands
from tests.workflows.test_terms import write_policy

HOUR = timedelta(hours=1)
OPENED_AT = (datetime.now(UTC) - 1.5 * HOUR).replace(microsecond=0)
LEAD = {"SUNRELAY_ACTOR_NAME": "Lee Wong", "SUNRELAY_ACTOR_ROLE": "lead"}


async def _fill(url: str, *requests: Any) -> None:
    """A store of cases as their workflows record them: each opened ninety minutes ago, and not answered."""
    store = await CaseStore.open(url)
    for submit in requests:
        answer = await TermsActivities(policies=load_policy).compile_terms(
            TermsRequest(policy=submit.policy, region="sydney", at=OPENED_AT)
        )
        assert answer.terms is not None, answer.refused
        decision = open_case(submit, answer.terms, OPENED_AT)
        assert isinstance(decision, Accepted), decision
        case = decision.case
        file = f'{{"case": {case.model_dump_json()}}}'
        batch = RecordBatch(row=row_of(case), entries=decision.entries, life=case.id, file=file)
        await store.record(batch)
    await store.close()


class PolicyDesk:
    """Commands at a store and a directory of policies; no server."""

    def __init__(self, place: Path) -> None:
        self.policies = place / "policies"
        self._typed = Commands(place / "home", "127.0.0.1:1")
        self.settings = {
            "SUNRELAY_STORE_URL": f"sqlite:///{place / 'cases.db'}",
            "SUNRELAY_POLICY_DIR": str(self.policies),
        }

    def __call__(self, *arguments: str, **more: str) -> Answer:
        return self._typed(*arguments, **{**self.settings, **more})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> PolicyDesk:
    """Cases of `own`, one of a version by name, and one of another policy."""
    place = tmp_path_factory.mktemp("preview")
    Home(place / "home").prepare()
    desk = PolicyDesk(place)
    desk.policies.mkdir()
    write_policy(desk.policies, "1", "4h")
    requests = [request(f"INC-{number}", policy="own", **P2) for number in (1, 2)]
    requests.append(request("INC-3", policy="own", **P3))
    requests.append(request("INC-4", policy="own@1", **P2))
    requests.append(request("INC-5", policy="rhipe-csp", **P2))
    with patch.dict(os.environ, desk.settings):
        asyncio.run(_fill(desk.settings["SUNRELAY_STORE_URL"], *requests))
    return desk


@pytest.fixture
def desk(filled: PolicyDesk) -> PolicyDesk:
    """The desk with version 1 in force."""
    write_policy(filled.policies, "1", "4h")
    return filled


def _changed(desk: PolicyDesk, tmp_path: Path, version: str = "2", within: str = "2h") -> str:
    place = tmp_path / "changed"
    place.mkdir(exist_ok=True)
    write_policy(place, version, within)
    return str(place / "own.toml")


def test_each_promise_that_moves_is_told_with_both_instants_here_and_at_the_centre(
    desk: PolicyDesk, tmp_path: Path
) -> None:
    found = desk("policy", "preview", _changed(desk, tmp_path), "-o", "json").record
    assert (found["policy"], found["in_force"]) == ("own@2", "own@1")
    assert [case["number"] for case in found["cases"]] == sorted(case["number"] for case in found["cases"])
    assert (len(found["cases"]), found["not_moved"], found["pinned"], found["already"]) == (2, 1, 1, 0)
    (moved,) = found["cases"][0]["moved"]
    assert (moved["clock"], moved["by_seconds"], moved["at_once"]) == ("initial_response", -7200, False)
    assert datetime.fromisoformat(moved["old_due_at"]) == OPENED_AT + 4 * HOUR
    assert datetime.fromisoformat(moved["due_at"]) == OPENED_AT + 2 * HOUR
    assert datetime.fromisoformat(moved["due_local"]) == OPENED_AT + 2 * HOUR
    assert moved["due_local"][-6:] in ("+10:00", "+11:00")
    assert found["cases"][0]["zone"] == "Australia/Sydney"
    (total,) = found["totals"]
    assert total == {
        "clock": "initial_response",
        "cases": 2,
        "earlier": 2,
        "later": 0,
        "at_once": 0,
        "by_seconds": -14400,
    }
    page = desk("policy", "preview", _changed(desk, tmp_path))
    assert page.code == 0
    assert "-2 h" in page.out
    assert "4 open cases; 2 with a promise that moves, 1 without" in page.err


def test_what_would_lie_in_the_past_is_said_to_fall_due_at_once(desk: PolicyDesk, tmp_path: Path) -> None:
    answer = desk("policy", "preview", _changed(desk, tmp_path, within="1h"))
    assert "due at once" in answer.out
    assert "2 of these promises would be due already" in answer.err


def test_a_version_with_another_text_is_warned_of_and_the_text_in_force_moves_nothing(
    desk: PolicyDesk, tmp_path: Path
) -> None:
    same = desk("policy", "preview", _changed(desk, tmp_path, version="1"), "-o", "json").record
    assert same["warnings"] == ["version 1 is in force with another text: give this one a version of its own"]
    own = desk("policy", "preview", "own", "-o", "json").record
    assert (own["cases"], own["already"], own["pinned"]) == ([], 4, 0)
    assert "as it is in force" in own["warnings"][0]


def test_a_case_that_cannot_be_computed_is_named_with_the_reason(desk: PolicyDesk, tmp_path: Path) -> None:
    file = Path(_changed(desk, tmp_path))
    file.write_text(file.read_text().replace("partner-24x7", "partner-all-day"))
    answer = desk("policy", "preview", str(file), "-o", "json")
    (one, *_) = answer.record["not_counted"]
    assert (one["code"], "partner-24x7" in one["reason"]) == ("PlanUnknown", True)
    assert len(answer.record["not_counted"]) == 3


def test_a_file_with_faults_tells_them_all_with_a_code(desk: PolicyDesk, tmp_path: Path) -> None:
    file = Path(_changed(desk, tmp_path))
    file.write_text(file.read_text().replace('within = "2h"', 'within = "soon"') + "\n[nonsense]\nx = 1\n")
    answer = desk("policy", "preview", str(file), "-o", "json")
    assert answer.code == 3
    assert answer.fault["code"] == "PolicyInvalid"
    assert "nonsense" in answer.fault["reason"]
    assert "initial_response" in answer.fault["reason"]


def test_a_policy_nobody_knows_and_one_nobody_uses_are_told_apart(desk: PolicyDesk, tmp_path: Path) -> None:
    file = Path(_changed(desk, tmp_path)).rename(tmp_path / "owm.toml")
    file.write_text(file.read_text().replace('name = "own"', 'name = "owm"'))
    unknown = desk("policy", "preview", str(file), "-o", "json")
    assert (unknown.code, unknown.fault["code"]) == (3, "PolicyValueUnknown")
    assert "did you mean own?" in unknown.fault["remedy"] or "sunrelay policy list" in unknown.fault["remedy"]
    unused = desk("policy", "preview", "westcoast", "-o", "json").record
    assert (unused["cases"], unused["already"], unused["not_counted"]) == ([], 0, [])
    gone = desk("policy", "preview", str(tmp_path / "none.toml"), "-o", "json")
    assert (gone.code, gone.fault["code"]) == (2, "UsageError")


def test_applying_is_for_a_lead_of_a_text_in_force_and_with_a_yes(desk: PolicyDesk, tmp_path: Path) -> None:
    file = _changed(desk, tmp_path)
    engineer = desk("policy", "apply", file, "--yes", "-o", "json")
    assert (engineer.code, engineer.fault["code"]) == (3, "RoleNotPermitted")
    early = desk("policy", "apply", file, "--yes", "-o", "json", **LEAD)
    assert (early.code, early.fault["code"]) == (3, "PolicyNotInForce")
    assert "restart the workers" in early.fault["remedy"]
    dry = desk("policy", "apply", file, "--dry-run", "-o", "json")
    assert len(dry.record["cases"]) == 2
    write_policy(desk.policies, "2", "2h")
    unasked = desk("policy", "apply", file, "-o", "json", **LEAD)
    assert (unasked.code, unasked.fault["code"]) == (2, "UsageError")
    assert "3 cases would be recomputed" in unasked.fault["reason"]
    nowhere = desk("policy", "apply", "own", "--yes", "--timeout", "1", "-o", "json", **LEAD)
    assert (nowhere.code, nowhere.record["not_told"]) == (5, 3)


def test_without_a_store_a_preview_says_so(tmp_path: Path) -> None:
    answer = Commands(tmp_path / "nowhere", "127.0.0.1:1")("policy", "preview", "rhipe-csp", "-o", "json")
    assert (answer.code, answer.fault["code"]) == (5, "StoreUnreachable")
