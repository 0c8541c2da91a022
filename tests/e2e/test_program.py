"""A program that has read docs/api.md and nothing else, at a desk as `make run` starts it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running_desk import running_desk
from tests.starter.api_client import request
from tests.starter.conftest import eventually

pytestmark = pytest.mark.e2e


class Program:
    """Speaks to the API that a desk shows, with the key it shows, and keeps how far it has read."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.read: list[Any] = []
        self._client = httpx.Client()

    def reads_what_is_shown(self, desk: "subprocess.Popen[str]") -> None:
        """Find address and key in what the desk prints."""
        assert desk.stdout is not None
        shown = ""
        while not (found := re.search(r"(http://\S+/v1)\b.*(sr_[a-z2-7]{8}_[a-z2-7]{52})", shown, re.DOTALL)):
            line = desk.stdout.readline()
            assert line, shown
            shown += line
        self._client = httpx.Client(
            base_url=found[1], headers={"Authorization": f"Bearer {found[2]}"}, timeout=60, trust_env=False
        )

    def get(self, path: str, **asked: str) -> Any:
        answer = self._client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, key: str, body: Any) -> httpx.Response:
        answer = self._client.post(path, json=body, headers={"Idempotency-Key": key})
        assert answer.is_success, answer.text
        return answer

    def follows(self, case: str, kinds: list[str]) -> bool:
        """Read on to the end of the stream; tell whether of this case just that was read since it began."""
        at_end = False
        while not at_end:
            page = self.get("/exports/case-events", **({"cursor": self.cursor} if self.cursor else {}))
            self.cursor, at_end = page["next_cursor"], page["end_of_stream"]
            self.read += page["events"]
        return [one["entry"]["kind"] for one in self.read if one["number"] == case] == kinds


def test_a_program_opens_a_case_answers_it_asks_why_and_follows_it_over_a_restart(tmp_path: Path) -> None:
    program = Program()
    with running_desk(tmp_path) as (desk, _):
        program.reads_what_is_shown(desk)
        case = program.post("/cases", "first", request("PROGRAM-1")).json()["number"]
        answered = program.post(f"/cases/{case}/responses", "second", {"text": "I have started."})
        assert answered.json()["phase"] == "in_progress"
        why = program.get(f"/cases/{case}/explanations/update")
        assert why["running"]
        assert why["due_at"]
        assert why["sources"]
        eventually(lambda: program.follows(case, ["submitted", "responded"]))
    with running_desk(tmp_path) as (desk, _):
        program.reads_what_is_shown(desk)
        again = program.post(f"/cases/{case}/responses", "second", {"text": "I have started."})
        assert again.headers["idempotent-replayed"] == "true"
        assert again.json() == answered.json()
        assert program.get(f"/cases/{case}/explanations/update")["due_at"] == why["due_at"]
        program.post(f"/cases/{case}/notes", "third", {"text": "Seen after the restart."})
        eventually(lambda: program.follows(case, ["submitted", "responded", "noted"]))
    ids = [one["id"] for one in program.read]
    assert len(ids) == len(set(ids))
