"""In whose hands a case was when somebody spoke, and what each handing on cost, entry by entry.

Part of the rehearsals. A message of a person counts once, whatever it led to.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.actor import ActorKind
from domain.policy import SupportPolicy
from domain.timeline import EntryKind, TimelineEntry
from domain.views.handoff_tax import handoff_taxes, parties

_PEOPLE = frozenset(ActorKind) - {ActorKind.SYSTEM}


class WorkingHands:
    """What is known of the hands of one case after the entries seen so far; its clock is `shift` ahead."""

    def __init__(self, first: str, policy: SupportPolicy, shift: timedelta) -> None:
        self.centre = first
        self._regions = policy.regions
        self._shift = shift
        self._load: dict[str, list[int]] = {}
        self._ways: Counter[str] = Counter()
        self._last_said: str | None = None

    def see(self, entry: TimelineEntry) -> None:
        """Take the next entry: what was said counts for the centre that had the case before it."""
        if self._is_said(entry):
            self._last_said = entry.request_id
            at = (entry.at - self._shift).astimezone(ZoneInfo(self._regions[self.centre].zone))
            self._load.setdefault(self.centre, []).append(24 * at.weekday() + at.hour)
        if entry.kind is EntryKind.HANDED_OVER and entry.about:
            self._ways[entry.about] += 1
            self.centre = parties(entry.about)[1]

    def _is_said(self, entry: TimelineEntry) -> bool:
        """Tell whether a person's message begins here.

        The one that opens a case has no id of its own. One that reopens too late opens a linked case, and
        counts there.
        """
        if entry.kind in (EntryKind.SUBMITTED, EntryKind.REOPEN_DECLINED):
            return entry.kind is EntryKind.SUBMITTED
        return entry.by_kind in _PEOPLE and entry.request_id not in (None, self._last_said)

    def found(self, entries: Sequence[TimelineEntry]) -> dict[str, object]:
        """Return what a finding says of it, once the last of its entries was seen."""
        taxes = handoff_taxes(entries) if self._ways else ()
        seconds = tuple(one.seconds for one in taxes if one.seconds is not None)
        return {
            "messages": sum(map(len, self._load.values())),
            "load": {centre: tuple(hours) for centre, hours in self._load.items()},
            "ways": dict(self._ways),
            "went_on_seconds": seconds,
            "nobody_went_on": len(taxes) - len(seconds),
            "asked_again": sum(one.asked_again for one in taxes),
        }
