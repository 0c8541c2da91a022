"""Carries a notice of a major incident to its cases: asks each, tells each audience once, lets each hear.

This room joins the engine's client, the courier and the ledger. A case says itself whom it would tell and
how; cases of one tenant with the same addresses share the mail, which the ledger knows by one id. Whatever
cannot be told at once is left to the case, whose own lane is patient for a day: nothing waits for a mail
system here. A case hears by a signal, so that it costs no more than one step, whatever it is doing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import NamedTuple, TypeVar

from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import QueryRejectCondition
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.notices.courier import Courier
from activities.store.case_store import CaseStore
from activities.store.ledger import LedgerEntry
from domain.effects import Effect, Outcome, OutcomeStatus
from domain.incidents.fan_out import (
    ASK_FOR_NOTICE,
    FAN_OUT,
    Broadcast,
    BroadcastReport,
    ChildEnd,
    NoticeWanted,
)
from domain.messages.incident import NAMED, IncidentNews
from domain.naming import case_number
from domain.verbs import Verb

T = TypeVar("T")
R = TypeVar("R")

ASKED_AT_ONCE = 25
TOLD_AT_ONCE = 5
"""Cases asked, and audiences told, at the same time (ours). Each mail is two short writes in the ledger, each
case that hears one in its record: with 25 at once the records of cases waited longer than they may.
"""

ONE_ANSWER = timedelta(seconds=10)
ONE_MAIL = 15.0
"""Seconds: what a case or the server may take to answer, and a receiver to take a mail."""

BETWEEN_BEATS = 5.0


class _Child(NamedTuple):
    case_id: str
    wanted: NoticeWanted


class FanOut:
    """Carry out broadcasts."""

    def __init__(self, courier: Courier, store: CaseStore) -> None:
        self._courier = courier
        self._store = store

    @activity.defn(name=FAN_OUT)
    async def fan_out(self, broadcast: Broadcast) -> BroadcastReport:
        """Say who is over or elsewhere; a case that could not be reached is tried again."""
        ended = _ended_before()
        beating = asyncio.create_task(_beat(ended))
        try:
            one = _Round(activity.client(), self._courier, self._store, broadcast.news, ended)
            await one.carry(case for case in broadcast.children if case not in ended)
        finally:
            beating.cancel()
            activity.heartbeat(ended)
        if len(ended) < len(broadcast.children):
            missing = len(broadcast.children) - len(ended)
            raise ApplicationError(f"{missing} cases not reached yet", type="NotToldYet")
        return BroadcastReport(over=_those(ended, ChildEnd.OVER), elsewhere=_those(ended, ChildEnd.ELSEWHERE))


class _Round:
    """One attempt to carry one notice."""

    def __init__(
        self, client: Client, courier: Courier, store: CaseStore, news: IncidentNews, ended: dict[str, str]
    ) -> None:
        self._client = client
        self._courier = courier
        self._store = store
        self._news = news
        self._ended = ended
        self._away: set[str] = set()
        self._moved: dict[str, str] = {}

    async def carry(self, cases: Iterable[str]) -> None:
        """Ask every case, and carry the notice to each audience of those that are to hear it."""
        audiences: dict[str, list[_Child]] = {}
        for child in await _each(cases, self._ask, ASKED_AT_ONCE):
            if child.wanted.end is not None:
                self._ended[child.case_id] = child.wanted.end.value
                continue
            effect = child.wanted.effect
            audiences.setdefault(effect.id if effect else child.case_id, []).append(child)
        await _each(audiences.values(), self._carry_to, TOLD_AT_ONCE)

    async def _ask(self, case_id: str) -> _Child:
        """Ask a case; one that does not answer tells its customer itself."""
        handle = self._client.get_workflow_handle(self._moved.get(case_id, case_id))
        try:
            wanted = await handle.query(
                ASK_FOR_NOTICE,
                self._news,
                result_type=NoticeWanted,
                reject_condition=QueryRejectCondition.NOT_OPEN,
                rpc_timeout=ONE_ANSWER,
            )
        except WorkflowQueryRejectedError:
            wanted = NoticeWanted(end=ChildEnd.OVER)
        except WorkflowQueryFailedError:
            wanted = NoticeWanted()
        except RPCError as error:
            over = error.status is RPCStatusCode.NOT_FOUND
            if over and await self._has_moved(case_id):
                return await self._ask(case_id)
            wanted = NoticeWanted(end=ChildEnd.OVER if over else None)
        return _Child(case_id, wanted)

    async def _has_moved(self, case_id: str) -> bool:
        """Look up where a case without a workflow of its own id is spoken to; true where that is news."""
        moved = None if case_id in self._moved else await self._store.workflow_of(case_id)
        if moved is None:
            return False
        self._moved[case_id] = moved
        return True

    async def _carry_to(self, audience: list[_Child]) -> None:
        """Tell an audience in the thread of one of its cases, and let every one of them hear."""
        effect = audience[0].wanted.effect
        if effect is None:
            for child in audience:
                await self._let_hear(child.case_id, tell=True)
            return
        teller, told = await self._tell(effect, audience)
        for child in audience:
            if child is teller:
                await self._let_hear(child.case_id, tell=not told, also_for=_others(teller, audience))
            else:
                await self._let_hear(child.case_id, tell=False, told_with=case_number(teller.case_id))

    async def _tell(self, effect: Effect, audience: list[_Child]) -> tuple[_Child, bool]:
        """Tell the customer, and say in whose thread, and whether it arrived as it should.

        Where an earlier attempt began, or an earlier batch, that case stays the one. What did not arrive, or
        not at the first address, is left to the case: its own lane goes on, and says so where it fails.
        """
        try:
            begun = await self._store.ledger(effect.id)
            teller = _who_began(begun, audience)
            if teller.wanted.effect is None:
                return teller, True
            outcome = begun.outcome if begun else None
            if outcome is None:
                outcome = await self._send(teller.wanted.effect, audience, teller)
        except Exception:
            activity.logger.info("left to the case: %s", effect.id, exc_info=True)
            return audience[0], False
        well = outcome.status is OutcomeStatus.DELIVERED
        return teller, well and not outcome.failed and not outcome.reason

    async def _send(self, effect: Effect, audience: list[_Child], teller: _Child) -> Outcome:
        facts = effect.facts.model_copy(update={"also_for": _others(teller, audience)})
        async with asyncio.timeout(ONE_MAIL):
            return await self._courier.tell(effect.model_copy(update={"facts": facts}), self._away)

    async def _let_hear(self, case_id: str, **how: object) -> None:
        """Send the news; a case that has just ended is over, one out of reach is tried again."""
        news = self._news.model_copy(update=how)
        try:
            handle = self._client.get_workflow_handle(self._moved.get(case_id, case_id))
            await handle.signal(Verb.INCIDENT_NEWS.value, news, rpc_timeout=ONE_ANSWER)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                self._ended[case_id] = ChildEnd.OVER.value
            else:
                activity.logger.warning("case %s: %s", case_id, error.message)
        else:
            self._ended[case_id] = ChildEnd.HEARD.value


def _others(teller: _Child, audience: list[_Child]) -> tuple[str, ...]:
    return tuple(case_number(child.case_id) for child in audience if child is not teller)[:NAMED]


def _who_began(begun: LedgerEntry | None, audience: list[_Child]) -> _Child:
    """Name the case in whose thread it is told: the first, unless another one began before."""
    if begun is None:
        return audience[0]
    known = {child.case_id: child for child in audience}
    return known.get(begun.case_id) or _Child(begun.case_id, NoticeWanted())


async def _each(given: Iterable[T], work: Callable[[T], Awaitable[R]], at_once: int) -> list[R]:
    """Do the work for each, so many at a time, and return what came of it in the same order."""
    turn = asyncio.Semaphore(at_once)

    async def one(item: T) -> R:
        async with turn:
            return await work(item)

    return await asyncio.gather(*(one(item) for item in given))


async def _beat(ended: dict[str, str]) -> None:
    """Say every few seconds that we are there, and how far we have come."""
    while True:
        activity.heartbeat(ended)
        await asyncio.sleep(BETWEEN_BEATS)


def _ended_before() -> dict[str, str]:
    """Read how far an earlier attempt of this activity came."""
    details = activity.info().heartbeat_details
    return dict(details[0]) if details and isinstance(details[0], dict) else {}


def _those(ended: dict[str, str], end: ChildEnd) -> tuple[str, ...]:
    return tuple(case for case, how in ended.items() if how == end.value)
