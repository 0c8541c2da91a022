"""What a run is started with, read with care: whoever reaches the server can start one with anything.

Durable code. A start that cannot be read, or that brings what only the engine may hand on, ends the run at
once with a code: left to itself the engine would try it for ever, and block its reference as long.
"""

import functools
import re
from collections.abc import Callable, Coroutine
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from domain.decision import Refused
from domain.misreading import misread
from domain.rules import CURRENT_RULES, RULES_0_3, RULES_0_4
from domain.text import INCOMING
from workflows.incident_messages import IncidentFile
from workflows.life import MAX_PAYLOAD
from workflows.messages import CaseFile
from workflows.rules import rules_of_run

F = TypeVar("F", CaseFile, IncidentFile)
S = TypeVar("S")
R = TypeVar("R")

NOTHING = RawValue(Payload())
"""Stands for the input of a run that was started without any."""

_COUNT = "payloads"
_JSON = b"json/plain"
_NULL = b"binary/null"
_ANYBODYS = frozenset({"rules", "request"})
"""What anybody may start a run with; every other field is the state of a run that went before."""

_DERIVED_ID = re.compile(r"(case|incident)-[a-z2-7]{20}")
_FAMILY = {CaseFile: "case", IncidentFile: "incident"}


class Start(NamedTuple, Generic[F]):
    """The input of a run, the release of the rules it is held to, and why it may not begin, if so.

    `sent` is a refused request as it came. A forged state is none: nobody is written to for it.
    """

    file: F
    rules: int
    refused: Refused | None = None
    sent: bytes = b""


def begun_with_anything(init: Callable[[S, RawValue], None]) -> Callable[..., None]:
    """Hand `__init__` one payload whatever came; the engine reads off its one parameter that it is raw.

    The engine calls it with as many as there are; the TypeError would be tried again for ever.
    """

    @functools.wraps(init)
    def called(self: S, *payloads: Any) -> None:
        init(self, _as_one(payloads))

    return called


def run_with_anything(
    run: Callable[[S, RawValue], Coroutine[Any, Any, R]],
) -> Callable[..., Coroutine[Any, Any, R]]:
    """Hand `run` one payload whatever came, as `begun_with_anything` does for `__init__`."""

    @functools.wraps(run)
    async def called(self: S, *payloads: Any) -> R:
        return await run(self, _as_one(payloads))

    return called


def _as_one(payloads: tuple[Any, ...]) -> RawValue:
    if len(payloads) == 1:
        return payloads[0]  # type: ignore[no-any-return]
    several = {_COUNT: str(len(payloads)).encode()}
    return RawValue(Payload(metadata=several)) if payloads else NOTHING


def read_start(kind: type[F], raw: RawValue) -> Start[F]:
    """Return what this run is started with, or why it may not begin.

    What a worker of ours wrote and this one cannot read, being older perhaps, fails the task only: a worker
    that can read it takes it up, and nothing is lost.
    """
    if _goes_on():
        carried = kind.model_validate_json(raw.payload.data)
        return Start(carried, rules_of_run(carried.rules))
    file, fault = _read(kind, raw)
    if file is None:
        if workflow.info().parent is not None:
            raise ValueError(f"the request of a linked case cannot be read here: {fault}")
        return Start(kind(), CURRENT_RULES, fault, raw.payload.data)
    rules = rules_of_run(file.rules)
    forged = _refuse_state(file)
    refused = fault or _refuse_settings() or forged or _refuse_id(kind)
    if refused is None and rules >= RULES_0_4:
        file, refused = _in_todays_form(file, raw)
    if refused is None or rules < RULES_0_3:
        return Start(file, rules)
    return Start(kind(), rules, refused, b"" if forged else raw.payload.data)


def _in_todays_form(file: F, raw: RawValue) -> tuple[F, Refused | None]:
    """Read a request in a start as one that is submitted; what a parent hands on was accepted before."""
    if workflow.info().parent is not None or getattr(file, "request", None) is None:
        return file, None
    try:
        return type(file).model_validate_json(raw.payload.data, context=INCOMING), None
    except ValidationError as error:
        return file, misread(error)


def _goes_on() -> bool:
    """Return whether the engine itself continued into this run, and did not begin it again.

    A run that cron or a retry begins again has the input of whoever started the first. A retry is told by its
    number, not by its policy: a case of 0.2 that was started with one still turns over.
    """
    info = workflow.info()
    return info.continued_run_id is not None and info.cron_schedule is None and info.attempt == 1


def _read(kind: type[F], raw: RawValue) -> tuple[F | None, Refused | None]:
    payload = raw.payload
    if not payload.metadata and not payload.data:
        return kind(), None
    if _COUNT in payload.metadata:
        return None, _invalid(f"{payload.metadata[_COUNT].decode()} payloads instead of one")
    encoding = payload.metadata.get("encoding", b"")
    if encoding == _NULL or (encoding == _JSON and payload.data == b"null"):
        return kind(), _invalid("the input is null")  # taken for no input until 0.3
    if encoding != _JSON:
        return None, _invalid(f"the input is written as {_shown(encoding)}, which cannot be read here")
    if (size := len(payload.data)) > MAX_PAYLOAD:
        return None, _invalid(f"the input has {size} bytes, more than {MAX_PAYLOAD}")
    try:
        return kind.model_validate_json(payload.data), None
    except ValidationError as error:
        return None, misread(error)


def _invalid(reason: str) -> Refused:
    return Refused(code="ValidationError", reason=reason, remedy="start with one JSON object, or with none")


def _shown(encoding: bytes) -> str:
    return repr(encoding[:40].decode("ascii", "replace"))


def _refuse_settings() -> Refused | None:
    info = workflow.info()
    if info.cron_schedule is None and info.retry_policy is None:
        return None
    what = "a cron schedule" if info.cron_schedule is not None else "a retry policy"
    return _invalid(f"it was started with {what}, and would begin anew with old input").model_copy(
        update={"remedy": "start it without one: it goes on by itself"}
    )


def _refuse_state(file: CaseFile | IncidentFile) -> Refused | None:
    """Refuse the state of a run that went before, which only the engine hands on from that one."""
    fresh = type(file)()
    carried = [
        name
        for name in type(file).model_fields
        if name not in _ANYBODYS and getattr(file, name) != getattr(fresh, name)
    ]
    if not carried:
        return None
    return Refused(
        code="Forbidden",
        reason=f"a start cannot bring the state of a run: {', '.join(carried)}",
        remedy="start it with a request, or with nothing",
        missing=tuple(carried),
    )


def _refuse_id(kind: type[F]) -> Refused | None:
    """Refuse an incident under the id of a case, and a case under that of an incident: it would block it."""
    found = _DERIVED_ID.fullmatch(workflow.info().workflow_id)
    if found is None or found.group(1) == _FAMILY[kind]:
        return None
    return _invalid(f"this is the id of another kind: {found.group(1)}")
