"""Where many notices wait for a centre's workers, the most urgent is told first: on the real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.assembly import Adapters, open_adapters
from activities.settings import AdapterSettings
from domain.effects import TELL_STAFF
from domain.messages.case import HandOff
from domain.naming import case_number
from tests.activities.mail_system import MailSystem
from tests.people import ANA, P1, P2, P3, P5, STAFF_MAIL, TSS_MAIL, request
from tests.servers import running_dev_server
from worker import WorkerSettings, build_region_worker, build_worker
from workflows.messages import QUEUE, WORKFLOW, new_case

_MANILA = "manila@desk.example"
_PATIENCE = 15.0  # s; within the 20 s in which a notice waits for its centre's own workers
_ONE_QUEUE = tuple(
    part
    for kind in ("Read", "Write")
    for part in ("--dynamic-config-value", f"matching.numTaskqueue{kind}Partitions=1")
)
"""As docker-compose.yml has it for the queues of centres: a server keeps priorities within a partition."""
_ONE_AT_A_TIME = WorkerSettings.model_construct(metrics_address=None, cached_cases=100, activities=1)


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not await look():
            await asyncio.sleep(0.02)


class Desk:
    """Cases on the real server that can be handed to Manila, where nobody is at work yet."""

    def __init__(self, client: Client, adapters: Adapters, mail: MailSystem) -> None:
        self.client = client
        self.adapters = adapters
        self.mail = mail

    async def opened(self, reference: str, rating: dict[str, str]) -> WorkflowHandle[Any, Any]:
        case = await self.client.start_workflow(
            WORKFLOW, new_case(), id=f"case-{reference}", task_queue=QUEUE
        )
        await case.execute_update("submit", request(reference, region="sydney", **rating))
        return case

    async def hand_on(self, case: WorkflowHandle[Any, Any]) -> str:
        """Hands a case to Manila and returns its number once the note about it waits there."""
        await case.execute_update("hand_off", HandOff(actor=ANA, to="manila", reason="They know it."))

        async def waits() -> bool:
            pending = (await case.describe()).raw_description.pending_activities
            return any(one.activity_type.name == TELL_STAFF for one in pending)

        await until(waits)
        return case_number(case.id)

    async def told_in_manila(self, count: int) -> list[str]:
        """Of which cases Manila was told, in order, by a worker that does one thing at a time."""

        async def all_told() -> bool:
            return len(self._told()) >= count

        async with build_region_worker(
            self.client, self.adapters.regional, "manila", settings=_ONE_AT_A_TIME
        ):
            await until(all_told)
        return self._told()

    def _told(self) -> list[str]:
        mails = [mail for mail in self.mail.taken if _MANILA in mail.recipients]
        return [str(mail.message["subject"]).split("]")[0].removeprefix("[") for mail in mails]


async def _connected(address: str) -> Client:
    """A client once the server is well; it listens a little earlier."""
    found: list[Client] = []

    async def is_well() -> bool:
        with suppress(RuntimeError):
            found.append(await Client.connect(address, data_converter=pydantic_data_converter))
        return bool(found)

    await until(is_well)
    return found[0]


@asynccontextmanager
async def at_work(place: Path) -> AsyncIterator[Desk]:
    with running_dev_server(place, *_ONE_QUEUE) as server:
        client = await _connected(server.address)
        async with MailSystem() as mail:
            settings = AdapterSettings.model_validate(
                {
                    "store_url": f"sqlite:///{place / 'cases.db'}",
                    "smtp_port": mail.port,
                    "mail_from": "Desk <desk@support.example>",
                    "staff_address": STAFF_MAIL,
                    "tss_address": TSS_MAIL,
                    "region_addresses": {"manila": _MANILA},
                    "follow_the_sun": False,
                }
            )
            adapters = await open_adapters(settings)
            async with build_worker(client, adapters.activities):
                yield Desk(client, adapters, mail)
            await adapters.close()


async def test_an_urgent_notice_overtakes_a_queue_of_others(tmp_path: Path) -> None:
    levels = [("LOW-1", P5), ("LOW-2", P5), ("MEDIUM", P3), ("LOW-3", P5), ("HIGH", P2), ("URGENT", P1)]
    async with at_work(tmp_path) as desk:
        cases = [await desk.opened(reference, rating) for reference, rating in levels]
        numbers = dict(zip(await _handed_on(desk, cases), [name for name, _ in levels], strict=True))
        told = await desk.told_in_manila(len(cases))
    assert [numbers[one] for one in told] == ["URGENT", "HIGH", "MEDIUM", "LOW-1", "LOW-2", "LOW-3"]


async def _handed_on(desk: Desk, cases: list[WorkflowHandle[Any, Any]]) -> list[str]:
    return [await desk.hand_on(case) for case in cases]
