"""Who looks after a case that others work on: main contact, resolver group, reviews of the vendor.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class VendorReviewMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(name="change_main_contact", description="Say who speaks for the case from now on.")
    async def change_main_contact(self, raw: RawValue) -> Receipt:
        """Say who speaks for the case from now on."""
        return await self._ask(Verb.CHANGE_MAIN_CONTACT, raw)

    @change_main_contact.validator
    @one_payload
    def _may_change_main_contact(self, raw: RawValue) -> None:
        self._dry_run(Verb.CHANGE_MAIN_CONTACT, raw)

    @workflow.signal(name="change_main_contact", description="Say who speaks for the case from now on.")
    @one_payload
    def change_main_contact_told(self, raw: RawValue) -> None:
        """Say who speaks for the case from now on."""
        self._told(Verb.CHANGE_MAIN_CONTACT, raw)

    @workflow.update(
        name="assign_resolver_group",
        description="Have another group of ours work on the case; who tells the customer stays.",
    )
    async def assign_resolver_group(self, raw: RawValue) -> Receipt:
        """Have another group of ours work on the case; who tells the customer stays."""
        return await self._ask(Verb.ASSIGN_RESOLVER_GROUP, raw)

    @assign_resolver_group.validator
    @one_payload
    def _may_assign_resolver_group(self, raw: RawValue) -> None:
        self._dry_run(Verb.ASSIGN_RESOLVER_GROUP, raw)

    @workflow.signal(
        name="assign_resolver_group",
        description="Have another group of ours work on the case; who tells the customer stays.",
    )
    @one_payload
    def assign_resolver_group_told(self, raw: RawValue) -> None:
        """Have another group of ours work on the case; who tells the customer stays."""
        self._told(Verb.ASSIGN_RESOLVER_GROUP, raw)

    @workflow.update(
        name="request_vendor_review",
        description="Ask for a review of how the vendor works on an escalated case.",
    )
    async def request_vendor_review(self, raw: RawValue) -> Receipt:
        """Ask for a review of how the vendor works on an escalated case."""
        return await self._ask(Verb.REQUEST_VENDOR_REVIEW, raw)

    @request_vendor_review.validator
    @one_payload
    def _may_request_vendor_review(self, raw: RawValue) -> None:
        self._dry_run(Verb.REQUEST_VENDOR_REVIEW, raw)

    @workflow.signal(
        name="request_vendor_review",
        description="Ask for a review of how the vendor works on an escalated case.",
    )
    @one_payload
    def request_vendor_review_told(self, raw: RawValue) -> None:
        """Ask for a review of how the vendor works on an escalated case."""
        self._told(Verb.REQUEST_VENDOR_REVIEW, raw)

    @workflow.update(
        name="decide_vendor_review",
        description="Take a review up with the vendor, or not, and say why.",
    )
    async def decide_vendor_review(self, raw: RawValue) -> Receipt:
        """Take a review up with the vendor, or not, and say why."""
        return await self._ask(Verb.DECIDE_VENDOR_REVIEW, raw)

    @decide_vendor_review.validator
    @one_payload
    def _may_decide_vendor_review(self, raw: RawValue) -> None:
        self._dry_run(Verb.DECIDE_VENDOR_REVIEW, raw)

    @workflow.signal(
        name="decide_vendor_review",
        description="Take a review up with the vendor, or not, and say why.",
    )
    @one_payload
    def decide_vendor_review_told(self, raw: RawValue) -> None:
        """Take a review up with the vendor, or not, and say why."""
        self._told(Verb.DECIDE_VENDOR_REVIEW, raw)
