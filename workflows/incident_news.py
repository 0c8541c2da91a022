"""What a case hears from its major incident, and how it says whom it would tell of that.

Two lines each on the one step of `workflows.hearing`; the query changes nothing.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from domain.fan_out import ASK_FOR_NOTICE, NoticeWanted
from domain.incident_messages import IncidentNews
from domain.incidents.asking import notice_wanted
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class IncidentNewsMessages(Hearing):
    """This will hear this verb, as an update (answered) and as a signal (on disk once sent)."""

    @workflow.update(name="incident_news", description="Take news of the major incident the case belongs to.")
    async def incident_news(self, raw: RawValue) -> Receipt:
        """Take news of the major incident the case belongs to."""
        return await self._ask(Verb.INCIDENT_NEWS, raw)

    @incident_news.validator
    @one_payload
    def _may_hear_incident_news(self, raw: RawValue) -> None:
        self._dry_run(Verb.INCIDENT_NEWS, raw)

    @workflow.signal(name="incident_news", description="Take news of the major incident the case belongs to.")
    @one_payload
    def incident_news_told(self, raw: RawValue) -> None:
        """Take news of the major incident the case belongs to."""
        self._told(Verb.INCIDENT_NEWS, raw)

    @workflow.query(
        name=ASK_FOR_NOTICE, description="The mail this case's customer would get of such news, if any."
    )
    def incident_notice(self, news: IncidentNews) -> NoticeWanted:
        """The mail this case's customer would get of such news, if any."""
        if self._case is None:
            return NoticeWanted()
        return notice_wanted(self._case, news, workflow.now())
