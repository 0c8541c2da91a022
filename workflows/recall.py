"""How a case goes on after its engine was reset: as it was recorded, where the store is ahead of it.

Durable code; no rule, no I/O. Every write to the store brings what a fresh run would need, so that a reset is
one more turn-over: nothing is decided again, so nothing moves and nothing is told twice.
"""

from datetime import datetime

from temporalio import workflow

from domain import case_step
from domain.case import Case
from domain.decision import Accepted
from domain.effects import Effect
from domain.record import RecallRequest, Recollection, TakenMessage
from domain.rules import CURRENT_RULES, RULES_0_3
from domain.timeline import TimelineEntry
from domain.turnover import CARRIED_MOMENTS, carried, carried_entries
from workflows import delivery
from workflows.life import Heard
from workflows.message_step import MessageStep
from workflows.messages import CaseFile
from workflows.outbox import Outbox
from workflows.record_lane import RecordLane
from workflows.request_ids import SeenRequests
from workflows.resets import ResetWatch, SaidBefore
from workflows.ui_details import receipt


class Recall:
    """The part of a case that is written down for a reset, and goes on from there."""

    _case: Case | None
    _rules: int
    _step: MessageStep
    _record: RecordLane
    _outbox: Outbox
    _turn_overs: int

    def _living(self) -> Case:
        raise NotImplementedError

    def _opens_record(self, file: CaseFile) -> RecordLane:
        self._reset = ResetWatch()
        self._reset_to_note: bool | None = None
        self._taken = file.taken
        lane = RecordLane(
            file.unrecorded,
            file.recorded_version,
            self._written_file,
            self._reset.answered,
            file.moments or (),
            file.fired,
        )
        if file.case is not None:  # a run begun before moments were kept knows how it stood when it began
            lane.stands(file.case, workflow.now(), is_known=file.moments is not None)
        return lane

    def _file(
        self, undelivered: tuple[Effect, ...], unrecorded: tuple[TimelineEntry, ...], recorded_version: int
    ) -> CaseFile:
        """Return what a fresh run needs to go on from here."""
        return CaseFile(
            rules=CURRENT_RULES,
            case=self._living(),
            undelivered=undelivered,
            lanes=self._outbox.lanes,
            unrecorded=carried_entries(unrecorded),
            recorded_version=recorded_version,
            seen=self._step.seen.digests,
            taken=self._taken,
            moments=tuple(self._record.moments[-CARRIED_MOMENTS:]),
            fired=tuple(self._record.fired),
            turn_overs=self._turn_overs,
        )

    def _written_file(self, entries: int, recorded_version: int) -> tuple[str, str]:
        """Name this life, and write down what a reset run of it goes on from, beside so many entries."""
        undelivered, _ = carried(self._outbox.undelivered)
        file = self._file(undelivered, tuple(self._record.unrecorded[entries:]), recorded_version)
        file = file.model_copy(update={"moments": (), "fired": ()})  # all that wait go with this very write
        return workflow.info().first_execution_run_id, file.model_dump_json()

    def _keep(self, cause: str, said: str, received_at: datetime) -> None:
        self._taken += 1
        self._record.put_message(
            TakenMessage(number=self._taken, cause=cause, said=said, received_at=received_at)
        )

    async def _go_on_after_a_reset(self, *, begins: bool = False) -> None:
        """Go on as the case was recorded, where the engine took it back and the store is ahead of it."""
        if begins:
            self._reset.begins(len(self._step.inbox) + len(self._step.unread))
        if self._rules < RULES_0_3 or not self._reset.is_news():
            return
        was_reset = self._reset.is_certain
        life = workflow.info().first_execution_run_id
        found = await delivery.recall(RecallRequest(life=life, taken=self._taken))
        self._reset.answered(found.run or workflow.info().run_id)
        own = self._case.version if self._case else 0
        if found.file is not None and found.version > own:
            self._go_on_from(CaseFile.model_validate_json(found.file), found)
        if was_reset or found.version > own:
            self._reset_to_note = found.version >= max(own, 1)

    def _go_on_from(self, file: CaseFile, found: Recollection) -> None:
        """Take up the record.

        What was taken before is not taken again, what is still to be told keeps its ids.
        """
        assert file.case is not None
        self._case = file.case.model_copy(update={"rules": self._rules})
        self._step.seen = SeenRequests(file.seen)
        self._taken, self._turn_overs = file.taken, file.turn_overs
        self._record.goes_on_from(
            file.unrecorded, file.recorded_version, self._case, file.moments or (), file.fired
        )
        under_way = {effect.id for effect in self._outbox.undelivered}
        self._outbox.goes_on_from(file.lanes)
        self._outbox.put(effect for effect in file.undelivered if effect.id not in under_way)
        said = SaidBefore(found, self._step.seen.causes)
        self._step.inbox = [heard for heard in self._step.inbox if not self._was_said(heard, said)]
        self._step.unread = [one for one in self._step.unread if not said.takes_unread(one[0], one[1])]

    def _was_said(self, heard: Heard, said: SaidBefore) -> bool:
        by_content = heard.by_signal and heard.message.request_id is None
        known = said.takes(heard.cause, heard.said, by_content=by_content) or (
            heard.by_signal and said.takes_unread(heard.verb.value, heard.size)
        )
        if known and not heard.by_signal:
            heard.receipt = receipt(self._living(), repeated=True)
        return known

    def _reset_noted(self) -> Accepted | None:
        """Return the entry that says so, once, after what was said again."""
        from_record, self._reset_to_note = self._reset_to_note, None
        if from_record is None:
            return None
        return case_step.engine_reset(self._living(), workflow.now(), from_record=from_record)
