"""Makes tables of holidays: `python -m policies.holiday_snapshot`, with `--check` to compare only.

A tool for developers. It alone knows the `holidays` library, which the running product never imports. What
it writes is reviewed as a diff, for a date that comes or goes moves promises made from then on. `--add` makes
one table more in a directory of your own (`SUNRELAY_CALENDAR_DIR`).
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.policy import Weekday
from policies.holiday_tables import NO_HOLIDAYS, Snapshot, digest
from policies.holiday_tables.overlay import Overlay, OverlayInvalid, lay, read_overlay

FIRST_YEAR, LAST_YEAR = 2015, 2035
"""Far enough back to replay the logs we have, far enough ahead for any case opened in the next years."""

LIBRARY = "holidays==0.109"
"""What to install; the same pin as in pyproject.toml."""

_TABLES = Path(__file__).parent / "holiday_tables"
_NAME = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_ESTIMATED = (
    "estimated_label",
    "observed_estimated_label",
)  # the library's; it translates them with the names


_USUAL_WEEKEND = {5, 6}


class Place(NamedTuple):
    """What the library is asked for: country, subdivision, and the language of the names."""

    country: str
    subdivision: str | None = None
    language: str | None = None


_CALENDARS = {
    "AU-NSW": Place("AU", "NSW", "en_AU"),
    "AU-VIC": Place("AU", "VIC", "en_AU"),
    "GB-ENG": Place("GB", "ENG", "en_GB"),
    "MY-KUL": Place("MY", "KUL", "en_US"),
    "NZ-AUK": Place("NZ", "AUK"),  # the library names them in English only
    "PH": Place("PH", None, "en_PH"),  # the library knows no regions of the Philippines
}


class ToolFault(Exception):
    """Nothing can be made; the message says why, on one line."""


class Answered(NamedTuple):
    """What the library said: days with their names, those it calls estimated, and the years it knows.

    `weekend` is None where it is Saturday and Sunday, as everywhere we do not know better.
    """

    days: dict[date, str]
    estimated: dict[date, str]
    years: tuple[int, int]
    weekend: tuple[Weekday, ...] | None = None


def ask(place: Place) -> Answered:
    """Ask the library for the public holidays of one place.

    Raises: ToolFault where it is not installed, or knows no such country, subdivision or language.
    """
    library = _library()
    kind = _known(library, place)
    years = max(FIRST_YEAR, kind.start_year), min(LAST_YEAR, kind.end_year)
    found = library.country_holidays(
        place.country,
        subdiv=place.subdivision,
        # Without a language the library takes the machine's own, and another machine writes another file.
        language=place.language or kind.default_language,
        years=range(years[0], years[1] + 1),
    )
    days = {day: str(name) for day, name in found.items()}
    labels = [found.tr(getattr(found, label)) for label in _ESTIMATED if hasattr(found, label)]
    told = f"{_release()} calls it estimated"
    estimated = {day: told for day, name in days.items() if _bears(name, labels)}
    return Answered(days, estimated, years, _weekend(found, years[1]))


def _weekend(found: Any, year: int) -> tuple[Weekday, ...] | None:
    """Name a weekend that is not Saturday and Sunday, as it is in the last year: some have changed it."""
    week = [date(year, 6, day) for day in range(1, 8)]
    closed = {day.weekday() for day in week if found.is_weekend(day)}
    return None if closed == _USUAL_WEEKEND else tuple(tuple(Weekday)[day] for day in sorted(closed))


def _known(library: ModuleType, place: Place) -> Any:
    """Read the table that is there. Raises: ToolFault."""
    try:
        kind = library.country_holidays(place.country, subdiv=place.subdivision)
    except NotImplementedError as error:
        raise ToolFault(f"the library of holidays says: {error}") from error
    if place.language and place.language not in kind.supported_languages:
        spoken = ", ".join(kind.supported_languages) or "none to choose from; leave --language out"
        raise ToolFault(f"{place.country}: no names in {place.language!r}; there are {spoken}")
    return kind


def _bears(name: str, labels: list[str]) -> bool:
    """Return whether a holiday of the date is called by one of the labels, such as `%s (guess)`."""
    ends = [label.split("%s") for label in labels]
    return any(
        part.startswith(end[0]) and part.endswith(end[-1]) for part in name.split("; ") for end in ends
    )


def _library() -> ModuleType:
    try:
        import holidays  # noqa: PLC0415  # the development environment alone has it
    except ImportError:
        raise ToolFault(f"the library of holidays is missing; install it: pip install {LIBRARY}") from None
    return holidays


def _release() -> str:
    return f"holidays {version('holidays')}"


def snapshot(calendar: str, place: Place, overlay: Overlay) -> Snapshot:
    """Ask the library for one calendar and lay the overlay over its answer.

    Raises: ToolFault; OverlayInvalid for an entry without effect.
    """
    answered = ask(place)
    laid = lay(overlay, calendar, answered.days, answered.estimated)
    weekend = laid.weekend or answered.weekend
    try:
        return Snapshot(
            calendar=calendar,
            first_year=answered.years[0],
            last_year=answered.years[1],
            made_by=_release(),
            corrected=laid.corrected,
            sha256=digest(laid.days, weekend, laid.part_days),
            days=laid.days,
            doubtful=laid.doubtful,
            may_come=laid.may_come,
            weekend=weekend,
            part_days=laid.part_days,
        )
    except ValidationError as error:
        raise OverlayInvalid(f"overlay.toml: {calendar}: {error.errors()[0]['msg']}") from error


def shipped() -> Iterator[Snapshot]:
    """Make every table we ship. Raises: as `snapshot`."""
    overlay = read_overlay(_TABLES / "overlay.toml")
    if unknown := sorted(overlay.calendars() - _CALENDARS.keys()):
        raise OverlayInvalid(f"overlay.toml: unknown calendar {', '.join(unknown)}")
    for calendar, place in _CALENDARS.items():
        yield snapshot(calendar, place, overlay)


def own(calendar: str, place: Place, directory: Path) -> Snapshot:
    """Make one table of a company's own; the overlay is the one beside it, if there is one.

    Raises: as `snapshot`; ToolFault for a name that cannot be a calendar's, or no directory.
    """
    if not _NAME.fullmatch(calendar) or calendar == NO_HOLIDAYS:
        raise ToolFault(f"{calendar!r} cannot name a calendar; use letters and digits, such as DE-BY")
    if directory.exists() and not directory.is_dir():
        raise ToolFault(f"{directory} is not a directory")
    overlay = read_overlay(directory / "overlay.toml")
    there = {path.stem for path in directory.glob("*.json")}
    for unknown in sorted(overlay.calendars() - there - {calendar}):
        sys.stderr.write(f"overlay.toml speaks of {unknown}, and {directory} has no such table\n")
    return snapshot(calendar, place, overlay)


def as_text(made: Snapshot) -> str:
    """Return the file of one table; what few calendars have is left out where there is none."""
    unsaid = {name for name in ("weekend", "part_days") if not getattr(made, name)}
    return json.dumps(made.model_dump(mode="json", exclude=unsaid), indent=1, ensure_ascii=False) + "\n"


def _write(made: Snapshot, directory: Path, check: bool) -> bool:
    """Bring one file up to date, or only compare it, and say so; true where it differed."""
    path, text = directory / f"{made.calendar}.json", as_text(made)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    counts = f"{len(made.days)} days, {len(made.corrected)} corrected, {len(made.doubtful)} doubtful"
    what = "differs" if check else "written"
    sys.stdout.write(f"{path.name} {what}: {counts}, {len(made.may_come)} may yet come\n")
    return True


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m policies.holiday_snapshot", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a table differs")
    parser.add_argument("--add", metavar="CODE", help="make one table of your own, by this name")
    parser.add_argument("--country", metavar="CC", help="with --add: its country, such as DE")
    parser.add_argument("--subdivision", metavar="S", help="with --add: its state or region, such as BY")
    parser.add_argument("--language", metavar="L", help="with --add: the language of the names")
    parser.add_argument("--out", metavar="DIR", type=Path, help="with --add: the directory to write it to")
    given = parser.parse_args(arguments)
    if given.add and not (given.country and given.out):
        parser.error("--add needs --country and --out")
    if not given.add and (given.country or given.subdivision or given.language or given.out):
        parser.error("--country, --subdivision, --language and --out belong to --add")
    return given


def main(arguments: list[str] | None = None) -> int:
    """Write the tables, or with `--check` tell by exit code 1 that they differ; 2 is a fault."""
    given = _arguments(arguments)
    try:
        if given.add:
            place = Place(given.country, given.subdivision, given.language)
            made, directory = [own(given.add, place, given.out)], given.out
        else:
            made, directory = list(shipped()), _TABLES
        changed = [_write(one, directory, given.check) for one in made]
    except (ToolFault, OverlayInvalid, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return 1 if given.check and any(changed) else 0


if __name__ == "__main__":
    sys.exit(main())
