"""Taking a case in: the messages of the guide's first chapter.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class IntakeMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="submit",
        description="Open this case with a request for help; the same reference again is the same case.",
    )
    async def submit(self, raw: RawValue) -> Receipt:
        """Open this case with a request for help; the same reference again is the same case."""
        return await self._ask(Verb.SUBMIT, raw)

    @submit.validator
    @one_payload
    def _may_submit(self, raw: RawValue) -> None:
        self._dry_run(Verb.SUBMIT, raw)

    @workflow.signal(
        name="submit",
        description="Open this case with a request for help; the same reference again is the same case.",
    )
    @one_payload
    def submit_told(self, raw: RawValue) -> None:
        """Open this case with a request for help; the same reference again is the same case."""
        self._told(Verb.SUBMIT, raw)

    @workflow.update(name="triage", description="Rate a case that came in with its channel's default level.")
    async def triage(self, raw: RawValue) -> Receipt:
        """Rate a case that came in with its channel's default level."""
        return await self._ask(Verb.TRIAGE, raw)

    @triage.validator
    @one_payload
    def _may_triage(self, raw: RawValue) -> None:
        self._dry_run(Verb.TRIAGE, raw)

    @workflow.signal(name="triage", description="Rate a case that came in with its channel's default level.")
    @one_payload
    def triage_told(self, raw: RawValue) -> None:
        """Rate a case that came in with its channel's default level."""
        self._told(Verb.TRIAGE, raw)

    @workflow.update(name="provide_information", description="Give what was missing at intake.")
    async def provide_information(self, raw: RawValue) -> Receipt:
        """Give what was missing at intake."""
        return await self._ask(Verb.PROVIDE_INFORMATION, raw)

    @provide_information.validator
    @one_payload
    def _may_provide_information(self, raw: RawValue) -> None:
        self._dry_run(Verb.PROVIDE_INFORMATION, raw)

    @workflow.signal(name="provide_information", description="Give what was missing at intake.")
    @one_payload
    def provide_information_told(self, raw: RawValue) -> None:
        """Give what was missing at intake."""
        self._told(Verb.PROVIDE_INFORMATION, raw)

    @workflow.update(
        name="change_level", description="Set another level: named, or by impact and urgency; with a reason."
    )
    async def change_level(self, raw: RawValue) -> Receipt:
        """Set another level: named, or by impact and urgency; with a reason."""
        return await self._ask(Verb.CHANGE_LEVEL, raw)

    @change_level.validator
    @one_payload
    def _may_change_level(self, raw: RawValue) -> None:
        self._dry_run(Verb.CHANGE_LEVEL, raw)

    @workflow.signal(
        name="change_level", description="Set another level: named, or by impact and urgency; with a reason."
    )
    @one_payload
    def change_level_told(self, raw: RawValue) -> None:
        """Set another level: named, or by impact and urgency; with a reason."""
        self._told(Verb.CHANGE_LEVEL, raw)

    @workflow.update(
        name="recompute_terms",
        description="Hold the case to today's policy and calendar, on purpose; with a reason.",
    )
    async def recompute_terms(self, raw: RawValue) -> Receipt:
        """Hold the case to today's policy and calendar, on purpose; with a reason."""
        return await self._ask(Verb.RECOMPUTE_TERMS, raw)

    @recompute_terms.validator
    @one_payload
    def _may_recompute_terms(self, raw: RawValue) -> None:
        self._dry_run(Verb.RECOMPUTE_TERMS, raw)

    @workflow.signal(
        name="recompute_terms",
        description="Hold the case to today's policy and calendar, on purpose; with a reason.",
    )
    @one_payload
    def recompute_terms_told(self, raw: RawValue) -> None:
        """Hold the case to today's policy and calendar, on purpose; with a reason."""
        self._told(Verb.RECOMPUTE_TERMS, raw)
