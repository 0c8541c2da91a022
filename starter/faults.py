"""What a command ends with when it cannot do what it was asked: a code, a reason, what to do, an exit code.

Part of the doors. Exit codes: 0 done, 1 our own fault, 2 wrong usage, 3 refused, 4 not found, 5 server or
worker away, 6 declined (recorded, with its own consequence), 7 outcome unknown.
"""

from collections.abc import Sequence
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    UNREACHABLE = 5
    DECLINED = 6
    UNKNOWN = 7


class Fault(Exception):
    """Ends a command: `code` is the catalogue's where it has one, `remedy` says what to do."""

    def __init__(
        self,
        end: Exit,
        code: str,
        reason: str,
        remedy: str = "",
        missing: Sequence[str] = (),
        case: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.end = end
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.missing = tuple(missing)
        self.case = case

    def as_record(self) -> dict[str, object]:
        """This will be the fault as JSON prints it, on standard error."""
        record: dict[str, object] = {"error": self.end.name.lower(), "code": self.code, "reason": self.reason}
        if self.remedy:
            record["remedy"] = self.remedy
        if self.missing:
            record["missing"] = list(self.missing)
        if self.case:
            record["case"] = self.case
        return record


def usage(reason: str, remedy: str = "") -> Fault:
    """This will be the fault of a command typed wrongly."""
    return Fault(Exit.USAGE, "UsageError", reason, remedy)


def not_found(what: str, remedy: str = "check the case number") -> Fault:
    """This will be the fault of a case nobody knows, or that is not for this actor to see (RHIPE-28)."""
    return Fault(Exit.NOT_FOUND, "CaseNotFound", f"there is no case {what}", remedy)


def unreachable(address: str, origin: str) -> Fault:
    """This will be the one line said when no Temporal server answers."""
    return Fault(
        Exit.UNREACHABLE,
        "ServerUnreachable",
        f"no Temporal server answers at {address} ({origin})",
        "start the desk with: sunrelay run, or give --address",
    )
