"""The stack as it is written down: what it would publish, keep secret, wait for and run."""

import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import yaml

import worker
from policies import load_policy
from starter.desk.aside import BLOCKED_PORTS
from starter.desk.limits import LIMITS
from starter.desk.server import NOBODY
from starter.web.ui_door import own_names
from tests.deploy.stack import (
    DOORS,
    EVERY,
    FILE,
    LASTING,
    PAGE_DOORS,
    PROFILES,
    PROJECT,
    SERVICES,
    WORKERS,
    Service,
    names,
    of_profile,
    resolved,
    variables,
)

_SECONDS = re.compile(r"(\d+)s")


# --- profiles -----------------------------------------------------------------------------------------------


def test_without_a_profile_everything_of_this_machine_is_meant() -> None:
    told = variables((PROJECT / ".env").read_text(encoding="utf-8"))
    assert told == {"COMPOSE_PROFILES": "local", "SUNRELAY_CASE_WORKERS": "1"}
    infrastructure = {
        "postgresql", "temporal-schema", "temporal", "temporal-namespace", "temporal-ui", "mail", "migrate"
    }  # fmt: skip
    assert infrastructure | {"cases"} <= of_profile("local").keys()


def test_a_cluster_elsewhere_gets_what_is_ours_alone() -> None:
    assert all(service.is_ours for service in of_profile("cloud").values())


@pytest.mark.parametrize("profile", PROFILES)
def test_one_web_door_comes_up_with_the_workers(profile: str) -> None:
    assert len([service for service in of_profile(profile).values() if service.is_door]) == 1


def test_every_service_comes_up_with_exactly_one_profile() -> None:
    assert all(len(service.profiles) == 1 and service.profiles[0] in PROFILES for service in EVERY)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_region_of_the_policy_has_a_worker(profile: str) -> None:
    regions = [service.region for service in of_profile(profile).values() if service.region]
    assert sorted(regions) == sorted(load_policy("rhipe-csp").regions)


def test_a_region_s_worker_differs_from_the_others_in_its_name() -> None:
    for profile in PROFILES:
        regional = [service for service in of_profile(profile).values() if service.region]
        alike = [{**service.given, "command": service.command[:-1]} for service in regional]
        assert all(given == alike[0] for given in alike)


# --- what is reachable --------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_nothing_is_reachable_from_another_machine(service: Service) -> None:
    assert all(address == "127.0.0.1" for address, _, _ in service.published)
    assert "network_mode" not in service.given
    assert not service.given.get("privileged")


def test_the_server_has_no_door_that_a_web_page_could_knock_at() -> None:
    assert SERVICES["temporal"].environment["FRONTEND_HTTP_PORT"] == "0"


def test_of_others_nothing_is_published_that_shows_a_case_to_a_browser() -> None:
    """PostgreSQL and gRPC, which no browser speaks, and the server's counts."""
    published = {
        service.name: [inside for _, _, inside in service.published]
        for service in EVERY
        if service.published and not service.is_ours
    }
    assert published == {"postgresql": [5432], "temporal": [7233, 9090]}


def test_temporal_s_ui_and_the_mails_are_where_they_have_always_been() -> None:
    shown = {service.stands_before: service.published for service in PAGE_DOORS}
    assert {page[0]: list(here) for page, ((_, here, _),) in shown.items() if page} == {
        "temporal-ui": [8080],
        "mail": [8025],
    }


@pytest.mark.parametrize("service", PAGE_DOORS, ids=names(PAGE_DOORS))
def test_a_door_before_a_page_answers_to_the_name_it_is_published_under(service: Service) -> None:
    command = service.command
    assert "--name" not in command
    answered = own_names(int(command[command.index("--port") + 1]))
    ((address, (here,), _),) = service.published
    assert {f"{address}:{here}", f"localhost:{here}"} <= set(answered)


@pytest.mark.parametrize("service", PAGE_DOORS, ids=names(PAGE_DOORS))
def test_a_page_is_inside_its_network_at_a_port_no_browser_opens(service: Service) -> None:
    """A container's address is within reach of this machine's browser, and can be guessed."""
    assert service.stands_before is not None
    name, port = service.stands_before
    page = SERVICES[name]
    told = page.environment.get("TEMPORAL_UI_PORT") or page.environment["MP_UI_BIND_ADDR"]
    assert int(told.rpartition(":")[2]) == port
    assert port in BLOCKED_PORTS
    assert service.needs[name] == "service_healthy"
    probed = page.given["healthcheck"]["test"]
    assert probed[-1] in (str(port), "readyz")


@pytest.mark.parametrize("service", PAGE_DOORS, ids=names(PAGE_DOORS))
def test_a_door_before_a_page_has_no_secret_and_no_setting(service: Service) -> None:
    assert service.secrets == service.environment == {}


_SERVER = yaml.safe_load((PROJECT / "deploy" / "temporal.yaml").read_text(encoding="utf-8"))


def _set(name: str) -> Any:
    """What the server is told under a name, for everything there is."""
    (entry,) = _SERVER[name]
    assert not entry["constraints"]
    return entry["value"]


def test_the_server_takes_no_more_for_one_case_than_that_of_a_desk() -> None:
    assert {name: _set(name) for name in LIMITS} == LIMITS
    assert LIMITS["limit.blobSize.error"] == 512 * 1024


def test_the_server_s_http_door_would_answer_nobody_if_it_were_opened() -> None:
    assert _set("frontend.httpAllowedHosts") == [NOBODY]


@pytest.mark.parametrize("profile", PROFILES)
def test_no_port_is_published_twice(profile: str) -> None:
    taken = [
        port for service in of_profile(profile).values() for _, here, _ in service.published for port in here
    ]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("service", WORKERS, ids=names(WORKERS))
def test_the_port_that_is_asked_for_health_is_the_one_of_the_metrics(service: Service) -> None:
    port = int(service.environment["SUNRELAY_METRICS_ADDRESS"].rpartition(":")[2])
    assert f'"127.0.0.1", {port}' in service.given["healthcheck"]["test"][-1]


@pytest.mark.parametrize("service", DOORS, ids=names(DOORS))
def test_the_metrics_of_a_door_are_not_at_the_port_that_is_published(service: Service) -> None:
    metrics = int(service.environment["SUNRELAY_WEB_METRICS_ADDRESS"].rpartition(":")[2])
    assert metrics not in [inside for _, _, inside in service.published]


_ASKING, _STARTING = (
    'temporal_num_pollers{task_queue="q"} 5\n',
    'temporal_request{operation="GetSystemInfo"} 1\n',
)


@pytest.mark.parametrize(("metrics", "is_well"), [(_ASKING, True), (_STARTING, False), ("", False)])
def test_a_worker_is_well_once_it_asks_for_work(metrics: str, is_well: bool) -> None:
    """It serves metrics before: while it looks for the server, the store and the search attributes."""

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(metrics.encode())

    _, *question = SERVICES["cases"].given["healthcheck"]["test"]
    with HTTPServer(("127.0.0.1", 0), Metrics) as server:
        Thread(target=server.handle_request, daemon=True).start()
        asked = [part.replace("9464", str(server.server_port)) for part in question]
        said = subprocess.run([sys.executable, *asked[1:]], timeout=60, check=False)
    assert (said.returncode == 0) is is_well


@pytest.mark.parametrize("service", WORKERS, ids=names(WORKERS))
def test_there_may_be_any_number_of_a_worker(service: Service) -> None:
    """A port of this machine is there once, and a range has an end: metrics are read inside the network."""
    assert "ports" not in service.given
    assert "container_name" not in service.given


@pytest.mark.parametrize("name", ["cases", "cloud-cases"])
def test_the_number_of_case_workers_stays_as_it_was_set_at_the_next_up(name: str) -> None:
    given = SERVICES[name].given["scale"]
    assert resolved(given) == "1"
    assert resolved(given, SUNRELAY_CASE_WORKERS="3") == "3"


@pytest.mark.parametrize("service", DOORS + PAGE_DOORS, ids=names(DOORS + PAGE_DOORS))
def test_the_port_that_is_asked_for_health_is_the_one_a_door_listens_on(service: Service) -> None:
    port = int(service.command[service.command.index("--port") + 1])
    assert [inside for _, _, inside in service.published] == [port]
    assert f"http://127.0.0.1:{port}/health" in service.given["healthcheck"]["test"][-1]


# --- order, health, limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
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


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_a_service_waits_for_every_other_it_talks_to(service: Service) -> None:
    places = _places(service)
    told = " ".join([*places, *service.command])
    hosts = {name for name in SERVICES if re.search(rf"(?<![\w/.-]){name}(?=:\d|\s-p\s|$)", told)}
    hosts |= {place for place in places if place in SERVICES}
    assert hosts - {service.name} <= _behind(service)


def _places(service: Service) -> list[str]:
    """What a service is told of others; of the settings all of ours have, what it has a use for."""
    unused = {"SUNRELAY_SMTP_HOST"} if service.is_door else set()
    if service.is_ours and service.is_job:
        unused = {"SUNRELAY_SMTP_HOST", "TEMPORAL_ADDRESS"}
    return [value for name, value in service.environment.items() if name not in unused]


def test_workers_start_when_tables_namespace_and_mail_are_there() -> None:
    for service in of_profile("local").values():
        if service.is_worker:
            assert {"migrate", "temporal-namespace", "mail", "temporal", "postgresql"} <= _behind(service)


def test_doors_open_when_tables_and_namespace_are_there() -> None:
    for service in of_profile("local").values():
        if service.is_door:
            assert {"migrate", "temporal-namespace", "temporal", "postgresql"} <= _behind(service)


@pytest.mark.parametrize("service", LASTING, ids=names(LASTING))
def test_what_runs_for_long_is_watched_started_again_and_kept_in_bounds(service: Service) -> None:
    assert service.given["healthcheck"]["retries"] > 0
    assert service.given["healthcheck"]["interval"] == "5s"  # the first probe comes after as long
    assert service.given["restart"] == "unless-stopped"
    assert {"cpus", "memory"} <= service.given["deploy"]["resources"]["limits"].keys()


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_a_worker_that_is_told_to_stop_has_the_time_its_activities_have(service: Service) -> None:
    if service.is_ours and not service.is_job:
        given = _SECONDS.fullmatch(service.given["stop_grace_period"])
        assert given is not None
        assert int(given[1]) > worker.GRACE.total_seconds() + worker.LAST_BREATH


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_a_container_can_neither_write_its_image_nor_gain_rights(service: Service) -> None:
    assert service.given["read_only"] is True
    assert service.given["cap_drop"] == ["ALL"]
    assert service.given["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", EVERY, ids=names(EVERY))
def test_what_a_container_writes_for_a_while_has_an_end(service: Service) -> None:
    assert any(place.startswith("/tmp:") for place in service.given["tmpfs"])
    assert all(re.search(r":size=\d+m$", place) for place in service.given["tmpfs"])


def test_the_database_alone_has_rights_of_root_and_no_more_than_it_steps_down_with() -> None:
    added = {service.name: service.given["cap_add"] for service in EVERY if "cap_add" in service.given}
    assert added == {"postgresql": ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]}


def test_no_file_is_copied_into_a_container_that_cannot_be_written() -> None:
    """Compose copies a `content`, which a read-only container refuses, and mounts a file."""
    for config in FILE["configs"].values():
        assert (PROJECT / config["file"]).is_file()
