"""What keeps the core from doing what it was asked: a kind, a code, a reason and what to do about it.

The words are anybody's. A door maps the kind to what it speaks (an exit code, a status, a mail) and may add
its own way out: `way` names the situation, `values` what to fill its words with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Kind(StrEnum):
    """The kinds of fault every door has an answer to."""

    USAGE = "usage"
    REFUSED = "refused"
    DECLINED = "declined"
    CONFLICT = "conflict"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    FAULT = "fault"
    UNAUTHENTICATED = "unauthenticated"


class Way(StrEnum):
    """Situations for which doors have words of their own."""

    ASK_AGAIN = "ask_again"
    LOOK_AT_CASE = "look_at_case"
    REOPEN = "reopen"
    REOPEN_OR_RENAME = "reopen_or_rename"
    RENAME_OR_REOPEN = "rename_or_reopen"
    START_SERVER = "start_server"
    START_WORKER = "start_worker"
    START_STORE = "start_store"
    NAME_CASE = "name_case"
    SEE_ROTA = "see_rota"
    SEE_PEOPLE = "see_people"
    REPLACE_PERSON = "replace_person"
    SEE_INCIDENTS = "see_incidents"
    RENAME_INCIDENT = "rename_incident"
    RENAME_REQUEST = "rename_request"
    LIST_POLICIES = "list_policies"
    CHECK_POLICY = "check_policy"
    LIST_CALENDARS = "list_calendars"
    NAME_ONE_DESK = "name_one_desk"
    NAME_TENANT = "name_tenant"
    ANYWAY = "anyway"
    HAND_ON = "hand_on"


NO_WORKER = "WorkerUnreachable"
"""The code of a question that no worker took in time."""
_MAY_NOT = frozenset({"RoleNotPermitted", "TierNotPermitted", "Forbidden"})


class Fault(Exception):
    """Ends a request: `code` is the catalogue's where it has one, `remedy` says what to do."""

    def __init__(
        self,
        kind: Kind,
        code: str,
        reason: str,
        remedy: str = "",
        missing: Sequence[str] = (),
        case: str | None = None,
        *,
        way: Way | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.missing = tuple(missing)
        self.case = case
        self.way = way
        self.values = dict(values or {})
        self.fields = self.missing
        """The fields at fault, as far in as is known: `contact.email` where `missing` has `contact`."""
        self.withheld = ""
        """What the audit may say of it, and no door ever tells: `expired`, `another tenant's case`."""

    @property
    def is_for_audit(self) -> bool:
        """Whether it is an attempt at what is not theirs, and no mere mistake."""
        return bool(self.withheld) or self.kind is Kind.UNAUTHENTICATED or self.code in _MAY_NOT

    @property
    def lines(self) -> Sequence[str]:
        """What people are told before the last word, a line each; nothing, unless there is more than one."""
        return ()

    @property
    def more(self) -> Mapping[str, object]:
        """What a program is told beside code and reason; nothing, unless a fault has more to say."""
        return {}


def usage(reason: str, remedy: str = "", *fields: str) -> Fault:
    """Return the fault of a request that makes no sense as it was put, because of these fields."""
    return Fault(Kind.USAGE, "UsageError", reason, remedy, fields)


def not_found(what: str, remedy: str = "check the case number", way: Way | None = None) -> Fault:
    """Return the fault of a case nobody knows, or that is not for this actor to see (RHIPE-28)."""
    return Fault(Kind.NOT_FOUND, "CaseNotFound", f"there is no case {what}", remedy, way=way)


def unauthenticated(withheld: str) -> Fault:
    """Return the one answer to a credential that is missing, unknown, expired or revoked."""
    reason = "this credential is not known here, or no longer valid"
    fault = Fault(Kind.UNAUTHENTICATED, "Unauthenticated", reason, "ask our staff for a new key")
    fault.withheld = withheld
    return fault


def unreachable(where: str) -> Fault:
    """Return what is said when no Temporal server answers."""
    reason = f"no Temporal server answers at {where}"
    return Fault(
        Kind.UNREACHABLE,
        "ServerUnreachable",
        reason,
        "start the server, or name another",
        way=Way.START_SERVER,
    )


def outcome_unknown(why: str, request_id: str) -> Fault:
    """Return what is said when something may have happened or not."""
    return Fault(
        Kind.UNKNOWN,
        "OutcomeUnknown",
        f"{why}; it may or may not have happened",
        f"ask again with the request id {request_id}: nothing is done twice",
        way=Way.ASK_AGAIN,
        values={"request_id": request_id},
    )


class Faults(Fault):
    """Several faults of one request: it ends as the first of them, and tells them all."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first, fields = faults[0], dict.fromkeys(name for one in faults for name in one.fields)
        super().__init__(first.kind, first.code, f"{len(faults)} things are wrong", "", tuple(fields))
        self.faults = tuple(faults)

    @property
    def lines(self) -> Sequence[str]:
        """Each of them, for people."""
        return tuple(map(_in_a_line, self.faults))

    @property
    def more(self) -> Mapping[str, object]:
        """Each of them, for programs."""
        return {
            "problems": [
                {"code": one.code, "reason": one.reason, "remedy": one.remedy, "missing": list(one.fields)}
                for one in self.faults
            ]
        }


def _in_a_line(fault: Fault) -> str:
    """Say where it is wrong, unless that is said already, why, and what to do."""
    is_said = not fault.fields or any(name in fault.reason for name in fault.fields)
    where = "" if is_said else f"{', '.join(fault.fields)}: "
    return f"{where}{fault.reason}" + (f"; {fault.remedy}" if fault.remedy else "")


class Looks:
    """What is looked at before a request is made: what is wrong is kept until everything was seen."""

    def __init__(self) -> None:
        self.wrong: list[Fault] = []

    def at(self, read: Callable[..., T], *given: Any) -> T:
        """Read something. What comes back where it was wrong is never used: the request ends first."""
        try:
            return read(*given)
        except Fault as fault:
            self.wrong += fault.faults if isinstance(fault, Faults) else [fault]
            return cast("T", None)


@contextmanager
def all_at_once() -> Iterator[Looks]:
    """Let a request tell everything that is wrong with it, not the first of it alone. Raises: Fault."""
    looks = Looks()
    yield looks
    if len(looks.wrong) == 1:
        raise looks.wrong[0]
    if looks.wrong:
        raise Faults(looks.wrong)
