"""How many cases each list of the board has, for everybody who looks: counted in one pass, told to each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from activities.store.board import BoardGroup


class Tally(NamedTuple):
    """Open cases: of each list that is the same for everybody, of each owner, and of each centre."""

    lists: Mapping[str, int]
    owners: Mapping[str | None, int]
    centres: Mapping[str | None, int]

    @classmethod
    def of(cls, groups: Iterable[BoardGroup]) -> Self:
        """Add up groups of one owner, centre and offer; a centre has what it owns and what it is offered."""
        lists: Counter[str] = Counter()
        owners: Counter[str | None] = Counter()
        centres: Counter[str | None] = Counter()
        for one in groups:
            lists.update(one.counts)
            owners[one.assignee] += one.cases
            for name in {one.region, one.offered_to}:
                centres[name] += one.cases
        return cls(lists, owners, centres)
