"""What may be said to a major incident, and what its cases hear from it: one frozen record for each verb.

As in a case every message carries who speaks, when it was received, and the sender's own id of it.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.incident_link import NewsKind
from domain.messages.base import Instant, Message
from domain.messages.request import MaybeLine, MaybeText
from domain.policy import Duration
from domain.text import Identifier, Line, Text

AT_A_TIME = 500
"""Cases that one message lets join or leave, and that one activity tells (ours: 25 bytes an id)."""

NAMED = 20
"""Numbers of other cases one mail names; a customer with more knows that they are meant (ours)."""

CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@=+/-]{0,199}$")]
"""The id of a case, which is that of its workflow."""

EVERY = timedelta(hours=1)
"""How often there is an update unless the declaration says otherwise: the interval of the most severe level
(DED-31). An incident has no policy of its own that could say another one.
"""

UpdateInterval = Annotated[Duration, Field(ge=timedelta(minutes=5), le=timedelta(hours=72))]
"""How often an incident has an update: `30m`, or ISO 8601; 5 minutes to 72 hours, both inclusive (ours)."""

CaseIds = Annotated[tuple[CaseId, ...], Field(min_length=1, max_length=AT_A_TIME)]


class Declare(Message):
    """Many customers are down at once. The same `source` and `reference` are one incident.

    `text` is what is known so far; whoever joins reads it, or the latest news. It is the first notice, and
    the next one is due an interval later (DED-31).
    """

    source: Identifier = "desk"
    reference: Identifier
    title: Line
    level: MaybeLine = None
    text: Text
    expected_resolution_at: Instant | None = None
    update_every: UpdateInterval = EVERY


class Join(Message):
    """These cases have the same cause."""

    cases: CaseIds


class Leave(Message):
    """These cases have another cause after all, and why we think so."""

    cases: CaseIds
    reason: MaybeText = None


class PostNews(Message):
    """News for everybody; with what a notice of an outage says where that is known (DED-30).

    The next update is due one interval from now; `update_every` changes the interval (DED-31).
    """

    text: Text
    incident_details: MaybeText = None
    impact: MaybeText = None
    expected_resolution_at: Instant | None = None
    update_every: UpdateInterval | None = None


class ResolveIncident(Message):
    """The cause is gone: resolution is offered to every case, each by its own policy."""

    text: Text


class CloseIncident(Message):
    """The incident is over. One that was never resolved needs a reason: it was none, for example."""

    reason: MaybeText = None


class IncidentNews(Message):
    """What a case hears from its major incident; who speaks is the engineer who said it there.

    `notice` numbers the notices of one incident, from 1 on. `tell`: the case tells its customer itself.
    Otherwise the incident has told them, in the thread of this case, or together with another of their cases
    (`told_with`, its number). `also_for`: the numbers of other cases of theirs that the notice is for.
    """

    incident: CaseId
    number: Line
    title: Line
    notice: int = Field(ge=1)
    kind: NewsKind
    text: Text
    impact: MaybeText = None
    expected_resolution_at: Instant | None = None
    tell: bool = True
    told_with: Line | None = None
    also_for: tuple[Line, ...] = Field(default=(), max_length=NAMED)
