"""How a case finds out that its engine was reset, and what is said again by it. Durable code.

A reset takes a history back to an earlier point, and says every later message again, as if it came now. The
run that follows has an id of its own, but what the store had answered before names the run of then.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from temporalio import workflow

from domain.record import Recollection
from workflows.request_ids import digest

_FIRST_TASK = 3
"""Events of a run when its first task begins, where nobody has said anything yet."""


class ResetWatch:
    """Whether this run goes on from a reset that the case has not answered yet."""

    def __init__(self) -> None:
        self._answered_to: str | None = None
        self._seems_reset = False
        self._asked_at = 0

    def begins(self, messages: int) -> None:
        """Look at how the run begins, with so many messages already there.

        A first run tells by its id. One that a turn-over began has more events than it should: now and then
        one that was not reset has them too, and asks the store in vain.
        """
        info = workflow.info()
        if info.continued_run_id is None:
            self._seems_reset = info.run_id != info.first_execution_run_id
        else:
            self._seems_reset = info.get_current_history_length() > _FIRST_TASK + messages

    def answered(self, run: str | None) -> None:
        """Note which run the store has answered to last."""
        self._answered_to = run or self._answered_to

    @property
    def is_certain(self) -> bool:
        """True where this run has taken over the history of another one."""
        info = workflow.info()
        if self._answered_to is not None:
            return self._answered_to != info.run_id
        return info.continued_run_id is None and self._seems_reset

    def is_news(self) -> bool:
        """Return whether this is the first step after a reset.

        What lies before was lived without that question, and there the mark of it is not found. It is asked
        once for a task: where a run is the reset of a reset one, what the store answered then is of neither.
        """
        at = workflow.info().get_current_history_length()
        is_open = self._seems_reset if self._answered_to is None else self.is_certain
        if not is_open or at == self._asked_at:
            return False
        self._asked_at = at
        return workflow.patched(f"reset@{at}")


class SaidBefore:
    """The messages a case had taken after the point of a reset: the engine says them again, all at once."""

    def __init__(self, recollection: Recollection, seen: Iterable[str]) -> None:
        taken = [tuple(one.split(":", 1)) for one in recollection.taken]
        self._said = {cause: said for cause, said in taken if cause}
        self._unread = Counter(said for cause, said in taken if not cause)
        self._seen = frozenset(seen)

    def takes(self, cause: str, said: str, *, by_content: bool) -> bool:
        """Return whether a message was taken before, and take it off; without an id its content tells."""
        known = digest(cause)
        if self._said.pop(known, None) is not None or known in self._seen:
            return True
        if not by_content:
            return False
        same = next((one for one, content in self._said.items() if content == said), None)
        return same is not None and self._said.pop(same) == said

    def takes_unread(self, name: str, size: int) -> bool:
        """Return whether a message of that name and size was not understood before, and take it off."""
        said = unread_digest(name, size)
        self._unread[said] -= 1
        return self._unread[said] >= 0


def unread_digest(name: str, size: int) -> str:
    """Return what tells one message nobody could take from another: 8 hex digits."""
    return hashlib.sha256(json.dumps([name, size]).encode()).hexdigest()[:8]
