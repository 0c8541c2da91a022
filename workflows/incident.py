"""The life of one major incident: it owns the notices, and carries each of them to the cases it is for.

Durable code: the story and the waiting, no rule and no I/O. One activity carries a notice to 500 cases, so
that the history grows with the notices and not with the cases; notices go out one after the other. The clock
of the next update runs beside them: neither a notice on its way nor a mail to our own people holds it up.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain import incidents
    from domain.clocks import next_deadline
    from domain.decision import Refused
    from domain.effects import Effect, Outcome
    from domain.incidents import IncidentAccepted, views
    from domain.incidents.cadence import cancel_asked, left_behind, take_outcomes
    from domain.incidents.fan_out import FAN_OUT, Broadcast, BroadcastReport
    from domain.incidents.notices import next_broadcast, take_report
    from domain.incidents.record import Child, Incident
    from domain.incidents.verbs import IncidentVerb
    from domain.messages.base import Message
    from domain.messages.incident import Declare
    from domain.rules import CURRENT_RULES, RULES_0_3
    from workflows.cancellation import CancelRequest, outlived
    from workflows.handlers import hears
    from workflows.incident_details import outcome, receipt, show
    from workflows.incident_messages import (
        INCIDENT_WORKFLOW,
        IncidentFile,
        IncidentOutcome,
        IncidentReceipt,
        packed_incident,
    )
    from workflows.life import MAX_PAYLOAD, Heard, Manner
    from workflows.message_step import MessageStep, refusal
    from workflows.opening import wait_for_opening
    from workflows.outbox import Outbox
    from workflows.start_input import NOTHING, begun_with_anything, read_start, run_with_anything
    from workflows.timer import ArmedTimer
    from workflows.turn_over import TurningOver

ATTEMPT = timedelta(minutes=10)
HEARTBEAT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=1)
"""500 cases took seconds (measured); a worker that fell silent is replaced after half a minute."""

_NOTHING_DECLARED = Refused(
    code="ValidationError", reason="nothing was declared", remedy="declare the incident when starting it"
)


@workflow.defn(name=INCIDENT_WORKFLOW)
@hears(IncidentVerb, signals=False)
class MajorIncident(TurningOver):
    """One incident of many customers: from the declaration until everybody has heard that it is over."""

    @workflow.init
    @begun_with_anything
    def __init__(self, raw: RawValue = NOTHING) -> None:
        file, self._rules, self._start_refused, _ = read_start(IncidentFile, raw)
        living = file.living
        self._incident: Incident | None = living and living.model_copy(update={"rules": self._rules})
        self._known = self._incident
        self._step = MessageStep(self, _manner(self._rules), file.seen)
        self._turn_overs = file.turn_overs
        self._timer = ArmedTimer()
        self._outbox = Outbox(file.undelivered, self._told, file.lanes)
        self._to_tell: list[Effect] = []
        self._cancel = CancelRequest()
        self._ended: list[tuple[Outcome, ...]] = []
        self._on_its_way: Broadcast | None = None
        self._carrier: asyncio.Task[BroadcastReport] | None = None

    @workflow.run
    @run_with_anything
    async def run(self, _raw: RawValue = NOTHING) -> IncidentOutcome:
        """Live until the incident is closed and nothing is on its way any more."""
        return await outlived(self._live())

    async def _live(self) -> IncidentOutcome:
        await self._declaration()
        while not self._has_ended():
            self._take_reports()
            self._fall_due()
            show(self._living())
            self._known = self._living()
            if self._is_long():
                await self._turn_over()
            self._set_out()
            await self._something_new()
        await workflow.wait_condition(workflow.all_handlers_finished)
        show(self._living())
        return outcome(self._living(), self._turn_overs)

    def _has_ended(self) -> bool:
        """Return whether it is closed, and everybody has heard what there was to hear, our own people too."""
        is_quiet = not self._is_busy() and self._outbox.is_empty
        return self._living().is_over and is_quiet and not self._ended and not self._to_tell

    def _take_reports(self) -> None:
        """How notices and mails to our own people ended, and what the engine was asked."""
        if self._carrier is not None and self._carrier.done():
            assert self._on_its_way is not None
            report = self._carrier.result()
            self._incident = take_report(self._living(), self._on_its_way, report, workflow.now())
            self._carrier = self._on_its_way = None
        ended, self._ended = self._ended, []
        for outcomes in ended:
            self._incident = take_outcomes(self._living(), outcomes, workflow.now())
        if (reason := self._cancel.take()) is not None:
            self._incident, told = cancel_asked(self._living(), reason, workflow.now())
            self._to_tell += told

    def _fall_due(self) -> None:
        """Put out what is due now, and what a message found to be due.

        Here and not where the message was taken: a courier who came back in the same activation would set
        out with it at once, one who came back before it (as a later replay may see it) in their turn.
        """
        due = incidents.fall_due(self._living(), self._timer.now())
        if due is not None:
            self._incident = due.incident
            self._to_tell += due.effects
        self._outbox.put(self._to_tell)
        self._to_tell = []

    def _set_out(self) -> None:
        """Arm the timer and let what waits set out: the next notice, and the mails to our own people."""
        clock = self._living().clock
        self._timer.arm(next_deadline((clock,) if clock else ()))
        if self._carrier is None:
            self._on_its_way = next_broadcast(self._living())
            if self._on_its_way is not None:
                self._carrier = asyncio.create_task(_carried(self._on_its_way))
        self._outbox.send()

    async def _something_new(self) -> None:
        self._known = self._living()
        await workflow.wait_condition(lambda: self._has_news() or self._timer.is_due or self._has_ended())

    def _has_news(self) -> bool:
        has_carried = self._carrier is not None and self._carrier.done()
        has_reports = bool(self._ended) or has_carried or self._cancel.is_waiting
        return self._living() is not self._known or has_reports

    def _told(self, _effects: tuple[Effect, ...], outcomes: tuple[Outcome, ...]) -> None:
        self._ended.append(outcomes)

    async def _declaration(self) -> None:
        """Wait for the declaration; where it is refused, or the start was, the run fails with the code."""
        if self._start_refused is None:
            await wait_for_opening(
                lambda: self.is_open or self._step.opening_refused is not None, "declaration"
            )
        if self._incident is None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise refusal(self._start_refused or self._step.opening_refused or _NOTHING_DECLARED)

    def _living(self) -> Incident:
        assert self._incident is not None
        return self._incident

    # --- what is said ------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether it was declared."""
        return self._incident is not None

    def decide(self, verb: IncidentVerb, message: Message, _cause: str) -> IncidentAccepted | Refused | None:
        """Decide a message that counts as received now; None for the declaration it was opened with."""
        if self._start_refused is not None:
            return self._start_refused
        if isinstance(message, Declare):
            return self._declared(message)
        if self._incident is None:
            return incidents.NOT_DECLARED
        return incidents.decide(self._incident, verb, message, workflow.now())

    def _declared(self, message: Declare) -> IncidentAccepted | Refused | None:
        if self._incident is not None:
            return incidents.declared_again(self._incident, message)
        return incidents.declare(message, workflow.info().workflow_id, workflow.now(), self._rules)

    def would_refuse(self, verb: IncidentVerb, message: Message) -> Refused | None:
        """Say whether a message would be refused now."""
        decision = self.decide(verb, message, "dry-run")
        return decision if isinstance(decision, Refused) else None

    def refuse_access(self, message: Message) -> Refused | None:
        """Say whether the incident is closed to the speaker."""
        return incidents.refuse_access(message)

    def take_in(self, decision: IncidentAccepted, _heard: Heard) -> None:
        """Go on from a decision; what it causes sets out in the main loop."""
        self._incident = decision.incident
        self._to_tell += decision.effects

    def receipt(self, decision: IncidentAccepted | None = None, *, repeated: bool = False) -> IncidentReceipt:
        """Answer a message: how the incident stands now."""
        return receipt(self._living(), decision.warnings if decision else (), repeated=repeated)

    # --- what may be asked -------------------------------------------------------------------------------

    @workflow.query(description="How the incident stands.")
    def view(self) -> views.IncidentView:
        """How the incident stands."""
        return views.view(self._declared_one())

    @workflow.query(description="Its cases from the given place on, at most 500.")
    def children(self, offset: int) -> tuple[Child, ...]:
        """Its cases from the given place on, at most 500."""
        return views.children(self._declared_one(), offset)

    def _declared_one(self) -> Incident:
        if self._incident is None:
            raise refusal(incidents.NOT_DECLARED.model_copy(update={"code": "CaseNotFound"}))
        return self._incident

    # --- turning over ------------------------------------------------------------------------------------

    def _is_busy(self) -> bool:
        return self._carrier is not None

    def _note_left(self, effects: tuple[Effect, ...]) -> None:
        self._incident = self._known = left_behind(self._living(), effects, workflow.now())

    _note_void = _note_left

    def _next_file(self, undelivered: tuple[Effect, ...]) -> IncidentFile:
        return IncidentFile(
            rules=CURRENT_RULES,
            **packed_incident(self._living()),
            undelivered=undelivered,
            lanes=self._outbox.lanes,
            seen=self._step.seen.digests,
            turn_overs=self._turn_overs + 1,
        )


def _manner(rules: int) -> Manner:
    """Answer at once: there are no signals here, and whoever leads an incident wants to know it was heard.

    A run by the rules before 0.3 has answered other words under a used id as repeated; a replay must too.
    """
    return Manner(
        opening=IncidentVerb.DECLARE,
        most_bytes=2 * MAX_PAYLOAD,  # 500 ids of 200 bytes, and what they are said with
        too_large="send it in parts",
        at_once=True,
        refuses_reuse=rules >= RULES_0_3,
        rules=rules,
    )


async def _carried(broadcast: Broadcast) -> BroadcastReport:
    """Carry a notice to its cases, however long it takes: a retry repeats and never doubles."""
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
