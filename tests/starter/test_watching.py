"""`sunrelay watch`: into a pipe a line for each change; Ctrl-C is how one stops, and no fault."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.starter.conftest import Commands


@contextmanager
def watching(run: Commands, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "SUNRELAY_HOME": str(run.home), "TEMPORAL_ADDRESS": str(run.address)}
    process = subprocess.Popen(
        [sys.executable, "-m", "starter", "watch", *arguments, "--every", "0.2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_case_is_told_line_by_line_as_it_changes(run: Commands) -> None:
    case = run.open("watch-1")["number"]
    with watching(run, case) as process:
        assert "received" in next_line(process)
        run.as_json("respond", case, "We are on it")
        assert "in_progress" in next_line(process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


def test_the_board_is_told_as_json_lines(run: Commands) -> None:
    run.as_json("open", "--tenant", "Watched Ltd", "--reference", "watch-2", "--title", "Help")
    with watching(run, "--tenant", "Watched Ltd", "-o", "jsonl") as process:
        assert json.loads(next_line(process))["tenant"] == "Watched Ltd"
        run.as_json("close", "watch-2", "--tenant", "Watched Ltd", "--reason", "requested")
        run.as_json("open", "--tenant", "Watched Ltd", "--reference", "watch-3", "--title", "More help")
        assert json.loads(next_line(process))["reference"] == "watch-3"


def test_a_case_nobody_knows_is_not_watched(run: Commands) -> None:
    assert run("watch", "case-" + "d" * 20).code == 4
