"""People who go on speaking whatever is killed meanwhile, and ask again where no answer comes."""

from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError

from domain.actor import Actor, ActorKind
from domain.timeline import EntryKind
from tests.e2e.station import eventually
from tests.live_case import LiveCase
from tests.people import ANA
from workflows.messages import Receipt

_ASK_AGAIN = timedelta(seconds=4)
_NOT_PROCESSED = "UnprocessedUpdate"  # the server's word after a crash: no worker has seen it


async def ask_until_answered(
    case: LiveCase, verb: str, actor: Actor, request_id: str, **fields: Any
) -> Receipt:
    """An update, asked again under the same request id until it is answered.

    The engine's own id of the update is another one each time: only the case itself can tell that it was
    asked before.
    """
    message = {"actor": actor.model_dump(mode="json", exclude_none=True), "request_id": request_id, **fields}

    async def ask() -> Receipt | None:
        try:
            return await case.handle.execute_update(
                verb, message, result_type=Receipt, rpc_timeout=_ASK_AGAIN
            )
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            return None
        except WorkflowUpdateFailedError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.type == _NOT_PROCESSED:
                return None
            raise

    return await eventually(ask)


class Speaker:
    """Somebody who leaves one note after the other, each once the one before was acknowledged."""

    def __init__(self, case: LiveCase, notes: int) -> None:
        self.case = case
        self.notes = [f"Note {number}" for number in range(notes)]
        self.acknowledged: list[str] = []

    async def speak(self) -> None:
        for number, text in enumerate(self.notes):
            await ask_until_answered(self.case, "add_note", ANA, f"note-{number}", text=text)
            self.acknowledged.append(text)

    async def has_said(self, count: int) -> bool:
        return len(self.acknowledged) >= count

    async def notes_kept(self) -> list[str | None]:
        """The notes of people in the whole timeline, which must be without gaps.

        The system leaves one where an attempt to send a mail was killed, for it may arrive twice.
        """
        notes = await self.case.entries(EntryKind.NOTED)
        return [entry.text for entry in notes if entry.by_kind is ActorKind.STAFF]
