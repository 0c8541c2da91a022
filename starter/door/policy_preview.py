"""What open cases would come to if a changed policy took effect: the domain's own rules, and nothing happens.

Each case is read as our store has it, so that looking ahead costs the engine nothing, however many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from activities.store.case_list import CaseFilter, Cursor
from activities.terms import TermsActivities
from domain.actor import Actor
from domain.case import Case
from domain.case_step import terms_wanted_again
from domain.compiled_terms import policy_digest
from domain.decision import Refused
from domain.frozen import Frozen
from domain.messages.case import RecomputeTerms
from domain.policy import SupportPolicy
from domain.recomputing import STILL_OWED, Foreseen, foresee
from domain.record import CaseRow
from domain.time.calendar import CalendarNeverOpens
from policies import PolicyInvalid, policy_names
from policies.errors import did_you_mean
from starter.door.faults import Fault, Kind, Way
from starter.door.moved_promises import MovedCase, PromiseTotal, moved_case, totals_of
from starter.door.permission import staff_only
from starter.door.policies_in_force import policy_named
from starter.door.session import Session

_PAGE = 500
"""Rows read at once (ours)."""


class NotCounted(Frozen):
    """A case that would stay as it is, for a reason that its policy or its record gives."""

    case_id: str
    number: str
    code: str
    reason: str
    remedy: str = ""


class PolicyPreview(Frozen):
    """What would move at `at` (UTC) if this text of a policy took effect.

    `in_force` is the one in force here, None where it has errors. Of the open cases `not_moved` are counted
    again and move nothing, `already` are under this very text, `pinned` were opened under a version by name.
    """

    policy: str
    digest: str
    in_force: str | None
    in_force_digest: str | None
    at: datetime
    cases: tuple[MovedCase, ...]
    totals: tuple[PromiseTotal, ...]
    not_moved: int
    already: int
    pinned: int
    not_counted: tuple[NotCounted, ...]
    warnings: tuple[str, ...]

    @property
    def open_cases(self) -> int:
        """How many open cases were looked at."""
        looked_at = len(self.cases) + self.not_moved + self.already + self.pinned
        return looked_at + len(self.not_counted)


@dataclass(frozen=True)
class Preview:
    """A preview, and the ids of the cases that applying it is for, moved or not."""

    shown: PolicyPreview
    wanted: tuple[str, ...]


async def preview_policy(session: Session, actor: Actor, policy: SupportPolicy) -> Preview:
    """Foresee a policy's effect on its open cases. Raises: Fault where no policy in force has its name."""
    staff_only(actor, "the preview of a policy")
    _check_known(policy)
    now, digest = session.now(), policy_digest(policy)
    counting = _Counting(actor, policy, now)
    for row in await open_rows(session, policy.name):
        await counting.look_at(session, row)
    current = _in_force(policy.name)
    shown = PolicyPreview(
        policy=f"{policy.name}@{policy.version}",
        digest=digest,
        in_force=current and f"{current.name}@{current.version}",
        in_force_digest=current and policy_digest(current),
        at=now,
        cases=tuple(counting.moved),
        totals=totals_of(counting.moved),
        not_moved=len(counting.wanted) - len(counting.moved),
        already=counting.already,
        pinned=counting.pinned,
        not_counted=tuple(counting.not_counted),
        warnings=tuple(_warnings(policy, current, digest, counting.moved)),
    )
    return Preview(shown, tuple(counting.wanted))


async def open_rows(session: Session, policy: str) -> list[CaseRow]:
    """List every case of a policy that is not closed yet. Raises: Fault (unreachable)."""
    found: list[CaseRow] = []
    after: Cursor | None = None
    phases = tuple(sorted(STILL_OWED))
    while True:
        wanted = CaseFilter(policy=policy, phases=phases, limit=_PAGE, after=after)
        page = await session.read(lambda store, wanted=wanted: store.cases(wanted))  # type: ignore[misc]
        found += page
        if len(page) < _PAGE:
            return found
        after = Cursor.of(page[-1])


async def stored_case(session: Session, case_id: str) -> Case | None:
    """Return a case as our store has it, or None where it has none that can be read. Raises: Fault."""
    try:
        file = await session.read(lambda store: store.files.latest(case_id))
    except ValidationError:
        return None
    return None if file is None else file.case


def change_message(actor: Actor, reason: str, now: datetime) -> RecomputeTerms:
    """Return what is said to each case."""
    return RecomputeTerms(actor=actor, received_at=now, reason=reason, in_bulk=True)


class _Counting:
    """Looks at one case after the other, and keeps what would become of each."""

    def __init__(self, actor: Actor, policy: SupportPolicy, now: datetime) -> None:
        self._policy, self._now = policy, now
        self._digest = policy_digest(policy)
        self._compiler = TermsActivities(policies=lambda _name: policy)
        self._message = change_message(actor, "foreseen", now)
        self.moved: list[MovedCase] = []
        self.wanted: list[str] = []
        self.already = self.pinned = 0
        self.not_counted: list[NotCounted] = []

    async def look_at(self, session: Session, row: CaseRow) -> None:
        case = await stored_case(session, row.case_id)
        if case is None:
            self._leave(row, "CaseNotFound", "our store does not have it as it stands", "ask again later")
        elif not self._is_meant(case):
            self.pinned += 1
        elif case.terms.digest == self._digest:
            self.already += 1
        else:
            await self._count(row, case)

    def _is_meant(self, case: Case) -> bool:
        """Tell whether a case follows the policy in force, or was opened under the version that changes."""
        _, at, version = case.request.policy.partition("@")
        return not at or version == self._policy.version

    async def _count(self, row: CaseRow, case: Case) -> None:
        foreseen = await self._foreseen(case)
        if (why := foreseen.refused) is not None:
            self._leave(row, why.code, why.reason, why.remedy)
            return
        self.wanted.append(case.id)
        if foreseen.moved:
            self.moved.append(moved_case(case, foreseen.moved, self._policy))

    async def _foreseen(self, case: Case) -> Foreseen:
        answer = await self._compiler.compile_terms(terms_wanted_again(case, self._now))
        try:
            return foresee(case, answer, self._message, self._now)
        except CalendarNeverOpens as error:
            remedy = "give the plan hours, or the calendar days"
            return Foreseen(refused=Refused(code="CalendarNeverOpens", reason=str(error), remedy=remedy))

    def _leave(self, row: CaseRow, code: str, reason: str, remedy: str) -> None:
        self.not_counted.append(
            NotCounted(case_id=row.case_id, number=row.number, code=code, reason=reason, remedy=remedy)
        )


def _check_known(policy: SupportPolicy) -> None:
    """See that the file is of a policy in force. Raises: Fault (refused)."""
    names = policy_names()
    if policy.name in names:
        return
    reason = f"no policy in force is named {policy.name}; known are {', '.join(names)}"
    near = did_you_mean(policy.name, names)
    remedy = near or "give the file the name of the policy it is to replace"
    raise Fault(Kind.REFUSED, "PolicyValueUnknown", reason, remedy, way=Way.LIST_POLICIES)


def _in_force(name: str) -> SupportPolicy | None:
    try:
        return policy_named(name)
    except Fault as fault:
        if isinstance(fault.__cause__, PolicyInvalid):
            return None
        raise


def _warnings(
    policy: SupportPolicy, current: SupportPolicy | None, digest: str, moved: Iterable[MovedCase]
) -> Iterable[str]:
    if current is not None and policy_digest(current) == digest:
        yield f"this is {policy.name}@{policy.version} as it is in force: only older cases can move"
    elif current is not None and current.version == policy.version:
        yield f"version {current.version} is in force with another text: give this one a version of its own"
    if late := sum(one.at_once for case in moved for one in case.moved):
        yield f"{late} of these promises would be due already: each falls due, and is missed, at once"
