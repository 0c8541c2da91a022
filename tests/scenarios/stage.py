"""The stage of the real workflow: the time-skipping server, a worker, our own store, and receivers.

The receivers are activities of the contract's names that keep what they are told. The terms come from the
scenario's file, moved by whole weeks as its instants are.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import date, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any

from temporalio import activity
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.assembly import Adapters, open_adapters
from activities.notices.lanes import Telling
from activities.settings import AdapterSettings
from activities.store.record_case import Recording
from activities.terms import TermsActivities
from domain.centres.regions import Roster, RosterRequest
from domain.effects import (
    COMPILE_TERMS,
    LOOK_UP_TENANT,
    READ_ROSTER,
    TELL_CUSTOMER,
    TELL_STAFF,
    TELL_VENDOR,
    Delivery,
    DeliveryReport,
    Effect,
    Outcome,
    OutcomeStatus,
)
from domain.later_terms import shift_request, shift_terms
from domain.tenants import Enquiry, TenantFacts
from domain.terms import TermsAnswer, TermsRequest
from policies import CalendarUnknown, HolidayTable
from starter.rehearse.server import quiet, start_server
from tests.activities.mail_system import MailSystem
from tests.rest import let_pass, unhurried
from tests.scenarios.centres import roster_at, shift_roster, zone_from
from tests.scenarios.files import Scenario
from tests.scenarios.letters import DOMAIN
from tests.scenarios.overrides import policy_of
from workflows.case import SupportCase
from workflows.messages import QUEUE, SEARCH_ATTRIBUTES, region_queue

_LAST_BREATH = 0.5  # s: the SDK's threads let go of Python before the process may end


class MovedTerms:
    """This compiles the terms of one scenario as of its own time, and moves them to the server's."""

    def __init__(self, scenario: Scenario, weeks: int, facts: Callable[[Enquiry], TenantFacts]) -> None:
        policy = policy_of(scenario)
        self._calendars = scenario.calendars
        self._weeks = weeks
        self.facts = facts
        self._scenario = scenario
        roster = self._roster if scenario.is_regional else None
        self._compiler = TermsActivities(lambda _: policy, self._holidays, self._look_up, roster)

    def _holidays(self, name: str) -> HolidayTable:
        if name not in self._calendars:
            raise CalendarUnknown(f"the scenario file has no calendar {name}")
        years = (date.min.year, date.max.year)
        return HolidayTable(name=name, dates=self._calendars[name], years=years, source="the scenario file")

    async def _look_up(self, enquiry: Enquiry) -> TenantFacts:
        return self.facts(enquiry)

    async def _roster(self, request: RosterRequest) -> Roster:
        return roster_at(self._scenario, request.at, zone_from)

    async def read_roster(self, request: RosterRequest) -> Roster:
        """Who is open at the server's `request.at`, in the server's time."""
        then = request.at - timedelta(weeks=self._weeks)
        return shift_roster(await self._roster(request.model_copy(update={"at": then})), self._weeks)

    async def compile(self, request: TermsRequest) -> TermsAnswer:
        """The terms of a case opened at the server's `request.at`."""
        answer = await self._compiler.compile_terms(shift_request(request, -self._weeks))
        moved = shift_terms(answer.terms, self._weeks) if answer.terms else None
        roster = shift_roster(answer.roster, self._weeks) if answer.roster else None
        return answer.model_copy(update={"terms": moved, "roster": roster})


class Receivers:
    """What the cases' effects reach: everything told is kept by case, once for each effect id."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self.told: dict[str, dict[str, Effect]] = defaultdict(dict)
        self.by_mail: set[str] = set()
        """The cases of which everybody is told by mail as well, by the product's own adapters."""
        self.terms: dict[str, MovedTerms] = {}

    @activity.defn(name=TELL_CUSTOMER)
    async def tell_customer(self, delivery: Delivery) -> DeliveryReport:
        """Keeps what the customer is told."""
        return self._keep(delivery) or await self._telling.tell_customer(delivery)

    @activity.defn(name=TELL_STAFF)
    async def tell_staff(self, delivery: Delivery) -> DeliveryReport:
        """Keeps what our own people are told."""
        return self._keep(delivery) or await self._telling.tell_staff(delivery)

    @activity.defn(name=TELL_VENDOR)
    async def tell_vendor(self, delivery: Delivery) -> DeliveryReport:
        """Keeps what the vendor is told."""
        return self._keep(delivery) or await self._telling.tell_vendor(delivery)

    @activity.defn(name=COMPILE_TERMS)
    async def compile_terms(self, request: TermsRequest) -> TermsAnswer:
        """Compiles the terms of the scenario the asking case belongs to."""
        case_id = activity.info().workflow_id
        assert case_id is not None
        return await self.terms[case_id].compile(request)

    @activity.defn(name=READ_ROSTER)
    async def read_roster(self, request: RosterRequest) -> Roster:
        """Says who is open in the scenario the asking case belongs to."""
        case_id = activity.info().workflow_id
        assert case_id is not None
        return await self.terms[case_id].read_roster(request)

    @activity.defn(name=LOOK_UP_TENANT)
    async def look_up_tenant(self, enquiry: Enquiry) -> TenantFacts:
        """Says what the records of the scenario say of the asking case's tenant."""
        case_id = activity.info().workflow_id
        assert case_id is not None
        return self.terms[case_id].facts(enquiry)

    def _keep(self, delivery: Delivery) -> DeliveryReport | None:
        """Keeps what is told, and says that it was; None where it has to go by mail yet."""
        for effect in delivery.effects:
            self.told[effect.case_id][effect.id] = effect
        if {effect.case_id for effect in delivery.effects} & self.by_mail:
            return None
        return DeliveryReport(
            outcomes=tuple(
                Outcome(effect_id=effect.id, status=OutcomeStatus.DELIVERED) for effect in delivery.effects
            )
        )


class Gate(ThreadPoolExecutor):
    """The threads in which cases come to life; while the gate is shut they wait at it.

    What reaches a waiting case meanwhile, a timer or a message, is given to it in one activation afterwards.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=20)
        self._open = threading.Event()
        self._open.set()
        self.waiting = 0

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Runs one activation, once the gate is open."""
        return super().submit(self._pass, work, *given, **named)

    def _pass(self, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self.waiting += 1
        self._open.wait()
        self.waiting -= 1
        return work(*given, **named)

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Lets nothing through."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()


class Stage:
    """The server with its one clock, the store, and what the cases reach."""

    def __init__(self, env: WorkflowEnvironment, adapters: Adapters, mail: MailSystem) -> None:
        self.env = env
        self.store = adapters.store
        self.mail = mail
        self.receivers = Receivers(adapters.telling)
        self.gate = Gate()

    async def until(self, at: datetime) -> None:
        """Lets the server's clock reach `at`; nothing happens where it is later already."""
        if (ahead := at - await self.env.get_current_time()) > timedelta(0):
            await let_pass(self.env, ahead, self._cases())

    def _cases(self) -> list[WorkflowHandle[Any, Any]]:
        return [self.env.client.get_workflow_handle(identity) for identity in self.receivers.terms]

    def region_worker(self, region: str) -> Worker:
        """A worker of one centre, which tells its people."""
        return Worker(
            self.env.client, task_queue=region_queue(region), activities=[self.receivers.tell_staff]
        )

    def worker(self) -> Worker:
        """A worker on the real workflow, sandboxed as the product's is."""
        worker = Worker(
            self.env.client,
            task_queue=QUEUE,
            workflows=[SupportCase],
            activities=[
                self.receivers.tell_customer,
                self.receivers.tell_staff,
                self.receivers.tell_vendor,
                self.receivers.compile_terms,
                self.receivers.read_roster,
                self.receivers.look_up_tenant,
                Recording(self.store).record_case,
            ],
            workflow_runner=SandboxedWorkflowRunner(
                restrictions=SandboxRestrictions.default.with_passthrough_modules(
                    "domain", "workflows.messages", "email_validator", "idna"
                )
            ),
            workflow_task_executor=self.gate,
        )
        return unhurried(worker)


REGIONS = ("auckland", "sydney", "melbourne", "kuala_lumpur", "manila")
"""The centres that have workers; on this server an activity nobody takes holds up time itself."""


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """A server, a store and a worker of their own, gone when done."""
    env = await start_server(quiet())
    async with MailSystem() as mail:
        with TemporaryDirectory(prefix="sunrelay-scenarios-") as place:
            adapters = await open_adapters(_settings(place, mail.port))
            async with _stage(env, adapters, mail) as stage:
                yield stage


def _settings(place: str, smtp_port: int) -> AdapterSettings:
    return AdapterSettings.model_validate(
        {
            "store_url": f"sqlite:///{place}/cases.db",
            "smtp_port": smtp_port,
            "mail_from": f"Desk <desk@{DOMAIN}>",
            "staff_address": "engineers@desk.example",
            "tss_address": "tss@desk.example",
            "sdm_address": "sdm@desk.example",
            "vendor_address": "support@vendor.example",
        }
    )


@asynccontextmanager
async def _stage(env: WorkflowEnvironment, adapters: Adapters, mail: MailSystem) -> AsyncIterator[Stage]:
    stage = Stage(env, adapters, mail)
    try:
        await _register_search_attributes(env)
        async with AsyncExitStack() as workers:
            await workers.enter_async_context(stage.worker())
            for region in REGIONS:
                await workers.enter_async_context(stage.region_worker(region))
            yield stage
    finally:
        await adapters.close()
        await env.shutdown()
        stage.gate.shutdown()
        await asyncio.sleep(_LAST_BREATH)


async def _register_search_attributes(env: WorkflowEnvironment) -> None:
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace="default",
            search_attributes={key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES},
        )
    )
