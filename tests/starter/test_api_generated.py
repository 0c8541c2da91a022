"""What is described can be used as it is: a generated client opens a case, worked calls do their work."""

import os
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiopenapi3 import OpenAPI
from aiopenapi3.extra import Reduce
from aiopenapi3.loader import FileSystemLoader

from tests.starter.api_client import OUR_ENGINEER, Api, request
from tests.starter.files_given import give, ids_of
from tests.starter.test_api import DESCRIPTION
from tests.starter.test_api_every_route import DESCRIBED

_USED = ("open_case", "respond", "explain")


@pytest.fixture(scope="module")
def client(api: Api) -> Any:
    """A client made from the description alone."""
    made = OpenAPI.load_file(
        f"{api.base}/v1/openapi.json",
        Path(DESCRIPTION.name),
        session_factory=httpx2.Client,
        loader=FileSystemLoader(DESCRIPTION.parent),
        plugins=[Reduce(*_USED)],
    )
    made.authenticate(HTTPBearer=api.keys[OUR_ENGINEER])
    return made._


def test_a_generated_client_opens_a_case_answers_it_and_asks_why(client: Any) -> None:
    opening = client.open_case.data.get_type().model_validate(request("GENERATED-1"))
    opened = client.open_case(data=opening, parameters={"Idempotency-Key": "generated-1"})
    assert opened.outcome == "accepted"
    answer = client.respond.data.get_type().model_validate({"text": "I have started."})
    named = {"case": opened.number, "Idempotency-Key": "generated-2"}
    assert client.respond(data=answer, parameters=named).phase == "in_progress"
    why = client.explain(parameters={"case": opened.number, "clock": "update"})
    assert why.running
    assert why.due_at


_TELLS_STATUS = "curl -s -o /dev/null -w '%{http_code}\\n'"
SAMPLES = [
    (path, method, operation["x-codeSamples"][0]["source"])
    for path, route in DESCRIBED["paths"].items()
    for method, operation in route.items()
]


def test_each_route_has_a_worked_call() -> None:
    assert len(SAMPLES) > 60
    assert all(source.startswith('curl -s "$API/') for _, _, source in SAMPLES)
    assert not [source for _, _, source in SAMPLES if "{" in source.partition("-d ")[0]]


def test_the_worked_calls_that_read_are_answered(api: Api) -> None:
    number = api.open("WORKED-1")["number"]
    incident = {"reference": "MI-WORKED-1", "title": "Mail is away", "text": "It is away."}
    assert api.post("/v1/incidents", incident).status_code == 201
    (file,) = ids_of(give(api, number, ("trace.log", b"09:12 refused"), text="A log"))
    mine = {
        "SR-G9VF-KNNH-G": number,
        "MI-MAIL-1": incident["reference"],
        "mfrggzdfmztwq2lknnwg23tpoa": file,
        "curl -s": _TELLS_STATUS,
    }
    lines = [source for _, method, source in SAMPLES if method == "get"]
    for shown, here in mine.items():
        lines = [line.replace(shown, here) for line in lines]
    own = {"API": f"{api.base}/v1", "KEY": api.key("Mo", role="manager")}  # some are for who leads
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["200"] * len(lines)
