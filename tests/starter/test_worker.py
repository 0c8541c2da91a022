"""The composition root: it refuses to work without what a case needs, and stops in good order."""

import os
import signal
import subprocess
import sys
import urllib.request
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
from starter.faults import Fault
from starter.search_attributes import ensure_search_attributes
from tests.servers import DevServer, free_port, running_dev_server
from tests.starter.conftest import eventually
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


def test_a_worker_alone_carries_cases_and_works_for_every_centre(
    dev_server: DevServer, tmp_path: Path
) -> None:
    process = _start(tmp_path, dev_server.address, "starter", "worker")
    _until(process, "sunrelay-region-kuala_lumpur")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_metrics_are_served_where_they_are_asked_for(dev_server: DevServer, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    process = _start(tmp_path, dev_server.address, SUNRELAY_METRICS_ADDRESS=address)
    try:
        _until(process, "working on the queue")
        eventually(lambda: b"temporal_worker_task_slots_available" in _read(address))
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _read(address: str) -> bytes:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        f"http://{address}/metrics"
    ) as answer:
        return bytes(answer.read())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SUNRELAY_METRICS_ADDRESS": "everywhere"}, "SUNRELAY_METRICS_ADDRESS"),
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
