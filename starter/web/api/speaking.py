"""One POST under a case for each verb, made from the table of verbs: route, schema and words.

A new verb has its route the moment it has its row.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import JSONResponse

from domain.incidents.verbs import IncidentVerb
from domain.messages.base import Message
from domain.verbs import Verb
from starter.door.case_reader import find_for
from starter.door.faults import Fault
from starter.door.incidents import SaidOfCases, ask_incident, find_incident, say_in_parts
from starter.door.permission import staff_only
from starter.door.requests import build
from starter.door.speak import Said, hand_over, speak
from starter.web.api.bodies import Body
from starter.web.api.callers import Call, Known
from starter.web.api.described import body_of, receipts
from starter.web.api.headers import REPLAYED
from starter.web.api.once import Answer, once
from starter.web.api.problems import Refusal
from starter.web.api.resources import CASE_RESOURCES, INCIDENT_RESOURCES
from starter.web.api.samples import WhichCase, WhichIncident
from starter.web.api.seen import as_they_stand
from workflows.incident_messages import IncidentReceipt
from workflows.messages import Receipt

_STAMPS = sorted(Message.model_fields)


class CaseReceipt(Receipt):
    """What a case answers; `warning_texts` says what warnings of the door mean here."""

    warning_texts: dict[str, str] = Field(default_factory=dict)


def verbs_router() -> APIRouter:
    """Make the routes of every verb of a case and of an incident."""
    router = APIRouter()
    for noun, verb in CASE_RESOURCES.items():
        router.add_api_route(
            f"/cases/{{case}}/{noun}",
            _says(verb),
            methods=["POST"],
            tags=["say"],
            summary=verb.says,
            operation_id=verb.value,
            responses=receipts(CaseReceipt, "What the case answers."),
            openapi_extra=body_of(verb.model, versioned=True),
            response_model=None,
        )
    for noun, spoken in INCIDENT_RESOURCES.items():
        router.add_api_route(
            f"/incidents/{{incident}}/{noun}",
            _says_of_incident(spoken),
            methods=["POST"],
            tags=["incidents"],
            summary=spoken.says,
            operation_id=f"incident_{spoken.value}",
            responses=receipts(IncidentReceipt, "What the incident answers."),
            openapi_extra=body_of(spoken.model),
            response_model=None,
        )
    return router


def unstamped(body: Body) -> dict[str, Any]:
    """Return the fields of a body. Raises: Refusal (422) for what the door itself sets."""
    if claimed := [name for name in _STAMPS if name in body.fields]:
        reason = "; ".join(f"{name}: the door sets this itself" for name in claimed)
        raise Refusal(422, "ValidationError", reason, "leave it out")
    return body.fields


def _says(verb: Verb) -> Callable[..., Awaitable[JSONResponse]]:
    async def say(case: WhichCase, call: Known) -> JSONResponse:
        async def do(body: Body, request_id: str) -> Answer:
            case_id = await find_for(call.session, call.actor, case)
            call.is_about(case_id)
            fields = {**unstamped(body), **_expected(call)}
            said = Said(verb, fields, request_id)
            if "respond-async" in call.request.headers.get("prefer", ""):
                return await _handed_over(call, case_id, said)
            try:
                answer = await speak(call.session, call.actor, case_id, said)
            except Fault as fault:
                raise await _changed(call, case_id, fault) from None
            return receipt_answer(call, answer.receipt, 200, answer.warnings)

        return await once(call, do)

    return say


async def _handed_over(call: Call, case_id: str, said: Said) -> Answer:
    """Say it without waiting: it is on disk. Whether the case may take it is in its timeline."""
    said.check(call.session, call.actor)
    await as_they_stand(call, case_id)  # another tenant's case is not there
    request_id, warnings = await hand_over(call.session, call.actor, case_id, said)
    record = {"case_id": case_id, "request_id": request_id, **_warned((), warnings)}
    return Answer(202, record, {"Preference-Applied": "respond-async"}, case_id)


def _expected(call: Call) -> dict[str, int]:
    """Read If-Match: the version of the case the caller has seen. Raises: Refusal (400)."""
    told = call.request.headers.get("if-match", "").strip()
    if told in ("", "*"):
        return {}
    digits = told.removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        remedy = 'send the version of the case as its ETag has it, such as "12"'
        raise Refusal(400, "VersionUnreadable", "If-Match is no version of a case", remedy)
    return {"expected_version": int(digits)}


async def _changed(call: Call, case_id: str, fault: Fault) -> Exception:
    """Return the fault; where the case has changed since it was seen, with how it stands now (412)."""
    if fault.code != "VersionConflict":
        return fault
    now = (await as_they_stand(call, case_id)).view
    stands = {
        "case_id": now.case_id,
        "number": now.number,
        "phase": now.phase,
        "level": now.level,
        "owner": now.assignee or now.region,
        "version": now.version,
    }
    etag = {"ETag": f'"{now.version}"'}
    return Refusal(412, fault.code, fault.reason, fault.remedy, headers=etag, receipt=stands)


def receipt_answer(
    call: Call, receipt: Receipt, status: int, warnings: Mapping[str, str] = MappingProxyType({})
) -> Answer:
    """Answer with what the case answered, warnings of the door, and the version for the next If-Match."""
    call.backing.told(receipt.case_id, receipt.version)
    etag = {"ETag": f'"{receipt.version}"'} if receipt.version is not None else {}
    again = {REPLAYED: "true"} if receipt.repeated else {}
    record = receipt.model_dump(mode="json", exclude={"asked_at"}, exclude_none=True)
    told = _warned(receipt.warnings, warnings)
    return Answer(status, {**record, **told}, {**etag, **again}, receipt.case_id)


def _warned(codes: Sequence[str], warnings: Mapping[str, str]) -> dict[str, Any]:
    """Add the warnings of the door to those of the case, and what they mean here."""
    explained = {"warning_texts": dict(warnings)} if warnings else {}
    return {"warnings": [*codes, *warnings], **explained}


def _says_of_incident(verb: IncidentVerb) -> Callable[..., Awaitable[JSONResponse]]:
    async def say(incident: WhichIncident, call: Known) -> JSONResponse:
        async def do(body: Body, request_id: str) -> Answer:
            staff_only(call.actor, "a major incident")
            identity = await find_incident(call.session, incident)
            fields = unstamped(body)
            if verb in (IncidentVerb.JOIN, IncidentVerb.LEAVE):
                return await _of_cases(call, identity, SaidOfCases(verb, fields, request_id), incident)
            message = build(call.session, call.actor, verb, fields, request_id)
            receipt = await ask_incident(call.session, identity, verb, message, incident)
            return Answer(200, receipt.model_dump(mode="json", exclude_none=True))

        return await once(call, do)

    return say


async def _of_cases(call: Call, identity: str, said: SaidOfCases, typed: str) -> Answer:
    """Let cases join or leave, named by number or id; the last receipt of the parts is the answer."""
    given = said.fields.get("cases")
    named = [str(one) for one in given] if isinstance(given, list) else []
    ids = [await find_for(call.session, call.actor, one) for one in named]
    rest = {name: value for name, value in said.fields.items() if name != "cases"}
    said = said._replace(fields=rest)
    said.check(call.session, call.actor)
    last: dict[str, Any] = {}
    async for receipt in say_in_parts(call.session, call.actor, identity, ids, said, typed):
        last = receipt.model_dump(mode="json", exclude_none=True)
    if not last:
        raise Refusal(422, "ValidationError", "cases: it is missing", "name at least one case")
    return Answer(200, last)
