"""What a case knows of the major incident it belongs to, and the kinds of news it hears from there."""

from datetime import datetime
from enum import StrEnum

from domain.frozen import Frozen


class NewsKind(StrEnum):
    """What a case hears from its major incident."""

    JOINED = "joined"
    UPDATE = "update"
    RESOLVED = "resolved"
    LEFT = "left"


class IncidentLink(Frozen):
    """The major incident a case belongs to, since when (UTC), and the number of the last notice it heard."""

    id: str
    number: str
    joined_at: datetime
    notice: int
