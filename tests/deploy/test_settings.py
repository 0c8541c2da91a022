"""What a container of the stack is told: settings by the order of their files, secrets as files."""

import fnmatch
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from activities.contents.settings import ContentsSettings
from activities.settings import AdapterSettings
from policies import POLICY_DIR
from starter.cli.identity import ActorSettings
from starter.telemetry.settings import TelemetrySettings
from starter.web.survey import PATH
from tests.deploy.stack import (
    DOORS,
    EVERY,
    FILE,
    OURS,
    PAGE_DOORS,
    PROFILES,
    PROJECT,
    SERVICES,
    WORKERS,
    Service,
    names,
    of_profile,
    variables,
)
from worker import WorkerSettings

_SECRET_NAME = re.compile(r"PASSWORD|PWD|SECRET|TOKEN|API_KEY|CREDENTIAL")


KNOWN = {
    *(f"SUNRELAY_{name.upper()}" for name in (*AdapterSettings.model_fields, *WorkerSettings.model_fields)),
    *(
        f"SUNRELAY_{name.upper()}"
        for name in (*TelemetrySettings.model_fields, *ContentsSettings.model_fields)
    ),
    *(f"SUNRELAY_ACTOR_{name.upper()}" for name in ActorSettings.model_fields),
    POLICY_DIR,
    "SUNRELAY_HOME",
    "SUNRELAY_CALENDAR_DIR",
    "SUNRELAY_CASE_WORKERS",  # the compose file's own
}


TOLD = [service for service in OURS if service not in PAGE_DOORS]
"""Those of ours that have settings."""


@pytest.mark.parametrize(
    "name",
    [
        "docker-compose.yml",
        "deploy/local.env",
        "docs/deploy.md",
        "docs/operate.md",
        "docs/vendor-adapter.md",
        "docs/aftercare.md",
        ".env",
    ],
)
def test_every_variable_of_ours_is_known_to_the_settings(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"SUNRELAY_[A-Z_]*[A-Z]", text)) <= KNOWN


@pytest.mark.parametrize("service", TOLD, ids=names(TOLD))
def test_a_secret_file_of_ours_is_a_setting_or_the_connection(service: Service) -> None:
    connection = service.environment.get("TEMPORAL_CONFIG_FILE", "").rpartition("/")[2]
    settings = set(service.secrets) - {connection}
    assert settings <= {name.lower() for name in KNOWN}
    assert not connection or connection in service.secrets
    assert service.environment["SUNRELAY_SECRETS_DIR"] == "/run/secrets"


def test_survey_links_lead_to_the_published_page_which_has_the_key_they_are_signed_with() -> None:
    page = SERVICES["web"]
    ((address, here, _),) = page.published
    for service in of_profile("local").values():
        if service.is_worker:
            assert service.environment["SUNRELAY_SURVEY_URL"] == f"http://{address}:{here[0]}{PATH}"
    for service in (*WORKERS, page, SERVICES["cloud-web"]):
        assert service.secrets["sunrelay_survey_secrets"] == "survey_secrets"


_TOLD = {
    "TEMPORAL_ADDRESS": "temporal.example.com:7233",
    "TEMPORAL_NAMESPACE": "desk",
    "SUNRELAY_STORE_URL": "postgresql://desk@db.example.com/desk",
    "SUNRELAY_SMTP_HOST": "smtp.example.com",
    "SUNRELAY_SMTP_PORT": "587",
    "SUNRELAY_STAFF_ADDRESS": "engineers@example.com",
    "SUNRELAY_TSS_ADDRESS": "tss@example.com",
    "SUNRELAY_SDM_ADDRESS": "sdm@example.com",
    "SUNRELAY_SURVEY_URL": "https://support.example.com/survey",
}
"""Another value for everything deploy/local.env sets."""


def _meant(service: Service) -> dict[str, str]:
    """What a service of ours has to end with: an address without a key to sign its links would be refused."""
    signs = "sunrelay_survey_secrets" in service.secrets
    return _TOLD if signs else {**_TOLD, "SUNRELAY_SURVEY_URL": ""}


def test_whatever_is_set_for_this_machine_may_be_set_otherwise() -> None:
    text = (PROJECT / "deploy" / "local.env").read_text(encoding="utf-8")
    assert variables(text).keys() == _TOLD.keys()
    assert not set(variables(text).items()) & set(_TOLD.items())


@pytest.mark.parametrize("service", TOLD, ids=names(TOLD))
def test_a_line_in_sunrelay_env_goes_before_every_default_and_is_the_same_for_all(service: Service) -> None:
    assert _meant(service).items() <= service.ends_with(_TOLD).items()


def test_no_setting_of_ours_is_taken_from_a_shell_that_the_next_one_forgets() -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"(?<!\$)\$\{?(\w+)", text)) == {"SUNRELAY_CASE_WORKERS"}


@pytest.mark.parametrize("profile", PROFILES)
def test_compose_itself_gives_every_service_what_is_computed_here(profile: str, tmp_path: Path) -> None:
    rendered = _rendered(profile, tmp_path)
    for name, service in of_profile(profile).items():
        if service.is_ours:
            assert (rendered[name].get("environment") or {}) == service.ends_with(_TOLD)
        assert rendered[name]["read_only"] is True
    assert rendered["cases" if profile == "local" else "cloud-cases"]["scale"] == 3


def _rendered(profile: str, place: Path) -> dict[str, Any]:
    """The services as Docker Compose reads them, with the lines of `_TOLD` in sunrelay.env."""
    compose = _compose()
    if compose is None:
        pytest.skip("no Docker Compose 2.24 or newer here")
    shutil.copy(PROJECT / "docker-compose.yml", place)
    shutil.copytree(PROJECT / "deploy", place / "deploy")
    (place / "sunrelay.env").write_text("".join(f"{name}={value}\n" for name, value in _TOLD.items()))
    (place / ".env").write_text("SUNRELAY_CASE_WORKERS=3\n")
    said = subprocess.run(
        [*compose, "--profile", profile, "config", "--format", "json"],
        cwd=place,
        env={"PATH": os.environ["PATH"], "HOME": str(place)},
        check=True,
        capture_output=True,
        text=True,
    )
    services: dict[str, Any] = json.loads(said.stdout)["services"]
    return services


_TOO_OLD = re.compile(r"v?(1|2\.1?\d|2\.2[0-3])\.")


def _compose() -> list[str] | None:
    """The command of a Docker Compose that can read the file."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            said = subprocess.run(
                [*command, "version", "--short"], capture_output=True, text=True, check=False
            )
            if said.returncode == 0 and not _TOO_OLD.match(said.stdout):
                return command
    return None


def test_out_of_the_box_everybody_of_ours_has_an_address_in_the_catcher() -> None:
    for service in of_profile("local").values():
        if service.is_worker:
            given = service.environment
            assert given["SUNRELAY_SMTP_HOST"] == "mail"
            for who in ("STAFF", "TSS", "SDM"):
                assert given[f"SUNRELAY_{who}_ADDRESS"].endswith("@sunrelay.localhost")


@pytest.mark.parametrize("service", DOORS, ids=names(DOORS))
def test_a_door_has_the_keys_of_links_and_of_the_vendor_store_and_server_and_no_more(
    service: Service,
) -> None:
    own = {"survey_secrets", "vendor_webhook_secrets"}
    assert set(service.secrets.values()) - {"postgres_password", "store_url", "temporal_toml"} == own


def test_every_secret_is_a_file_that_git_and_the_image_leave_out() -> None:
    used = {source for service in EVERY for source in service.secrets.values()}
    assert used == set(FILE["secrets"])
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    for secret in FILE["secrets"].values():
        assert secret.keys() == {"file"}
        assert any(fnmatch.fnmatch(secret["file"].removeprefix("."), f"{rule}*") for rule in ignored)
    assert "!secrets" not in (PROJECT / ".dockerignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_no_secret_stands_in_the_file(service: Service) -> None:
    for name, value in service.environment.items():
        assert not re.search(r"://[^/@]*:[^/@]*@", value), name
        if _SECRET_NAME.search(name):
            assert value.startswith("/run/secrets"), name
    if "POSTGRES_PASSWORD_FILE" in service.environment:
        assert service.environment["POSTGRES_PASSWORD_FILE"].rpartition("/")[2] in service.secrets


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_a_command_reads_only_secrets_its_service_has(service: Service) -> None:
    read = re.findall(r"/run/secrets/([\w.]+)", " ".join(service.command))
    assert set(read) <= set(service.secrets)
