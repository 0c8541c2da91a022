"""What a Prometheus reads of the web door: the desk as its store knows it, and the calls of the API.

The figures of the desk are read when somebody asks, and for some seconds not again. No name of a tenant, a
person or a case is in them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.store.workload import Share, Workload, read_workload
from starter.door.faults import Fault
from starter.door.session import Session
from starter.telemetry.settings import split_address
from starter.web.api.observed import ApiCalls
from starter.web.server import served_meanwhile

KEPT = 5.0
"""s for which the figures of the desk are good (ours): a Prometheus asks less often."""


def _gauge(name: str, words: str, counts: Mapping[Share, int]) -> Metric:
    gauge = GaugeMetricFamily(f"sunrelay_{name}", words, labels=("region", "rank"))
    for (region, rank), count in counts.items():
        gauge.add_metric((region, str(rank)), count)
    return gauge


def gauges(workload: Workload) -> Iterable[Metric]:
    """Say what is on hand, by centre and rank."""
    open_ = workload.cases.items()
    yield _gauge("cases_open", "Open cases.", {of: had.open for of, had in open_})
    yield _gauge(
        "cases_due_soon",
        "Open cases with a promise due within 15 minutes.",
        {of: had.due_soon for of, had in open_},
    )
    yield _gauge("cases_overdue", "Open cases past a promise.", {of: had.overdue for of, had in open_})
    yield _gauge(
        "cases_breached", "Open cases that have missed a promise.", {of: had.breached for of, had in open_}
    )
    yield _gauge("offers_waiting", "Cases offered to a centre that has not accepted them.", workload.offers)
    yield _gauge("notices_undelivered", "Notices begun that have not arrived yet.", workload.undelivered)
    yield _gauge(
        "notices_given_up", "Notices of the last two days that will never arrive.", workload.undeliverable
    )
    yield GaugeMetricFamily(
        "sunrelay_notices_kept_back",
        "Notices that wait for a way out which is away.",
        value=workload.kept_back,
    )


@dataclass(eq=False)
class DeskFigures(Collector):
    """The figures of the desk as they were last read; none where the store cannot be read."""

    session: Session
    _workload: Workload | None = None
    _good_until: float = 0.0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def renew(self) -> None:
        """Read them anew where they are no longer good; many who ask at once cause one reading."""
        async with self._turn:
            if time.monotonic() < self._good_until:
                return
            try:
                self._workload = await self.session.read(
                    lambda store: read_workload(store, self.session.now())
                )
            except Fault:
                self._workload = None
            self._good_until = time.monotonic() + KEPT

    def collect(self) -> Iterable[Metric]:
        """Give the figures to the registry."""
        is_up = self._workload is not None
        yield GaugeMetricFamily("sunrelay_store_up", "Whether the case store can be read.", value=int(is_up))
        if self._workload is not None:
            yield from gauges(self._workload)


def metrics_app(session: Session, calls: ApiCalls) -> Starlette:
    """Answer `/metrics` in the text of Prometheus."""
    desk = DeskFigures(session)
    calls.registry.register(desk)
    ProcessCollector(registry=calls.registry)

    async def metrics(_request: Request) -> Response:
        await desk.renew()
        return Response(generate_latest(calls.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return Starlette(routes=[Route("/metrics", metrics, methods=["GET"])])


@asynccontextmanager
async def metrics_served(address: str | None, session: Session, calls: ApiCalls) -> AsyncIterator[None]:
    """Show the metrics at an address of their own for as long as the block lasts. Raises: Fault."""
    if address is None:
        yield
        return
    remedy = "free it, or choose another SUNRELAY_WEB_METRICS_ADDRESS"
    async with served_meanwhile(metrics_app(session, calls), *split_address(address), remedy=remedy):
        yield
