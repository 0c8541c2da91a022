"""Taking a case to the vendor, and what he says of it.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class VendorMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="request_escalation",
        description="Ask our staff to take the case to the vendor; they qualify it first.",
    )
    async def request_escalation(self, raw: RawValue) -> Receipt:
        """Ask our staff to take the case to the vendor; they qualify it first."""
        return await self._ask(Verb.REQUEST_ESCALATION, raw)

    @request_escalation.validator
    @one_payload
    def _may_request_escalation(self, raw: RawValue) -> None:
        self._dry_run(Verb.REQUEST_ESCALATION, raw)

    @workflow.signal(
        name="request_escalation",
        description="Ask our staff to take the case to the vendor; they qualify it first.",
    )
    @one_payload
    def request_escalation_told(self, raw: RawValue) -> None:
        """Ask our staff to take the case to the vendor; they qualify it first."""
        self._told(Verb.REQUEST_ESCALATION, raw)

    @workflow.update(
        name="escalate_to_vendor",
        description="Take the case to the vendor: handed over for good, or kept open with us.",
    )
    async def escalate_to_vendor(self, raw: RawValue) -> Receipt:
        """Take the case to the vendor: handed over for good, or kept open with us."""
        return await self._ask(Verb.ESCALATE_TO_VENDOR, raw)

    @escalate_to_vendor.validator
    @one_payload
    def _may_escalate_to_vendor(self, raw: RawValue) -> None:
        self._dry_run(Verb.ESCALATE_TO_VENDOR, raw)

    @workflow.signal(
        name="escalate_to_vendor",
        description="Take the case to the vendor: handed over for good, or kept open with us.",
    )
    @one_payload
    def escalate_to_vendor_told(self, raw: RawValue) -> None:
        """Take the case to the vendor: handed over for good, or kept open with us."""
        self._told(Verb.ESCALATE_TO_VENDOR, raw)

    @workflow.update(
        name="vendor_update",
        description="What the vendor answers, with his own severity and number.",
    )
    async def vendor_update(self, raw: RawValue) -> Receipt:
        """What the vendor answers, with his own severity and number."""
        return await self._ask(Verb.VENDOR_UPDATE, raw)

    @vendor_update.validator
    @one_payload
    def _may_vendor_update(self, raw: RawValue) -> None:
        self._dry_run(Verb.VENDOR_UPDATE, raw)

    @workflow.signal(
        name="vendor_update",
        description="What the vendor answers, with his own severity and number.",
    )
    @one_payload
    def vendor_update_told(self, raw: RawValue) -> None:
        """What the vendor answers, with his own severity and number."""
        self._told(Verb.VENDOR_UPDATE, raw)

    @workflow.update(
        name="vendor_finding",
        description="Where the vendor found the cause: in his cloud, or on the premises.",
    )
    async def vendor_finding(self, raw: RawValue) -> Receipt:
        """Where the vendor found the cause: in his cloud, or on the premises."""
        return await self._ask(Verb.VENDOR_FINDING, raw)

    @vendor_finding.validator
    @one_payload
    def _may_vendor_finding(self, raw: RawValue) -> None:
        self._dry_run(Verb.VENDOR_FINDING, raw)

    @workflow.signal(
        name="vendor_finding",
        description="Where the vendor found the cause: in his cloud, or on the premises.",
    )
    @one_payload
    def vendor_finding_told(self, raw: RawValue) -> None:
        """Where the vendor found the cause: in his cloud, or on the premises."""
        self._told(Verb.VENDOR_FINDING, raw)

    @workflow.update(
        name="vendor_contacted",
        description="Whether the vendor has called or written to the technical contact.",
    )
    async def vendor_contacted(self, raw: RawValue) -> Receipt:
        """Whether the vendor has called or written to the technical contact."""
        return await self._ask(Verb.VENDOR_CONTACTED, raw)

    @vendor_contacted.validator
    @one_payload
    def _may_vendor_contacted(self, raw: RawValue) -> None:
        self._dry_run(Verb.VENDOR_CONTACTED, raw)

    @workflow.signal(
        name="vendor_contacted",
        description="Whether the vendor has called or written to the technical contact.",
    )
    @one_payload
    def vendor_contacted_told(self, raw: RawValue) -> None:
        """Whether the vendor has called or written to the technical contact."""
        self._told(Verb.VENDOR_CONTACTED, raw)
