"""The values of a policy that sliders move: each level's promises, and when a warning comes."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from domain.policy import LevelRule, SupportPolicy, Target
from policies.values import promise

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NICE = (60, 30, 15, 12, 10, 6, 5, 4, 3, 2)
_TO_THE_OWN = 4  # steps at least up to the value in force (ours)
_MOST_BUSINESS_DAYS = 20


class Slider(NamedTuple):
    """One slider: `value` is where it stands, `own` the policy's; each step is a whole number of the unit."""

    name: str
    label: str
    path: str
    lowest: int
    highest: int
    step: int
    own: int
    value: int
    unit: str

    def said(self, value: int) -> str:
        """Write a value with its unit, as people do."""
        return f"{value} {self.one if value == 1 else self.words}"

    @property
    def one(self) -> str:
        """The unit in words, of a single one."""
        return self.words.removesuffix("s")

    @property
    def words(self) -> str:
        """The unit in words."""
        return {"m": "min", "%": "% of a promise"}.get(self.unit, self.unit)

    @property
    def change(self) -> str:
        """What is varied, as `path=value`; empty where the slider stands at the policy's own."""
        return "" if self.value == self.own else f"{self.path}={self._written}"

    @property
    def _written(self) -> str:
        if self.unit == "%":
            return f"{self.value / 100:g}"
        return str(self.value) if self.unit == "business days" else f"{self.value}{self.unit}"


def sliders_of(policy: SupportPolicy, typed: Mapping[str, str]) -> list[Slider]:
    """Return the sliders of a policy, at what was typed as far as that is possible."""
    return [_moved(one, typed.get(one.name, "")) for one in _sliders(policy)]


def _moved(slider: Slider, typed: str) -> Slider:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        return slider
    return slider._replace(value=max(slider.lowest, min(slider.highest, int(typed))))


def _sliders(policy: SupportPolicy) -> Iterator[Slider]:
    for rule in sorted(policy.rules.levels, key=lambda level: level.rank):
        for name, words in (("initial_response", "first response"), ("update_every", "updates every")):
            promised = _promised(policy, rule, name)
            if promised is not None:
                path = promise(policy, policy.default_plan, rule.id, name).path
                yield _of_promise(f"{name}.{rule.id}", f"{rule.id}, {words}", path, promised)
    share = round(100 * policy.rules.informing.warn_at_share)
    label = "Warning, after"
    yield Slider("warn", label, "rules.informing.warn_at_share", 5, 95, 5, share, share, "%")


def _promised(policy: SupportPolicy, rule: LevelRule, name: str) -> Target | timedelta | None:
    """Return what is promised at a level under the default plan, whose own goes before the level's."""
    own = policy.plans[policy.default_plan].targets.get(rule.id)
    found: Target | timedelta | None = getattr(
        own if own is not None and name in own.model_fields_set else rule, name
    )
    return found


def _of_promise(name: str, label: str, path: str, promised: Target | timedelta) -> Slider:
    if isinstance(promised, timedelta):
        return _of_length(name, label, path, promised)
    if promised.within is not None:
        return _of_length(name, label, f"{path}.within", promised.within)
    days = promised.business_days or 1
    most = max(_MOST_BUSINESS_DAYS, days)
    return Slider(name, label, f"{path}.business_days", 1, most, 1, days, days, "business days")


def _of_length(name: str, label: str, path: str, length: timedelta) -> Slider:
    """Move a length in whole hours where it has a day or more, else in minutes, up to thrice what it is."""
    seconds = int(length.total_seconds())
    unit, size = ("h", _HOUR) if seconds >= _DAY and seconds % _HOUR == 0 else ("m", _MINUTE)
    own = max(1, seconds // size)
    step = next((one for one in _NICE if own % one == 0 and own // one >= _TO_THE_OWN), 1)
    return Slider(name, label, path, step, 3 * own, step, own, own, unit)
