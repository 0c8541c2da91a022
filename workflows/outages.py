"""Outages and bridge calls: what the provider says about them.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class OutageMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="outage_notification",
        description="Tell the audience of an outage: what happened, its impact, when service is expected.",
    )
    async def outage_notification(self, raw: RawValue) -> Receipt:
        """Tell the audience of an outage: what happened, its impact, when service is expected."""
        return await self._ask(Verb.OUTAGE_NOTIFICATION, raw)

    @outage_notification.validator
    @one_payload
    def _may_outage_notification(self, raw: RawValue) -> None:
        self._dry_run(Verb.OUTAGE_NOTIFICATION, raw)

    @workflow.signal(
        name="outage_notification",
        description="Tell the audience of an outage: what happened, its impact, when service is expected.",
    )
    @one_payload
    def outage_notification_told(self, raw: RawValue) -> None:
        """Tell the audience of an outage: what happened, its impact, when service is expected."""
        self._told(Verb.OUTAGE_NOTIFICATION, raw)

    @workflow.update(
        name="start_bridge",
        description="Ask the customer to join a call, with the number and the participant code.",
    )
    async def start_bridge(self, raw: RawValue) -> Receipt:
        """Ask the customer to join a call, with the number and the participant code."""
        return await self._ask(Verb.START_BRIDGE, raw)

    @start_bridge.validator
    @one_payload
    def _may_start_bridge(self, raw: RawValue) -> None:
        self._dry_run(Verb.START_BRIDGE, raw)

    @workflow.signal(
        name="start_bridge",
        description="Ask the customer to join a call, with the number and the participant code.",
    )
    @one_payload
    def start_bridge_told(self, raw: RawValue) -> None:
        """Ask the customer to join a call, with the number and the participant code."""
        self._told(Verb.START_BRIDGE, raw)

    @workflow.update(
        name="outage_resolution_notification",
        description="Tell everybody that service is back, once the customer has validated it.",
    )
    async def outage_resolution_notification(self, raw: RawValue) -> Receipt:
        """Tell everybody that service is back, once the customer has validated it."""
        return await self._ask(Verb.OUTAGE_RESOLUTION_NOTIFICATION, raw)

    @outage_resolution_notification.validator
    @one_payload
    def _may_outage_resolution_notification(self, raw: RawValue) -> None:
        self._dry_run(Verb.OUTAGE_RESOLUTION_NOTIFICATION, raw)

    @workflow.signal(
        name="outage_resolution_notification",
        description="Tell everybody that service is back, once the customer has validated it.",
    )
    @one_payload
    def outage_resolution_notification_told(self, raw: RawValue) -> None:
        """Tell everybody that service is back, once the customer has validated it."""
        self._told(Verb.OUTAGE_RESOLUTION_NOTIFICATION, raw)

    @workflow.update(
        name="withdraw_outage",
        description="Say that it was no outage, and why; whoever heard of it hears that.",
    )
    async def withdraw_outage(self, raw: RawValue) -> Receipt:
        """Say that it was no outage, and why; whoever heard of it hears that."""
        return await self._ask(Verb.WITHDRAW_OUTAGE, raw)

    @withdraw_outage.validator
    @one_payload
    def _may_withdraw_outage(self, raw: RawValue) -> None:
        self._dry_run(Verb.WITHDRAW_OUTAGE, raw)

    @workflow.signal(
        name="withdraw_outage",
        description="Say that it was no outage, and why; whoever heard of it hears that.",
    )
    @one_payload
    def withdraw_outage_told(self, raw: RawValue) -> None:
        """Say that it was no outage, and why; whoever heard of it hears that."""
        self._told(Verb.WITHDRAW_OUTAGE, raw)
