"""The life of one support case, in the order in which the support guides tell it.

Durable code: the story and the waiting, no rule and no I/O. The domain decides, `outbox` and `ledger` carry
out, `hearing` listens. One timer is armed at a time, for the deadline the domain names as the nearest.
"""

from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from domain import lifecycle
    from domain.case import Case
    from domain.clocks import next_deadline
    from domain.decision import Accepted, Declined, Refused
    from domain.effects import Effect, Outcome
    from domain.messages import Submit
    from domain.turnover import CARRIED_EFFECTS, CARRIED_ENTRIES, carried, carried_entries, is_time
    from workflows import delivery
    from workflows.aftercare import AftercareMessages
    from workflows.asking import Asking
    from workflows.closing import ClosingMessages
    from workflows.handing_on import HandoffMessages
    from workflows.hearing import Heard, refusal
    from workflows.incident_news import IncidentNewsMessages
    from workflows.informing import InformingMessages
    from workflows.intake import IntakeMessages
    from workflows.ledger import RecordLane
    from workflows.messages import WORKFLOW, CaseFile, CaseOutcome
    from workflows.opening import Opening
    from workflows.outages import OutageMessages
    from workflows.outbox import Outbox
    from workflows.reading import Reading
    from workflows.seen import SeenRequests, said_by
    from workflows.sessions import SessionMessages
    from workflows.showing import outcome, receipt, show
    from workflows.special import SpecialMessages
    from workflows.staffing import StaffingMessages
    from workflows.timer import ArmedTimer
    from workflows.vendor import VendorMessages
    from workflows.vendor_review import VendorReviewMessages

AT_ONCE = 250
"""Messages decided in one activation; 10,000 took 1.9 s of the 2 s after which the engine gives one up."""

A_BREATH = timedelta(milliseconds=1)


@workflow.defn(name=WORKFLOW)
class SupportCase(
    IntakeMessages,
    InformingMessages,
    HandoffMessages,
    StaffingMessages,
    VendorMessages,
    VendorReviewMessages,
    OutageMessages,
    IncidentNewsMessages,
    SessionMessages,
    SpecialMessages,
    ClosingMessages,
    AftercareMessages,
    Opening,
    Asking,
    Reading,
):
    """One support case: everything promised in it, from the request to the archive."""

    @workflow.init
    def __init__(self, file: CaseFile | None = None) -> None:
        file = file or CaseFile()
        self._case: Case | None = file.case
        self._request: Submit | None = file.request
        self._inbox: list[Heard] = []
        self._opening_refused: Refused | None = None
        self._record = RecordLane(file.unrecorded, file.recorded_version)
        self._outbox = Outbox(file.undelivered, self._delivered, self._open_linked, self._record)
        self._seen = SeenRequests(file.seen)
        self._turn_overs = file.turn_overs
        self._heard = {"update": 0, "signal": 0}
        self._timer = ArmedTimer()
        self._ended: list[tuple[tuple[Effect, ...], tuple[Outcome, ...]]] = []
        self._unread: list[tuple[str, int, str]] = []
        self._asks_nothing_yet()

    @workflow.run
    async def run(self, file: CaseFile | None = None) -> CaseOutcome:
        """The case lives until it is archived; its result says how it ended."""
        if self._case is None:
            await self._open()
        await self._carry_out()
        while not self._has_ended():
            await self._something_to_do()
            self._take_messages()
            self._take_reports()
            await self._carry_out()
            if self._is_long():
                await self._turn_over()
        return outcome(self._living(), self._turn_overs)

    async def _open(self) -> None:
        """The case is opened, or the run fails with the code of the refusal."""
        decision, heard = await self._opened_or_refused()
        if isinstance(decision, Refused):
            for waiting in filter(None, (heard, *self._inbox)):
                waiting.refused = decision
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise refusal(decision)
        self._adopt(decision)
        self._answer(heard, decision)

    # --- living ------------------------------------------------------------------------------------------

    async def _something_to_do(self) -> None:
        self._timer.arm(next_deadline(self._living().clocks))
        self._ask_for_terms()
        self._ask_who_is_open()
        if self._inbox and self._record.is_behind:
            await workflow.sleep(A_BREATH, summary="many messages at once")
        await workflow.wait_condition(lambda: self._has_news() or self._timer.is_due or self._has_ended())

    def _has_news(self) -> bool:
        return bool(self._inbox or self._ended or self._unread or self._fresh_terms or self._rosters)

    def _has_ended(self) -> bool:
        """The case is archived and nothing is left to tell, to record or to answer."""
        return (
            self._living().is_over
            and self._outbox.is_empty
            and self._record.is_up_to_date(self._living())
            and not self._has_news()
            and workflow.all_handlers_finished()
        )

    def _take_messages(self) -> None:
        """The waiting messages in the order of their receipt, then what is due.

        Of very many the first few: what is due waits for the others, which may have come in time.
        """
        waiting = sorted(self._inbox, key=lambda heard: heard.at)
        self._inbox = waiting[AT_ONCE:]
        for heard in waiting[:AT_ONCE]:
            self._take(heard)
        if not self._inbox:
            self._adopt(lifecycle.fall_due(self._living(), self._timer.now()))

    def _take(self, heard: Heard) -> None:
        self._heard["signal" if heard.by_signal else "update"] += 1
        if self._is_repeated(heard.cause):
            heard.refused = self._reused(heard.verb, heard.message, heard.cause)
            heard.receipt = None if heard.refused else receipt(self._living(), repeated=True)
            return
        case = self._living()
        if isinstance(heard.message, Submit):
            refused = self._conflict(heard.message)
            heard.receipt = None if refused else receipt(self._living(), repeated=True)
            heard.refused = refused
        else:
            decision = lifecycle.decide(case, heard.verb, heard.message, heard.cause, workflow.now())
            if isinstance(decision, Refused):
                heard.refused = decision
            else:
                self._adopt(decision)
                self._answer(heard, decision)
        if heard.refused is not None and heard.by_signal:
            self._record_unread(heard.verb, heard.size, f"{heard.refused.code}: {heard.refused.reason}")

    def _take_reports(self) -> None:
        """How deliveries ended, what could not be read, and fresh terms; last, for the timeline's order."""
        ended, self._ended = self._ended, []
        for effects, outcomes in ended:
            self._adopt(lifecycle.delivery_ended(self._living(), effects, outcomes, workflow.now()))
        unread, self._unread = self._unread, []
        for name, size, reason in unread:
            self._adopt(lifecycle.not_understood(self._living(), name, size, reason, workflow.now()))
        answers, self._fresh_terms = self._fresh_terms, []
        for answer in answers:
            self._adopt(lifecycle.take_terms(self._living(), answer, workflow.now()))
        rosters, self._rosters = self._rosters, []
        for roster in rosters:
            self._adopt(lifecycle.take_roster(self._living(), roster, workflow.now()))

    def _adopt(self, decision: Accepted | Declined | None) -> None:
        """The case is now as decided; its effects and entries wait to be carried out."""
        if decision is not None:
            self._case = decision.case
            self._record.put(decision.entries)
            self._outbox.put(decision.effects)

    async def _carry_out(self) -> None:
        self._outbox.send()
        show(self._living())
        await self._record.write(self._living())

    # --- answering ---------------------------------------------------------------------------------------

    def _answer(self, heard: Heard | None, decision: Accepted | Declined) -> None:
        if heard is None:
            return
        self._seen.add(heard.cause, said_by(heard.verb, heard.message))
        if not heard.by_signal:
            heard.receipt = receipt(self._living(), decision)

    @workflow.signal(dynamic=True)
    def not_understood(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal nobody knows is recorded with its name and size; nothing else happens."""
        self._record_unread(name, sum(len(arg.payload.data) for arg in args), "there is no such message")

    def _record_unread(self, name: str, size: int, reason: str) -> None:
        self._unread.append((name, size, reason))

    def _delivered(self, effects: tuple[Effect, ...], outcomes: tuple[Outcome, ...]) -> None:
        self._ended.append((effects, outcomes))

    async def _open_linked(self, effect: Effect) -> None:
        assert effect.facts.linked_case is not None
        case = self._living()
        await delivery.open_linked(
            effect.facts.linked_case, lifecycle.linked_request(case, effect), f"again: {case.number}"
        )

    # --- turning over, ending ----------------------------------------------------------------------------

    def _is_long(self) -> bool:
        return not self._living().is_over and is_time(
            workflow.info().get_current_history_length(),
            self._heard["update"],
            self._heard["signal"],
            quiet=self._outbox.is_empty and not self._record.is_behind,
            fits=self._outbox.size <= CARRIED_EFFECTS and len(self._record.unrecorded) <= CARRIED_ENTRIES,
        )

    async def _turn_over(self) -> None:
        """The record moves to a fresh run; what is under way travels as undelivered, its ids unchanged."""
        await workflow.wait_condition(lambda: self._has_news() or workflow.all_handlers_finished())
        if self._has_news():  # the main loop answers what waits, so it must not wait here for an answer
            return
        undelivered, left = carried(self._outbox.undelivered)
        if left:
            self._adopt(lifecycle.left_behind(self._living(), left, workflow.now()))
        workflow.continue_as_new(
            CaseFile(
                case=self._living(),
                undelivered=undelivered,
                unrecorded=carried_entries(tuple(self._record.unrecorded)),
                recorded_version=self._record.recorded_version,
                seen=self._seen.digests,
                turn_overs=self._turn_overs + 1,
            )
        )
