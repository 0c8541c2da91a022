"""The open cases a board is measured over: as the domain makes them, kept as their workflows would keep them.

They are spread over centres, tenants, levels and people; of some a promise was missed, some are silent.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from uuid import uuid4

from activities.store.case_store import CaseStore
from activities.terms import TermsActivities
from bench.presets import request
from domain.actor import Actor, ActorKind, Door, Role, Tier
from domain.case import Case
from domain.case_step import decide, fall_due, open_case
from domain.decision import Accepted, Decision, Refused
from domain.messages.base import Message
from domain.messages.case import PostUpdate, Respond
from domain.messages.staffing import Claim
from domain.record import RecordBatch, row_of
from domain.terms import Terms, TermsRequest
from domain.timeline import TimelineEntry
from domain.verbs import Verb
from workflows.messages import CaseFile

CENTRES = ("auckland", "sydney", "melbourne", "kuala_lumpur", "manila")
TENANTS = 200
_PEOPLE_OF_A_CENTRE = 6
_POLICY = "rhipe-csp"
_RATES = (
    ("high", "high"),
    ("medium", "high"),
    ("medium", "medium"),
    ("low", "medium"),
    ("low", "high"),
    ("low", "low"),
)
_TITLES = (
    "Outlook cannot send; the web client works",
    "A shared mailbox is gone since the migration of last weekend",
    "Licences of the new subscription are not assigned",
    "Teams drops calls after some minutes, on every network we have tried",
    "The printer of the second floor prints nothing but the first page",
)
_WORDS = "We have looked at the logs, and go on with the mail flow rules"
_OLDEST, _HOUR = 240, timedelta(hours=1)  # hours
_TERMS_EVERY = 8  # hours; to compile them takes longer than all the rest


def people() -> tuple[Actor, ...]:
    """Return the engineers of every centre."""
    return tuple(
        Actor(
            kind=ActorKind.STAFF,
            name=f"Engineer {number} of {centre}",
            role=Role.ENGINEER,
            tier=Tier.L1,
            region=centre,
            door=Door.BOARD,
        )
        for number in range(1, _PEOPLE_OF_A_CENTRE + 1)
        for centre in CENTRES
    )


@dataclass
class KeptCase:
    """A case with its entries that are not kept yet."""

    case: Case
    entries: tuple[TimelineEntry, ...] = ()

    def batch(self) -> RecordBatch:
        """Return what its workflow would tell the store, once."""
        entries, self.entries = self.entries, ()
        file = CaseFile(case=self.case).model_dump_json()
        return RecordBatch(row=row_of(self.case), entries=entries, life=f"life-{self.case.id}", file=file)

    def takes(self, decision: Decision | None) -> None:
        """Go on from what was decided. Raises: RuntimeError where it was refused."""
        if isinstance(decision, Refused):
            raise RuntimeError(f"a case of the bench was refused: {decision.reason}")
        if isinstance(decision, Accepted):
            self.case, self.entries = decision.case, (*self.entries, *decision.entries)

    def says(self, verb: Verb, message: Message, at: datetime) -> None:
        """Let somebody say something, after what was due by then."""
        self.takes(fall_due(self.case, at))
        self.takes(decide(self.case, verb, message, str(uuid4()), at))


async def cases_as_of(now: datetime, count: int) -> AsyncIterator[KeptCase]:
    """Make so many open cases as they stand at an instant (UTC)."""
    staff, terms_of = people(), _Compiled(now)
    for number in range(count):
        # By steps that share no divisor, so that no centre has all the old ones.
        owner, hours = staff[number * 11 % len(staff)], number * 7 % _OLDEST
        received_at = now - timedelta(hours=hours, seconds=number * 37 % 3600)
        terms = await terms_of(owner.region or "", hours)
        yield _one(number, owner, terms, received_at, now)


class _Compiled:
    """Terms for requests of some age, compiled once for all of a centre that came in within a few hours."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._compiler = TermsActivities()
        self._known: dict[tuple[str, int], Terms] = {}

    async def __call__(self, region: str, hours: int) -> Terms:
        """Return those of a request of so many hours; they begin before it."""
        key = region, hours // _TERMS_EVERY
        if key not in self._known:
            since = self._now - (key[1] + 1) * _TERMS_EVERY * _HOUR - _HOUR
            answer = await self._compiler.compile_terms(TermsRequest(policy=_POLICY, at=since, region=region))
            if answer.terms is None:
                raise RuntimeError(f"no terms for a case of the bench: {answer.refused}")
            self._known[key] = answer.terms
        return self._known[key]


async def fill(store: CaseStore, count: int, keep: int) -> list[KeptCase]:
    """Keep so many cases in the store, and return some of them, which will change."""
    kept: list[KeptCase] = []
    now = datetime.now(UTC)
    async for one in cases_as_of(now, count):
        await store.record(one.batch())
        if len(kept) < keep and one.case.assignee:
            kept.append(one)
    return kept


def changes_of(kept: Sequence[KeptCase]) -> Iterator[KeptCase]:
    """Tell the customer of one case after the other something, as of now; each is to be kept then."""
    for one in cycle(kept):
        owner = Actor(
            kind=ActorKind.STAFF, name=one.case.assignee, role=Role.ENGINEER, region=one.case.region
        )
        one.says(Verb.POST_UPDATE, PostUpdate(actor=owner, text=_WORDS), datetime.now(UTC))
        yield one


def _one(number: int, owner: Actor, terms: Terms, at: datetime, now: datetime) -> KeptCase:
    impact, urgency = _RATES[number * 5 % len(_RATES)]
    title = f"{_TITLES[number % len(_TITLES)]} ({number})"
    asked = request(_POLICY, f"INC{number:07}").model_copy(
        update={
            "tenant": f"tenant-{number * 13 % TENANTS}",
            "tenant_company": f"Tenant {number * 13 % TENANTS} Pty",
        }
        | {"impact": impact, "urgency": urgency, "title": title, "region": owner.region}
    )
    opened = open_case(asked, terms, at)
    if isinstance(opened, Refused):
        raise RuntimeError(f"a case of the bench was refused: {opened.reason}")
    kept = KeptCase(opened.case, opened.entries)
    age = now - at
    if number % 4:  # a quarter has nobody yet
        kept.says(Verb.CLAIM, Claim(actor=owner), at + age / 20)
        kept.says(Verb.RESPOND, Respond(actor=owner, text=_WORDS), at + age / 10)
        if number % 3:  # a third of those was left lying
            kept.says(Verb.POST_UPDATE, PostUpdate(actor=owner, text=_WORDS), now - min(age / 2, 3 * _HOUR))
    kept.takes(fall_due(kept.case, now))
    return kept
