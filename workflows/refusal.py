"""A refused request is noted and its sender told, by a workflow of its own: the run that refused it is over.

Durable code. So the reference is free at once, however long the case store or the mail system is away.
"""

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from domain.decision import Refused
    from domain.effects import Lane, OutcomeStatus
    from domain.refused_request import RefusedRequest, notice_of, refused_request
    from workflows import delivery
    from workflows.start_input import NOTHING, run_with_anything

REFUSAL_WORKFLOW = "RefusedRequest"


async def report_refusal(refused: Refused, sent: bytes, *, answered_elsewhere: bool = False) -> None:
    """See to it that a refusal nobody waits for is noted and told; the very same one is already."""
    info = workflow.info()
    request = refused_request(refused, sent, info.workflow_id, info.run_id, workflow.now())
    try:
        await workflow.start_child_workflow(
            REFUSAL_WORKFLOW,
            request.model_copy(update={"answered_elsewhere": answered_elsewhere}),
            id=request.id,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"refused: {refused.code}",
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("refused before, for the same reason", extra={"refusal": request.id})


@workflow.defn(name=REFUSAL_WORKFLOW)
class RefusalNotice:
    """One refused request: kept in the case store, and told to the address it names, once."""

    @workflow.run
    @run_with_anything
    async def run(self, raw: RawValue = NOTHING) -> str:
        """Return how telling the sender ended."""
        request = _of_a_case(raw)
        if not await delivery.note_refused(request):
            return "not told"
        (outcome,) = await delivery.tell(Lane.CUSTOMER, (notice_of(request),))
        told = outcome.status is OutcomeStatus.DELIVERED
        notice = "told" if told else f"not told: {outcome.reason or outcome.status}"
        await delivery.note_refused(request, notice)
        return notice


def _of_a_case(raw: RawValue) -> RefusedRequest:
    """Read what a case hands on; nobody else has us write to whom they like. Raises: ApplicationError."""
    if workflow.info().parent is None:
        raise ApplicationError("only a case reports a refusal", type="Forbidden", non_retryable=True)
    try:
        return RefusedRequest.model_validate_json(raw.payload.data)
    except ValidationError as error:
        raise ApplicationError(str(error)[:500], type="ValidationError", non_retryable=True) from None
