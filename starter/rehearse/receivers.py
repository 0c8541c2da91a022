"""What stands at the far end of a rehearsal: it takes every effect and record of a case, and keeps count.

Part of the rehearsals. Registered under the contracts of `domain.effects`; nothing is sent to anybody. Who is
open is read for the log's own instant; where somebody has to accept a case, the centre asked does so at once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from temporalio import activity

from activities.people.rosters import Rosters
from activities.terms import TermsActivities
from domain.centres.regions import Roster, RosterRequest
from domain.effects import (
    COMPILE_TERMS,
    READ_ROSTER,
    RECALL_CASE,
    RECORD_CASE,
    TELL_CUSTOMER,
    TELL_STAFF,
    Delivery,
    DeliveryReport,
    Effect,
    EffectKind,
    Outcome,
    OutcomeStatus,
)
from domain.later_terms import shift_request, shift_terms
from domain.record import RecallRequest, Recollection, RecordBatch, RecordReceipt
from domain.terms import TermsAnswer, TermsRequest
from domain.verbs import Verb
from starter.rehearse.acceptance import acceptance
from starter.rehearse.case_record import CaseRecord
from starter.rehearse.moved_roster import moved


class Receivers:
    """The activities of a rehearsal. Terms and rosters are those of the instant of the log, then shifted.

    Without `follows_the_sun` every case stays with the centre that took it in, whatever its policy says. A
    roster has the policy's own shifts: of people nothing is known, and nobody is counted.
    """

    def __init__(self, weeks: int, *, follows_the_sun: bool = False) -> None:
        self._weeks = weeks
        self._rosters = Rosters(store=None)
        self._terms = TermsActivities(read_roster=self._rosters.read if follows_the_sun else None)
        self.records: dict[str, CaseRecord] = {}
        self.told: Counter[str] = Counter()
        self.told_of: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @property
    def all(self) -> list[Callable[..., object]]:
        """Them for a worker."""
        return [
            self.tell_customer,
            self.tell_staff,
            self.record_case,
            self.recall_case,
            self.compile_terms,
            self.read_roster,
        ]

    @property
    def regional(self) -> list[Callable[..., object]]:
        """Them for a worker of one centre."""
        return [self.tell_staff]

    @activity.defn(name=TELL_CUSTOMER)
    async def tell_customer(self, delivery: Delivery) -> DeliveryReport:
        """Take what the customer is told."""
        return self._taken(delivery)

    @activity.defn(name=TELL_STAFF)
    async def tell_staff(self, delivery: Delivery) -> DeliveryReport:
        """Take what our side is told; a centre that is offered a case takes it."""
        for effect in delivery.effects:
            if effect.kind is EffectKind.HANDOFF_OFFER:
                await _accept(effect)
        return self._taken(delivery)

    def _taken(self, delivery: Delivery) -> DeliveryReport:
        self.told.update(effect.kind.value for effect in delivery.effects)
        for effect in delivery.effects:
            self.told_of[effect.case_id][effect.kind.value] += 1
        return DeliveryReport(
            outcomes=tuple(
                Outcome(effect_id=effect.id, status=OutcomeStatus.DELIVERED) for effect in delivery.effects
            )
        )

    @activity.defn(name=RECORD_CASE)
    async def record_case(self, batch: RecordBatch) -> RecordReceipt:
        """Take the news of a case."""
        record = self.records.setdefault(batch.row.case_id, CaseRecord(batch.row))
        record.take(batch)
        return RecordReceipt(version=record.row.version)

    @activity.defn(name=RECALL_CASE)
    async def recall_case(self, request: RecallRequest) -> Recollection:
        """Remember nothing: no rehearsal is reset."""
        return Recollection()

    @activity.defn(name=COMPILE_TERMS)
    async def compile_terms(self, request: TermsRequest) -> TermsAnswer:
        """Compile the terms of the log's own time, holidays and all, and shift them."""
        answer = await self._terms.compile_terms(shift_request(request, -self._weeks))
        if answer.terms is None:
            return answer
        roster = None if answer.roster is None else moved(answer.roster, self._weeks)
        return TermsAnswer(terms=shift_terms(answer.terms, self._weeks), roster=roster)

    @activity.defn(name=READ_ROSTER)
    async def read_roster(self, request: RosterRequest) -> Roster:
        """Read who was open at the log's own time, clock changes and all, and shift it."""
        original = request.model_copy(update={"at": request.at - timedelta(weeks=self._weeks)})
        return moved(await self._rosters.read(original), self._weeks)


async def _accept(offer: Effect) -> None:
    """Take an offered case for the centre asked, as somebody there would by any door."""
    handle = activity.client().get_workflow_handle(offer.case_id)
    await handle.signal(Verb.ACCEPT_HANDOFF.value, acceptance(offer))
