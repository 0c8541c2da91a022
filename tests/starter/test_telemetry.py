"""What a running desk lets be seen: its metrics, a log that leads to the timeline, and traces where asked."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.testclient import TestClient
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.naming import case_id
from starter.door.faults import Fault, Kind
from starter.door.session import Session
from starter.telemetry.logs import JsonLines
from starter.web.api.observed import ApiCalls
from starter.web.metrics import metrics_app
from tests.people import request as told
from tests.servers import free_port, running_dev_server
from tests.starter.api_client import Api, request, web_door
from tests.starter.conftest import Commands, eventually
from workflows.messages import QUEUE, WORKFLOW, new_case

pytestmark = pytest.mark.e2e

DEPLOY = Path(__file__).parents[2] / "deploy"
TITLE = "Nobody at the mill can print"
OF_PROMETHEUS = {"up"}
"""What Prometheus knows by itself of whatever it reads."""

OF_THE_SDK = {"namespace", "task_queue", "workflow_type", "service_name"}
"""What Temporal's SDK says with whatever a worker measures."""


class Collector(ThreadingHTTPServer):
    """Takes traces as a collector does, by OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.spans: list[Span] = []
        self.raw = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                self.server.spans += scope.spans
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Watched:
    """A desk that is watched: the API, where its metrics are, its logs and its traces."""

    api: Api
    home: Path
    worker_metrics: str
    web_metrics: str
    collector: Collector
    case: Any = field(default=None)

    def metrics(self) -> str:
        """Everything the worker and the web door show."""
        places = (self.worker_metrics, self.web_metrics)
        return "\n".join(httpx.get(f"http://{place}/metrics", timeout=30).text for place in places)

    def calls(self) -> list[dict[str, Any]]:
        """The lines of the web door's log that are about calls."""
        (log,) = self.home.glob("web-*.log")
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if "route" in line]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A desk of its own, with a case that was answered and one whose clocks were due before it came."""
    home = tmp_path_factory.mktemp("watched")
    home.chmod(0o700)
    worker_metrics, web_metrics = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    with running_dev_server(tmp_path_factory.mktemp("server")) as server, Collector() as collector:
        Thread(target=collector.serve_forever, daemon=True).start()
        settings = {
            "SUNRELAY_LOG": "json",
            "SUNRELAY_TRACES_TO": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "SUNRELAY_STAFF_ADDRESS": "engineers@desk.example",
        }
        own = {"TEMPORAL_ADDRESS": server.address, "SUNRELAY_HOME": str(home), **settings}
        with (home / "worker.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "worker"],
                env={**os.environ, **own, "SUNRELAY_METRICS_ADDRESS": worker_metrics},
                stdout=log,
                stderr=log,
            )
        try:
            run = Commands(home, server.address, worker)
            with web_door(run, **settings, SUNRELAY_WEB_METRICS_ADDRESS=web_metrics) as api:
                desk = Watched(api, home, worker_metrics, web_metrics, collector)
                desk.case = api.post(
                    "/v1/cases", request("SEEN-1", title=TITLE), key="open-1", X_Request_Id="call-1"
                ).json()
                yield desk
        finally:
            worker.terminate()
            worker.wait(60)
            collector.shutdown()


async def _open_with_clocks_long_due(address: str) -> str:
    """Somebody's request of yesterday reaches the case only now."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    late = told("SEEN-LATE", received_at=yesterday, request_id="late-1")
    identity = case_id(late.tenant, late.source, late.reference)
    await client.start_workflow(
        WORKFLOW, new_case(), id=identity, task_queue=QUEUE, start_signal="submit", start_signal_args=[late]
    )
    return identity


# --- metrics ------------------------------------------------------------------------------------------------


async def test_every_metric_of_the_board_and_of_the_alerts_is_one_a_running_desk_has(
    watched: Watched,
) -> None:
    await _open_with_clocks_long_due(str(watched.api.run.address))
    wanted = (_of_board() | _of_alerts()) - OF_PROMETHEUS
    assert {"sunrelay_cases_overdue", "sunrelay_clock_lateness_seconds_bucket"} <= wanted
    eventually(lambda: wanted <= _names(watched.metrics()) or None, 30)


def _of_board() -> set[str]:
    board = json.loads((DEPLOY / "grafana" / "board.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    assert asked
    return {name for expression in asked for name in _asked_for(expression)}


def _of_alerts() -> set[str]:
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert rules
    assert all(rule["labels"]["severity"] and rule["annotations"]["summary"] for rule in rules)
    return {name for rule in rules for name in _asked_for(rule["expr"])}


_LABELS = re.compile(r"\{[^}]*\}|\b(?:by|without|on|ignoring)\s*\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"")
_WORDS = {"and", "or", "unless", "bool", "offset", "inf"}


def _asked_for(expression: str) -> set[str]:
    """The metrics in an expression: its words without labels, functions and operators."""
    bare = _LABELS.sub(" ", expression)
    return set(re.findall(r"\b[a-zA-Z_:][\w:]*\b(?!\s*\()", bare)) - _WORDS


def _names(shown: str) -> set[str]:
    families = set(re.findall(r"^# TYPE (\S+)", shown, re.MULTILINE))
    return families | set(re.findall(r"^([a-zA-Z_:][\w:]*)", shown, re.MULTILINE))


def test_open_cases_are_counted_by_centre_and_rank_and_nobody_is_named(watched: Watched) -> None:
    shown = eventually(lambda: _counted(watched.metrics()))
    assert re.search(r'sunrelay_cases_open\{rank="\d",region="\w+"\} [12]\.0', shown)
    assert "sunrelay_store_up 1.0" in shown
    own = [line for line in shown.splitlines() if line.startswith("sunrelay_")]
    labels = {name for line in own for name in re.findall(r"[{,](\w+)=", line)}
    assert labels <= {"region", "rank", "clock", "method", "route", "status", "le"} | OF_THE_SDK


def _counted(shown: str) -> str | None:
    return shown if re.search(r"^sunrelay_cases_open\{", shown, re.MULTILINE) else None


def test_calls_are_counted_by_routes_of_ours_whatever_is_asked_for(watched: Watched) -> None:
    for path in ("/v1/cases/nobody-has-this", "/v1/somewhere-else"):
        assert watched.api.get(path).status_code == 404
    shown = watched.metrics()
    assert re.search(r'sunrelay_api_calls_total\{method="GET",route="/cases/\{case\}",status="404"\}', shown)
    assert re.search(r'sunrelay_api_calls_total\{method="GET",route="-",status="404"\}', shown)
    assert "nobody-has-this" not in shown


def test_the_port_of_the_api_shows_no_metrics(watched: Watched) -> None:
    assert watched.api.get("/metrics").status_code == 404


def test_where_the_store_is_away_the_metrics_say_so_and_have_no_figures_of_the_desk() -> None:
    def away() -> Any:
        raise Fault(Kind.UNREACHABLE, "StoreUnreachable", "away")

    session = Session(away, away, away, lambda: "", timedelta(seconds=1))  # type: ignore[arg-type]
    shown = TestClient(metrics_app(session, ApiCalls())).get("/metrics").text
    assert "sunrelay_store_up 0.0" in shown
    assert "sunrelay_cases_open" not in shown


# --- log ----------------------------------------------------------------------------------------------------


def test_a_line_of_the_log_leads_from_a_call_to_its_entry_in_the_timeline(watched: Watched) -> None:
    (line,) = [line for line in watched.calls() if line["request_id"] == "call-1"]
    assert (line["method"], line["route"], line["status"]) == ("POST", "/cases", 201)
    assert line["case_id"] == watched.case["case_id"]
    assert line["credential"].startswith("sr_")
    assert line["credential"] not in ("", *watched.api.keys.values())
    assert line["ms"] > 0
    entries = watched.api.get(f"/v1/cases/{line['case_id']}/timeline").json()["entries"]
    assert entries[0]["request_id"] == line["message_request_id"]
    exported = watched.api.get("/v1/exports/case-events").json()["events"]
    assert line["message_request_id"] in [event["entry"]["request_id"] for event in exported]


def test_the_log_has_neither_a_secret_nor_what_a_customer_said(watched: Watched) -> None:
    assert watched.calls()
    for log in watched.home.glob("*.log"):
        said = log.read_text()
        assert TITLE not in said
        assert not any(key in said for key in watched.api.keys.values())


def test_no_text_begins_a_line_of_its_own_in_a_log_of_json() -> None:
    record = logging.makeLogRecord(
        {"msg": "said\n{\x1b[31m", "levelname": "INFO", "name": "a", "route": "/v1"}
    )
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert (json.loads(line)["message"], json.loads(line)["route"]) == ("said\n{\x1b[31m", "/v1")


# --- traces -------------------------------------------------------------------------------------------------


def test_a_call_its_case_and_what_the_worker_did_for_it_are_one_trace(watched: Watched) -> None:
    wanted = {"POST /cases", "RunWorkflow:SupportCase", "RunActivity:record_case"}
    eventually(lambda: any(wanted <= names for names in _traces(watched.collector).values()), 30)


def _traces(collector: Collector) -> dict[bytes, set[str]]:
    found: dict[bytes, set[str]] = {}
    for span in list(collector.spans):
        found.setdefault(span.trace_id, set()).add(span.name)
    return found


def test_a_trace_says_that_something_failed_and_nothing_of_what_was_said(watched: Watched) -> None:
    refused = watched.api.post(f"/v1/cases/{watched.case['case_id']}/reopenings", {"reason": "again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "CaseNotClosed")
    spans = watched.collector.spans
    eventually(lambda: any(span.name == "StartWorkflowUpdate:reopen" for span in spans), 30)
    eventually(lambda: any(span.name == "ValidateUpdate:reopen" for span in spans), 30)
    assert any(span.status.code == span.status.STATUS_CODE_ERROR for span in spans)
    for words in (TITLE, "CaseNotClosed", "the case is"):
        assert words.encode() not in watched.collector.raw


def test_without_the_setting_nothing_of_tracing_is_loaded() -> None:
    code = (
        "import sys, starter.web.traced as t, starter.telemetry.traces as s;"
        "app = object();"
        "assert s.tracing() == [] and t.traced(app) is app;"
        "sys.exit('opentelemetry.sdk' in sys.modules or 'opentelemetry.exporter' in sys.modules)"
    )
    clean = {name: value for name, value in os.environ.items() if name != "SUNRELAY_TRACES_TO"}
    assert subprocess.run([sys.executable, "-c", code], env=clean, check=False).returncode == 0
