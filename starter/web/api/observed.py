"""What is kept of a call once it is answered: a count, and a line in the log.

The line says who called, about which case, and under which request id the case was told: an entry of the
timeline has the same one. Nothing of what was said is in it.
"""

import logging

from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request

from starter.door.identity import Caller

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_log = logging.getLogger("sunrelay.api")


class ApiCalls:
    """Counts the calls of the API. A route is one of ours, so that nobody can make up a new row."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._calls = Counter(
            "sunrelay_api_calls",
            "Calls of the API, by route and by the status they were answered with.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "sunrelay_api_call_seconds",
            "How long calls of the API took.",
            ("method",),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def note(self, request: Request, status: int, seconds: float) -> None:
        """Count a call that was answered, and log it."""
        method = request.method if request.method in _METHODS else "other"
        route = found.path if isinstance(found := request.scope.get("route"), APIRoute) else "-"
        self._calls.labels(method, route, str(status)).inc()
        self._seconds.labels(method).observe(seconds)
        caller: Caller | None = getattr(request.state, "caller", None)
        fields = {
            "request_id": request.state.id,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "credential": caller.credential if caller else None,
            "case_id": getattr(request.state, "case_id", None),
            "message_request_id": getattr(request.state, "message_request_id", None),
        }
        _log.info(
            "%s %s %s %.0f ms %s",
            method,
            route,
            status,
            fields["ms"],
            request.state.id,
            extra={name: value for name, value in fields.items() if value is not None},
        )
