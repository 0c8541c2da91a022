"""What docs/messages.md tells to type and to run, typed and run as it stands against a desk at work."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.messages.case import Submit
from domain.naming import case_id
from tests.servers import BINARIES, dev_server
from tests.starter.conftest import Commands, eventually, run
from workflows.messages import QUEUE, WORKFLOW

__all__ = ["dev_server", "run"]

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text("utf-8")
SECTION = PAGE.split("## Starting by a signal\n")[1].split("\n## ")[0]
CASE = case_id("acme", "desk", "4711")
_JSON = re.compile(r"^[^\n]*?(\{\n.*?^\})", re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    """The one block of a language with this word in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    (found,) = [one for one in blocks if word in one]
    return str(found)


def typed(script: str, run: Commands, *command: str) -> str:
    """What a shell, or another program, says to what the page has; it must have done it."""
    path = f"{BINARIES}:{os.environ['PATH']}"
    where = {"TEMPORAL_ADDRESS": run.address or "", "PATH": path}
    done = subprocess.run(
        [*(command or ("/bin/sh", "-euc")), script], env=where, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_json(program: str) -> Any:
    """The request in a program: JSON is TypeScript and a Go string as it stands, and nearly Python."""
    found = next(one for one in _JSON.findall(program) if '"reference"' in one)
    try:
        return json.loads(found)
    except ValueError:
        return ast.literal_eval(found)


def test_the_documented_commands_open_one_case_however_often_and_in_which_language(run: Commands) -> None:
    said = typed(block("sh", "openssl"), run)
    assert f"WorkflowId  {CASE}" in said
    assert typed(block("python", "start_signal"), run, sys.executable, "-c") == f"sent to {CASE}\n"
    assert typed(block("sh", "openssl"), run)
    eventually(lambda: run("show", "4711", "--tenant", "acme").code == os.EX_OK)
    view = run.as_json("show", "4711", "--tenant", "acme")
    assert (view["case_id"], view["phase"]) == (CASE, "received")
    timeline = block("sh", "sunrelay timeline").split()[1:]
    entries = eventually(lambda: run.as_json(*timeline)["entries"])
    assert [entry["kind"] for entry in entries] == ["submitted"]


def test_the_documented_refusal_is_shown_with_its_code_and_every_fault(run: Commands) -> None:
    first, second = block("sh", "desk-4713").strip().rsplit("\n", 1)
    typed(first, run)
    # The engine knows at once that it was refused, our store since when.
    answer = eventually(lambda: " refused at " in (found := run(*second.split()[1:])).err and found)
    assert answer.code == 3
    documented = next(line for line in SECTION.splitlines() if line.startswith("refused: "))
    stamp = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ \(.*?\)")
    assert "impakt" in answer.err
    assert "reference" in answer.err
    plain = " ".join(stamp.sub("", documented).split())
    assert plain.split("[")[0].strip() in " ".join(stamp.sub("", " ".join(answer.err.split())).split())


@pytest.mark.parametrize("language", ["python", "ts", "go"])
def test_every_program_sends_what_the_command_line_sends(language: str) -> None:
    program = block(language, "reference")
    assert as_json(program) == as_json(block("sh", "openssl"))
    for word in (f'"{WORKFLOW}"', f'"{QUEUE}"', '"submit"', "ALLOW_DUPLICATE_FAILED_ONLY"):
        assert word in program.replace("'", '"')


def test_the_request_is_one_and_the_queue_is_ours() -> None:
    request = Submit.model_validate(as_json(block("sh", "openssl")))
    assert case_id(request.tenant, request.source, request.reference) == CASE
    queues = set(re.findall(r"--task-queue[ =](\S+)", PAGE))
    assert queues == {QUEUE}


def test_the_documented_id_is_ours_for_any_names() -> None:
    tree = ast.parse(block("python", "start_signal"))
    made: dict[str, Any] = {}
    wanted = [node for node in tree.body if isinstance(node, ast.Import | ast.FunctionDef)]
    exec(compile(ast.Module(wanted, []), "page", "exec"), made)
    for names in (("acme", "desk", "4711"), ('Büro "Nord"', "mail", "日本\\1")):
        assert made["case_id"](*names) == case_id(*names)


def test_a_case_on_a_queue_nobody_works_on_is_named(run: Commands) -> None:
    wrong = block("sh", "desk-4713").strip().rsplit("\n", 1)[0]
    typed(wrong.replace(QUEUE, "sunrelay-case").replace("desk-4713", "desk-4715"), run)
    answer = run("show", "desk-4715", "--timeout", "3", "-o", "json")
    assert answer.code == 5
    assert answer.fault["code"] == "TaskQueueUnknown"
    assert "sunrelay-case" in answer.fault["reason"]
    assert "terminate" in answer.fault["remedy"]
