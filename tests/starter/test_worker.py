"""The composition root: it refuses to work without what a case needs, and stops in good order."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
    RemoveSearchAttributesRequest,
)
from temporalio.client import Client

import worker
from starter.cli.exits import Exit
from starter.door.faults import Fault
from starter.door.search_attributes import ensure_search_attributes
from tests.servers import DevServer, free_port, running_dev_server
from tests.starter.conftest import Commands
from workflows.messages import SEARCH_ATTRIBUTES

pytestmark = pytest.mark.e2e


async def _names(client: Client) -> set[str]:
    request = ListSearchAttributesRequest(namespace="default")
    return set((await client.operator_service.list_search_attributes(request)).custom_attributes)


async def test_search_attributes_that_are_missing_are_registered(tmp_path: Path) -> None:
    ours = {key.name for key in SEARCH_ATTRIBUTES}
    with running_dev_server(tmp_path) as server:
        client = await Client.connect(server.address)
        await client.operator_service.remove_search_attributes(
            RemoveSearchAttributesRequest(namespace="default", search_attributes=sorted(ours))
        )
        assert not ours & await _names(client)
        await ensure_search_attributes(client)
        assert ours <= await _names(client)
        await ensure_search_attributes(client)


async def test_an_attribute_of_another_type_is_refused_with_what_to_type(tmp_path: Path) -> None:
    with running_dev_server(tmp_path) as server:
        client = await Client.connect(server.address)
        operator = client.operator_service
        await operator.remove_search_attributes(
            RemoveSearchAttributesRequest(namespace="default", search_attributes=["CaseRank"])
        )
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        await operator.add_search_attributes(
            AddSearchAttributesRequest(namespace="default", search_attributes={"CaseRank": keyword})
        )
        with pytest.raises(Fault) as refused:
            await ensure_search_attributes(client)
    assert "CaseRank" in refused.value.reason
    assert "temporal operator search-attribute create" in refused.value.remedy
    assert "--name CaseRank --type Int" in refused.value.remedy


def _start(home: Path, address: str, *command: str, **settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "SUNRELAY_HOME": str(home), "TEMPORAL_ADDRESS": address, **settings}
    called = [sys.executable, "-m", *(command or ("worker",))]
    return subprocess.Popen(called, env=environment, stderr=subprocess.PIPE, text=True)


def _until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"the worker never said: {words}")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_worker_in_good_order(
    dev_server: DevServer, tmp_path: Path, how: signal.Signals
) -> None:
    process = _start(tmp_path, dev_server.address)
    _until(process, "working on the queue")
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_a_worker_with_wrong_settings_does_not_start_and_says_each_fault(
    dev_server: DevServer, tmp_path: Path
) -> None:
    wrong = {"SUNRELAY_REPLIES_TO": "a@b.example, c@d.example", "SUNRELAY_MAIL_FROM": "jörg@support.example"}
    process = _start(tmp_path, dev_server.address, **wrong)
    _, said = process.communicate(timeout=60)
    assert process.returncode == Exit.USAGE
    assert "SUNRELAY_REPLIES_TO: " in said
    assert "'a@b.example, c@d.example' is no mail address: " in said
    assert "SUNRELAY_MAIL_FROM: give an address in ASCII" in said
    assert "Traceback" not in said


def test_a_worker_alone_carries_cases_and_works_for_every_centre(
    dev_server: DevServer, tmp_path: Path
) -> None:
    staff = {"SUNRELAY_STAFF_ADDRESS": "staff@desk.example"}
    process = _start(tmp_path, dev_server.address, "starter", "worker", **staff)
    _until(process, "sunrelay-region-kuala_lumpur")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SUNRELAY_METRICS_ADDRESS": "everywhere"}, "SUNRELAY_METRICS_ADDRESS"),
        ({"SUNRELAY_LOG": "xml", "SUNRELAY_TRACES_TO": "collector"}, "SUNRELAY_LOG"),
        ({"SUNRELAY_CACHED_CASES": "-1"}, "SUNRELAY_CACHED_CASES"),
        ({"SUNRELAY_SMTP_PORT": "0"}, "SUNRELAY_SMTP_PORT"),
        ({"SUNRELAY_STORE_URL": "mysql://x/y"}, "mysql"),
        ({"TEMPORAL_ADDRESS": "127.0.0.1:1"}, "127.0.0.1:1"),
    ],
)
def test_a_setting_that_cannot_be_is_one_line(
    dev_server: DevServer, tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    process = _start(tmp_path, settings.pop("TEMPORAL_ADDRESS", dev_server.address), **settings)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (2, 5)
    faults = [line for line in err.splitlines() if " INFO " not in line]
    assert len(faults) == 1
    assert said in faults[0]


def test_the_last_attempt_of_an_activity_fits_into_the_shutdown() -> None:
    """30 s is the longest attempt of an activity (workflows.delivery)."""
    assert worker.GRACE.total_seconds() > 30


def test_a_worker_for_a_centre_no_policy_has_does_not_start_and_names_the_known_ones(
    tmp_path: Path,
) -> None:
    process = _start(tmp_path, f"127.0.0.1:{free_port()}", "worker", "--region", "sydny")
    _, said = process.communicate(timeout=60)
    assert process.returncode == Exit.REFUSED
    assert "no policy has a region 'sydny'; known are auckland, " in said
    assert "sydney" in said


def test_a_worker_of_a_centre_that_can_tell_nobody_there_does_not_take_its_notes(
    dev_server: DevServer, tmp_path: Path
) -> None:
    for settings in ({}, {"SUNRELAY_REGION_ADDRESSES": '{"sydney": "sydney@desk.example"}'}):
        process = _start(tmp_path, dev_server.address, "worker", "--region", "manila", **settings)
        _, said = process.communicate(timeout=60)
        assert process.returncode == Exit.USAGE
        assert "nobody of manila can be told; set SUNRELAY_REGION_ADDRESSES" in said
        assert "working on the queue" not in said


def test_a_worker_for_every_centre_that_can_tell_nobody_of_some_names_them_all_and_does_not_start(
    dev_server: DevServer, tmp_path: Path
) -> None:
    for settings, dark in (
        ({}, "sydney"),
        ({"SUNRELAY_REGION_ADDRESSES": '{"sydney": "s@desk.example"}'}, ""),
    ):
        process = _start(tmp_path, dev_server.address, "starter", "worker", **settings)
        _, said = process.communicate(timeout=120)
        assert process.returncode == Exit.USAGE
        (line,) = [line for line in said.splitlines() if "can be told" in line]
        assert "manila" in line
        assert ("sydney" in line) is bool(dark)
        assert "set SUNRELAY_REGION_ADDRESSES or SUNRELAY_STAFF_ADDRESS" in line
        assert "working on the queue" not in said


def test_a_worker_of_a_centre_starts_with_an_address_of_the_centre_or_of_one_of_its_people(
    dev_server: DevServer, tmp_path: Path
) -> None:
    address = {"SUNRELAY_REGION_ADDRESSES": '{"manila": "manila@desk.example"}'}
    ana = '[{"name": "Ana", "region": "manila", "address": "ana@desk.example"}]'
    for settings in (address, {}):
        if not settings:
            Commands(tmp_path, None).as_json("rota", "import", "-", stdin=ana)
        process = _start(tmp_path, dev_server.address, "worker", "--region", "manila", **settings)
        _until(process, "working on the queue sunrelay-region-manila")
        process.terminate()
        process.communicate(timeout=60)
