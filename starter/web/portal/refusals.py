"""What is said to a customer where something was not taken: in their language, with what to do about it.

What only the domain can say is shown beside it, as it says it: in English.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starter.door.faults import Fault, Faults, Kind
from starter.web.board.case_fields import Field
from starter.web.board.case_written import faulty
from starter.web.portal.speech import Speech

_AWAY = frozenset({Kind.UNREACHABLE, Kind.UNKNOWN})
_BY_CODE = {
    "VersionConflict": "wrong_changed",
    "InvalidTransition": "wrong_phase",
    "CaseClosed": "wrong_closed",
    "RoleNotPermitted": "wrong_role",
    "RequesterNotEntitled": "wrong_entitled",
}
_STATUS = {Kind.UNREACHABLE: 503, Kind.UNKNOWN: 504, Kind.USAGE: 422}


@dataclass(frozen=True)
class Wrong:
    """What kept a form from being taken: in all, of which field, and what the domain says in English."""

    lead: str
    of_field: Mapping[str, str]
    details: tuple[str, ...]


def status_of(fault: Fault) -> int:
    """Return with which status a form comes back."""
    return 422 if fault.code == "ValidationError" else _STATUS.get(fault.kind, 409)


def wrong_in(fault: Fault, fields: tuple[Field, ...], say: Speech) -> Wrong:
    """Say what is wrong with a form."""
    if fault.kind in _AWAY:
        return Wrong(say.plain("wrong_away"), {}, ())
    found = faulty(fault, fields)
    of_field = {path: _of_field(said, say) for path, said in found.of_field.items()}
    code = fault.faults[0].code if isinstance(fault, Faults) else fault.code
    lead = say.plain(_BY_CODE.get(code, "wrong_other"))
    details = () if code in _BY_CODE else found.of_all
    labels = {one.path: one.label for one in fields}
    shaped = tuple(
        f"{labels[path]}: {said}" for path, said in found.of_field.items() if "missing" not in said
    )
    return Wrong(lead, of_field, (*details, *shaped))


def _of_field(said: str, say: Speech) -> str:
    if "missing" in said or "at least 1" in said:
        return say.plain("wrong_missing")
    return say.plain("wrong_long" if "KiB" in said or "bytes" in said else "wrong_field")
