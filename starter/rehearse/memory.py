"""Tells stories to cases that live in memory, one after the other, each at the true instants of the log.

Part of the rehearsals, for the engine without a server. What is due at an instant comes before what is said
at it, as on the server.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from domain import case_step
from domain.case import Case
from domain.centres.regions import Roster, RosterRequest
from domain.decision import Accepted, Declined, Refused
from domain.effects import Effect, Lane
from domain.messages.case import AcceptHandoff, Message, Submit
from domain.naming import case_id
from domain.record import row_of
from domain.tenants import Enquiry, TenantFacts
from domain.terms import TermsAnswer, TermsRequest
from domain.timeline import TimelineEntry
from domain.verbs import Verb
from starter.rehearse.acceptance import acceptance
from starter.rehearse.case_record import CaseRecord
from starter.rehearse.end_of_log import PEACE, SETTLE, SOLVED
from starter.rehearse.journal import ARCHIVED, Journal, said_to_archived
from starter.rehearse.life import Life
from starter.rehearse.story import Story, Turn
from starter.rehearse.tables import Tables

_NO_SHIFT = timedelta(0)


class InMemory:
    """The cases of one story: the one it opens, and those linked to it."""

    def __init__(self, story: Story, tables: Tables, journal: Journal) -> None:
        self._story = story
        self._tables = tables
        self._journal = journal
        self._lives: dict[str, _Reported] = {}
        self._identity = ""

    def live(self, log_ends_at: datetime) -> list[CaseRecord]:
        """Tell the story to the end of the log and return what its cases have reported."""
        self._submit(self._story.submit.model_copy(update={"received_at": self._story.opens_at}))
        for turn in self._story.turns:
            self._take(turn)
        return [reported.end(log_ends_at) for reported in list(self._lives.values())]

    @property
    def told(self) -> Counter[str]:
        """Notices by kind."""
        every: Counter[str] = Counter()
        for reported in self._lives.values():
            every.update(reported.told)
        return every

    def told_of(self, case_id: str) -> Counter[str]:
        """Notices of one of them, by kind."""
        return self._lives[case_id].told

    def _take(self, turn: Turn) -> None:
        if (reported := self._lives.get(self._identity)) is not None:
            reported.life.settle(turn.at)
        for saying in turn.sayings:
            talk = self._journal.conversation(saying, turn, _NO_SHIFT)
            with suppress(StopIteration):
                word = next(talk)
                while True:
                    word = talk.send(self._said(*word, turn.at))

    def _submit(self, request: Submit) -> Refused | None:
        self._journal.said[Verb.SUBMIT.value] += 1
        self._identity = case_id(request.tenant, request.source, request.reference)
        return self.open(request)

    def open(self, request: Submit) -> Refused | None:
        """Open a case, or return why it was refused."""
        at = request.received_at
        assert at is not None
        identity = case_id(request.tenant, request.source, request.reference)
        decision = self._opened(request, at)
        if isinstance(decision, Refused):
            return decision
        self._lives[identity] = _Reported(decision, self, self._tables, at)
        return None

    def _opened(self, request: Submit, at: datetime) -> Accepted | Refused:
        if refused := case_step.refuse_opening(request):
            return refused
        answer = self._tables.terms(case_step.terms_wanted(request, at))
        if answer.terms is None:
            assert answer.refused is not None
            return Refused(
                code=answer.refused.code, reason=answer.refused.reason, remedy=answer.refused.remedy
            )
        return case_step.open_case(request, answer.terms, at, None, answer.facts, answer.roster)

    def _said(self, verb: Verb, message: Message, at: datetime) -> Refused | None:
        """Say one word and return the refusal, or None where the case has taken it."""
        reported = self._lives.get(self._identity)
        if reported is None or reported.life.case.is_over:
            return self._said_to_archived(reported, verb, message)
        life = reported.life
        decision = life.say(verb, message, message.request_id or life.case.id, at)
        if isinstance(decision, Refused):
            return decision
        self._journal.said[verb.value] += 1
        if isinstance(decision, Declined) and decision.code == "ReopenWindowExpired":
            self._identity = life.case.linked_cases[-1]
        life.settle(at)
        return None

    def _said_to_archived(self, reported: "_Reported | None", verb: Verb, message: Message) -> Refused | None:
        found = said_to_archived(reported.life.case if reported else None, verb, message)
        if isinstance(found, Refused) or reported is None:
            return found if isinstance(found, Refused) else ARCHIVED
        reported.entries.extend(found.entries)
        return self._submit(found.request)


class _Reported:
    """One life and what it has reported: it stands at the life's far end."""

    def __init__(self, opened: Accepted, story: InMemory, tables: Tables, at: datetime) -> None:
        self._story = story
        self._tables = tables
        self._first = opened.case
        self.entries: list[TimelineEntry] = []
        self.told: Counter[str] = Counter()
        self.life = Life(opened, self, at)
        self.life.settle(at)

    def end(self, log_ends_at: datetime) -> CaseRecord:
        """Live on to the end of the log, or in peace to that of the case, and return the record."""
        life = self.life
        life.settle(log_ends_at + SETTLE)
        if life.case.phase in SOLVED:
            life.settle(log_ends_at + PEACE)
        record = CaseRecord(row_of(life.case), first_level=self._first.level, first_region=self._first.region)
        record.take_late(self.entries)
        return record

    def terms(self, request: TermsRequest) -> TermsAnswer:
        """Compile terms."""
        return self._tables.terms(request)

    def roster(self, request: RosterRequest) -> Roster:
        """Say who is open."""
        return self._tables.roster(request)

    def facts(self, enquiry: Enquiry) -> TenantFacts:
        """Look a tenant up."""
        return self._tables.facts(enquiry)

    def take(self, decision: Accepted | Declined) -> None:
        """Take the entries and effects of a decision."""
        self.entries.extend(decision.entries)
        for effect in decision.effects:
            if effect.lane is not Lane.CASES:
                self.told[effect.kind.value] += 1

    def acceptance(self, offer: Effect) -> AcceptHandoff:
        """Have the centre asked take the case."""
        return acceptance(offer)

    def open_linked(self, case: Case, effect: Effect) -> None:
        """Open the case a late reopening asks for."""
        self._story.open(case_step.linked_request(case, effect))
