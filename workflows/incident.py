"""The life of one major incident: it owns the notices, and carries each of them to the cases it is for.

Durable code: the story and the waiting, no rule and no I/O. One activity carries a notice to 500 cases, so
that the history grows with the notices and not with the cases; notices go out one after the other. The clock
of the next update runs beside them: neither a notice on its way nor a mail to our own people holds it up.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain import incidents
    from domain.clocks import next_deadline
    from domain.decision import Refused
    from domain.effects import Effect, Outcome
    from domain.fan_out import FAN_OUT, Broadcast, BroadcastReport
    from domain.incident import Incident
    from domain.incidents.cadence import left_behind, take_outcomes
    from domain.incidents.notices import next_broadcast, take_report
    from domain.turnover import CARRIED_EFFECTS, carried, is_time
    from workflows.hearing import refusal
    from workflows.incident_hearing import IncidentHearing
    from workflows.incident_messages import (
        INCIDENT_WORKFLOW,
        IncidentFile,
        IncidentOutcome,
    )
    from workflows.ledger import RecordLane
    from workflows.messages import CASE_PHASE
    from workflows.outbox import Outbox
    from workflows.seen import SeenRequests
    from workflows.timer import ArmedTimer

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
        self._timer = ArmedTimer()
        # An incident has no row in the case store, and opens no case: that lane and that door stay unused.
        self._outbox = Outbox(file.undelivered, self._told, _opens_no_case, RecordLane((), 0))
        self._to_tell = []
        self._ended: list[tuple[Outcome, ...]] = []
        self._on_its_way: Broadcast | None = None
        self._carrier: asyncio.Task[BroadcastReport] | None = None

    @workflow.run
    async def run(self, file: IncidentFile | None = None) -> IncidentOutcome:
        """The incident lives until it is closed and nothing is on its way any more."""
        await self._declaration()
        while not self._has_ended():
            self._take_reports()
            self._fall_due()
            self._show()
            if self._is_long():
                await self._turn_over()
            self._set_out()
            await self._something_new(self._living())
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._show()
        return self._outcome()

    def _has_ended(self) -> bool:
        """It is closed, and everybody has heard what there was to hear, our own people too."""
        return self._living().is_over and self._is_quiet() and not self._ended and not self._to_tell

    def _is_quiet(self) -> bool:
        return self._carrier is None and self._outbox.is_empty

    def _take_reports(self) -> None:
        """How notices and mails to our own people ended."""
        if self._carrier is not None and self._carrier.done():
            assert self._on_its_way is not None
            report = self._carrier.result()
            self._incident = take_report(self._living(), self._on_its_way, report, workflow.now())
            self._carrier = self._on_its_way = None
        ended, self._ended = self._ended, []
        for outcomes in ended:
            self._incident = take_outcomes(self._living(), outcomes, workflow.now())

    def _fall_due(self) -> None:
        """What is due now, and what a message found to be due, is put out.

        Here and not where the message was taken: a courier who came back in the same activation would set
        out with it at once, one who came back before it (as a later replay may see it) in his turn.
        """
        due = incidents.fall_due(self._living(), self._timer.now())
        if due is not None:
            self._incident = due.incident
            self._to_tell += due.effects
        self._outbox.put(self._to_tell)
        self._to_tell = []

    def _set_out(self) -> None:
        """The timer is armed, and what waits sets out: the next notice, and the mails to our own people."""
        clock = self._living().clock
        self._timer.arm(next_deadline((clock,) if clock else ()))
        if self._carrier is None:
            self._on_its_way = next_broadcast(self._living())
            if self._on_its_way is not None:
                self._carrier = asyncio.create_task(_carried(self._on_its_way))
        self._outbox.send()

    async def _something_new(self, known: Incident) -> None:
        await workflow.wait_condition(
            lambda: (
                self._living() is not known or self._has_reports() or self._timer.is_due or self._has_ended()
            )
        )

    def _has_reports(self) -> bool:
        return bool(self._ended) or (self._carrier is not None and self._carrier.done())

    def _told(self, _effects: tuple[Effect, ...], outcomes: tuple[Outcome, ...]) -> None:
        self._ended.append(outcomes)

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
        due_at = incident.next_update_at
        next_update = f"by {due_at:%Y-%m-%d %H:%M} UTC" if due_at else "none is due"
        workflow.set_current_details(
            f"**{incident.number}** {incident.phase}: {incident.title}\n\n- {inside} cases\n"
            f"- {incident.notices} notices, {len(incident.outgoing)} on their way\n"
            f"- next update: {next_update}"
        )
        if workflow.info().typed_search_attributes.get(CASE_PHASE) != incident.phase.value:
            workflow.upsert_search_attributes([CASE_PHASE.value_set(incident.phase.value)])

    def _is_long(self) -> bool:
        return is_time(
            workflow.info().get_current_history_length(),
            0,
            0,
            quiet=self._is_quiet(),
            fits=self._outbox.size <= CARRIED_EFFECTS,
        )

    async def _turn_over(self) -> None:
        """The record moves to a fresh run; what is under way is done again there, and nobody hears it twice.

        The clock goes along as the instant it falls due at. What no longer fits is left behind, and noted.
        """
        known = self._living()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._living() is not known or self._has_reports():
            return
        undelivered, left = carried(self._outbox.undelivered)
        workflow.continue_as_new(
            IncidentFile(
                incident=left_behind(known, left, workflow.now()),
                undelivered=undelivered,
                seen=self._seen.digests,
                turn_overs=self._turn_overs + 1,
            )
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


async def _opens_no_case(_effect: Effect) -> None:
    """This will do nothing: no effect of an incident opens a case."""


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
