"""Who of our own people has a case.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class StaffingMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(name="claim", description="Take a case nobody has; the first who claims it has it.")
    async def claim(self, raw: RawValue) -> Receipt:
        """Take a case nobody has; the first who claims it has it."""
        return await self._ask(Verb.CLAIM, raw)

    @claim.validator
    @one_payload
    def _may_claim(self, raw: RawValue) -> None:
        self._dry_run(Verb.CLAIM, raw)

    @workflow.signal(name="claim", description="Take a case nobody has; the first who claims it has it.")
    @one_payload
    def claim_told(self, raw: RawValue) -> None:
        """Take a case nobody has; the first who claims it has it."""
        self._told(Verb.CLAIM, raw)

    @workflow.update(
        name="reassign",
        description="Give the case to somebody else of our staff; the customer is told whom to contact.",
    )
    async def reassign(self, raw: RawValue) -> Receipt:
        """Give the case to somebody else of our staff; the customer is told whom to contact."""
        return await self._ask(Verb.REASSIGN, raw)

    @reassign.validator
    @one_payload
    def _may_reassign(self, raw: RawValue) -> None:
        self._dry_run(Verb.REASSIGN, raw)

    @workflow.signal(
        name="reassign",
        description="Give the case to somebody else of our staff; the customer is told whom to contact.",
    )
    @one_payload
    def reassign_told(self, raw: RawValue) -> None:
        """Give the case to somebody else of our staff; the customer is told whom to contact."""
        self._told(Verb.REASSIGN, raw)

    @workflow.update(name="take_ownership", description="Take a long or hard case as TSS or SDM.")
    async def take_ownership(self, raw: RawValue) -> Receipt:
        """Take a long or hard case as TSS or SDM."""
        return await self._ask(Verb.TAKE_OWNERSHIP, raw)

    @take_ownership.validator
    @one_payload
    def _may_take_ownership(self, raw: RawValue) -> None:
        self._dry_run(Verb.TAKE_OWNERSHIP, raw)

    @workflow.signal(name="take_ownership", description="Take a long or hard case as TSS or SDM.")
    @one_payload
    def take_ownership_told(self, raw: RawValue) -> None:
        """Take a long or hard case as TSS or SDM."""
        self._told(Verb.TAKE_OWNERSHIP, raw)

    @workflow.update(name="escalate", description="Pass the case on to L2, with what kind of problem it is.")
    async def escalate(self, raw: RawValue) -> Receipt:
        """Pass the case on to L2, with what kind of problem it is."""
        return await self._ask(Verb.ESCALATE, raw)

    @escalate.validator
    @one_payload
    def _may_escalate(self, raw: RawValue) -> None:
        self._dry_run(Verb.ESCALATE, raw)

    @workflow.signal(name="escalate", description="Pass the case on to L2, with what kind of problem it is.")
    @one_payload
    def escalate_told(self, raw: RawValue) -> None:
        """Pass the case on to L2, with what kind of problem it is."""
        self._told(Verb.ESCALATE, raw)
