"""Who else is writing at a case just now, as far as this process knows; it is a warning and no lock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request

_STILL_WRITES = timedelta(seconds=60)
"""How long somebody counts as writing after their page was heard of, which says so every 20 s (ours)."""

_MOST_CASES = 1000


@dataclass
class Writers:
    """When somebody was last heard of, by case and name."""

    _heard: dict[str, dict[str, datetime]] = field(default_factory=dict)

    def heard(self, case_id: str, name: str, now: datetime) -> None:
        """Note that somebody writes."""
        self._heard.setdefault(case_id, {})[name] = now
        if len(self._heard) > _MOST_CASES:
            self._heard = {case: left for case, them in self._heard.items() if (left := _still(them, now))}

    def ended(self, case_id: str, name: str) -> None:
        """Note that somebody has said what they wrote."""
        self._heard.get(case_id, {}).pop(name, None)

    def others(self, case_id: str, name: str, now: datetime) -> tuple[str, ...]:
        """Name who else writes, in order."""
        return tuple(sorted(_still(self._heard.get(case_id, {}), now).keys() - {name}))


def _still(heard: dict[str, datetime], now: datetime) -> dict[str, datetime]:
    return {name: at for name, at in heard.items() if now - at < _STILL_WRITES}


def writers_of(request: Request) -> Writers:
    """Return whom the desk's pages have heard of."""
    writers: Writers = request.app.state.writers
    return writers
