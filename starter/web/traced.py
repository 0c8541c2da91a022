"""A span for each call, as a part of the trace its caller has begun."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from starter.telemetry.traces import tracer


def traced(app: ASGIApp) -> ASGIApp:
    """Return the application with a span for each call; itself where nobody asks for traces.

    Raises: Fault for a missing extra.
    """
    spans = tracer()
    if spans is None:
        return app
    from opentelemetry.propagate import extract  # noqa: PLC0415
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    async def spanned(scope: Scope, receive: Receive, send: Send) -> None:
        context = extract(Headers(scope=scope))
        with spans.start_as_current_span("call", context, SpanKind.SERVER) as span:

            async def sends(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await app(scope, receive, sends)
            if route := getattr(scope.get("route"), "path", ""):
                span.update_name(f"{scope['method']} {route}")

    return spanned
