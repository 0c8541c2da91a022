"""What a case asks of our own records beside its life: fresh terms, and who is open. Durable code.

Neither can hold the case up: it goes on meanwhile, and takes the answer when there is one.
"""

import asyncio

from temporalio import workflow

from domain import lifecycle
from domain.case import Case
from domain.effects import READ_ROSTER
from domain.regions import Roster
from domain.terms import TermsAnswer
from workflows import delivery
from workflows.opening import compile_terms


class Asking:
    """What is under way, and the answers that were not taken yet."""

    _case: Case | None
    _fresh_terms: list[TermsAnswer]
    _rosters: list[Roster]
    _renewal: asyncio.Task[None] | None
    _reading: asyncio.Task[None] | None

    def _living(self) -> Case:
        assert self._case is not None
        return self._case

    def _asks_nothing_yet(self) -> None:
        self._fresh_terms = []
        self._rosters = []
        self._renewal = self._reading = None

    def _ask_for_terms(self) -> None:
        """Fresh terms are fetched beside the life of the case, which no policy file can hold up."""
        if lifecycle.awaits_terms(self._living()) and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._fetch_terms())

    def _ask_who_is_open(self) -> None:
        """Who is open is read for each attempt to hand the case on, beside its life."""
        if lifecycle.awaits_roster(self._living()) and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read_roster())

    async def _read_roster(self) -> None:
        asked = lifecycle.roster_wanted(self._living(), workflow.now())
        self._rosters.append(await delivery.ask_our_own(READ_ROSTER, asked, Roster, "who is open"))

    async def _fetch_terms(self) -> None:
        asked = lifecycle.terms_wanted_again(self._living(), workflow.now())
        self._fresh_terms.append(await compile_terms(asked))
