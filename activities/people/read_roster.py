"""The activity that reads a roster: the contract `READ_ROSTER` of the domain on top of `rosters`.

This room only joins the two; a door that wants a roster reads it there, without Temporal.
"""

import logging

from temporalio import activity

from activities.people.rosters import Rosters
from domain.centres.regions import HORIZON, Roster, RosterRequest
from domain.effects import READ_ROSTER
from policies import PolicyInvalid, PolicyUnknown

_log = logging.getLogger(__name__)


class RosterActivities:
    """Answer with rosters; nothing that is wrong with our own files stops a case."""

    def __init__(self, rosters: Rosters) -> None:
        self._rosters = rosters

    @activity.defn(name=READ_ROSTER)
    async def read_roster(self, request: RosterRequest) -> Roster:
        """Read the roster; of a policy that is gone it knows no centre, so nobody is open."""
        try:
            return await self._rosters.read(request)
        except (PolicyUnknown, PolicyInvalid) as error:
            _log.error("no roster of %s: %s", request.policy, error)
            return Roster(read_at=request.at, until=request.at + HORIZON, centres=())
