"""What letters say of a request, to whoever of ours takes it up and to the vendor, and what changed in it.

RHIPE-46, O365-21, CSS-03, DED-05. Runs held to earlier rules say what they said then.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.case import Case
from domain.files import FILES, for_outsiders
from domain.rules import RULES_0_4
from domain.said import Reader, in_lines, label_of, shortened

_MOST = 600  # characters of one text in a letter of ours (ours): `sunrelay show` has all of it


def to_take_up(case: Case, *without: str) -> dict[str, Any]:
    """Gather what was said for a letter to one of us, but for the fields the letter says by itself."""
    if case.rules < RULES_0_4:
        return {}
    said = shortened(case.said_to(Reader.TAKER, *without), _MOST)
    return {"said": tuple(said.items()) or None, "files": case.files or None}


def to_the_vendor(case: Case, *without: str) -> dict[str, Any]:
    """Gather what the vendor needs, whole, for they cannot look it up; of a file not who gave it."""
    if case.rules < RULES_0_4:
        return {}
    nobody = {"kind": None, "role": None, "by": None, "at": None}
    files = tuple(file.model_copy(update=nobody) for file in for_outsiders(case.files))
    said = case.said_to(Reader.VENDOR, *without)
    return {"said": tuple(said.items()) or None, "files": files or None}


def changes(before: Case, after: Case, given: tuple[str, ...]) -> str:
    """Write each field that was given anew: what it says now, and what it said before.

    What proves who somebody is stays out, and so does what says the same as before.
    """
    return "\n".join(_changes(_lines(before, given), _lines(after, given)))


Lines = dict[str, tuple[str, ...]]


def _changes(old: Lines, new: Lines) -> Iterator[str]:
    added = [label_of(field) for field in FILES]
    for label, now in new.items():
        was = old.get(label, ())
        if label in added:
            yield from (f"{label}: {one}" for one in now if one not in was)
        elif was != now:
            before = f" (before: {'; '.join(was)})" if was else ""
            yield f"{label}: {'; '.join(now)}{before}"


def _lines(case: Case, given: tuple[str, ...]) -> Lines:
    said = {path: value for path, value in case.said_to(Reader.CUSTOMER).items() if _outer(path) in given}
    files = tuple(file for file in case.files if file.field in given)
    return dict(in_lines(said, files, _in_utc))


def _outer(path: str) -> str:
    return path.partition(".")[0]


def _in_utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%MZ}"
