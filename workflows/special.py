"""A diagnosis, an analysis of the root cause, and a visit to equipment of the customer's own.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class SpecialMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="diagnose", description="Say what the cause is; what is not ours is referred to whoever helps."
    )
    async def diagnose(self, raw: RawValue) -> Receipt:
        """Say what the cause is; what is not ours is referred to whoever helps."""
        return await self._ask(Verb.DIAGNOSE, raw)

    @diagnose.validator
    @one_payload
    def _may_diagnose(self, raw: RawValue) -> None:
        self._dry_run(Verb.DIAGNOSE, raw)

    @workflow.signal(
        name="diagnose", description="Say what the cause is; what is not ours is referred to whoever helps."
    )
    @one_payload
    def diagnose_told(self, raw: RawValue) -> None:
        """Say what the cause is; what is not ours is referred to whoever helps."""
        self._told(Verb.DIAGNOSE, raw)

    @workflow.update(
        name="request_root_cause",
        description="Ask for an analysis of the root cause of a problem that is solved.",
    )
    async def request_root_cause(self, raw: RawValue) -> Receipt:
        """Ask for an analysis of the root cause of a problem that is solved."""
        return await self._ask(Verb.REQUEST_ROOT_CAUSE, raw)

    @request_root_cause.validator
    @one_payload
    def _may_request_root_cause(self, raw: RawValue) -> None:
        self._dry_run(Verb.REQUEST_ROOT_CAUSE, raw)

    @workflow.signal(
        name="request_root_cause",
        description="Ask for an analysis of the root cause of a problem that is solved.",
    )
    @one_payload
    def request_root_cause_told(self, raw: RawValue) -> None:
        """Ask for an analysis of the root cause of a problem that is solved."""
        self._told(Verb.REQUEST_ROOT_CAUSE, raw)

    @workflow.update(
        name="visitor_checked_in",
        description="Say who has come to the site, when, and whether his ID is valid.",
    )
    async def visitor_checked_in(self, raw: RawValue) -> Receipt:
        """Say who has come to the site, when, and whether his ID is valid."""
        return await self._ask(Verb.VISITOR_CHECKED_IN, raw)

    @visitor_checked_in.validator
    @one_payload
    def _may_visitor_checked_in(self, raw: RawValue) -> None:
        self._dry_run(Verb.VISITOR_CHECKED_IN, raw)

    @workflow.signal(
        name="visitor_checked_in",
        description="Say who has come to the site, when, and whether his ID is valid.",
    )
    @one_payload
    def visitor_checked_in_told(self, raw: RawValue) -> None:
        """Say who has come to the site, when, and whether his ID is valid."""
        self._told(Verb.VISITOR_CHECKED_IN, raw)
