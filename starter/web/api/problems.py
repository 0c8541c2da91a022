"""What a program is answered where something kept the core from doing what it asked: RFC 9457, one shape.

Every answer of that kind has a stable `code`, a `remedy`, the id of the request, and a pointer to each field
at fault, all at once.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from starter.door.faults import Fault, Kind, Way

MEDIA_TYPE = "application/problem+json"
_RETRY = "2"  # s until an engine or store that is away is asked again (ours)

_STATUS: Mapping[Kind, int] = MappingProxyType(
    {
        Kind.USAGE: 400,
        Kind.REFUSED: 409,
        Kind.DECLINED: 409,
        Kind.CONFLICT: 409,
        Kind.NOT_FOUND: 404,
        Kind.UNREACHABLE: 503,
        Kind.UNKNOWN: 504,
        Kind.FAULT: 500,
        Kind.UNAUTHENTICATED: 401,
    }
)
_BY_CODE: Mapping[str, int] = MappingProxyType(
    {
        "ValidationError": 422,
        "RequiredFieldMissing": 422,
        "RoleNotPermitted": 403,
        "TierNotPermitted": 403,
        "Forbidden": 403,
        "FileEmpty": 422,
        "FileNameInvalid": 422,
        "FileNotFound": 404,
        "FileTooLarge": 413,
        "FileTypeNotTaken": 422,
        "TooManyFiles": 422,
    }
)


class FieldError(BaseModel):
    """One field at fault: a JSON pointer into the body."""

    pointer: str
    detail: str


class OneOfMany(BaseModel):
    """One thing that is wrong, where a request has several: it ends as the first of them."""

    code: str
    reason: str
    remedy: str = ""
    missing: list[str] = Field(default_factory=list)


class Problem(BaseModel):
    """RFC 9457 problem details, with a code, what to do, and the fields at fault.

    `kind` is what kind of fault it is, where the status leaves that open; `missing` is what was not given.
    `way` names a way out for which a door may have words of its own, `values` what it fills them with.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str = ""
    request_id: str = ""
    kind: Kind | None = None
    way: Way | None = None
    values: dict[str, str] | None = None
    missing: list[str] | None = None
    case: str | None = None
    receipt: dict[str, Any] | None = None
    errors: list[FieldError] = Field(default_factory=list)
    problems: list[OneOfMany] | None = None


class Refusal(Exception):
    """Ends a call with a problem of this door's own: what HTTP asks for and the core knows nothing of."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        remedy: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.remedy = status, code, detail, remedy
        self.headers = dict(headers or {})
        self.receipt = dict(receipt) if receipt else None


def answer_refusal(refusal: Refusal, request_id: str) -> JSONResponse:
    """Answer with a problem of this door's own."""
    problem = _problem(refusal.status, refusal.code, refusal.detail, refusal.remedy, request_id)
    return _response(problem.model_copy(update={"receipt": refusal.receipt}), refusal.headers)


def answer_fault(fault: Fault, request_id: str, *, reads: bool = False) -> JSONResponse:
    """Answer with a fault of the core: its kind and code decide the status.

    Who only reads has named something nobody knows, where who does something would be refused.
    """
    status = status_of(fault)
    status = 404 if reads and status == 409 else status
    problem = _problem(status, fault.code, fault.reason, fault.remedy, request_id)
    errors = [FieldError(pointer=_pointer(name), detail=_said_of(name, fault)) for name in fault.fields]
    headers = {"Retry-After": _RETRY} if status in (503, 504) else {}
    if status == 401:
        headers = {"WWW-Authenticate": 'Bearer realm="sunrelay"'}
    more = {"kind": fault.kind, "way": fault.way, "values": fault.values or None, "case": fault.case}
    missing = list(fault.missing) or None
    many = [OneOfMany.model_validate(one) for one in cast("list[object]", fault.more.get("problems", []))]
    told = {"errors": errors, "missing": missing, "problems": many or None}
    return _response(problem.model_copy(update={**told, **more}), headers)


def status_of(fault: Fault) -> int:
    """Return the status of a fault: other content under a used request id is 422, another case's is 409."""
    if fault.code == "DuplicateRequestConflict" and "request_id" in fault.fields:
        return 422
    return _BY_CODE.get(fault.code, _STATUS[fault.kind])


def answer_status(
    status: int, request_id: str, detail: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Answer what the router refuses: no such path, no such method."""
    code = {404: "NotFound", 405: "MethodNotAllowed"}.get(status, "RequestRefused")
    remedy = "see /v1/openapi.json for what there is"
    return _response(_problem(status, code, detail, remedy, request_id), headers or {})


def _problem(status: int, code: str, detail: str, remedy: str, request_id: str) -> Problem:
    return Problem(
        type=f"/v1/problems#{code}",
        title=_title(code),
        status=status,
        detail=detail,
        code=code,
        remedy=remedy,
        request_id=request_id,
    )


def _title(code: str) -> str:
    """Write a code as words: `CaseNotFound` is `Case not found`."""
    words = "".join(f" {char.lower()}" if char.isupper() else char for char in code).strip()
    return words[:1].upper() + words[1:]


def _pointer(name: str) -> str:
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in name.split("."))


def _said_of(name: str, fault: Fault) -> str:
    """Take from the reason what it says of one field; a field it does not name is missing."""
    told: Sequence[str] = [part for part in fault.reason.split("; ") if part.startswith(f"{name}: ")]
    return told[0].removeprefix(f"{name}: ") if told else fault.reason


def _response(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, problem.status, headers=dict(headers), media_type=MEDIA_TYPE)
