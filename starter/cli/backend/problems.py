"""What an API answers where something went wrong, as the fault it was there: same kind, code and fields."""

import httpx
from pydantic import ValidationError

from starter.door.faults import Fault, Faults, Kind, Way, outcome_unknown
from starter.web.api.problems import MEDIA_TYPE, Problem

_OF_STATUS = {401: Kind.UNAUTHENTICATED, 404: Kind.NOT_FOUND, 408: Kind.UNREACHABLE, 429: Kind.UNREACHABLE}
"""The kinds of what the API itself refuses, and the core knows nothing of."""

_AT_THE_DESK = frozenset({Way.START_SERVER, Way.START_WORKER, Way.START_STORE, Way.NAME_ONE_DESK})
"""Ways out for whoever has the desk, which is not who speaks to its API."""


def fault_of(answer: httpx.Response, url: str, key: str | None = None) -> Fault:
    """Return the fault an API answered with; `key` is the request id it was asked under."""
    problem = _problem_in(answer)
    if problem is None:
        return _of_somebody_else(answer, url, key)
    if problem.code == "NotFound":
        reason, remedy = f"the API at {url} does not know this", "bring both to one version"
        return Fault(Kind.USAGE, "NotOffered", reason, remedy)
    if problem.code == "IdempotencyKeyReused":
        return _reused(key or "")
    kind = problem.kind or _OF_STATUS.get(answer.status_code, Kind.REFUSED)
    fault = Fault(kind, problem.code, problem.detail, problem.remedy, problem.missing or (), problem.case)
    if problem.problems:
        fault = Faults([Fault(kind, *one.model_dump().values()) for one in problem.problems])
    fault.way = None if problem.way in _AT_THE_DESK else problem.way
    fault.values = {**(problem.values or {}), **({"request_id": key} if key else {})}
    fault.fields = tuple(_field(error.pointer) for error in problem.errors)
    return fault


def _problem_in(answer: httpx.Response) -> Problem | None:
    if not answer.headers.get("content-type", "").startswith(MEDIA_TYPE):
        return None
    try:
        return Problem.model_validate_json(answer.content)
    except ValidationError:
        return None


def _of_somebody_else(answer: httpx.Response, url: str, key: str | None) -> Fault:
    """Return what is said of an answer that is none of ours, such as a proxy's that gave up waiting."""
    reason = f"{url} answers {answer.status_code}, and not as an API of ours does"
    if key is not None and answer.is_server_error:
        return outcome_unknown(reason, key)
    return Fault(Kind.UNREACHABLE, "ServerUnreachable", reason, "see whether this is the address of the API")


def _reused(key: str) -> Fault:
    """Return the refusal in the words of a case, which knows the key as the id of a request."""
    reason = f"the request id {key} was used before, for something else"
    remedy = "use a new request id; what was taken under this one stands"
    return Fault(Kind.CONFLICT, "DuplicateRequestConflict", reason, remedy, ("request_id",))


def _field(pointer: str) -> str:
    """Write a JSON pointer as fields are named: `/contact/email` is `contact.email`."""
    parts = pointer.removeprefix("/").split("/")
    return ".".join(part.replace("~1", "/").replace("~0", "~") for part in parts)
