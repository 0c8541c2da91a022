"""A case whose workflow is over: read from the store, and reopened as a new, linked case.

On the server that skips time, with the real worker: five business days pass in a moment.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

import worker
from activities.assembly import open_adapters
from activities.settings import AdapterSettings
from starter.desk.mail_sink import MailSink
from starter.home import Home
from starter.search_attributes import ensure_search_attributes
from tests.servers import TEST_SERVER, free_port
from tests.starter.conftest import Answer, Commands, complete


class Archive:
    """Commands at a desk where one case is archived already."""

    def __init__(self, commands: Commands, number: str) -> None:
        self._commands = commands
        self.number = number

    async def __call__(self, *arguments: str, **environment: str) -> Answer:
        return await asyncio.to_thread(self._commands, *arguments, "-o", "json", **environment)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def archive(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Archive]:
    home = Home(tmp_path_factory.mktemp("archive"))
    home.prepare()
    sink = MailSink(home.mail, free_port())
    sink.start()
    settings = AdapterSettings.model_validate(
        {**home.store_setting(), "smtp_port": int(sink.address.rpartition(":")[2])}
    )
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter, test_server_existing_path=str(TEST_SERVER)
    ) as environment:
        await ensure_search_attributes(environment.client)
        adapters = await open_adapters(settings)
        async with worker.build_worker(environment.client, adapters.activities):
            yield await _archived(environment, home)
        await adapters.close()
    sink.stop()


async def _archived(environment: WorkflowEnvironment, home: Home) -> Archive:
    """Open and close a case, and let its reopen window pass."""
    commands = Commands(home.path, environment.client.service_client.config.target_host)
    opened = await asyncio.to_thread(commands.as_json, "open", *complete("archived-1"))
    await asyncio.to_thread(commands.as_json, "close", opened["case_id"], "--reason", "requested")
    await environment.sleep(timedelta(days=10))
    handle = environment.client.get_workflow_handle(opened["case_id"])
    await asyncio.wait_for(handle.result(), 60)
    return Archive(commands, opened["number"])


pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(
    "command", [["show"], ["show", "--as", "customer"], ["report"], ["explain", "update"]]
)
async def test_an_archived_case_is_read_from_the_store_and_says_so(
    archive: Archive, command: list[str]
) -> None:
    answer = await archive(command[0], archive.number, *command[1:])
    assert answer.code == 0, answer.err
    assert answer.record["source"] == "store"


async def test_its_timeline_ends_with_the_archive(archive: Archive) -> None:
    kinds = [entry["kind"] for entry in (await archive("timeline", archive.number)).record["entries"]]
    assert (kinds[0], kinds[-1]) == ("submitted", "archived")


async def test_it_is_listed_as_archived(archive: Archive) -> None:
    rows: list[dict[str, Any]] = (await archive("list", "--phase", "archived")).record
    assert [row["number"] for row in rows] == [archive.number]


async def test_another_tenant_does_not_see_it(archive: Archive) -> None:
    stranger = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}
    assert (await archive("show", archive.number, **stranger)).code == 4


@pytest.mark.parametrize("more", [[], ["--no-wait"]])
async def test_its_reference_is_not_opened_again_but_answered_from_the_store(
    archive: Archive, more: list[str]
) -> None:
    answer = await archive("open", *complete("archived-1"), *more)
    assert answer.code == 3
    assert answer.fault["code"] == "CaseClosed"
    assert archive.number in answer.fault["reason"]


async def test_a_message_to_it_is_refused_with_what_to_do(archive: Archive) -> None:
    answer = await archive("note", archive.number, "One more thing")
    assert answer.code == 3
    assert answer.fault["code"] == "CaseClosed"
    assert "reopen" in answer.fault["remedy"]


@pytest.mark.covers("RHIPE-36")
async def test_reopening_it_opens_a_linked_case_once(archive: Archive) -> None:
    reopen = ["reopen", archive.number, "--reason", "It is back", "--request-id", "reopen-1"]
    first = await archive(*reopen)
    assert first.code == 6
    assert first.fault["code"] == "ReopenWindowExpired"
    assert first.fault["case"] == first.record["linked_case"]
    again = await archive(*reopen)
    assert again.record["linked_case"] == first.record["linked_case"]
    view = (await archive("show", first.record["linked_case"])).record
    old = (await archive("show", archive.number)).record
    assert view["parent"] == old["case_id"]
    assert view["source"] == "workflow"
    assert view["explanation"].startswith("It is back")


async def test_a_stranger_may_not_reopen_it(archive: Archive) -> None:
    stranger = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}
    answer = await archive("reopen", archive.number, "--reason", "Give it to me", **stranger)
    assert answer.code == 3
    assert answer.fault["code"] == "Forbidden"


@pytest.mark.covers("RHIPE-27", "GAP-25")
async def test_its_survey_is_answered_once_by_its_requester(archive: Archive) -> None:
    kim = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
    answer = ["survey", "answer", archive.number]
    assert (await archive(*answer, "--score", "5")).fault["code"] == "RoleNotPermitted"
    stranger = {**kim, "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}
    assert (await archive(*answer, "--score", "5", **stranger)).fault["code"] == "Forbidden"
    outside = await archive(*answer, "--score", "6", **kim)
    assert (outside.fault["code"], outside.fault["missing"]) == ("ValidationError", ["score"])
    told = ["--score", "5", "--comment", "Good", "--request-id", "answer-1"]
    taken = await archive(*answer, *told, **kim)
    assert (taken.code, taken.record["phase"]) == (0, "archived")
    assert (await archive(*answer, *told, **kim)).code == 0
    again = await archive(*answer, "--score", "1", **kim)
    assert (again.code, again.fault["code"]) == (3, "SurveyAlreadyAnswered")
    kept = (await archive("report", archive.number)).record["answers"]
    assert [(one["closure"], one["score"], one["comment"]) for one in kept] == [(1, 5, "Good")]
