"""What is said once a case is closed: how it went.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class AftercareMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(
        name="answer_survey", description="Say how it went, from 1 to 5; one answer for each closure."
    )
    async def answer_survey(self, raw: RawValue) -> Receipt:
        """Say how it went, from 1 to 5; one answer for each closure."""
        return await self._ask(Verb.ANSWER_SURVEY, raw)

    @answer_survey.validator
    @one_payload
    def _may_answer_survey(self, raw: RawValue) -> None:
        self._dry_run(Verb.ANSWER_SURVEY, raw)

    @workflow.signal(
        name="answer_survey", description="Say how it went, from 1 to 5; one answer for each closure."
    )
    @one_payload
    def answer_survey_told(self, raw: RawValue) -> None:
        """Say how it went, from 1 to 5; one answer for each closure."""
        self._told(Verb.ANSWER_SURVEY, raw)
