"""The everyday hand: settings, completion, help, layout, and one desk at a time."""

import asyncio
import os
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from activities.store.case_store import CaseStore
from activities.store.served_by import Served, note_server
from domain.record import RecordBatch
from starter.cli.application import app
from starter.cli.finished_line import missing_words, open_line, provide_line
from starter.cli.pages.board import cases_table
from starter.cli.setting_list import settings, settings_document
from tests.activities.builders import AT, HOUR, row
from tests.servers import dev_server
from tests.starter.conftest import Commands, run
from tests.starter.plain_help import help_of

__all__ = ["dev_server", "run"]

ROOT = Path(__file__).parents[2]


def test_the_page_of_settings_is_made_from_the_models() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings_document()


def test_every_setting_says_what_it_is_for() -> None:
    assert [one.name for one in settings() if not one.about.endswith((".", ")"))] == []
    names = [one.name for one in settings()]
    assert len(names) == len(set(names))


def test_settings_tell_value_and_origin_and_no_secret(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "sunrelay_smtp_password").write_text("hunter2\n")
    (secrets / "sunrelay_smtp_host").write_text("mail.example\n")
    answer = Commands(tmp_path, None)(
        "settings",
        "-o",
        "json",
        SUNRELAY_SECRETS_DIR=str(secrets),
        SUNRELAY_STORE_URL="postgresql://sunrelay:hunter2@db.example/cases",
        SUNRELAY_STAFF_ADDRESS="https://chat.example/hooks/hunter2",
        SUNRELAY_ACTOR_NAME="Ada",
        SUNRELAY_SURVEY_SECRETS="hunter2" * 8,
        TEMPORAL_API_KEY="hunter2",
    )
    assert answer.code == 0, answer.err
    assert "hunter2" not in answer.out + answer.err
    told = {one["name"]: (one["value"], one["origin"]) for one in answer.record}
    assert told["SUNRELAY_SMTP_HOST"] == ("mail.example", "file")
    assert told["SUNRELAY_SMTP_PASSWORD"] == ("********", "file")
    assert told["SUNRELAY_STAFF_ADDRESS"] == ("https://chat.example/********", "environment")
    assert told["SUNRELAY_ACTOR_NAME"] == ("Ada", "environment")
    assert told["SUNRELAY_SMTP_PORT"] == ("1025", "default")
    assert "db.example" in told["SUNRELAY_STORE_URL"][0]


def test_settings_are_shown_where_one_is_wrong_too(tmp_path: Path) -> None:
    answer = Commands(tmp_path, None)("settings", SUNRELAY_SMTP_PORT="many")
    assert answer.code == 2
    assert "many" in answer.out
    assert "SUNRELAY_SMTP_PORT" in answer.err


def test_the_version_is_told_and_help_takes_a_command(tmp_path: Path) -> None:
    here = Commands(tmp_path, None)
    assert here("--version").out.startswith("sunrelay ")
    assert "--unassigned" in here("help", "list").out
    assert here("help", "region", "queue").out == here("region", "queue", "--help").out
    assert "--unassigned" in help_of("list")
    assert here("help", "nosuch").code == 2
    assert app("--version").registered_commands == []


def _completed(home: Path, shell: str, line: str, **more: str) -> str:
    words = shlex.split(line)
    place = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_TYPER_COMPLETE_ARGS": line}
    told = {"SUNRELAY_HOME": str(home), "_SUNRELAY_COMPLETE": f"complete_{shell}", "SUNRELAY_TIMEOUT": "60"}
    done = subprocess.run(
        [sys.executable, "-m", "starter"],
        env={**os.environ, **told, **place, **more},
        capture_output=True,
        check=False,
        text=True,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


async def _case(url: str, **changes: Any) -> str:
    store = await CaseStore.open(url)
    kept = await row(**changes)
    await store.record(RecordBatch(row=kept))
    await store.close()
    return kept.number


def test_a_shell_is_offered_what_there_is_and_nothing_it_would_run(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    title = "\"; $(touch /tmp/x) `id` [bold]'"
    number = asyncio.run(_case(f"sqlite:///{tmp_path}/cases.db", title=title, tenant="Harbour Foods"))
    for shell in ("bash", "zsh", "fish"):
        offered = _completed(tmp_path, shell, "sunrelay show SR", _TYPER_COMPLETE_FISH_ACTION="get-args")
        assert number in offered
        assert not set("$`;[]'") & set(offered.replace("_arguments '*: :((", "").replace("))'", ""))
    assert _completed(tmp_path, "bash", "sunrelay list --tenant Har").strip() == "Harbour\\ Foods"
    assert _completed(tmp_path, "bash", "sunrelay region queue syd").strip() == "sydney"
    theirs = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Other Ltd"}
    assert number not in _completed(tmp_path, "bash", "sunrelay show SR", **theirs)
    nowhere = tmp_path / "nowhere"
    assert _completed(nowhere, "bash", "sunrelay show SR").strip() == ""
    assert not nowhere.exists()


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
async def test_number_title_and_next_promise_stay_at_every_width(width: int) -> None:
    busy = {"offered_to": "manila", "accepted_by": "Ana Lim", "assignee": "Bea Kowalczyk"}
    kept = await row(title="Outlook asks", next_due_at=AT + HOUR, tenant="Harbour Foods Pty Ltd", **busy)
    said = StringIO()
    Console(file=said, width=width).print(cases_table([kept], AT, width))
    lines = said.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    assert kept.number in lines[1]
    assert "initial response" in lines[1]
    assert "in 1 h" in lines[1]
    assert ("Outlook" if width >= 80 else "Out") in lines[1]
    order = ["staff/sys/missed", "breaches", "tenant", "phase", "owner", "offer", "level"]
    shown = [name for name in order if name in lines[0]]
    assert shown == order[len(order) - len(shown) :]
    assert len(shown) == {60: 0, 80: 1, 100: 2, 140: 4, 200: 7}[width]


def test_what_is_missing_is_a_line_to_type() -> None:
    lacking = ("partner_legal_name", "contact", "affected_users", "troubleshooting_steps")
    blanks = "--partner '...' --contact '...' --email '...' --affected-user all --step '...'"
    assert provide_line("SR-1", lacking) == f"sunrelay case provide SR-1 {blanks}"
    assert provide_line("SR-1", ("title",)) == ""
    given: dict[str, Any] = {"tenant": "Harbour Foods", "workaround": False, "title": None}
    given["troubleshooting_steps"] = ["a b", "c"]
    line = "sunrelay open --tenant 'Harbour Foods' --no-workaround --step 'a b' --step c --partner '...'"
    assert open_line(given, lacking[:1]) == line
    assert missing_words("partner_legal_name") == "the partner's legal name"
    assert missing_words("contact") == "somebody to talk to"


def test_open_without_a_word_tells_everything_it_needs(tmp_path: Path) -> None:
    answer = Commands(tmp_path, None)("open", "--title", "It's broken", stdin="")
    assert answer.code == 3
    line = answer.err.partition("type: ")[2].strip()
    assert line.startswith("sunrelay open --title 'It'\"'\"'s broken' --tenant '...'")
    for flag in ("--partner", "--contact", "--email", "--company", "--domain", "--explanation", "--step"):
        assert f" {flag} " in line


def test_a_level_that_staff_rate_is_not_dropped_in_silence(run: Commands) -> None:
    answer = run("open", "--tenant", "Hand Ltd", "--reference", "hand-1", "--priority", "P1")
    assert answer.code == 0
    assert "  P2  " in answer.out
    assert "warning: PriorityNotPermitted: " in answer.err
    number = answer.out.split()[0]
    assert f"type: sunrelay case provide {number} --partner '...'" in answer.out


def test_what_is_read_of_one_desk_is_not_said_to_another(run: Commands, tmp_path: Path) -> None:
    number = run.open("hand-2")["number"]
    tmp_path.chmod(0o700)

    async def other() -> None:
        store = await CaseStore.open(f"sqlite:///{tmp_path}/cases.db")
        await note_server(store, Served("another-namespace", "10.0.0.9:7233"))
        await store.close()

    asyncio.run(other())
    mixed = Commands(tmp_path, run.address)
    answer = mixed("respond", number, "We are on it", "-o", "json")
    assert (answer.code, answer.fault["code"]) == (2, "TwoDesks")
    assert "10.0.0.9:7233" in answer.fault["reason"]
    assert run("respond", number, "We are on it").code == 0
