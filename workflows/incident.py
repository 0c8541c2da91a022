"""The life of one major incident: it owns the notices, and carries each of them to the cases it is for.

Durable code: the story and the waiting, no rule and no I/O. One activity carries a notice to 500 cases, so
that the history grows with the notices and not with the cases; notices go out one after the other.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain.decision import Refused
    from domain.fan_out import FAN_OUT, Broadcast, BroadcastReport
    from domain.incident import Incident
    from domain.incidents.notices import next_broadcast, take_report
    from domain.turnover import is_time
    from workflows.hearing import refusal
    from workflows.incident_hearing import IncidentHearing
    from workflows.incident_messages import (
        INCIDENT_WORKFLOW,
        IncidentFile,
        IncidentOutcome,
    )
    from workflows.messages import CASE_PHASE
    from workflows.seen import SeenRequests

PATIENCE_FOR_A_DECLARATION = timedelta(hours=1)
"""An incident started without a declaration waits this long for one, then ends as failed."""

ATTEMPT = timedelta(minutes=10)
HEARTBEAT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=1)
"""500 cases took seconds (measured); a worker that fell silent is replaced after half a minute."""

_NOT_DECLARED = Refused(
    code="ValidationError", reason="nothing was declared", remedy="declare the incident when starting it"
)


@workflow.defn(name=INCIDENT_WORKFLOW)
class MajorIncident(IncidentHearing):
    """One incident of many customers: from the declaration until everybody has heard that it is over."""

    @workflow.init
    def __init__(self, file: IncidentFile | None = None) -> None:
        file = file or IncidentFile()
        self._incident = file.incident
        self._refused = None
        self._seen = SeenRequests(file.seen)
        self._turn_overs = file.turn_overs

    @workflow.run
    async def run(self, file: IncidentFile | None = None) -> IncidentOutcome:
        """The incident lives until it is closed and nothing is on its way any more."""
        await self._declaration()
        while not self._living().is_over:
            known = self._living()
            self._show()
            if self._is_long():
                await self._turn_over()
            broadcast = next_broadcast(known)
            if broadcast is None:
                await self._something_new(known)
            else:
                report = await _carried(broadcast)
                self._incident = take_report(self._living(), broadcast, report, workflow.now())
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._show()
        return self._outcome()

    async def _something_new(self, known: Incident) -> None:
        await workflow.wait_condition(lambda: self._living() is not known)

    async def _declaration(self) -> None:
        """This will wait for the declaration; where it is refused the run fails with the code."""
        if self._incident is None:
            try:
                await workflow.wait_condition(
                    lambda: self._incident is not None or self._refused is not None,
                    timeout=PATIENCE_FOR_A_DECLARATION,
                    timeout_summary="waiting for the declaration",
                )
            except TimeoutError:
                self._refused = _NOT_DECLARED
        if self._incident is None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise refusal(self._refused or _NOT_DECLARED)

    def _living(self) -> Incident:
        assert self._incident is not None
        return self._incident

    def _show(self) -> None:
        """This will set what the Temporal UI shows."""
        incident = self._living()
        inside = sum(child.is_in for child in incident.children)
        workflow.set_current_details(
            f"**{incident.number}** {incident.phase}: {incident.title}\n\n- {inside} cases\n"
            f"- {incident.notices} notices, {len(incident.outgoing)} on their way"
        )
        if workflow.info().typed_search_attributes.get(CASE_PHASE) != incident.phase.value:
            workflow.upsert_search_attributes([CASE_PHASE.value_set(incident.phase.value)])

    def _is_long(self) -> bool:
        info = workflow.info()
        return is_time(info.get_current_history_length(), 0, 0, quiet=True)

    async def _turn_over(self) -> None:
        """The record moves to a fresh run; between two activities nothing is under way."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            IncidentFile(incident=self._living(), seen=self._seen.digests, turn_overs=self._turn_overs + 1)
        )

    def _outcome(self) -> IncidentOutcome:
        incident = self._living()
        return IncidentOutcome(
            incident_id=incident.id,
            number=incident.number,
            closed_at=incident.closed_at,
            cases=len(incident.children),
            notices=incident.notices,
            turn_overs=self._turn_overs,
        )


async def _carried(broadcast: Broadcast) -> BroadcastReport:
    """This will carry a notice to its cases, however long it takes: a retry repeats and never doubles."""
    report: BroadcastReport = await workflow.execute_activity(
        FAN_OUT,
        broadcast,
        result_type=BroadcastReport,
        start_to_close_timeout=ATTEMPT,
        heartbeat_timeout=HEARTBEAT,
        retry_policy=RetryPolicy(maximum_interval=LONGEST_WAIT),
        summary=f"notice {broadcast.news.notice} to {len(broadcast.children)} cases",
    )
    return report
