"""How a command ends: an exit code for each kind of fault, and words a person at a shell can type.

0 done, 1 our own fault, 2 wrong usage, 3 refused (or not known here), 4 not found, 5 server, worker or store
away, 6 declined (recorded, with its own consequence), 7 outcome unknown.
"""

from enum import IntEnum

from starter.cli.flags import Typed, all_typed_for
from starter.cli.request_flags import LATER
from starter.cli.words import in_commands
from starter.door.faults import Fault, Kind, Way


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


_ENDS = {
    Kind.USAGE: Exit.USAGE,
    Kind.REFUSED: Exit.REFUSED,
    Kind.CONFLICT: Exit.REFUSED,
    Kind.DECLINED: Exit.DECLINED,
    Kind.NOT_FOUND: Exit.NOT_FOUND,
    Kind.UNREACHABLE: Exit.UNREACHABLE,
    Kind.UNKNOWN: Exit.UNKNOWN,
    Kind.FAULT: Exit.FAULT,
    Kind.UNAUTHENTICATED: Exit.REFUSED,
}

_OF_THE_DOMAIN = frozenset({Kind.REFUSED, Kind.CONFLICT, Kind.DECLINED})

_WAYS = {
    Way.ASK_AGAIN: "ask again with --request-id {request_id}: nothing is done twice",
    Way.LOOK_AT_CASE: "look at the case: sunrelay show",
    Way.REOPEN: "sunrelay reopen {number} --reason ... opens a linked case",
    Way.REOPEN_OR_RENAME: (
        "sunrelay reopen {number} --reason ... opens a linked case; or give another --reference"
    ),
    Way.RENAME_OR_REOPEN: (
        "give another --reference; sunrelay reopen {number} --reason ... goes on with that one"
    ),
    Way.START_SERVER: "start the desk with: sunrelay run, or give --address",
    Way.START_WORKER: "start one: sunrelay worker",
    Way.START_STORE: "start the desk with: sunrelay run, or set SUNRELAY_STORE_URL",
    Way.NAME_CASE: "give a number SR-XXXX-XXXX-X, a case id, or a reference with --tenant",
    Way.SEE_ROTA: "see sunrelay rota; capitals count",
    Way.SEE_PEOPLE: "see sunrelay people list; capitals count",
    Way.REPLACE_PERSON: "say --replace to change them; keys that were taken stay so",
    Way.SEE_INCIDENTS: "look at them: sunrelay incident list",
    Way.RENAME_INCIDENT: "give another --reference",
    Way.RENAME_REQUEST: "use another --request-id",
    Way.LIST_POLICIES: "sunrelay policy list names them",
    Way.CHECK_POLICY: "sunrelay policy check tells each on its own line",
    Way.LIST_CALENDARS: "see sunrelay calendar list",
    Way.HAND_ON: "give them to others with sunrelay case reassign, or say --hand-on",
    Way.ANYWAY: "choose a centre that is open, or say --anyway",
    Way.NAME_ONE_DESK: (
        "name both of one desk: SUNRELAY_HOME, or SUNRELAY_STORE_URL with TEMPORAL_ADDRESS; "
        "sunrelay settings shows them"
    ),
    Way.NAME_TENANT: "set SUNRELAY_ACTOR_TENANT to the tenant of this door",
}


def end_of(fault: Fault) -> Exit:
    """Return the exit code of a fault."""
    return _ENDS[fault.kind]


def remedy_of(fault: Fault) -> str:
    """Return what to do about a fault, in commands and flags."""
    if fault.way is not None:
        return _WAYS[fault.way].format_map(fault.values)
    return _typed(fault, fault.remedy)


def reason_of(fault: Fault) -> str:
    """Return why a command ends, in commands where the domain names verbs."""
    return _typed(fault, fault.reason)


def _typed(fault: Fault, words: str) -> str:
    """Put commands in the place of verbs: the domain's refusals name them, nobody else's words do."""
    return in_commands(words) if fault.kind in _OF_THE_DOMAIN else words


def flags_for(fault: Fault, typed: Typed) -> dict[str, str]:
    """Return what to type for the fields at fault: here, or later with `case provide`."""
    return all_typed_for(fault.fields, typed, LATER)


def as_record(fault: Fault, typed: Typed) -> dict[str, object]:
    """Return a fault as JSON prints it, on standard error."""
    record: dict[str, object] = {
        "error": end_of(fault).name.lower(),
        "code": fault.code,
        "reason": reason_of(fault),
    }
    if remedy := remedy_of(fault):
        record["remedy"] = remedy
    if fault.missing:
        record["missing"] = list(fault.missing)
    if flags := flags_for(fault, typed):
        record["flags"] = flags
    if fault.case:
        record["case"] = fault.case
    return {**record, **fault.more}
