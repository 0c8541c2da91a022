"""Remote sessions: agreed on, called off, begun with consent, ended.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class SessionMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="schedule_session",
        description="Agree on a remote session, or move it; both sides are reminded before it begins.",
    )
    async def schedule_session(self, raw: RawValue) -> Receipt:
        """Agree on a remote session, or move it; both sides are reminded before it begins."""
        return await self._ask(Verb.SCHEDULE_SESSION, raw)

    @schedule_session.validator
    @one_payload
    def _may_schedule_session(self, raw: RawValue) -> None:
        self._dry_run(Verb.SCHEDULE_SESSION, raw)

    @workflow.signal(
        name="schedule_session",
        description="Agree on a remote session, or move it; both sides are reminded before it begins.",
    )
    @one_payload
    def schedule_session_told(self, raw: RawValue) -> None:
        """Agree on a remote session, or move it; both sides are reminded before it begins."""
        self._told(Verb.SCHEDULE_SESSION, raw)

    @workflow.update(name="cancel_session", description="Call off the remote session that was agreed on.")
    async def cancel_session(self, raw: RawValue) -> Receipt:
        """Call off the remote session that was agreed on."""
        return await self._ask(Verb.CANCEL_SESSION, raw)

    @cancel_session.validator
    @one_payload
    def _may_cancel_session(self, raw: RawValue) -> None:
        self._dry_run(Verb.CANCEL_SESSION, raw)

    @workflow.signal(name="cancel_session", description="Call off the remote session that was agreed on.")
    @one_payload
    def cancel_session_told(self, raw: RawValue) -> None:
        """Call off the remote session that was agreed on."""
        self._told(Verb.CANCEL_SESSION, raw)

    @workflow.update(name="start_session", description="Connect to the customer's screen, with his consent.")
    async def start_session(self, raw: RawValue) -> Receipt:
        """Connect to the customer's screen, with his consent."""
        return await self._ask(Verb.START_SESSION, raw)

    @start_session.validator
    @one_payload
    def _may_start_session(self, raw: RawValue) -> None:
        self._dry_run(Verb.START_SESSION, raw)

    @workflow.signal(name="start_session", description="Connect to the customer's screen, with his consent.")
    @one_payload
    def start_session_told(self, raw: RawValue) -> None:
        """Connect to the customer's screen, with his consent."""
        self._told(Verb.START_SESSION, raw)

    @workflow.update(
        name="end_session", description="Say that the remote session is over, and what was done."
    )
    async def end_session(self, raw: RawValue) -> Receipt:
        """Say that the remote session is over, and what was done."""
        return await self._ask(Verb.END_SESSION, raw)

    @end_session.validator
    @one_payload
    def _may_end_session(self, raw: RawValue) -> None:
        self._dry_run(Verb.END_SESSION, raw)

    @workflow.signal(
        name="end_session", description="Say that the remote session is over, and what was done."
    )
    @one_payload
    def end_session_told(self, raw: RawValue) -> None:
        """Say that the remote session is over, and what was done."""
        self._told(Verb.END_SESSION, raw)
