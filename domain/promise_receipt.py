"""What stands in the signed record of a promise, and in the one of how it was kept.

No text of anybody is in them: names of ours, instants, digests. An effect's id holds the words of whoever
chose its request id, so a record names it by its digest.
"""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from domain.clocks import Clock
from domain.customer_promise import CustomerPromise, Ending, Standing, Why
from domain.frozen import Frozen

PROMISE = "sunrelay-promise+json"
OUTCOME = "sunrelay-outcome+json"
"""The `typ` of a record: neither can be taken for the other, nor for what else is signed by the same key."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Number = Annotated[str, Field(min_length=1, max_length=40)]
_At = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


class PromiseRecord(Frozen):
    """A promise: who made it, of which case, by which clock, due and told when (UTC), under which terms.

    `id` is the digest of the effect's id, `before` that of the promise whose place this one took.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    issuer: _Name
    case: _Number
    clock: Clock
    due_at: _At
    told_at: _At
    level: _Name
    policy: _Name
    calendar: Digest
    id: Digest
    before: Digest | None = None


class OutcomeRecord(Frozen):
    """How the promise `of` that id ended, when (UTC), and how late; `record` is the digest of its record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    issuer: _Name
    case: _Number
    of: Digest
    record: Digest
    clock: Clock
    due_at: _At
    standing: Standing
    at: _At
    late_seconds: Annotated[int, Field(ge=0)] = 0
    why: Why | None = None
    by: Digest | None = None


def digest(text: str) -> str:
    """Return the SHA-256 (hex) by which a record names an effect, or another record."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def record_of(
    promise: CustomerPromise, *, issuer: str, case: str, effect_id: str, told_at: datetime, before: str | None
) -> PromiseRecord:
    """Say a promise as its record does; `before` is the effect id of the one it takes the place of."""
    return PromiseRecord(
        issuer=issuer,
        case=case,
        clock=promise.clock,
        due_at=promise.due_at,
        told_at=told_at,
        level=promise.level,
        policy=promise.policy,
        calendar=promise.calendar,
        id=digest(effect_id),
        before=digest(before) if before else None,
    )


def outcome_of(promise: PromiseRecord, record: str, ending: Ending) -> OutcomeRecord:
    """Say how a promise ended as the second record does, which names the first."""
    return OutcomeRecord(
        issuer=promise.issuer,
        case=promise.case,
        of=promise.id,
        record=digest(record),
        clock=promise.clock,
        due_at=promise.due_at,
        standing=ending.standing,
        at=ending.at,
        late_seconds=ending.late_seconds,
        why=ending.why,
        by=digest(ending.by) if ending.by else None,
    )


def as_bytes(record: PromiseRecord | OutcomeRecord) -> bytes:
    """Write a record as it is signed: JSON of its fields in their order, without those that are None."""
    return record.model_dump_json(exclude_none=True).encode()
