"""Holding the open cases of a policy to what it says now: each is told so, at a bounded rate, and looked at.

Whoever is stopped begins again: a case that is under this text is left alone, and one that was asked and has
not answered yet is asked by the same request id, which does nothing twice.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from domain.actor import Actor
from domain.case import Case
from domain.case_step import awaits_terms
from domain.compiled_terms import policy_digest
from domain.frozen import Frozen
from domain.policy import SupportPolicy
from domain.recomputing import moved_by
from domain.verbs import Verb
from policies import load_policy
from starter.door.faults import Fault, Kind
from starter.door.moved_promises import MovedCase, moved_case
from starter.door.permission import may_apply_policies
from starter.door.policies_in_force import policy_named
from starter.door.policy_preview import stored_case
from starter.door.session import Session
from starter.door.speak import Said, speak

RATE = 5
"""Cases a second (ours): a quarter of what one slow worker takes, so that everybody else is served."""

_LOOK_AGAIN = 0.2  # s
_PATIENCE = timedelta(seconds=5)
"""Until a case is told again (ours): one that was just read back from its history has been seen to take its
terms only at its next step, on a busy machine; whatever is said to it makes it step.
"""
_STOPS = (Kind.UNREACHABLE, Kind.UNAUTHENTICATED)
NOT_IN_FORCE = "PolicyNotInForce"


class Outcome(StrEnum):
    """What became of one case."""

    APPLIED = "applied"
    ALREADY = "already"
    OTHER_TEXT = "other_text"
    WAITS = "waits"
    REFUSED = "refused"


class AppliedCase(Frozen):
    """A case that was told to count by the policy; `code` and `reason` say why it does not."""

    case_id: str
    outcome: Outcome
    case: MovedCase | None = None
    code: str | None = None
    reason: str | None = None


def check_in_force(policy: SupportPolicy) -> None:
    """See that the text is the one in force here, where cases get their terms. Raises: Fault (refused)."""
    current = policy_named(policy.name, load_policy)
    if policy_digest(current) == policy_digest(policy):
        return
    raise Fault(
        Kind.REFUSED,
        NOT_IN_FORCE,
        f"{policy.name}@{current.version}, another text, is in force here",
        f"put the file in SUNRELAY_POLICY_DIR as {policy.name}.toml, restart the workers, then apply it",
    )


async def apply_policy(
    session: Session,
    actor: Actor,
    policy: SupportPolicy,
    cases: Sequence[str],
    reason: str,
    rate: int = RATE,
) -> AsyncIterator[AppliedCase]:
    """Hold cases to a policy in force, at most `rate` a second; the first of them alone, to see it take.

    Raises: Fault (refused) for whoever may not, or where a worker still has another text: nothing more is
    told then; unreachable where nobody answers.
    """
    may_apply_policies(actor)
    check_in_force(policy)
    one = _Applying(session, actor, policy, reason)
    loop, waiting, size = asyncio.get_running_loop(), iter(cases), 1
    while batch := list(islice(waiting, size)):
        begun, size = loop.time(), rate
        done = await asyncio.gather(*map(one.tell, batch))
        for found in done:
            yield found
        if any(found.outcome is Outcome.OTHER_TEXT for found in done):
            raise _other_text(policy)
        await asyncio.sleep(max(0.0, len(batch) / rate - (loop.time() - begun)))


class _Applying:
    def __init__(self, session: Session, actor: Actor, policy: SupportPolicy, reason: str) -> None:
        self._session, self._actor, self._policy = session, actor, policy
        self._digest, self._reason = policy_digest(policy), reason
        self._said = hashlib.sha256(reason.encode()).hexdigest()[:6]

    async def tell(self, case_id: str) -> AppliedCase:
        """Tell one case, and wait until its terms are others. Raises: Fault where nobody answers."""
        before = await stored_case(self._session, case_id)
        if before is None:
            return _left(case_id, "CaseNotFound", "our store does not have it as it stands")
        if before.terms.digest == self._digest:
            return AppliedCase(case_id=case_id, outcome=Outcome.ALREADY)
        request_id = self._request_id(before.terms.compiled_for)
        try:
            version = await self._ask(case_id, request_id)
            after = await self._recomputed(case_id, version, _PATIENCE)
            if after is None:
                await self._ask(case_id, f"{request_id}-again")
                after = await self._recomputed(case_id, version, self._session.timeout)
        except Fault as fault:
            if fault.kind in _STOPS:
                raise
            return _left(case_id, fault.code, fault.reason)
        return await self._outcome(before, after)

    async def _ask(self, case_id: str, request_id: str) -> int:
        """Tell the case, and return its version then. Raises: Fault."""
        fields = {"reason": self._reason, "in_bulk": True}
        said = Said(Verb.RECOMPUTE_TERMS, fields, request_id)
        answer = await speak(self._session, self._actor, case_id, said)
        return answer.receipt.version or 0

    def _request_id(self, compiled_for: datetime) -> str:
        """Name the request by the text, the reason, and the terms it is to replace."""
        return f"policy-{self._digest}-{self._said}-{compiled_for:%Y%m%dT%H%M%SZ}"

    async def _outcome(self, before: Case, after: Case | None) -> AppliedCase:
        if after is None:
            reason = "it was told, and has not answered yet; apply the policy again to see"
            return AppliedCase(case_id=before.id, outcome=Outcome.WAITS, code="OutcomeUnknown", reason=reason)
        if after.terms.digest == self._digest:
            entries = await self._session.read(lambda store: store.timeline(before.id))
            moved = moved_by(before, (entry for entry in entries if entry.number > before.entries))
            shown = moved_case(after, moved, self._policy)
            return AppliedCase(case_id=before.id, outcome=Outcome.APPLIED, case=shown)
        if after.terms.compiled_for == before.terms.compiled_for:
            reason = "no terms could be had; the case asks again a day later"
            return AppliedCase(
                case_id=before.id, outcome=Outcome.WAITS, code="TermsNotToBeHad", reason=reason
            )
        reason = f"a worker counts by another text, {after.terms.policy}@{after.terms.version}"
        return AppliedCase(case_id=before.id, outcome=Outcome.OTHER_TEXT, code=NOT_IN_FORCE, reason=reason)

    async def _recomputed(self, case_id: str, version: int, within: timedelta) -> Case | None:
        """Return the case once it has taken its terms, or None where that takes longer."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + within.total_seconds()
        while loop.time() < ends:
            case = await stored_case(self._session, case_id)
            if case is not None and case.version >= version and not awaits_terms(case):
                return case
            await asyncio.sleep(_LOOK_AGAIN)
        return None


def _left(case_id: str, code: str, reason: str) -> AppliedCase:
    return AppliedCase(case_id=case_id, outcome=Outcome.REFUSED, code=code, reason=reason)


def _other_text(policy: SupportPolicy) -> Fault:
    return Fault(
        Kind.REFUSED,
        NOT_IN_FORCE,
        f"a worker still has another text of {policy.name}: the other cases were told nothing",
        "restart the workers, then apply the policy again",
    )
