"""The life of one support case, in the order in which the support guides tell it.

Durable code: the story and the waiting, no rule and no I/O. The domain decides, `outbox` and `ledger` carry
out, `message_step` listens. One timer is armed at a time, for the deadline the domain names as the nearest.
"""

from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from domain import case_step
    from domain.case import Case
    from domain.clocks import next_deadline
    from domain.decision import Accepted, Decision, Declined, Refused
    from domain.effects import Effect, Outcome
    from domain.messages.base import Message
    from domain.messages.case import Submit
    from domain.rules import RULES_0_3, RULES_0_4
    from domain.timeline import TimelineEntry
    from domain.turnover import refuse_when_full
    from domain.verbs import Verb
    from workflows import delivery
    from workflows.cancellation import CancelRequest, outlived
    from workflows.handlers import hears
    from workflows.life import Heard, Manner
    from workflows.lookups import Asking
    from workflows.message_step import MessageStep, refusal
    from workflows.messages import WORKFLOW, CaseFile, CaseOutcome, Receipt
    from workflows.opening import Opening
    from workflows.outbox import Outbox
    from workflows.queries import Reading
    from workflows.recall import Recall
    from workflows.request_ids import digest
    from workflows.resets import unread_digest
    from workflows.start_input import NOTHING, begun_with_anything, read_start, run_with_anything
    from workflows.timer import ArmedTimer, measure
    from workflows.turn_over import TurningOver
    from workflows.ui_details import outcome, receipt, show

AT_ONCE = 250
"""Messages decided in one activation; 10,000 took 1.9 s of the 2 s after which the engine gives one up."""

A_BREATH = timedelta(milliseconds=1)


@workflow.defn(name=WORKFLOW)
@hears(Verb)
class SupportCase(Opening, Asking, Recall, Reading, TurningOver):
    """One support case: everything promised in it, from the request to the archive."""

    @workflow.init
    @begun_with_anything
    def __init__(self, raw: RawValue = NOTHING) -> None:
        file, self._rules, self._start_refused, self._start_sent = read_start(CaseFile, raw)
        self._case: Case | None = file.case and case_step.held_to(file.case, self._rules, workflow.now())
        self._request: Submit | None = file.request
        self._step = MessageStep(self, Manner(opening=Verb.SUBMIT, rules=self._rules), file.seen)
        self._record = self._opens_record(file)
        self._outbox = Outbox(
            file.undelivered, self._delivered, file.lanes, record=self._record, open_linked=self._open_linked
        )
        self._turn_overs = file.turn_overs
        self._timer = ArmedTimer()
        self._ended: list[tuple[tuple[Effect, ...], tuple[Outcome, ...]]] = []
        self._cancel = CancelRequest()
        self._asks_nothing_yet()

    @workflow.run
    @run_with_anything
    async def run(self, _raw: RawValue = NOTHING) -> CaseOutcome:
        """Live until the case is archived; the result says how it ended."""
        return await outlived(self._live())

    async def _live(self) -> CaseOutcome:
        await self._go_on_after_a_reset(begins=True)
        if self._case is None:
            await self._open()
        await self._carry_out()
        while not self._has_ended():
            await self._something_to_do()
            await self._go_on_after_a_reset()
            self._take_messages()
            self._take_reports()
            await self._carry_out()
            if not self._living().is_over and self._is_long():
                await self._turn_over()
            elif self._rules >= RULES_0_3 and not self._is_short():
                self._outbox.look_again()
        return outcome(self._living(), self._turn_overs)

    async def _open(self) -> None:
        """Open the case, or fail the run with the code of the refusal."""
        decision, heard = await self._opened_or_refused()
        if isinstance(decision, Refused):
            await self._turn_away(decision, heard)
            raise refusal(decision)
        if heard is None:
            self._adopt(decision)
        else:
            self._step.answer(heard, decision)

    # --- living ------------------------------------------------------------------------------------------

    async def _something_to_do(self) -> None:
        self._timer.arm(next_deadline(self._living().clocks))
        self._ask()
        if self._step.inbox and self._record.is_behind:
            await workflow.sleep(A_BREATH, summary="many messages at once")
        await workflow.wait_condition(
            lambda: self._has_news() or self._timer.is_due or self._has_ended() or self._may_turn_over_now()
        )
        self._record.has_caught_up = False

    def _has_news(self) -> bool:
        said = self._step.inbox or self._step.unread
        waiting = said or self._ended or self._has_answers
        has_news = waiting or self._record.earlier or self._reset_to_note is not None
        return bool(has_news) or self._cancel.is_waiting

    def _may_turn_over_now(self) -> bool:
        """Return whether the store has just caught up: a long case need not wait for what happens next."""
        return self._rules >= RULES_0_4 and self._record.has_caught_up

    def _has_ended(self) -> bool:
        """Return whether the case is archived and nothing is left to tell, to record or to answer."""
        return (
            self._living().is_over
            and self._outbox.is_empty
            and self._record.is_up_to_date(self._living())
            and not self._has_news()
            and workflow.all_handlers_finished()
        )

    def _take_messages(self) -> None:
        """Take the waiting messages in the order of their receipt, then what is due.

        Of very many the first few: what is due waits for the others, which may have come in time.
        """
        waiting = sorted(self._step.inbox, key=lambda heard: heard.at)
        self._step.inbox = waiting[AT_ONCE:]
        for heard in waiting[:AT_ONCE]:
            self._step.take(heard)
        if not self._step.inbox:
            self._adopt(case_step.fall_due(self._living(), self._timer.now()))

    def _take_reports(self) -> None:
        """How deliveries ended, what could not be read, fresh terms, another life of the reference.

        Last, for the timeline's order.
        """
        ended, self._ended = self._ended, []
        for effects, outcomes in ended:
            self._adopt(case_step.delivery_ended(self._living(), effects, outcomes, workflow.now()))
        unread, self._step.unread = self._step.unread, []
        if self._rules >= RULES_0_3:
            unread, self._step.unread = unread[:AT_ONCE], unread[AT_ONCE:]
        for name, size, reason in unread:
            self._keep("", unread_digest(name, size), workflow.now())
            self._adopt(case_step.not_understood(self._living(), name, size, reason, workflow.now()))
        self._take_answers()
        earlier, self._record.earlier = self._record.earlier, None
        if earlier is not None:
            self._adopt(case_step.take_earlier_life(self._living(), earlier, workflow.now()))
            self._outbox.rename(self._living().id, self._living().number)
        if (why := self._cancel.take()) is not None:
            self._adopt(case_step.cancel_asked(self._living(), why, workflow.now()))
        self._adopt(self._reset_noted())

    def _adopt(self, decision: Accepted | Declined | None) -> None:
        """Keep the case as it was decided; its effects and entries wait to be carried out."""
        if decision is not None:
            self._case = decision.case
            self._record.put(decision.entries, decision.case, workflow.now(), decision.fired)
            measure(decision.fired)
            self._outbox.put(decision.effects)

    async def _carry_out(self) -> None:
        self._outbox.send()
        show(self._living())
        await self._record.write(self._living())
        await self._report_unanswered()

    # --- what is said ------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the request was taken and the case opened."""
        return self._case is not None

    def decide(self, verb: Verb, message: Message, cause: str) -> Decision | None:
        """Decide a message that counts as received now; None for the request it was opened with."""
        if isinstance(message, Submit):
            return case_step.submitted_again(self._living(), message)
        return case_step.decide(self._living(), verb, message, cause, workflow.now())

    def would_refuse(self, verb: Verb, message: Message) -> Refused | None:
        """Say whether a message would be refused now; before the opening none is, they wait for it."""
        if self._case is None:
            return None
        full = None if isinstance(message, Submit) else self._refuse_when_full()
        decision = full or self.decide(verb, message, "dry-run")
        return decision if isinstance(decision, Refused) else None

    def refuse_access(self, message: Message) -> Refused | None:
        """Say whether the case is closed to the speaker."""
        return None if self._case is None else case_step.refuse_access(self._case, message)

    def take_in(self, decision: Accepted | Declined, heard: Heard) -> None:
        """Go on from a decision; the store learns what was said, for a reset."""
        self._adopt(decision)
        self._keep(digest(heard.cause), heard.said, heard.at)

    def receipt(self, decision: Accepted | Declined | None = None, *, repeated: bool = False) -> Receipt:
        """Answer a message: how the case stands now."""
        return receipt(self._living(), decision, repeated=repeated)

    @workflow.signal(dynamic=True)
    def not_understood(self, name: str, args: Sequence[RawValue]) -> None:
        """Record a signal nobody knows, with its name and size; nothing else happens."""
        size = sum(len(arg.payload.data) for arg in args)
        self._step.record_unread(name, size, "there is no such message")

    def _delivered(self, effects: tuple[Effect, ...], outcomes: tuple[Outcome, ...]) -> None:
        self._ended.append((effects, outcomes))

    async def _open_linked(self, effect: Effect) -> None:
        assert effect.facts.linked_case is not None
        case = self._living()
        await delivery.open_linked(
            effect.facts.linked_case, case_step.linked_request(case, effect), f"again: {case.number}"
        )

    # --- turning over, ending ----------------------------------------------------------------------------

    def _is_busy(self) -> bool:
        return self._record.is_behind

    def _unrecorded(self) -> Sequence[TimelineEntry]:
        return self._record.unrecorded

    def _taken_here(self) -> tuple[int, int]:
        return self._step.updates, self._step.signals

    def _refuse_when_full(self) -> Refused | None:
        length = workflow.info().get_current_history_length()
        return refuse_when_full(length, self._step.updates, fits=self._may_travel())

    def _note_void(self, effects: tuple[Effect, ...]) -> None:
        self._adopt(case_step.out_of_date(self._living(), effects, workflow.now()))

    def _note_left(self, effects: tuple[Effect, ...]) -> None:
        self._adopt(case_step.left_behind(self._living(), effects, workflow.now()))

    def _next_file(self, undelivered: tuple[Effect, ...]) -> CaseFile:
        file = self._file(undelivered, tuple(self._record.unrecorded), self._record.recorded_version)
        return file.model_copy(update={"turn_overs": self._turn_overs + 1})
