"""Where a value of a policy comes from is marked by the path it begins with; the longest that fits counts."""

from collections.abc import Mapping


def is_within(path: str, place: str) -> bool:
    """Tell whether a written path is the place or lies below it."""
    return path == place or (path.startswith(place) and path[len(place)] in ".[")


def longest_fit(places: Mapping[str, str], path: str) -> str | None:
    """Return what the longest of the places says that the path lies in, or None."""
    fits = [place for place in places if is_within(path, place)]
    return places[max(fits, key=len)] if fits else None
