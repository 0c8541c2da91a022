"""Where the pages of the desk are, for who may see each: the way from one to another, on every page."""

from typing import NamedTuple

from domain.actor import Actor
from starter.door.permission import has_figures


class Place(NamedTuple):
    """A page, by its name and its path."""

    name: str
    path: str


_FOR_ALL = (
    Place("Cases", "/"),
    Place("Coverage", "/coverage"),
    Place("Rota", "/rota"),
    Place("Incidents", "/incidents"),
    Place("Policies", "/policies"),
    Place("Vendors", "/vendors"),
)
_FOR_LEADS = (
    Place("Statistics", "/statistics"),
    Place("Rehearsal", "/rehearsal"),
    Place("Undelivered", "/undelivered"),
)


def places_for(actor: Actor) -> tuple[Place, ...]:
    """Return the pages somebody may see."""
    return (*_FOR_ALL, *_FOR_LEADS) if has_figures(actor) else _FOR_ALL
