"""Our own records in a rehearsal without a server: terms and rosters of the log's own time, read once.

Part of the rehearsals. They are those the desk's own activities answer with; what holds for a day is kept.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from activities.people.rosters import Rosters
from activities.terms import TermsActivities
from domain.centres.regions import Roster, RosterRequest
from domain.tenants import Enquiry, TenantFacts
from domain.terms import TermsAnswer, TermsRequest

_TERMS_KEPT = 1024
_ROSTERS_KEPT = 2048
T = TypeVar("T")


class Tables:
    """Answer what cases ask. Without `follows_the_sun` every case stays with the centre that took it in.

    A roster has the policy's own shifts: of people nothing is known, and nobody is counted. There is no
    tenant directory.
    """

    def __init__(self, *, follows_the_sun: bool) -> None:
        self._follows_the_sun = follows_the_sun
        rosters = Rosters(store=None)
        terms = TermsActivities(read_roster=rosters.read if follows_the_sun else None)
        self._compiled: Callable[..., TermsAnswer] = lru_cache(maxsize=_TERMS_KEPT)(
            _asked(terms.compile_terms)
        )
        self._read: Callable[[RosterRequest], Roster] = lru_cache(maxsize=_ROSTERS_KEPT)(_asked(rosters.read))

    def terms(self, request: TermsRequest) -> TermsAnswer:
        """Compile terms. Those of one day differ in their instants alone: tables are read by whole days."""
        days = request.model_copy(
            update={
                "at": _day(request.at),
                "counts_from": _day(request.counts_from) if request.counts_from else None,
                "counts_until": _day(request.counts_until) if request.counts_until else None,
                "enquiry": None,
                "beginning": None,
            }
        )
        answer = self._compiled(days)
        if answer.terms is None:
            return answer
        own = {
            "compiled_for": request.at,
            "valid_until": request.known_until,
            "known_from": request.known_from,
        }
        terms = answer.terms.model_copy(update=own)
        is_opening = self._follows_the_sun and terms.regions and request.enquiry is not None
        asked = RosterRequest(policy=request.policy, at=request.at)
        return TermsAnswer.model_construct(terms=terms, roster=self.roster(asked) if is_opening else None)

    def roster(self, request: RosterRequest) -> Roster:
        """Say who is open. Who asks matters only where somebody is counted."""
        roster = self._read(RosterRequest.model_construct(policy=request.policy, at=request.at))
        return roster.model_copy(update={"asked": request})

    def facts(self, enquiry: Enquiry) -> TenantFacts:
        """Look a tenant up, in no directory."""
        return TenantFacts()


def _day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _asked(activity: Callable[[Any], Coroutine[Any, Any, T]]) -> Callable[[Any], T]:
    """Have an activity answer where nobody waits."""

    def ask(request: Any) -> T:
        return asyncio.run(activity(request))

    return ask
