"""What a case asks of our own records beside its life: fresh terms, who is open, add-ons. Durable code.

Neither can hold the case up: it goes on meanwhile, and takes the answer when there is one.
"""

import asyncio

from temporalio import workflow

from domain import case_step
from domain.case import Case
from domain.centres.regions import Roster
from domain.decision import Accepted, Declined
from domain.effects import LOOK_UP_TENANT, READ_ROSTER
from domain.tenants import TenantFacts
from domain.terms import TermsAnswer
from workflows import delivery
from workflows.opening import compile_terms


class Asking:
    """What is under way, and the answers that were not taken yet."""

    _case: Case | None
    _fresh_terms: list[TermsAnswer]
    _rosters: list[Roster]
    _facts: list[TenantFacts]
    _renewal: asyncio.Task[None] | None
    _reading: asyncio.Task[None] | None
    _looking: asyncio.Task[None] | None

    def _adopt(self, decision: Accepted | Declined | None) -> None: ...

    def _living(self) -> Case:
        assert self._case is not None
        return self._case

    def _asks_nothing_yet(self) -> None:
        self._fresh_terms = []
        self._rosters = []
        self._facts = []
        self._renewal = self._reading = self._looking = None

    @property
    def _has_answers(self) -> bool:
        return bool(self._fresh_terms or self._rosters or self._facts)

    def _ask(self) -> None:
        """Ask for whatever is wanted now and is not asked for yet."""
        self._ask_for_terms()
        self._ask_who_is_open()
        self._ask_the_directory()

    def _take_answers(self) -> None:
        answers, self._fresh_terms = self._fresh_terms, []
        for answer in answers:
            self._adopt(case_step.take_terms(self._living(), answer, workflow.now()))
        rosters, self._rosters = self._rosters, []
        for roster in rosters:
            self._adopt(case_step.take_roster(self._living(), roster, workflow.now()))
        found, self._facts = self._facts, []
        for facts in found:
            self._adopt(case_step.take_facts(self._living(), facts, workflow.now()))

    def _ask_for_terms(self) -> None:
        """Fresh terms are fetched beside the life of the case, which no policy file can hold up."""
        if case_step.awaits_terms(self._living()) and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._fetch_terms())

    def _ask_who_is_open(self) -> None:
        """Who is open is read for each attempt to hand the case on, beside its life."""
        if case_step.awaits_roster(self._living()) and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read_roster())

    def _ask_the_directory(self) -> None:
        """Add-ons are read at the moment they decide something; until it answers the case goes on."""
        if case_step.awaits_facts(self._living()) and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_up())

    async def _look_up(self) -> None:
        asked = case_step.facts_wanted(self._living())
        self._facts.append(await delivery.ask_our_own(LOOK_UP_TENANT, asked, TenantFacts, "which add-ons"))

    async def _read_roster(self) -> None:
        asked = case_step.roster_wanted(self._living(), workflow.now())
        self._rosters.append(await delivery.ask_our_own(READ_ROSTER, asked, Roster, "who is open"))

    async def _fetch_terms(self) -> None:
        asked = case_step.terms_wanted_again(self._living(), workflow.now())
        self._fresh_terms.append(await compile_terms(asked))
