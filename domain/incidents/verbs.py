"""What may be said to a major incident: one row a verb, as `domain.verbs` has them for a case."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.incidents import lifecycle
from domain.incidents.record import Incident
from domain.messages.base import Message
from domain.messages.incident import CloseIncident, Declare, Join, Leave, PostNews, ResolveIncident

IncidentRule = Callable[[Incident, Any, datetime], lifecycle.IncidentAccepted]
"""Decides a message of the verb's own record, at an instant (UTC); raises Refusal."""


class IncidentVerb(StrEnum):
    """The verbs; `declare` opens an incident and has no rule of its own."""

    model: type[Message]
    rule: IncidentRule | None
    says: str

    def __new__(cls, name: str, *row: Any) -> "IncidentVerb":
        """Keep the row with its name."""
        verb = str.__new__(cls, name)
        verb._value_ = name
        verb.model, verb.rule, verb.says = row
        return verb

    # fmt: off
    DECLARE = ("declare", Declare, None,
        "Declare this incident; the same reference again is the same.")
    JOIN = ("join", Join, lifecycle.join,
        "Let cases join, at most 500 at a time; also late.")
    LEAVE = ("leave", Leave, lifecycle.leave,
        "Let cases leave that have another cause; with a reason.")
    POST_UPDATE = ("post_update", PostNews, lifecycle.post_update,
        "Post news; each audience is told once.")
    RESOLVE = ("resolve", ResolveIncident, lifecycle.resolve,
        "The cause is gone: every case is offered resolution.")
    CLOSE = ("close", CloseIncident, lifecycle.close,
        "End the incident; with a reason where it was never resolved.")
    # fmt: on
