"""A desk, and a place elsewhere from which its API alone can be reached; the same is typed at both."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.starter.api_client import Api, request, web_door
from tests.starter.conftest import Answer, Commands
from tests.starter.typed_verbs import ENGINEER, SECOND_LINE, TENANT, Said, Speaker

WAYS = ("desk", "elsewhere")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+00:00)?")


@dataclass
class Ways:
    """The desk and elsewhere, and the cases that verbs are said to: a pair of equal ones for each."""

    desk: Commands
    elsewhere: Commands
    api: Api
    pairs: dict[str, tuple[str, str]] = field(default_factory=dict)

    def type(self, way: str, who: Speaker, *words: str, **more: Any) -> Answer:
        """Type a command at the desk, or elsewhere."""
        if way == "desk":
            return self.desk(*words, "-o", "json", **who.setting, **more)
        settings = {"SUNRELAY_URL": self.api.base, "SUNRELAY_KEY": self.key(who)}
        return self.elsewhere(*words, "-o", "json", **settings, **more)

    def key(self, who: Speaker) -> str:
        """The key of somebody, made when first asked for."""
        if who.name not in self.api.keys:
            flags = [f"--{name}={value}" for name, value in who._asdict().items() if value and name != "name"]
            assert self.desk("people", "add", who.name, *flags).code == 0
            self.api.keys[who.name] = self.desk.as_json("people", "key", who.name)["key"]
        return self.api.keys[who.name]

    def pair(self, said: Said) -> tuple[str, str]:
        """Two equal cases, brought as far as the verb wants them."""
        if said.case not in self.pairs:
            self.pairs[said.case] = (self._brought(said, "desk"), self._brought(said, "elsewhere"))
        return self.pairs[said.case]

    def _brought(self, said: Said, way: str) -> str:
        reference = f"{said.verb}-{way}"
        answer = self.api.post("/v1/cases", request(reference, TENANT, **said.request), as_=ENGINEER.name)
        number = str(answer.json()["number"])
        for line in said.before:
            self.desk.as_json(*words(line, number), **SECOND_LINE.setting)
        return number


def words(line: str, number: str) -> list[str]:
    """What is typed, one word after the other, to this case."""
    return [number if word == "CASE" else word for word in shlex.split(line)]


def end_of(answer: Answer, number: str) -> tuple[int, Any, list[str]]:
    """How a command ended and what it warned of, without what is another case's or another moment's."""
    told = answer.err.splitlines()
    record = json.loads(answer.out or told.pop())
    if isinstance(record, dict):
        record = {name: one for name, one in record.items() if name not in _OF_ITS_OWN}
    plain = _MOMENT.sub("WHEN", json.dumps(record).replace(number, "CASE"))
    return answer.code, json.loads(plain), [line.replace(number, "CASE") for line in told]


_OF_ITS_OWN = ("case_id", "asked_at", "request_id", "source", "undelivered")


@pytest.fixture(scope="module")
def ways(run: Commands, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    """The desk of the tests, its web door, and somewhere else."""
    run.open("WAYS-WARM")
    with web_door(run) as api:
        found = Ways(run, Commands(tmp_path_factory.mktemp("elsewhere"), None), api)
        found.key(ENGINEER)
        yield found
