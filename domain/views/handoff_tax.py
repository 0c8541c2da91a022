"""What each handoff of a case cost: how long until somebody went on with it, and what was asked twice.

RHIPE-25. Read from the timeline alone, so that it can be told of any case at any time, also an archived one.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.actor import ActorKind
from domain.frozen import Frozen
from domain.silence import PASSES_ON
from domain.timeline import EntryKind, TimelineEntry

_SAME = 0.6  # ours: of the words of both questions; the same question in other words has about so many
_WORD = re.compile(r"\w{3,}")


class HandoffTax(Frozen):
    """One handoff: from whom to whom, and what it cost; every instant UTC.

    `theirs_at` is when the case was accepted and theirs. `seconds` run from there to the first act of any of
    ours, None while there is none; who accepted early and began at once cost nothing. `asked_again` counts
    what the customer was asked and had been asked before by those who had the case then.
    """

    giver: str
    taker: str
    theirs_at: datetime
    accepted_by: str | None = None
    next_action: str | None = None
    confirmed_at: datetime | None = None
    first_act_at: datetime | None = None
    seconds: int | None = None
    asked_again: int = 0


def handoff_taxes(entries: Sequence[TimelineEntry]) -> tuple[HandoffTax, ...]:
    """List the handoffs of a whole timeline, in order."""
    starts = [at for at, entry in enumerate(entries) if entry.kind is EntryKind.HANDED_OVER]
    ends = [*starts[1:], len(entries)]
    before = [0, *(start + 1 for start in starts)]
    asked = _questions(entries) if starts else {}
    return tuple(
        _tax(entries, since, start, end, asked)
        for since, start, end in zip(before, starts, ends, strict=False)
    )


def parties(about: str | None) -> tuple[str, str]:
    """Return who gave a case and who took it, from what the entry of a handoff is about."""
    giver, _, taker = (about or "").partition(" -> ")
    return giver, taker


def _tax(
    entries: Sequence[TimelineEntry], since: int, start: int, end: int, asked: Mapping[int, frozenset[str]]
) -> HandoffTax:
    """Tell what one handoff cost: `since` lies after the one before, `end` at the one after.

    `asked` are the words of every question, by its place.
    """
    handed, earlier, later = entries[start], entries[since:start], entries[start + 1 : end]
    giver, taker = parties(handed.about)
    accepted = _last(earlier, EntryKind.HANDOFF_ACCEPTED, about=taker)
    since_accepted = earlier[earlier.index(accepted) + 1 :] if accepted is not None else ()
    confirmed = _last((*since_accepted, *later), EntryKind.NEXT_ACTION_CONFIRMED)
    ahead = (act for act in since_accepted if accepted is not None and act.by == accepted.by)
    first = next((act for act in (*ahead, *later) if _is_act(act)), None)
    return HandoffTax(
        giver=giver,
        taker=taker,
        theirs_at=handed.at,
        accepted_by=accepted.by if accepted is not None else None,
        next_action=confirmed.text if confirmed is not None else None,
        confirmed_at=confirmed.at if confirmed is not None else None,
        first_act_at=first.at if first is not None else None,
        seconds=max(0, int((first.at - handed.at).total_seconds())) if first is not None else None,
        asked_again=_asked_again(
            [words for place, words in asked.items() if place < start],
            [words for place, words in asked.items() if start < place < end],
        ),
    )


def _is_act(entry: TimelineEntry) -> bool:
    return entry.by_kind is ActorKind.STAFF and entry.kind not in PASSES_ON


def _last(
    entries: Sequence[TimelineEntry], kind: EntryKind, about: str | None = None
) -> TimelineEntry | None:
    found = (entry for entry in reversed(entries) if entry.kind is kind and about in (None, entry.about))
    return next(found, None)


def _questions(entries: Sequence[TimelineEntry]) -> dict[int, frozenset[str]]:
    return {
        place: frozenset(_WORD.findall((entry.text or "").casefold()))
        for place, entry in enumerate(entries)
        if entry.kind is EntryKind.QUESTION_ASKED
    }


def _asked_again(before: Sequence[frozenset[str]], after: Sequence[frozenset[str]]) -> int:
    return sum(any(_is_same(one, other) for other in before) for one in after)


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and len(one & other) >= _SAME * len(one | other)
