"""Says a story to its case, word by word, as the doors do: by updates, with the instant of receipt.

Part of the rehearsals. Where the case stands otherwise than the log, the next word of a saying is tried; what
it refuses in the end is kept with the code. A case that comes back after its archive goes on as a linked one.
"""

from collections import Counter
from datetime import timedelta

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain import lifecycle
from domain.actor import Verb
from domain.decision import Declined, Refused
from domain.effects import EffectKind
from domain.messages import Message, Submit
from domain.naming import case_id
from starter.rehearse.findings import Unheard
from starter.rehearse.receivers import Receivers
from starter.rehearse.story import Saying, Story, Turn
from workflows.messages import QUEUE, WORKFLOW, CaseFile, Receipt

_STANDS_OTHERWISE = frozenset({"InvalidTransition", "CaseNotClosed"})
_PATIENCE = timedelta(seconds=120)  # for one answer; a busy machine takes a tenth of a second
_ARCHIVED = Refused(code="CaseClosed", reason="the case is archived")


class Journal:
    """What was said to all cases of a sweep, by verb, and what they refused."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.unheard: list[Unheard] = []


class Speaker:
    """This will tell one story. Its case is the one it opened, or the latest linked to that."""

    def __init__(
        self, client: Client, story: Story, shift: timedelta, receivers: Receivers, journal: Journal
    ) -> None:
        self._client = client
        self._story = story
        self._shift = shift
        self._receivers = receivers
        self._journal = journal
        self._identity = ""

    async def open(self) -> None:
        """This will submit the request, received when the log says."""
        received_at = self._story.opens_at + self._shift
        await self._submit(self._story.submit.model_copy(update={"received_at": received_at}))

    async def take(self, turn: Turn) -> None:
        """This will say what one row of the log stands for."""
        for saying in turn.sayings:
            await self._say(saying, turn)

    async def _submit(self, request: Submit) -> Refused | None:
        identity = case_id(request.tenant, request.source, request.reference)
        start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
            WORKFLOW,
            CaseFile(),
            id=identity,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        self._journal.said[Verb.SUBMIT] += 1
        self._identity = identity
        try:
            await self._client.execute_update_with_start_workflow(
                Verb.SUBMIT.value,
                request,
                start_workflow_operation=start,
                result_type=Receipt,
                rpc_timeout=_PATIENCE,
            )
        except WorkflowUpdateFailedError as error:
            return _refusal(error)
        return None

    async def _say(self, saying: Saying, turn: Turn) -> None:
        refused, verb = None, saying.words[0].verb
        for word in saying.words:
            verb = word.verb
            message = word.message.model_copy(update={"received_at": turn.at + self._shift})
            refused = await self._said(verb, message)
            if refused is None:
                return
            if refused.code not in _STANDS_OTHERWISE:
                break
        assert refused is not None
        self._journal.unheard.append(
            Unheard(line=turn.line, verb=verb, code=refused.code, reason=refused.reason)
        )

    async def _said(self, verb: Verb, message: Message) -> Refused | None:
        """This will say one word and return the refusal, or None where the case has taken it."""
        handle = self._client.get_workflow_handle(self._identity)
        try:
            receipt: Receipt = await handle.execute_update(
                verb.value, message, id=message.request_id, result_type=Receipt, rpc_timeout=_PATIENCE
            )
        except WorkflowUpdateFailedError as error:
            return _refusal(error)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return await self._said_to_archived(verb, message)
        self._journal.said[verb] += 1
        self._identity = receipt.linked_case or self._identity
        return None

    async def _said_to_archived(self, verb: Verb, message: Message) -> Refused | None:
        """This will let a late reopening open the linked case, as doors do; an archive hears nothing else."""
        record = self._receivers.records.get(self._identity)
        if verb is not Verb.REOPEN or record is None or record.whole is None:
            return _ARCHIVED
        case, at = record.whole, message.received_at
        assert at is not None
        decision = lifecycle.decide(case, verb, message, message.request_id or case.id, at)
        if not isinstance(decision, Declined):
            return decision if isinstance(decision, Refused) else _ARCHIVED
        effect = next(one for one in decision.effects if one.kind is EffectKind.LINKED_CASE)
        record.take_late(decision.entries)
        return await self._submit(lifecycle.linked_request(case, effect))


def _refusal(error: WorkflowUpdateFailedError) -> Refused:
    """This will be the refusal a case answered with. Raises: the error itself where it is none."""
    cause: BaseException | None = error.cause
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    if cause is None or cause.type is None:
        raise error
    return Refused(code=cause.type, reason=cause.message)
