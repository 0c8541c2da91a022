"""A case whose workflow is over: read from the store, and reopened as a new, linked case.

On the server that skips time, with the real worker: five business days pass in a moment.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowQueryFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.testing import WorkflowEnvironment

import worker
from activities.assembly import open_adapters
from activities.settings import AdapterSettings
from starter.desk.mail_sink import MailSink
from starter.door.search_attributes import ensure_search_attributes
from starter.home import Home
from starter.rehearse.idle_clock import skip
from starter.rehearse.server import start_server
from tests.people import request
from tests.servers import free_port
from tests.starter.conftest import Answer, Commands, complete
from tests.stores import table_away
from workflows.messages import QUEUE, WORKFLOW


class Archive:
    """Commands at a desk where one case is archived already."""

    def __init__(self, commands: Commands, number: str, environment: WorkflowEnvironment) -> None:
        self.commands = commands
        self.number = number
        self.environment = environment

    def at(self, environment: WorkflowEnvironment) -> "Archive":
        """The same desk, and another server."""
        address = environment.client.service_client.config.target_host
        return Archive(Commands(self.commands.home, address), self.number, environment)

    async def __call__(self, *arguments: str, **environment: str) -> Answer:
        return await asyncio.to_thread(self.commands, *arguments, "-o", "json", **environment)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def archive(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Archive]:
    home = Home(tmp_path_factory.mktemp("archive"))
    home.prepare()
    sink = MailSink(home.mail, free_port())
    sink.start()
    settings = AdapterSettings.model_validate(
        {**home.store_setting(), "smtp_port": int(sink.address.rpartition(":")[2])}
    )
    async with await start_server() as environment:
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
    await skip(environment, timedelta(days=10))
    handle = environment.client.get_workflow_handle(opened["case_id"])
    await handle.result()
    return Archive(commands, opened["number"], environment)


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


@pytest.mark.parametrize("more", [[], ["--no-wait"]])
async def test_its_reference_with_another_content_is_a_conflict(archive: Archive, more: list[str]) -> None:
    answer = await archive("open", *complete("archived-1"), *more, "--explanation", "Another problem.")
    assert answer.code == 3
    assert answer.fault["code"] == "DuplicateRequestConflict"
    assert archive.number in answer.fault["reason"]


@pytest.mark.parametrize("more", [[], ["--no-wait"]])
@pytest.mark.parametrize(
    ("said", "code"),
    [([], "CaseClosed"), (["--explanation", "Another problem."], "DuplicateRequestConflict")],
)
async def test_a_server_that_has_forgotten_it_is_not_asked_to_open_it_again(
    archive: Archive, said: list[str], code: str, more: list[str]
) -> None:
    """As after the 30 days of retention; nobody works there, so that an opening would never be answered."""
    async with await start_server() as environment:
        await ensure_search_attributes(environment.client)
        later = archive.at(environment)
        answer = await later("open", *complete("archived-1"), *said, *more, "--timeout", "3")
        assert (answer.code, answer.fault["code"]) == (3, code)
        assert archive.number in answer.fault["reason"]
        shown = await later("show", archive.number)
        assert (shown.code, shown.record["source"]) == (0, "store")


async def test_a_life_begun_beside_it_is_spoken_to_by_the_number_it_got(archive: Archive) -> None:
    """The store was away as it was opened; its workflow has the id of the archived case still."""
    old = (await archive("show", archive.number)).record
    handle = archive.environment.client.get_workflow_handle(old["case_id"])

    async def view() -> dict[str, Any]:
        with suppress(WorkflowQueryFailedError):
            return dict(await handle.query("view"))
        return {}

    async def is_open() -> bool:
        return bool(await view())

    async def has_a_number() -> bool:
        return (await view())["parent"] == old["case_id"]

    async def is_listed() -> bool:
        return (await archive("show", (await view())["number"])).code == 0

    async with table_away(archive.commands.home / "cases.db", "cases"):
        await begin_again(archive, old["case_id"])
        await until(is_open)
    await skip(archive.environment, timedelta(minutes=2))
    await until(has_a_number)
    number = (await view())["number"]
    assert number != archive.number
    await until(is_listed)
    shown = await archive("show", number)
    assert (shown.record["source"], shown.record["parent"]) == ("workflow", old["case_id"])
    assert (await archive("respond", number, "We have begun.")).code == 0
    assert (await archive("note", number, "To remember.", "--no-wait")).code == 0
    kinds = [entry["kind"] for entry in (await archive("timeline", number)).record["entries"]]
    assert (kinds[0], "responded" in kinds, "archived" in kinds) == ("submitted", True, False)
    await handle.terminate()


async def begin_again(archive: Archive, identity: str) -> None:
    """A plain signal-with-start of another request under the reference of the archived case."""
    await archive.environment.client.start_workflow(
        WORKFLOW,
        id=identity,
        task_queue=QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal="submit",
        start_signal_args=[request("archived-1", explanation="A third problem.")],
    )


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await look():
            await asyncio.sleep(0.1)


async def test_a_stranger_does_not_learn_of_it_by_its_reference(archive: Archive) -> None:
    stranger = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}
    answer = await archive("open", *complete("archived-1"), **stranger)
    assert archive.number not in answer.err


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
    assert answer.code == 4
    assert answer.fault["code"] == "CaseNotFound"


@pytest.mark.covers("RHIPE-27", "GAP-25")
async def test_its_survey_is_answered_once_by_its_requester(archive: Archive) -> None:
    kim = {"SUNRELAY_ACTOR_KIND": "customer", "SUNRELAY_ACTOR_TENANT": "Harbour Foods"}
    answer = ["survey", "answer", archive.number]
    assert (await archive(*answer, "--score", "5")).fault["code"] == "RoleNotPermitted"
    stranger = {**kim, "SUNRELAY_ACTOR_TENANT": "Alpine Rail"}
    assert (await archive(*answer, "--score", "5", **stranger)).fault["code"] == "CaseNotFound"
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
