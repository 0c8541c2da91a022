"""Which list somebody asks for, as it stands in an address."""

from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from activities.store.board import Place
from starter.door.board import Lists, Narrowed, Wanted
from starter.web.board.places_in_lists import read_place, write_place

PATHS = {
    Lists.MINE: "/",
    Lists.CENTRE: "/centre",
    Lists.ALL: "/all",
    Lists.SILENT: "/silent",
    Lists.OVERDUE: "/overdue",
}
"""Where each list is."""

TITLES = {
    Lists.MINE: "Mine",
    Lists.CENTRE: "My centre",
    Lists.ALL: "All",
    Lists.SILENT: "Silent",
    Lists.OVERDUE: "Overdue",
}

_LONGEST = 200


def read_wanted(shown: Lists, query: QueryParams) -> Wanted:
    """Read which part of a list is asked for. Raises: Fault (usage)."""
    given = {name: query.get(name, "").strip()[:_LONGEST] or None for name in Narrowed.model_fields}
    return Wanted(
        shown=shown,
        narrowed=Narrowed(**given),
        centre=query.get("centre", "").strip()[:_LONGEST] or None,
        after=read_place(Place, query.get("after")),
    )


def address(wanted: Wanted, after: Place | None = None, more: str = "") -> str:
    """Write where a list is, and where its page after a place; `more` is a query that goes along."""
    query = urlencode(query_of(wanted) | ({"after": write_place(after)} if after else {}))
    whole = "&".join(filter(None, (query, more)))
    return PATHS[wanted.shown] + (f"?{whole}" if whole else "")


def stream_address(wanted: Wanted) -> str:
    """Write where changes of a list are sent from."""
    return f"/stream/{wanted.shown}?{urlencode(query_of(wanted))}"


def query_of(wanted: Wanted) -> dict[str, str]:
    """Write which part of a list is wanted."""
    centre = {"centre": wanted.centre} if wanted.centre and wanted.shown is Lists.CENTRE else {}
    return {**centre, **wanted.narrowed.model_dump(exclude_none=True)}
