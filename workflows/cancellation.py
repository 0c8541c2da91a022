"""What becomes of a life that the engine is asked to cancel: it goes on, and takes note. Durable code.

The engine's button ends whatever waits: without this a case would be gone, its promises with it, and nobody
told. Who wants a case closed says so to the case.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from temporalio import workflow

T = TypeVar("T")


async def outlived(life: Coroutine[Any, Any, T]) -> T:
    """Return or raise what a life ends with, whatever the engine asks meanwhile.

    A cancel reaches the run's own task wherever that waits; this one waits for nothing but the life, which
    has a task of its own. A run evicted from memory loses both tasks, and the loop ends with the life's.
    """
    living = asyncio.create_task(life)
    while not living.done():
        try:
            await workflow.wait([living])
        except asyncio.CancelledError:
            continue
    return living.result()


class CancelRequest:
    """The engine's request to cancel this run, until it is taken; a run has at most one."""

    def __init__(self) -> None:
        self._is_taken = False

    @property
    def is_waiting(self) -> bool:
        """True while there is a request that was not taken."""
        return not self._is_taken and workflow.cancellation_reason() is not None

    def take(self) -> str | None:
        """Return the reason given (empty for none) once, or None where nothing waits."""
        if not self.is_waiting:
            return None
        self._is_taken = True
        return workflow.cancellation_reason()
