"""Sends spans by OTLP; loaded only where somebody asks for traces, with the extra `traces`.

A span has ids, names of ours and how it ended. What an error said is left out: what somebody wrote may be in
it.
"""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status

NAME = "sunrelay"
_PATIENCE = 2  # s a collector has to take what is sent (ours): a worker that is told to stop waits for it


class _Wordless(BatchSpanProcessor):
    """Gathers spans to be sent together, without the words of errors."""

    def on_end(self, span: ReadableSpan) -> None:
        """Take a span that has ended."""
        super().on_end(_wordless(span))


def _wordless(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def sending_to(url: str) -> TracerProvider:
    """Set up the sending of spans; what is left is sent when the process ends.

    The name of the service is `sunrelay`, unless OTEL_SERVICE_NAME has another.
    """
    resource = Resource({"service.name": NAME}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(_Wordless(OTLPSpanExporter(endpoint=url, timeout=_PATIENCE)))
    return provider
