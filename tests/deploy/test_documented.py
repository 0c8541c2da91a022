"""What docs/deploy.md and docs/operate.md tell to write and to type, read and typed as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from activities.settings import AdapterSettings
from tests.deploy.stack import PROJECT, of_profile, variables

_PAGES = [(PROJECT / "docs" / name).read_text(encoding="utf-8") for name in ("deploy.md", "operate.md")]
_WORKERS = {service.name for service in of_profile("local").values() if service.is_worker}


def _block(language: str, words: str) -> str:
    """The one block of a language with these words in it."""
    blocks = [block for page in _PAGES for block in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)]
    (found,) = [block for block in blocks if words in block]
    return str(found)


def _stand_in(place: Path, name: str, script: str) -> None:
    program = place / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_new_key_goes_before_the_old_one_in_a_file_nobody_may_write(tmp_path: Path) -> None:
    key = tmp_path / "secrets" / "survey_secrets"
    key.parent.mkdir()
    key.write_text("the old one\n")
    key.chmod(0o444)
    _stand_in(tmp_path, "docker", "exit 0")
    path = f"{tmp_path}:{os.environ['PATH']}"
    block = _block("sh", "secrets/survey_secrets; }")
    subprocess.run(["/bin/sh", "-euc", block], cwd=tmp_path, env={"PATH": path}, check=True)
    new, old = key.read_text().split("\n", 1)
    assert re.fullmatch("[0-9a-f]{64}", new)
    assert old == "the old one\n"
    assert key.stat().st_mode & 0o777 == 0o444
    assert [file.name for file in key.parent.iterdir()] == ["survey_secrets"]


def test_a_command_carries_the_name_of_who_types_it(tmp_path: Path) -> None:
    _stand_in(tmp_path, "docker", 'printf "%s\\n" "$@"')
    said = subprocess.run(
        ["/bin/sh", "-euc", _block("sh", "SUNRELAY_ACTOR_NAME=")],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert said == [
        "compose",
        "exec",
        "-T",
        "-e",
        "SUNRELAY_ACTOR_NAME=Ana Ruiz",
        "cases",
        "sunrelay",
        "list",
    ]


def test_the_rota_of_the_page_is_one(tmp_path: Path) -> None:
    _stand_in(tmp_path, "sunrelay", f'exec {sys.executable} -m starter "$@"')
    (tmp_path / "rota.json").write_text(_block("json", "Ana Ruiz"))
    path = f"{tmp_path}:{os.environ['PATH']}"
    said = subprocess.run(
        ["/bin/sh", "-euc", _block("sh", "rota import")],
        cwd=tmp_path,
        env={"PATH": path, "PYTHONPATH": str(PROJECT)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "2 new, 0 changed" in said


@pytest.mark.parametrize("words", ["SUNRELAY_MAIL_FROM=", "SUNRELAY_SMTP_USERNAME="])
def test_the_lines_of_sunrelay_env_are_settings(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = variables(_block("sh", words))
    for name, value in {**told, "SUNRELAY_SURVEY_SECRETS": "x" * 32}.items():
        monkeypatch.setenv(name, value)
    settings = AdapterSettings()
    for name in told:
        assert getattr(settings, name.removeprefix("SUNRELAY_").lower()) not in (None, "", {}), name


def test_policies_of_ones_own_reach_every_worker_and_the_web_door() -> None:
    assert yaml.safe_load(_block("yaml", "policies.d"))["services"].keys() == _WORKERS | {"web"}


def test_the_metrics_of_every_worker_and_of_the_web_door_are_collected() -> None:
    (job,) = yaml.safe_load(_block("yaml", "scrape_configs"))["scrape_configs"]
    (found,) = job["dns_sd_configs"]
    assert set(found["names"]) == _WORKERS | {"web"}
    assert found["port"] == 9464


def test_files_of_a_deployment_are_no_part_of_the_project() -> None:
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/secrets/", "/sunrelay.env", "/docker-compose.override.yml", "/policies.d/"} <= set(ignored)
