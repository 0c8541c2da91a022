"""A desk for tests: the time-skipping server, the product's own worker and adapters, a real mail system.

Nothing of ours is replaced: mails leave by SMTP, webhooks by HTTP, the case store is a SQLite file. The
server's clock is one for all its cases, so a test ends those it opened.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.testservice.v1 import LockTimeSkippingRequest, UnlockTimeSkippingRequest
from temporalio.api.workflowservice.v1 import ListOpenWorkflowExecutionsRequest
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.assembly import Adapters, open_adapters
from activities.settings import AdapterSettings
from domain.messages.case import Submit
from domain.naming import case_id
from starter.door.session import Session
from starter.rehearse.idle_clock import skip
from starter.rehearse.server import start_server
from tests.activities.http_receiver import HttpReceiver
from tests.activities.mail_system import Mail, MailSystem
from tests.door import session_at
from tests.live_case import LiveCase
from tests.people import STAFF_MAIL, TSS_MAIL, request
from tests.rest import at_rest, has_task, let_pass, unhurried
from worker import WorkerSettings, build_region_worker, build_worker, sandbox
from workflows.messages import SEARCH_ATTRIBUTES

CENTRES = ("auckland", "sydney", "melbourne", "kuala_lumpur", "manila")
"""Those of rhipe-csp: each has a worker where the cases of a desk follow the sun."""

LAST_BREATH = 0.5  # s: the SDK's threads let go of Python before the process may end
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
_CACHED = 100
_NUMBERS = count(1)


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server that knows our search attributes."""
    env = await start_server()
    await register_search_attributes(env.client)
    try:
        yield env
    finally:
        await env.shutdown()
        await asyncio.sleep(LAST_BREATH)


async def register_search_attributes(client: Client) -> None:
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=client.namespace,
            search_attributes={key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES},
        )
    )


class Desk:
    """One desk: its server, its worker (which can be away), its mail system, a receiver of webhooks."""

    task_timeout: timedelta | None = timedelta(minutes=1)
    """For a step of a case: the engine's 10 s are short for a flood on a busy machine."""

    def __init__(self, env: WorkflowEnvironment, place: Path, cached_cases: int | None = None) -> None:
        self.cached_cases = _CACHED if cached_cases is None else cached_cases
        self._worker_stays = cached_cases is None
        self.env = env
        self.client = env.client
        self.place = place
        self.number = next(_NUMBERS)
        self.queue = f"desk-{self.number}"
        self.mail = MailSystem()
        self.hooks = HttpReceiver()
        self.adapters: Adapters
        self.cases: list[LiveCase] = []
        self.lived: list[WorkflowHistory] = []
        self._worker: Worker | None = None
        self._working: asyncio.Task[None] | None = None
        self._centres: dict[str, tuple[Worker, asyncio.Task[None]]] = {}

    @asynccontextmanager
    async def at_work(self, **settings: Any) -> AsyncIterator["Desk"]:
        """The desk with its adapters open and its worker at work; every case is ended afterwards."""
        async with self.mail, self.hooks:
            chosen = self._settings(settings)
            self.adapters = await open_adapters(chosen)
            await self.worker_comes()
            try:
                for region in CENTRES if chosen.follow_the_sun else ():
                    await self.centre_comes(region)
                yield self
            finally:
                await self.end_cases()
                for region in list(self._centres):
                    await self.centre_goes(region)
                await self._worker_ends()
                await self.adapters.close()

    def _settings(self, given: dict[str, Any]) -> AdapterSettings:
        defaults: dict[str, Any] = {
            "store_url": f"sqlite:///{self.place / 'cases.db'}",
            "smtp_port": self.mail.port,
            "mail_from": "Desk <desk@support.example>",
            "webhook_secret": SECRET,
            "staff_address": STAFF_MAIL,
            "tss_address": TSS_MAIL,
            "follow_the_sun": False,  # one centre, whatever the hour of the test, unless a test is about more
        }
        return AdapterSettings.model_validate(defaults | given)

    # --- the worker ------------------------------------------------------------------------------------

    async def worker_comes(self) -> None:
        """The worker begins, or comes back.

        This server loses for good what waits on the queue of a worker that went away with cases in memory, so
        one that goes keeps none. Without memory a case loses its task when another one has something to do
        while its record is written, and gets it back after 10 s, or a minute; so all other workers keep some.
        """
        settings = WorkerSettings.model_construct(
            metrics_address=None, cached_cases=self.cached_cases, activities=100
        )
        activities = self.adapters.activities
        worker = build_worker(
            self.client, activities, queue=self.queue, settings=settings, runner=sandbox("workflows")
        )
        self._worker = unhurried(worker)
        self._working = asyncio.create_task(self._worker.run())

    async def worker_goes(self) -> None:
        """The worker goes away; what falls due meanwhile waits for the next one."""
        assert not self._worker_stays, "say that the worker goes: mark the test `worker_goes`"
        await self._worker_ends()

    async def _worker_ends(self) -> None:
        if self._worker is not None and self._working is not None:
            await self._worker.shutdown()
            await self._working
        self._worker = self._working = None

    async def centre_comes(self, region: str) -> None:
        """The worker of a centre begins."""
        worker = build_region_worker(self.client, self.adapters.regional, region)
        self._centres[region] = worker, asyncio.create_task(worker.run())

    async def centre_goes(self, region: str) -> None:
        """A centre is dark: what is for it waits, and nobody takes it."""
        worker, working = self._centres.pop(region)
        await worker.shutdown()
        await working

    async def restart(self) -> None:
        """The worker's process starts anew: it reads its settings and policies again."""
        await self.worker_goes()
        await self.adapters.close()
        self.adapters = await open_adapters(self._settings({}))
        await self.worker_comes()

    @asynccontextmanager
    async def with_the_worker_away(self) -> AsyncIterator[None]:
        await self.worker_goes()
        yield
        await self.worker_comes()
        await self.rest()

    # --- time ------------------------------------------------------------------------------------------

    async def now(self) -> datetime:
        return await self.env.get_current_time()

    async def passes(self, **span: float) -> None:
        """So much time passes, given as for `timedelta`; then everybody has done what there was to do."""
        await self._skip(timedelta(**span))
        await self.rest()

    async def sleeps(self, **span: float) -> None:
        """So much time passes, given as for `timedelta`, and nobody is waited for."""
        await skip(self.env, timedelta(**span))

    async def until(self, at: datetime, **more: float) -> None:
        """Time passes until `at` and a second more, or `more` given as for `timedelta`."""
        ahead = at + timedelta(**(more or {"seconds": 1})) - await self.now()
        if ahead > timedelta(0):
            await self._skip(ahead)
        await self.rest()

    async def _skip(self, span: timedelta) -> None:
        """The server skips no time while a task waits for a worker; where he is away it is made to."""
        if self._worker is not None:
            await let_pass(self.env, span, [case.handle for case in self.cases])
            return
        server = self.client.test_service
        sleeping = asyncio.ensure_future(skip(self.env, span))
        freed = 0
        while not (await asyncio.wait({sleeping}, timeout=0.05))[0]:
            for _ in range(await self._tasks_waiting() - freed):
                await server.unlock_time_skipping(UnlockTimeSkippingRequest())
                freed += 1
        for _ in range(freed):
            await server.lock_time_skipping(LockTimeSkippingRequest())
        await sleeping

    async def _tasks_waiting(self) -> int:
        return sum([await has_task(case.handle) for case in self.cases])

    async def rest(self) -> None:
        """Waits until no case of this desk has anything to do; while the worker is away, for nothing."""
        if self._worker is not None:
            for case in self.cases:
                await at_rest(case.handle)

    # --- cases -----------------------------------------------------------------------------------------

    def answering(self) -> AbstractContextManager[None]:
        """While this lasts the server's clock does not run ahead of an answer."""
        return self.env.auto_time_skipping_disabled()

    @property
    def session(self) -> Session:
        """What a door of this desk works with."""
        return session_at(self, self.client, self.adapters.store)

    def case(self, submit: Submit) -> LiveCase:
        """The case of a request, whether it is open or not."""
        identity = case_id(submit.tenant, submit.source, submit.reference)
        live = LiveCase(self, identity)
        if identity not in [known.id for known in self.cases]:
            self.cases.append(live)
        return live

    def request(self, reference: str = "INC-1", **changes: Any) -> Submit:
        """A request no other test makes."""
        return request(f"{self.number}/{reference}", **changes)

    async def open(self, reference: str = "INC-1", **changes: Any) -> LiveCase:
        """A case that is open."""
        submit = self.request(reference, **changes)
        case = self.case(submit)
        await case.submit(submit)
        await self.rest()
        return case

    def mails_to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mail.taken if address in mail.recipients]

    async def end_cases(self) -> None:
        """Ends what is open, but not in the middle of an activity: that would stop the server's clock.

        So would what a case began besides, a report of a refusal, and whose worker then went.
        """
        await self.rest()
        for case in self.cases:
            with suppress(RPCError):
                self.lived.append(await case.handle.fetch_history())
        for identity in await self._open():
            handle = self.client.get_workflow_handle(identity)
            if self._worker is not None:
                await at_rest(handle)
            with suppress(RPCError):
                await handle.terminate("the test is over")

    async def _open(self) -> list[str]:
        """The ids of what is open on the server, and of some that were; one desk at a time works there."""
        answer = await self.client.workflow_service.list_open_workflow_executions(
            ListOpenWorkflowExecutionsRequest(namespace=self.client.namespace, maximum_page_size=1000)
        )
        return [one.execution.workflow_id for one in answer.executions]
