"""Cases found by whatever somebody knows of them; who asks is found what they may see."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from activities.store.case_search import Found, FoundCase, Search
from starter.door.finding import find_cases
from starter.web.api import cursors
from starter.web.api.callers import Known
from starter.web.api.described import READING

router = APIRouter(tags=["cases"])
_FURTHEST = 1_000_000


class FoundPage(BaseModel):
    """A page of what was found, the best first: how many there are in all, and how many of them are open.

    `nearly`: nothing has the words as they are written. `misheard`: numbers whose check character is wrong.
    `is_empty`: there is nothing in the text to look for.
    """

    cases: list[FoundCase]
    total: int
    open: int
    nearly: bool
    misheard: list[str]
    is_empty: bool
    next_cursor: str | None = None


class _Behind(BaseModel):
    """How many of the best a page leaves out."""

    offset: Annotated[int, Field(ge=0, le=_FURTHEST)] = 0


@router.get("/search", operation_id="search_cases", responses=READING)
async def search_cases(
    call: Known,
    text: Annotated[str, Query(min_length=1, max_length=200, examples=["outlook password"])],
    tenant: str | None = None,
    open: bool = False,  # noqa: A002  what people call it
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> FoundPage:
    """Find cases by number, telephone, mail, company, own number or words, the best first."""
    place = cursors.read(after, _Behind) or _Behind()
    wanted = Search(text=text, tenant=tenant, open_only=open, limit=limit, offset=place.offset)
    return _page(await find_cases(call.session, call.actor, wanted), place.offset)


def _page(found: Found, offset: int) -> FoundPage:
    until = offset + len(found.cases)
    more = cursors.written(_Behind(offset=until)) if found.cases and until < found.total else None
    return FoundPage(
        cases=list(found.cases),
        total=found.total,
        open=found.open,
        nearly=found.nearly,
        misheard=list(found.misheard),
        is_empty=found.is_empty,
        next_cursor=more,
    )
