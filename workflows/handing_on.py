"""Handing a case from centre to centre: what people say about it.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class HandoffMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="accept_handoff",
        description="Accept the case for your centre; it changes hands at the end of the giver's shift.",
    )
    async def accept_handoff(self, raw: RawValue) -> Receipt:
        """Accept the case for your centre; it changes hands at the end of the giver's shift."""
        return await self._ask(Verb.ACCEPT_HANDOFF, raw)

    @accept_handoff.validator
    @one_payload
    def _may_accept_handoff(self, raw: RawValue) -> None:
        self._dry_run(Verb.ACCEPT_HANDOFF, raw)

    @workflow.signal(
        name="accept_handoff",
        description="Accept the case for your centre; it changes hands at the end of the giver's shift.",
    )
    @one_payload
    def accept_handoff_told(self, raw: RawValue) -> None:
        """Accept the case for your centre; it changes hands at the end of the giver's shift."""
        self._told(Verb.ACCEPT_HANDOFF, raw)

    @workflow.update(
        name="decline_handoff",
        description="Decline an offered case, with a reason; the next centre is asked.",
    )
    async def decline_handoff(self, raw: RawValue) -> Receipt:
        """Decline an offered case, with a reason; the next centre is asked."""
        return await self._ask(Verb.DECLINE_HANDOFF, raw)

    @decline_handoff.validator
    @one_payload
    def _may_decline_handoff(self, raw: RawValue) -> None:
        self._dry_run(Verb.DECLINE_HANDOFF, raw)

    @workflow.signal(
        name="decline_handoff",
        description="Decline an offered case, with a reason; the next centre is asked.",
    )
    @one_payload
    def decline_handoff_told(self, raw: RawValue) -> None:
        """Decline an offered case, with a reason; the next centre is asked."""
        self._told(Verb.DECLINE_HANDOFF, raw)

    @workflow.update(name="hand_off", description="Hand the case to another centre now, with a reason.")
    async def hand_off(self, raw: RawValue) -> Receipt:
        """Hand the case to another centre now, with a reason."""
        return await self._ask(Verb.HAND_OFF, raw)

    @hand_off.validator
    @one_payload
    def _may_hand_off(self, raw: RawValue) -> None:
        self._dry_run(Verb.HAND_OFF, raw)

    @workflow.signal(name="hand_off", description="Hand the case to another centre now, with a reason.")
    @one_payload
    def hand_off_told(self, raw: RawValue) -> None:
        """Hand the case to another centre now, with a reason."""
        self._told(Verb.HAND_OFF, raw)
