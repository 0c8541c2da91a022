"""The API does what its description says, whatever it is sent: every answer is one that it describes."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.starter.api_client import OUR_ENGINEER, Api
from tests.starter.test_api import described as description

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
"""What must hold of every answer. That a lost engine or store is 503 has tests of its own."""


@pytest.fixture(scope="module")
def described(api: Api) -> Any:
    return schemathesis.openapi.from_url(f"{api.base}/v1/openapi.json")


_ROUTES = [(path, method) for path, route in description()["paths"].items() for method in route]


@pytest.mark.parametrize(("path", "method"), _ROUTES, ids=[f"{method} {path}" for path, method in _ROUTES])
def test_every_answer_is_one_the_description_has(api: Api, described: Any, path: str, method: str) -> None:
    known = {"Authorization": f"Bearer {api.keys[OUR_ENGINEER]}"}

    @settings(
        max_examples=3,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[path][method].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(headers=known, checks=CHECKS, timeout=60)

    ask()
