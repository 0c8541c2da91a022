"""Who is at the portal: somebody of the requester's side, by the session every page of ours shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from starlette.requests import Request

from activities.channels.mail import Mailer
from activities.words.case_links import CaseLinks
from activities.words.survey_links import SurveyLinks
from domain.actor import Door
from starter.door.faults import Fault, Kind
from starter.door.permission import is_ours, speaker
from starter.door.reader_zone import UTC_ZONE
from starter.web.board.visitors import LedOn, Visitor, reading, speaking, who_is_at

_BOARD = "/"


@dataclass(frozen=True)
class Outfit:
    """What the portal has of this desk: its address and links, how it mails, where surveys are answered.

    Without an address no link is mailed: where it would lead is never taken from who asks.
    """

    case_links: CaseLinks = field(default_factory=lambda: CaseLinks(None, ()))
    mailer: Mailer | None = None
    survey_links: SurveyLinks | None = None

    @property
    def mails_links(self) -> bool:
        """Whether somebody can have a link mailed."""
        return self.mailer is not None and self.case_links.portal is not None


def outfit_of(request: Request) -> Outfit:
    """Return what the portal has of this desk."""
    outfit: Outfit = request.app.state.outfit
    return outfit


async def customer(request: Request) -> Visitor:
    """Return who looks at a page of the portal; our own people are led to the board.

    Raises: Unknown; LedOn; Fault (refused, unreachable).
    """
    known = await who_is_at(request, Door.PORTAL)
    actor = known.caller.actor
    if is_ours(actor) and request.method == "GET":
        raise LedOn(_BOARD)
    if not actor.is_requester:
        raise Fault(Kind.REFUSED, "RoleNotPermitted", "the portal is for customers", "use the board")
    speaker(actor)
    return await reading(request, known, UTC_ZONE)


async def customer_speaking(request: Request) -> tuple[Visitor, Mapping[str, list[str]]]:
    """Return who sends a form of the portal, and what is in it. Raises: as `customer`; Unsent."""
    return await speaking(request, customer)


def by_the_clock_of(visitor: Visitor, zone: str) -> Visitor:
    """Return somebody who reads, and types, instants by the clock of a case."""
    return Visitor(visitor.known, ZoneInfo(zone), visitor.away)
