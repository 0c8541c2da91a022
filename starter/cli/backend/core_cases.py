"""Cases asked of the core itself: the engine and the case store are at hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from activities.people.tenant_records import TenantRecords
from activities.store.case_list import CaseFilter
from activities.store.case_search import Found, Search
from domain.actor import Actor, Tier
from domain.clocks import Clock
from domain.messages.request import Submit
from domain.record import CaseRow
from domain.tenants import TenantRecord
from domain.views.as_of import CaseAsOf, CustomerAsOf
from starter.cli.backend.protocol import CasePath, Events, Handed, Shown, Why
from starter.door import as_of, case_reader, finding, handoff_list, opening, speak
from starter.door.case_lists import Queue, list_cases, list_queue
from starter.door.known_names import check_names
from starter.door.permission import is_customer_view
from starter.door.session import Session
from workflows.messages import Receipt

if TYPE_CHECKING:
    from starter.door.speak import Answer, Said


class CoreCases:
    """Asks the core, as one actor."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor

    async def find(self, case: str, tenant: str | None = None, source: str = "desk") -> str:
        """Return the id of the case that is meant."""
        return await case_reader.find_for(self._session, self._actor, case, tenant, source)

    async def speak(self, case: str, said: "Said") -> "Answer":
        """Say a verb, and wait for the receipt."""
        return await speak.speak(self._session, self._actor, case, said)

    async def hand_over(self, case: str, said: "Said") -> Handed:
        """Say a verb without waiting."""
        return Handed(case, *await speak.hand_over(self._session, self._actor, case, said))

    async def open(self, request: Submit) -> Receipt:
        """Open a case, or find it."""
        return await opening.submit(self._session, request)

    async def open_without_waiting(self, request: Submit) -> str:
        """Hand a request over; return the id of its case."""
        return await opening.submit_without_waiting(self._session, request)

    async def known_tenant(self, name: str) -> TenantRecord | None:
        """Return what the directory has of a tenant; refuse a name nobody has."""
        await check_names(self._session, self._actor, tenant=name)
        kept = await self._session.read(lambda store: TenantRecords(store).record(name))
        return kept.record if kept else None

    async def show(self, case: str, *, as_customer: bool = False) -> Shown:
        """Read a case as whoever speaks sees it, or as its customer does."""
        seen = await self._seen(case)
        if as_customer or is_customer_view(self._actor):
            view = await case_reader.see_as_customer(self._session, self._actor, seen)
            return Shown(view, seen.source, seen.view.version)
        return Shown(seen.view, seen.source, seen.view.version)

    async def timeline(self, case: str) -> Events:
        """Read everything that happened to a case."""
        seen = await self._seen(case)
        told = await case_reader.see_timeline(self._session, self._actor, seen)
        return Events(seen.view.number, told.source, told.entries)

    async def explain(self, case: str, clock: Clock) -> Why:
        """Tell why a clock is due when it is."""
        seen = await self._seen(case)
        why = await case_reader.see_why(self._session, self._actor, seen, clock)
        return Why(seen.view.number, seen.source, why)

    async def handoffs(self, case: str) -> CasePath:
        """Read how a case went from centre to centre."""
        row, steps = await case_reader.see_handoffs(self._session, self._actor, case)
        return CasePath(row.number, row.region, row.offered_to, row.accepted_by, row.assignee, steps)

    async def listed(self, wanted: CaseFilter) -> tuple[CaseRow, ...]:
        """List cases, the nearest promise first."""
        return await list_cases(self._session, self._actor, wanted)

    async def queue(self, region: str, levels: Sequence[str], tier: Tier | None, limit: int) -> Queue:
        """List the open cases of a centre and those offered to it."""
        return await list_queue(self._session, self._actor, region, levels, tier, limit)

    async def show_as_of(
        self, case: str, at: datetime, *, as_customer: bool = False
    ) -> CaseAsOf | CustomerAsOf:
        """Read a case as it stood."""
        return await as_of.see_as_of(self._session, self._actor, case, at, as_customer=as_customer)

    async def listed_as_of(self, wanted: CaseFilter, at: datetime) -> as_of.ListAsOf:
        """List cases as they stood."""
        return await as_of.list_cases_as_of(self._session, self._actor, wanted, at)

    async def queue_as_of(
        self, region: str, at: datetime, levels: Sequence[str], tier: Tier | None, limit: int
    ) -> as_of.ListAsOf:
        """List what a centre had and was offered."""
        return await as_of.list_queue_as_of(self._session, self._actor, region, at, levels, tier, limit)

    async def search(self, wanted: Search) -> Found:
        """Find cases by what somebody knows of them."""
        return await finding.find_cases(self._session, self._actor, wanted)

    async def accept_list(
        self, region: str, levels: Sequence[str], assignee: str | None, request_id: str | None
    ) -> "list[handoff_list.Accepted]":
        """Accept the cases that are offered to a centre."""
        return await handoff_list.accept_list(
            self._session, self._actor, region, levels, assignee, request_id
        )

    async def _seen(self, case: str) -> case_reader.Seen:
        return await case_reader.see(self._session, self._actor, case)
