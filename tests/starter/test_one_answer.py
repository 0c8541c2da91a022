"""A case that is not for somebody is not there for them: a missing one and it get one answer everywhere."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.store.case_store import CaseStore
from domain.actor import Actor, ActorKind, Door, Role
from domain.naming import case_id, case_number
from domain.verbs import Verb
from starter.door.case_reader import find_for, reach, see
from starter.door.faults import Fault
from starter.door.session import Session
from starter.door.speak import Said, hand_over, speak
from tests.starter.conftest import Commands, complete, dev_server, eventually, run

__all__ = ["dev_server", "run"]

FOREIGN = Actor(kind=ActorKind.CUSTOMER, name="Mal", tenant="globex", door=Door.API)
PROGRAM = Actor(kind=ActorKind.SYSTEM, name="bot", role=Role.SYSTEM, tenant="globex", door=Door.API)
NO_TENANT = Actor(kind=ActorKind.CUSTOMER, name="Mal", door=Door.API)
VENDOR = Actor(kind=ActorKind.VENDOR, name="The vendor", role=Role.VENDOR, door=Door.API)
OWN = Actor(kind=ActorKind.CUSTOMER, name="Kim", tenant="acme", door=Door.API)
MISSING = case_id("acme", "desk", "never-opened")


@pytest.fixture
async def session(run: Commands) -> AsyncIterator[Session]:
    store = CaseStore(f"sqlite:///{run.home / 'cases.db'}")

    async def connect() -> Client:
        return await Client.connect(str(run.address), data_converter=pydantic_data_converter)

    def none() -> Any:
        raise AssertionError("nobody writes here")

    yield Session(connect, lambda: store, none, lambda: "here", timedelta(seconds=60))
    await store.close()


@pytest.fixture
def there(run: Commands) -> str:
    opened = run.as_json("open", *complete("one-answer", "acme"))
    eventually(lambda: run("list", "--tenant", "acme", "-o", "json").out.find(opened["number"]) > 0)
    return str(opened["case_id"])


async def told(asked: Awaitable[Any]) -> tuple[Any, ...]:
    with pytest.raises(Fault) as fault:
        await asked
    one = fault.value
    words = re.sub(r"case-[a-z2-7]{20}|SR-\w{4}-\w{4}-\w", "THIS", f"{one.reason}; {one.remedy}; {one.case}")
    return one.kind, one.code, words, one.way, one.missing, str(one.more)


Ask = Callable[[Session, Actor, str], Awaitable[Any]]


def _every_way() -> dict[str, Ask]:
    ways: dict[str, Ask] = {"see": see, "reach": reach, "find by id": find_for}
    ways["find by number"] = lambda session, actor, case: find_for(session, actor, case_number(case))
    for verb in Verb:
        ways[f"say {verb}"] = partial(_say, verb)
        ways[f"hand over {verb}"] = partial(_hand, verb)
    return ways


async def _say(verb: Verb, session: Session, actor: Actor, case: str) -> Any:
    return await speak(session, actor, case, Said(verb, {}))


async def _hand(verb: Verb, session: Session, actor: Actor, case: str) -> Any:
    return await hand_over(session, actor, case, Said(verb, {}))


@pytest.mark.e2e
async def test_foreign_and_missing_get_one_answer_at_every_verb_and_view(
    session: Session, there: str
) -> None:
    before = (await see(session, OWN, there)).view.version
    for actor in (FOREIGN, PROGRAM, NO_TENANT, VENDOR):
        for way, ask in _every_way().items():
            foreign = await told(ask(session, actor, there))
            assert foreign == await told(ask(session, actor, MISSING)), (way, actor.kind)
            assert foreign[1] == "CaseNotFound", way
    assert (await see(session, OWN, there)).view.version == before


@pytest.mark.e2e
def test_the_command_line_keeps_an_attempt_at_anothers_case_for_the_audit(run: Commands, there: str) -> None:
    mal = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "globex", "SUNRELAY_ACTOR_NAME": "Mal"}
    attempts = ("show", there), ("update", there, "I was here"), ("timeline", case_number(there))
    for typed in attempts:
        assert run(*typed, **mal).code == 4
    assert run("show", MISSING, **mal).code == 4
    found = run.as_json("audit")
    mine = {(one["asked"], one["code"], one["why"]) for one in found if one["who"] == "Mal"}
    assert {("show show", "CaseNotFound", "another's case")} <= mine
    assert all(one["door"] == "cli" and one["credential"] is None for one in found)
    assert "I was here" not in str(found)


@pytest.mark.e2e
def test_who_speaks_reads_as_whom_and_through_which_door(run: Commands, there: str) -> None:
    ana = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "acme", "SUNRELAY_ACTOR_NAME": "Ana"}
    assert run("reply", there, "It fails still", **ana).code in (0, 3)
    assert run("case", "note", there, "seen", SUNRELAY_ACTOR_NAME="Ana").code == 0
    assert run("case", "note", there, "I can add", **ana).code == 0
    shown = " ".join(run("timeline", there).out.split())
    assert "Ana (customer, cli)" in shown
    assert "Ana (staff engineer, cli)" in shown
    entries = run.as_json("timeline", there)["entries"]
    assert {(one["by"], one["by_kind"], one["door"]) for one in entries} >= {
        ("Ana", "customer", "cli"),
        ("Ana", "staff", "cli"),
    }
