"""Lays a policy over the one it extends, document over document, before anything is validated.

Part of the room of policies; it knows how the parts of a policy are called, and reads no file. What is laid
over must still be a policy as a whole: the models judge the result (RHIPE-21).
"""

from policies.errors import Fault
from policies.paths import KEYS, Path, Table, is_within, longest_fit, spelled

OWN = "own"
"""The mark of a value a company sets itself without saying where it comes from."""

_IDENTITY = ("name", "version", "extends", "sources")
_TARGET_KEYS = {"within", "business_days"}
_INSTEAD = {"reopen_within": "reopen_business_days", "reopen_business_days": "reopen_within"}
_SCOPE_RULES: Path = ("rules", "scope", "rules")


def lay_over(parent: Table, child: Table, parent_label: str) -> tuple[Table, list[Fault]]:
    """Return the whole policy a file stands for, and what cannot be laid over.

    Tables merge. Lists of tables whose parts have an `id` or a `name` merge part by part, and what is new
    comes after the parent's; only a new rule of scope goes before them, for there the first match decides.
    Every other list is replaced, a value replaces a value, and a target is one value: given `within`, it
    has no `business_days` any more. Name and version are the child's own. `extends` becomes the name and
    version of the parent as it was found.
    """
    laying = _Laying()
    rest = {key: value for key, value in parent.items() if key not in _IDENTITY}
    whole = laying.tables(rest, {key: value for key, value in child.items() if key not in _IDENTITY}, ())
    identity = {key: child[key] for key in _IDENTITY if key in child}
    inherited = _without(parent.get("sources", {}), [*laying.changed, *laying.dropped])
    marks = _marks(inherited, child.get("sources", {}), laying.changed)
    return {**identity, "extends": parent_label, **whole, "sources": marks}, laying.faults


class _Laying:
    """One document laid over another: the places the child sets, and those that gave way to it."""

    def __init__(self) -> None:
        self.changed: list[Path] = []
        self.dropped: list[Path] = []
        self.faults: list[Fault] = []

    def tables(self, parent: Table, child: Table, path: Path) -> Table:
        """Merge key by key."""
        whole = {key: value for key, value in parent.items() if not _gives_way(key, child)}
        self.dropped += [(*path, key) for key in parent.keys() - whole.keys()]
        for key, value in child.items():
            here = (*path, key)
            if key in whole:
                whole[key] = self._value(whole[key], value, here)
            else:
                whole[key] = value
                self.changed.append(here)
        return whole

    def _value(self, parent: object, child: object, path: Path) -> object:
        if isinstance(parent, dict) and isinstance(child, dict) and not _is_target(parent, child):
            return self.tables(parent, child, path)
        if isinstance(parent, list) and isinstance(child, list) and (key := _key_of(parent)):
            return self._parts(parent, child, key, path)
        self.changed.append(path)
        return child

    def _parts(self, parent: list[Table], child: list[object], key: str, path: Path) -> list[object]:
        """Merge two lists part by part, in the parent's order."""
        inherited = {str(part[key]): part for part in parent}
        new: list[object] = []
        seen: set[str] = set()
        for part in child:
            name = part.get(key) if isinstance(part, dict) else None
            if not isinstance(part, dict) or not isinstance(name, str):
                new.append(part)
                continue
            if name in seen:
                self.faults.append((path, f"{name} is there twice"))
            seen.add(name)
            self._part(inherited, new, part, (*path, name))
        return [*new, *inherited.values()] if path == _SCOPE_RULES else [*inherited.values(), *new]

    def _part(self, inherited: dict[str, Table], new: list[object], part: Table, path: Path) -> None:
        if (known := inherited.get(path[-1])) is None:
            new.append(part)
            self.changed.append(path)
            return
        key = _key_of([known])
        inherited[path[-1]] = self.tables(known, {k: v for k, v in part.items() if k != key}, path)


def _is_target(parent: Table, child: Table) -> bool:
    return all(bool(one) and one.keys() <= _TARGET_KEYS for one in (parent, child))


def _key_of(parts: list[Table]) -> str | None:
    """Find what the parts of a list are called by, where all of them have it."""
    for key in KEYS:
        if parts and all(isinstance(part, dict) and isinstance(part.get(key), str) for part in parts):
            return key
    return None


def _gives_way(key: str, child: Table) -> bool:
    """Tell whether an inherited value contradicts what the child says in so many words.

    Without it some changes could not be written down at all, for a file cannot take a key away.
    """
    if key in child:
        return False
    if key == "hours":
        return child.get("around_the_clock") is True
    if key == "auto_close_business_days":
        return child.get("confirmation") in ("required", "none")
    if key == "reminder_every":
        return child.get("confirmation") in ("implied", "none") or child.get("on_incomplete") in (
            "refuse",
            "close_with_explanation",
        )
    return _INSTEAD.get(key) in child


def _without(sources: object, gone: list[Path]) -> object:
    """Take away what the parent says of places that are no longer its own."""
    if not isinstance(sources, dict):
        return sources
    places = [spelled(path) for path in gone]
    return {path: mark for path, mark in sources.items() if not any(is_within(path, at) for at in places)}


def _marks(inherited: object, own: object, changed: list[Path]) -> object:
    """Say where each value comes from: what the child sets is its own, or what the child says."""
    if not isinstance(inherited, dict) or not isinstance(own, dict):
        return own
    marks = inherited | own
    for place in map(spelled, changed):
        mark = longest_fit(own, place) or OWN
        if longest_fit(marks, place) != mark:
            marks[place] = mark
    return marks
