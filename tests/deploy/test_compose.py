"""The stack as it is written down: what it would publish, keep secret, wait for and run."""

import fnmatch
import re
import tomllib
from collections.abc import Iterable

import pytest

import worker
from activities.settings import AdapterSettings
from policies import POLICY_DIR, load_policy
from starter.identity import ActorSettings
from starter.survey_web import PATH
from tests.deploy.stack import FILE, PROJECT, SERVICES, Service, of_profile, resolved
from worker import WorkerSettings

EVERY = list(SERVICES.values())
LASTING = [service for service in EVERY if not service.is_job]
OURS = [service for service in EVERY if service.is_ours]
WORKERS = [service for service in EVERY if service.is_worker]
DOORS = [service for service in EVERY if service.is_door]
PROFILES = ("local", "cloud")
_PACKAGE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
_SECRET_NAME = re.compile(r"PASSWORD|PWD|SECRET|TOKEN|API_KEY|CREDENTIAL")
_SECONDS = re.compile(r"(\d+)s")


def _names(services: Iterable[Service]) -> list[str]:
    return [service.name for service in services]


# --- profiles -----------------------------------------------------------------------------------------------


def test_without_a_profile_everything_of_this_machine_is_meant() -> None:
    told = dict(
        line.split("=", 1)
        for line in (PROJECT / ".env").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    assert told == {"COMPOSE_PROFILES": "local"}
    infrastructure = {
        "postgresql", "temporal-schema", "temporal", "temporal-namespace", "temporal-ui", "mail", "migrate"
    }  # fmt: skip
    assert infrastructure | {"cases"} <= of_profile("local").keys()


def test_a_cluster_elsewhere_gets_what_is_ours_alone() -> None:
    assert all(service.is_ours for service in of_profile("cloud").values())


@pytest.mark.parametrize("profile", PROFILES)
def test_the_survey_page_and_the_door_of_the_vendor_come_up_with_the_workers(profile: str) -> None:
    doors = [service.command[3:5] for service in of_profile(profile).values() if service.is_door]
    assert doors == [["survey", "listen"], ["vendor", "listen"]]


def test_every_service_comes_up_with_exactly_one_profile() -> None:
    assert all(len(service.profiles) == 1 and service.profiles[0] in PROFILES for service in EVERY)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_region_of_the_policy_has_a_worker(profile: str) -> None:
    regions = [service.region for service in of_profile(profile).values() if service.region]
    assert sorted(regions) == sorted(load_policy("rhipe-csp").regions)


def test_a_region_s_worker_differs_from_the_others_in_its_name_and_its_published_port() -> None:
    for profile in PROFILES:
        regional = [service for service in of_profile(profile).values() if service.region]
        alike = [{**service.given, "command": service.command[:-1], "ports": ""} for service in regional]
        assert all(given == alike[0] for given in alike)


# --- what is reachable --------------------------------------------------------------------------------------


def _published(service: Service) -> list[tuple[str, range, int]]:
    """Address, ports of this machine, port in the container."""
    found = []
    for port in service.given.get("ports", []):
        address, here, inside = port.rsplit(":", 2)
        first, _, last = here.partition("-")
        found.append((address, range(int(first), int(last or first) + 1), int(inside)))
    return found


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_nothing_is_reachable_from_another_machine(service: Service) -> None:
    assert all(address == "127.0.0.1" for address, _, _ in _published(service))
    assert "network_mode" not in service.given
    assert not service.given.get("privileged")


@pytest.mark.parametrize("profile", PROFILES)
def test_no_port_is_published_twice(profile: str) -> None:
    taken = [
        port
        for service in of_profile(profile).values()
        for _, here, _ in _published(service)
        for port in here
    ]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("service", WORKERS, ids=_names(WORKERS))
def test_the_port_that_is_asked_for_health_is_the_one_of_the_metrics(service: Service) -> None:
    port = int(service.environment["SUNRELAY_METRICS_ADDRESS"].rpartition(":")[2])
    assert [inside for _, _, inside in _published(service)] == [port]
    assert f'"127.0.0.1", {port}' in service.given["healthcheck"]["test"][-1]


@pytest.mark.parametrize("service", DOORS, ids=_names(DOORS))
def test_the_port_that_is_asked_for_health_is_the_one_a_door_listens_on(service: Service) -> None:
    port = int(service.command[service.command.index("--port") + 1])
    assert [inside for _, _, inside in _published(service)] == [port]
    assert f"http://127.0.0.1:{port}/health" in service.given["healthcheck"]["test"][-1]


# --- images -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_every_image_is_pinned_to_a_version(service: Service) -> None:
    _, _, tag = service.given["image"].rpartition(":")
    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?", tag)


def test_server_and_its_tools_are_one_version_and_the_one_the_tests_run() -> None:
    pinned = {service.given["image"] for service in EVERY if service.given["image"].startswith("temporalio/")}
    assert pinned == {"temporalio/server:1.32.0", "temporalio/admin-tools:1.32.0", "temporalio/ui:2.54.1"}


def test_our_image_has_the_version_of_the_package() -> None:
    assert {service.given["image"] for service in OURS} == {f"sunrelay:{_PACKAGE['project']['version']}"}


def _dockerfile(instruction: str) -> list[str]:
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"{instruction} ") for line in lines if line.startswith(f"{instruction} ")]


def test_our_image_is_built_on_a_pinned_one_and_runs_as_nobody_in_particular() -> None:
    assert all(re.search(r":3\.11\.\d+-slim-\w+$", base) for base in _dockerfile("FROM"))
    assert [user for user in _dockerfile("USER") if user != "root" and int(user) > 1000]


def test_the_image_holds_every_room_and_nothing_else_is_sent_to_be_built() -> None:
    copied = {part.removesuffix("/") for line in _dockerfile("COPY") for part in line.split()[:-1]}
    rooms = set(_PACKAGE["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert copied == rooms | {"requirements.txt", "pyproject.toml", "README.md"}
    assert all((PROJECT / name).exists() for name in copied)
    rules = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied


# --- settings and secrets -----------------------------------------------------------------------------------

KNOWN = {
    *(f"SUNRELAY_{name.upper()}" for name in (*AdapterSettings.model_fields, *WorkerSettings.model_fields)),
    *(f"SUNRELAY_ACTOR_{name.upper()}" for name in ActorSettings.model_fields),
    POLICY_DIR,
    "SUNRELAY_HOME",
    "SUNRELAY_CALENDAR_DIR",
}


@pytest.mark.parametrize(
    "name", ["docker-compose.yml", "docs/deploy.md", "docs/vendor-adapter.md", "docs/aftercare.md", ".env"]
)
def test_every_variable_of_ours_is_known_to_the_settings(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"SUNRELAY_[A-Z_]*[A-Z]", text)) <= KNOWN


@pytest.mark.parametrize("service", OURS, ids=_names(OURS))
def test_a_secret_file_of_ours_is_a_setting_or_the_connection(service: Service) -> None:
    connection = service.environment.get("TEMPORAL_CONFIG_FILE", "").rpartition("/")[2]
    settings = set(service.secrets) - {connection}
    assert settings <= {name.lower() for name in KNOWN}
    assert not connection or connection in service.secrets
    assert service.environment["SUNRELAY_SECRETS_DIR"] == "/run/secrets"


def test_survey_links_lead_to_the_published_page_which_has_the_key_they_are_signed_with() -> None:
    page = SERVICES["survey-page"]
    ((address, here, _),) = _published(page)
    for service in of_profile("local").values():
        if service.is_worker:
            assert service.environment["SUNRELAY_SURVEY_URL"] == f"http://{address}:{here[0]}{PATH}"
    for service in (*WORKERS, page, SERVICES["cloud-survey-page"]):
        assert service.secrets["sunrelay_survey_secrets"] == "survey_secrets"


def test_an_address_of_the_survey_page_that_is_named_goes_before_the_one_here() -> None:
    url = SERVICES["cases"].given["environment"]["SUNRELAY_SURVEY_URL"]
    assert resolved(url, SUNRELAY_SURVEY_URL="https://a.example/s") == "https://a.example/s"


def test_an_address_of_the_survey_page_in_sunrelay_env_keeps_nothing_from_starting() -> None:
    """An address without a key to sign with is refused, and what stands here goes before that file."""
    for service in OURS:
        if "env_file" in service.given and "sunrelay_survey_secrets" not in service.secrets:
            assert service.environment["SUNRELAY_SURVEY_URL"] == ""


@pytest.mark.parametrize("service", DOORS, ids=_names(DOORS))
def test_a_door_has_its_own_keys_and_no_other_secret_than_store_and_server(service: Service) -> None:
    own = {"survey": "survey_secrets", "vendor": "vendor_webhook_secrets"}[service.command[3]]
    assert set(service.secrets.values()) - {"postgres_password", "store_url", "temporal_toml"} == {own}


def test_every_secret_is_a_file_that_git_and_the_image_leave_out() -> None:
    used = {source for service in EVERY for source in service.secrets.values()}
    assert used == set(FILE["secrets"])
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    for secret in FILE["secrets"].values():
        assert secret.keys() == {"file"}
        assert any(fnmatch.fnmatch(secret["file"].removeprefix("."), f"{rule}*") for rule in ignored)
    assert "!secrets" not in (PROJECT / ".dockerignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_no_secret_stands_in_the_file(service: Service) -> None:
    for name, value in service.environment.items():
        assert not re.search(r"://[^/@]*:[^/@]*@", value), name
        if _SECRET_NAME.search(name):
            assert value.startswith("/run/secrets"), name
    if "POSTGRES_PASSWORD_FILE" in service.environment:
        assert service.environment["POSTGRES_PASSWORD_FILE"].rpartition("/")[2] in service.secrets


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_a_command_reads_only_secrets_its_service_has(service: Service) -> None:
    read = re.findall(r"/run/secrets/([\w.]+)", " ".join(service.command))
    assert set(read) <= set(service.secrets)


def test_the_mail_catcher_gives_way_to_a_mail_server_that_is_named() -> None:
    host = SERVICES["cases"].given["environment"]["SUNRELAY_SMTP_HOST"]
    assert resolved(host) == "mail"
    assert resolved(host, SUNRELAY_SMTP_HOST="smtp.example.com") == "smtp.example.com"


# --- order, health, limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_what_is_needed_is_waited_for_until_it_is_well_or_done(service: Service) -> None:
    for name, condition in service.needs.items():
        needed = SERVICES[name]
        assert needed.profiles == service.profiles
        if needed.is_job:
            assert condition == "service_completed_successfully"
        else:
            assert condition == "service_healthy"
            assert needed.given["healthcheck"]["test"][0] == "CMD"


def _behind(service: Service) -> set[str]:
    """Everything that is there before it is started."""
    return set(service.needs).union(*(_behind(SERVICES[name]) for name in service.needs))


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_a_service_waits_for_every_other_it_talks_to(service: Service) -> None:
    told = " ".join([*service.environment.values(), *service.command])
    hosts = {name for name in SERVICES if re.search(rf"(?<![\w/.-]){name}(?=:\d|\s-p\s|$)", told)}
    hosts |= {value for value in service.environment.values() if value in SERVICES}
    assert hosts - {service.name} <= _behind(service)


def test_workers_start_when_tables_namespace_and_mail_are_there() -> None:
    for service in of_profile("local").values():
        if service.is_worker:
            assert {"migrate", "temporal-namespace", "mail", "temporal", "postgresql"} <= _behind(service)


def test_doors_open_when_tables_and_namespace_are_there() -> None:
    for service in of_profile("local").values():
        if service.is_door:
            assert {"migrate", "temporal-namespace", "temporal", "postgresql"} <= _behind(service)


@pytest.mark.parametrize("service", LASTING, ids=_names(LASTING))
def test_what_runs_for_long_is_watched_started_again_and_kept_in_bounds(service: Service) -> None:
    assert service.given["healthcheck"]["retries"] > 0
    assert service.given["restart"] == "unless-stopped"
    assert {"cpus", "memory"} <= service.given["deploy"]["resources"]["limits"].keys()


@pytest.mark.parametrize("service", EVERY, ids=_names(EVERY))
def test_a_worker_that_is_told_to_stop_has_the_time_its_activities_have(service: Service) -> None:
    if service.is_ours and not service.is_job:
        given = _SECONDS.fullmatch(service.given["stop_grace_period"])
        assert given is not None
        assert int(given[1]) > worker.GRACE.total_seconds() + worker.LAST_BREATH


@pytest.mark.parametrize("service", OURS, ids=_names(OURS))
def test_our_containers_can_neither_write_their_image_nor_gain_rights(service: Service) -> None:
    assert service.given["read_only"] is True
    assert service.given["cap_drop"] == ["ALL"]
    assert service.given["security_opt"] == ["no-new-privileges:true"]
