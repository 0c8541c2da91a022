"""What somebody has written into a form: read once, sent on as it means, and shown again as it was typed."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from domain.verbs import Verb
from domain.views.staff import CaseView
from starter.door.faults import Fault, Faults
from starter.door.plain import words
from starter.door.speak import Said
from starter.door.warnings import meaning_of
from starter.web.board.case_fields import Field, Input, fields_of
from starter.web.board.visitors import FORM_TOKEN

REQUEST, VERSION, ENTRIES, CONFIRMED, CHANGE = "request", "version", "entries", "confirmed", "change"
"""Names of what a form carries beside the fields; no record has a field of these names."""

_CODE, _MOST_CODES = re.compile(r"[A-Za-z]{1,60}"), 20

Form = Mapping[str, list[str]]


class Asked(NamedTuple):
    """The fields of a form: those that are there at once, and those behind a click."""

    first: Sequence[Field]
    more: Sequence[Field] = ()


@dataclass(frozen=True)
class Written:
    """A form of one verb: as it was typed, and which case its writer had seen.

    `request_id` stays through every correction, so that what is sent twice is said once.
    """

    verb: Verb
    typed: Mapping[str, str]
    version: int
    entries: int
    request_id: str = field(default_factory=lambda: str(uuid4()))
    is_confirmed: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the form asks for."""
        return fields_of(self.verb)

    def asked_first(self, missing: Collection[str]) -> Asked:
        """Put first what a case lacks, where the form has some of it; everything, where it has none."""
        lacks = [one for one in self.fields if one.path.partition(".")[0] in missing]
        return Asked(lacks, [one for one in self.fields if one not in lacks]) if lacks else Asked(self.fields)

    def means(self, zone: ZoneInfo) -> Said:
        """Return what is said by it; instants were typed by the clock of `zone`."""
        found: dict[str, Any] = {"expected_version": self.version}
        for one in self.fields:
            value = _value(one, self.typed.get(one.path), zone)
            if value is not None:
                _put(found, one.path, value)
        return Said(self.verb, found, self.request_id)

    def is_ticked(self, one: Field) -> bool:
        """Tell whether a box is ticked; before anything was typed, as the record has it."""
        return one.path in self.typed if self.typed else one.is_ticked


def blank(verb: Verb, view: CaseView) -> Written:
    """Return a form nobody has written into: the lines of a brief stand in it as they are known."""
    brief = view.brief.model_dump() if view.brief is not None else {}
    known = {one.path: brief[one.path] for one in fields_of(verb) if brief.get(one.path)}
    return Written(verb, known, view.version, view.entries)


def read_written(verb: Verb, form: Form) -> Written:
    """Read a form as it was sent; what does not belong to it is left out."""
    typed = {one.path: form[one.path][0].replace("\r\n", "\n") for one in fields_of(verb) if one.path in form}
    return Written(
        verb=verb,
        typed=typed,
        version=number_in(form, VERSION),
        entries=number_in(form, ENTRIES),
        request_id=_first(form, REQUEST) or str(uuid4()),
        is_confirmed=CONFIRMED in form,
    )


def typed_in(form: Form) -> tuple[tuple[str, str], ...]:
    """List what somebody typed into a form, field by field in words, without what it carried unseen."""
    unseen = {REQUEST, VERSION, ENTRIES, CONFIRMED, CHANGE, FORM_TOKEN}
    typed = ((words(name.replace(".", " ")), text) for name, (text, *_) in form.items() if name not in unseen)
    return tuple((name, text.replace("\r\n", "\n")) for name, text in typed if text.strip())


def number_in(form: Form, name: str) -> int:
    """Read a number of our own making; what is none is 0, which no case is at."""
    digits = _first(form, name)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _value(one: Field, typed: str | None, zone: ZoneInfo) -> object:
    if one.input is Input.TICK:
        return typed is not None
    if typed is None or not typed.strip():
        return None
    match one.input:
        case Input.YES_NO:
            return {"yes": True, "no": False}.get(typed, typed)
        case Input.LINES:
            return [line.strip() for line in typed.split("\n") if line.strip()]
        case Input.INSTANT:
            return _instant(typed, zone)
        case Input.NUMBER:
            return typed.strip()
        case _:
            return typed


def _instant(typed: str, zone: ZoneInfo) -> str:
    """Return the instant that was typed by a clock; what is none is left to whoever reads the record."""
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        return typed
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()


def _put(found: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for part in above:
        found = found.setdefault(part, {})
    found[last] = value


@dataclass(frozen=True)
class Faulty:
    """What is wrong with a form: of which field, and what is of none."""

    of_field: Mapping[str, str]
    of_all: tuple[str, ...]


def faulty(fault: Fault, fields: tuple[Field, ...]) -> Faulty:
    """Sort what is wrong to the fields it is about, all at once."""
    of_field: dict[str, str] = {}
    of_all: list[str] = []
    for one in fault.faults if isinstance(fault, Faults) else (fault,):
        mine = {path: said for path in one.fields if (said := _said_of(one, path))}
        shown = {field.path for field in fields} & mine.keys()
        of_field |= {path: mine[path] for path in shown}
        if len(shown) < max(len(mine), 1):
            of_all.append("; ".join(filter(None, (one.reason, one.remedy))))
    return Faulty(of_field, tuple(of_all))


def _said_of(fault: Fault, path: str) -> str:
    """Return the part of a reason that speaks of one field, which is named before it."""
    starts = sorted(at for name in fault.fields for at in (_named(fault.reason, name),) if at is not None)
    mine = _named(fault.reason, path)
    if mine is None:
        return "it is missing" if path in fault.missing else fault.reason
    end = next((at for at in starts if at > mine), len(fault.reason))
    return fault.reason[mine + len(path) + 2 : end].removesuffix("; ")


def _named(reason: str, path: str) -> int | None:
    if reason.startswith(f"{path}: "):
        return 0
    at = reason.find(f"; {path}: ")
    return None if at < 0 else at + 2


def warnings_in(codes: Sequence[str]) -> list[str]:
    """Write warnings as people read them, by their codes in an address. What is no code is left out."""
    return [meaning_of(code) for code in codes[:_MOST_CODES] if _CODE.fullmatch(code)]
