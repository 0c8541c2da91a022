"""The values one value of a policy is given in turn: `rules.levels.P2.update_every=1h..8h/1h`.

Part of the rehearsals. Both ends count, as far as the step meets the upper one.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from starter.door.faults import usage

MOST = 12
"""So many values at most (ours): each is a rehearsal of its own."""

_RANGE = re.compile(r"(?P<path>[^=]+)=(?P<first>[^=]+?)\.\.(?P<last>[^=/]+)(?:/(?P<step>[^=/]+))?")
_DURATION = re.compile(r"(\d{1,9})([smhd])")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FORM = "write path=a..b/step, such as rules.levels.P2.update_every=1h..8h/1h"


class ValueRange(NamedTuple):
    """The path as it was typed, and the values as a policy's file writes them."""

    path: str
    values: tuple[str, ...]


class _Scale(NamedTuple):
    """What the ends and the step are measured in, and how a value of it is written."""

    unit: str

    def read(self, text: str) -> Decimal | None:
        """Read a value; None where it is of another kind."""
        if not self.unit:
            return Decimal(text) if _NUMBER.fullmatch(text) else None
        found = _DURATION.fullmatch(text)
        return Decimal(int(found[1]) * _SECONDS[found[2]]) / _SECONDS[self.unit] if found else None

    def write(self, value: Decimal) -> str:
        return f"{value:f}{self.unit}"


def read_range(text: str) -> ValueRange:
    """Read what is swept. Raises: Fault (usage), which says what is possible."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise usage(f"{text!r} is no range of values", _FORM)
    path, first, last, step = (part and part.strip() for part in found.group("path", "first", "last", "step"))
    scale = _scale(first, step or first)
    ends = [scale.read(first), scale.read(last), scale.read(step) if step else _default_step(scale, first)]
    if None in ends:
        raise usage(
            f"{text!r} is no range: ends and step are all whole durations (30m, 4h, 2d) or all numbers",
            _FORM,
        )
    low, high, by = (one for one in ends if one is not None)
    if by <= 0 or low > high:
        raise usage(f"{text!r} leads nowhere: it goes up, by a step of more than nothing", _FORM)
    count = int((high - low) / by) + 1
    if count > MOST:
        raise usage(
            f"{text!r} are {count} values, each a rehearsal of its own; at most {MOST}", "widen the step"
        )
    return ValueRange(path, tuple(scale.write(low + by * number) for number in range(count)))


def _scale(*texts: str) -> _Scale:
    """Measure durations in the finest unit that was typed, so that each value is a whole number of it."""
    units = [found[2] for text in texts if (found := _DURATION.fullmatch(text))]
    return _Scale(min(units, key=_SECONDS.__getitem__, default=""))


def _default_step(scale: _Scale, first: str) -> Decimal | None:
    """Step by one unit or by one; between numbers with a point the step has to be said."""
    return None if not scale.unit and "." in first else Decimal(1)
