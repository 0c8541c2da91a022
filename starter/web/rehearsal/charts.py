"""The figures of one rehearsal as charts, each with the table that says the same."""

from collections.abc import Iterator
from datetime import timedelta

from starter.door.plain import counted, moment, span, words
from starter.rehearse.figures import LevelFigures, Rehearsal
from starter.rehearse.overview import CentreWeek, LongCase, Overview, PromiseCost
from starter.web.charts import Bar, Chart, Part, Table, bars, grid

KEPT = (
    ("solid", "kept by our people"),
    ("hatch", "kept by a status the system sent"),
    ("dots", "missed"),
)
_OPEN = (("solid", "ended"), ("hatch", "still open where the log ends"))
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HEADS = tuple(f"{hour:02}" for hour in range(24))


def charts_of(result: Rehearsal, key: str = "") -> dict[str, Chart]:
    """Draw everything there is to draw of a rehearsal, but its weeks; `key` keeps two on a page apart."""
    drawn = {"kept": _kept(result, key)}
    if (overview := result.overview) is not None:
        drawn |= {
            "missed": _missed(overview, key),
            "ways": _ways(overview, key),
            "longest": _longest(overview, key),
            "promises": _promises(overview, key),
        }
    return drawn


def weeks_of(result: Rehearsal, key: str = "") -> list[Chart]:
    """Draw the week of each centre, hour by hour."""
    return [_week(one, key) for one in result.overview.load] if result.overview else []


def percent(share: float | None) -> str:
    """Write a share in per cent; of nothing there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def length(seconds: int | None) -> str:
    """Write a length of time, none as a dash."""
    return "–" if seconds is None else span(timedelta(seconds=seconds))


def _kept(result: Rehearsal, key: str) -> Chart:
    """Draw how often each promise was kept: over all levels, then level by level."""
    rows = [
        (label, *row)
        for label, level in (("All levels", result.total), *result.levels.items())
        for row in _targets(level)
    ]
    heads = ("Level", "Promise", "Due", "Kept by people", "Share", "With the system's", "Share", "Missed")
    return bars(
        f"{key}kept",
        "Promises kept, with and without what the system sent",
        [_kept_bar(*row) for row in rows],
        Table(heads, tuple(_kept_row(*row) for row in rows)),
        KEPT,
        most=100,
    )


def _targets(level: LevelFigures) -> Iterator[tuple[str, int, int, int]]:
    """List the promises of a level of which any was due: its name, kept by staff, by the system, missed."""
    found = (
        ("responses", level.responses_met, 0, level.responses_missed),
        ("updates", level.updates_by_staff, level.updates_by_system, level.updates_missed),
    )
    return (one for one in found if sum(one[1:]))


def _kept_bar(label: str, name: str, staff: int, system: int, missed: int) -> Bar:
    due = staff + system + missed
    parts = (("solid", staff), ("hatch", system), ("dots", missed))
    meanings = dict(KEPT)
    with_system = f", {percent((staff + system) / due)} with the system's" if system else ""
    return Bar(
        f"{label}, {name}",
        tuple(Part(100 * many / due, mark, f"{many} {meanings[mark]}") for mark, many in parts),
        f"{percent(staff / due)}{with_system}",
    )


def _kept_row(label: str, name: str, staff: int, system: int, missed: int) -> tuple[str, ...]:
    due = staff + system + missed
    shares = (str(staff), percent(staff / due), str(staff + system), percent((staff + system) / due))
    return (label, name, str(due), *shares, str(missed))


def _missed(overview: Overview, key: str) -> Chart:
    rows = [(words(one.centre), one.hours) for one in overview.breaches]
    told = tuple(
        (words(one.centre), one.zone, *map(str, one.hours), str(sum(one.hours))) for one in overview.breaches
    )
    title = "Breaches, by the hour of each centre's own clock"
    return grid(f"{key}missed", title, rows, _HEADS, Table(("Centre", "Zone", *_HEADS, "All"), told))


def _week(one: CentreWeek, key: str) -> Chart:
    rows = [(day, one.hours[24 * place : 24 * place + 24]) for place, day in enumerate(_DAYS)]
    told = tuple((day, *map(str, hours), str(sum(hours))) for day, hours in rows)
    title = f"{words(one.centre).title()}, {one.zone}: {counted(sum(one.hours), 'message')}"
    return grid(f"{key}week-{one.centre}", title, rows, _HEADS, Table(("Day", *_HEADS, "All"), told), "load")


def _ways(overview: Overview, key: str) -> Chart:
    told = tuple((words(one.giver), words(one.taker), str(one.count)) for one in overview.ways)
    rows = [
        Bar(
            f"{words(one.giver)} → {words(one.taker)}",
            (Part(one.count, "solid", counted(one.count, "handoff")),),
            str(one.count),
        )
        for one in overview.ways
    ]
    return bars(
        f"{key}ways", "Handoffs, from centre to centre", rows, Table(("From", "To", "Handoffs"), told)
    )


def _longest(overview: Overview, key: str) -> Chart:
    heads = ("Case", "Level", "Open for", "From", "To", "Messages", "Updates due", "By staff", "Breaches")
    return bars(
        f"{key}longest",
        "The longest cases",
        [_long_bar(one) for one in overview.longest],
        Table(heads, tuple(_long_row(one) for one in overview.longest)),
        _OPEN,
    )


def _long_bar(one: LongCase) -> Bar:
    mark = "solid" if one.ended_at else "hatch"
    still = "" if one.ended_at else ", still open"
    said = f"{length(one.seconds)}{still}"
    return Bar(f"{_short(one.case)}, {one.level}", (Part(one.seconds, mark, said),), said)


def _short(case: str) -> str:
    return case if len(case) <= 20 else f"{case[:19]}…"


def _long_row(one: LongCase) -> tuple[str, ...]:
    ends = moment(one.ended_at) if one.ended_at else "still open"
    counts = map(str, (one.messages, one.due_updates, one.updates_by_staff, one.breaches))
    return (one.case, one.level, length(one.seconds), moment(one.received_at), ends, *counts)


def _promises(overview: Overview, key: str) -> Chart:
    heads = (
        "Level",
        "First response",
        "Updates",
        "Cases",
        "Responses due",
        "Updates due",
        "A case",
        "By staff",
        "By the system",
        "Missed",
    )
    return bars(
        f"{key}promises",
        "Updates each level's promise takes, a case",
        [_promise_bar(one) for one in overview.promises if one.due],
        Table(heads, tuple(_promise_row(one) for one in overview.promises)),
        KEPT,
    )


def _promise_bar(one: PromiseCost) -> Bar:
    parts = (("solid", one.by_staff), ("hatch", one.by_system), ("dots", one.missed))
    meanings, cases = dict(KEPT), max(one.cases, 1)
    said = f"{one.due / cases:.1f} a case, {one.by_staff / cases:.1f} written by staff"
    return Bar(
        f"{one.level}, every {one.update_every}",
        tuple(Part(many / cases, mark, f"{many} {meanings[mark]}") for mark, many in parts),
        said,
    )


def _promise_row(one: PromiseCost) -> tuple[str, ...]:
    a_case = "–" if one.due_a_case is None else f"{one.due_a_case:g}"
    counts = map(str, (one.by_staff, one.by_system, one.missed))
    return (
        one.level,
        one.initial_response,
        one.update_every,
        str(one.cases),
        str(one.responses),
        str(one.due),
        a_case,
        *counts,
    )
