"""Every verb as an update (answered) and as a signal (on disk once sent), made from one table.

Durable code. A handler hands its payload to the one step behind every message; what it says of itself in the
Temporal UI is in the verb's row.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from workflows.message_step import MessageStep

T = TypeVar("T")


class Said(Protocol):
    """A verb as its handlers need it: its name, and the words by which it introduces itself."""

    @property
    def value(self) -> str:
        """The name of the update and of the signal."""

    @property
    def says(self) -> str:
        """What the Temporal UI shows."""


class _Heard(Protocol):
    """What `hears` gives handlers to: it has the one step behind every message."""

    _step: MessageStep


def hears(verbs: Iterable[Said], *, signals: bool = True) -> Callable[[type[T]], type[T]]:
    """Give a workflow its handlers for these verbs; without signals where everybody wants an answer."""

    def with_handlers(cls: type[T]) -> type[T]:
        for verb in verbs:
            setattr(cls, verb.value, _update(verb))
            if signals:
                setattr(cls, f"{verb.value}_told", _signal(verb))
        return cls

    return with_handlers


def _update(verb: Said) -> Any:
    class Handler(_Heard):  # the SDK reads the types of a method, whose `self` is not annotated
        async def ask(self, raw: RawValue) -> Any:
            return await self._step.ask(verb, raw)

        def may_ask(self, raw: RawValue) -> None:
            self._step.dry_run(verb, raw)

    ask = _named(Handler.ask, verb.value, verb.says)
    update = workflow.update(name=verb.value, description=verb.says)(ask)
    update.validator(_one_payload(Handler.may_ask, lambda step, payloads: step.refuse_payloads(payloads)))
    return update


def _signal(verb: Said) -> Any:
    class Handler(_Heard):
        def tell(self, raw: RawValue) -> None:
            self._step.tell(verb, raw)

    tell = _named(Handler.tell, f"{verb.value}_told", verb.says)
    tell = _one_payload(tell, lambda step, payloads: step.record_payloads(verb, payloads))
    return workflow.signal(name=verb.value, description=verb.says)(tell)


def _named(handler: Any, name: str, says: str) -> Any:
    handler.__name__ = handler.__qualname__ = name
    handler.__doc__ = says
    return handler


def _one_payload(handler: Any, otherwise: Callable[[MessageStep, tuple[Any, ...]], None]) -> Any:
    """Keep a message with no payload, or with several, away from a handler of exactly one.

    The engine calls a handler with whatever came; the TypeError would stop the case and its clocks for ever
    (measured: `temporal workflow signal --name respond` without input did).
    """

    @functools.wraps(handler)
    def called(self: Any, *payloads: Any) -> None:
        if len(payloads) == 1:
            handler(self, payloads[0])
        else:
            otherwise(self._step, payloads)

    return called
