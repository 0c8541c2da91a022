"""Resolving, closing and reopening.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class ClosingMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="resolve",
        description="Resolve the case by a resolution or a workaround; auto-close runs from now.",
    )
    async def resolve(self, raw: RawValue) -> Receipt:
        """Resolve the case by a resolution or a workaround; auto-close runs from now."""
        return await self._ask(Verb.RESOLVE, raw)

    @resolve.validator
    @one_payload
    def _may_resolve(self, raw: RawValue) -> None:
        self._dry_run(Verb.RESOLVE, raw)

    @workflow.signal(
        name="resolve",
        description="Resolve the case by a resolution or a workaround; auto-close runs from now.",
    )
    @one_payload
    def resolve_told(self, raw: RawValue) -> None:
        """Resolve the case by a resolution or a workaround; auto-close runs from now."""
        self._told(Verb.RESOLVE, raw)

    @workflow.update(
        name="close", description="Close the case: resolved, requested or no_further_troubleshooting."
    )
    async def close(self, raw: RawValue) -> Receipt:
        """Close the case: resolved, requested or no_further_troubleshooting."""
        return await self._ask(Verb.CLOSE, raw)

    @close.validator
    @one_payload
    def _may_close(self, raw: RawValue) -> None:
        self._dry_run(Verb.CLOSE, raw)

    @workflow.signal(
        name="close", description="Close the case: resolved, requested or no_further_troubleshooting."
    )
    @one_payload
    def close_told(self, raw: RawValue) -> None:
        """Close the case: resolved, requested or no_further_troubleshooting."""
        self._told(Verb.CLOSE, raw)

    @workflow.update(
        name="reopen", description="Reopen a closed case; after the reopen window a linked case is opened."
    )
    async def reopen(self, raw: RawValue) -> Receipt:
        """Reopen a closed case; after the reopen window a linked case is opened."""
        return await self._ask(Verb.REOPEN, raw)

    @reopen.validator
    @one_payload
    def _may_reopen(self, raw: RawValue) -> None:
        self._dry_run(Verb.REOPEN, raw)

    @workflow.signal(
        name="reopen", description="Reopen a closed case; after the reopen window a linked case is opened."
    )
    @one_payload
    def reopen_told(self, raw: RawValue) -> None:
        """Reopen a closed case; after the reopen window a linked case is opened."""
        self._told(Verb.REOPEN, raw)

    @workflow.update(
        name="validate_resolution",
        description="Ask the customer to validate the solution, or note that he has done so.",
    )
    async def validate_resolution(self, raw: RawValue) -> Receipt:
        """Ask the customer to validate the solution, or note that he has done so."""
        return await self._ask(Verb.VALIDATE_RESOLUTION, raw)

    @validate_resolution.validator
    @one_payload
    def _may_validate_resolution(self, raw: RawValue) -> None:
        self._dry_run(Verb.VALIDATE_RESOLUTION, raw)

    @workflow.signal(
        name="validate_resolution",
        description="Ask the customer to validate the solution, or note that he has done so.",
    )
    @one_payload
    def validate_resolution_told(self, raw: RawValue) -> None:
        """Ask the customer to validate the solution, or note that he has done so."""
        self._told(Verb.VALIDATE_RESOLUTION, raw)
