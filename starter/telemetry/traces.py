"""Traces, where somebody asks for them: calls, cases and activities as spans.

Nothing of OpenTelemetry's SDK is loaded before.
"""

from functools import cache
from typing import TYPE_CHECKING

from starter.door.faults import Fault, Kind
from starter.telemetry.settings import telemetry_settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer
    from temporalio.client import Interceptor


def tracing() -> "list[Interceptor]":
    """Return what a client traces with, and the workers that use it. Raises: Fault for a missing extra."""
    found = tracer()
    if found is None:
        return []
    from temporalio.contrib.opentelemetry import TracingInterceptor  # noqa: PLC0415

    return [TracingInterceptor(found)]


def send_traces() -> None:
    """Send what is left, for a process that ends without the exit handlers of Python."""
    if (url := telemetry_settings().traces_to) is not None:
        _provider(url).shutdown()


def tracer() -> "Tracer | None":
    """Return what makes spans, or None where nobody asks for them. Raises: Fault for a missing extra."""
    url = telemetry_settings().traces_to
    return None if url is None else _provider(url).get_tracer("sunrelay")


@cache
def _provider(url: str) -> "TracerProvider":
    """Set up the sending once for a process. Raises: Fault for a missing extra."""
    try:
        from starter.telemetry.spans import sending_to  # noqa: PLC0415
    except ImportError:
        reason, remedy = "what sends traces is not installed", "pip install 'sunrelay[traces]'"
        raise Fault(Kind.FAULT, "ExtraMissing", reason, remedy) from None
    return sending_to(url)
