"""Makes the tables of holidays anew: `python -m policies.holiday_snapshot`, and `--check` to compare only.

A tool for developers. It alone knows the `holidays` library, which the running product never imports. What
it writes is reviewed as a diff, for a date that comes or goes moves promises made from then on.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import holidays
from pydantic import Field

from domain.frozen import Frozen
from policies.holiday_tables import Snapshot, digest

FIRST_YEAR, LAST_YEAR = 2015, 2035
"""Far enough back to replay the logs we have, far enough ahead for any case opened in the next years."""

_TABLES = Path(__file__).parent / "holiday_tables"
_CALENDARS: dict[str, tuple[str, str | None, str | None]] = {
    "AU-NSW": ("AU", "NSW", "en_AU"),
    "AU-VIC": ("AU", "VIC", "en_AU"),
    "GB-ENG": ("GB", "ENG", "en_GB"),
    "MY-KUL": ("MY", "KUL", "en_US"),
    "NZ-AUK": ("NZ", "AUK", None),  # the library names them in English only
    "PH": ("PH", None, "en_PH"),  # the library knows no regions of the Philippines
}


class Correction(Frozen):
    """One date a library is wrong about, and why we say so."""

    calendar: str
    date: date
    name: str = ""
    reason: str = Field(min_length=20)


class Overlay(Frozen):
    """Every correction: dates that are holidays, and dates that are not."""

    add: tuple[Correction, ...] = ()
    remove: tuple[Correction, ...] = ()


def read_overlay() -> Overlay:
    """This will read the corrections written by hand."""
    return Overlay.model_validate(tomllib.loads((_TABLES / "overlay.toml").read_text(encoding="utf-8")))


def snapshot(calendar: str, overlay: Overlay) -> Snapshot:
    """This will ask the library for one calendar and lay the corrections over its answer."""
    country, subdivision, language = _CALENDARS[calendar]
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    named = holidays.country_holidays(country, subdiv=subdivision, years=years, language=language)
    days = {day: str(name) for day, name in named.items()}
    added = {fix.date: fix.name for fix in overlay.add if fix.calendar == calendar}
    removed = {fix.date for fix in overlay.remove if fix.calendar == calendar}
    days = {day: name for day, name in (days | added).items() if day not in removed}
    days = dict(sorted(days.items()))
    return Snapshot(
        calendar=calendar,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        made_by=f"holidays {version('holidays')}",
        corrected=tuple(sorted(removed.union(added))),
        sha256=digest(days),
        days=days,
    )


def files_as_they_should_be() -> Iterator[tuple[Path, str]]:
    """This will make the text of every table."""
    overlay = read_overlay()
    for calendar in _CALENDARS:
        content = snapshot(calendar, overlay).model_dump(mode="json")
        yield _TABLES / f"{calendar}.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """This will write the tables, or with `--check` tell by exit code 1 that they differ."""
    parser = argparse.ArgumentParser(prog="python -m policies.holiday_snapshot", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a table differs")
    check = parser.parse_args(arguments).check
    changed = 0
    for path, text in files_as_they_should_be():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        changed += 1
        sys.stdout.write(f"{path.name} {'differs' if check else 'written'}\n")
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
