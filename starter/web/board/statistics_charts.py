"""The figures of some days as charts, each with the table that says the same."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from activities.store.attainment import Target
from activities.store.flow import Times
from starter.door.figures import DeskFigures
from starter.door.plain import counted, span, words
from starter.web.charts import Bar, Chart, Column, Part, Table, bars, columns, grid

_KEPT = (
    ("solid", "kept by our people"),
    ("hatch", "kept by a status the system sent"),
    ("dots", "missed"),
)
_FLOW = (("solid", "opened"), ("hatch", "resolved or closed"), ("line", "open at the end of the day"))
_TOOK = (("solid", "half took no longer"), ("hatch", "nine in ten took no longer"))


def charts_of(found: DeskFigures) -> dict[str, Chart]:
    """Draw everything there is to draw, by the names the page calls it."""
    return {
        "kept": _kept(found),
        "responses": _times("responses", "Until a person answered", found.responses),
        "resolutions": _times("resolutions", "Until it was resolved", found.resolutions),
        "rated": _rated(found),
        "flow": _flow(found),
        "missed": _missed(found),
        "ways": _ways(found),
        "lateness": _lateness(found),
    }


def _lateness(found: DeskFigures) -> Chart:
    """Draw how late 99 of 100 clocks of each kind and centre were acted on at most."""
    late = found.lateness
    told = [*late.rows, *([late.all] if late.all else [])]
    names = [(words(one.clock) if one.clock else "All clocks", words(one.centre or "all")) for one in told]
    return bars(
        "lateness",
        "How late clocks were acted on",
        [
            Bar(f"{clock}, {centre}", (Part(one.p99_ms, "solid", f"{one.p99_ms} ms"),), f"{one.p99_ms} ms")
            for (clock, centre), one in zip(names, told, strict=True)
        ],
        Table(
            ("Clock", "Centre", "Times", "Half within, ms", "99 of 100 within, ms", "The latest, ms"),
            tuple(
                (clock, centre, *map(str, (one.count, one.p50_ms, one.p99_ms, one.max_ms)))
                for (clock, centre), one in zip(names, told, strict=True)
            ),
        ),
        (("solid", "99 of 100 no later"),),
    )


def share(part: int, whole: int) -> str:
    """Say a share in per cent; nothing of nothing is none."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def level_of(one_policy: bool, policy: str | None, level: str | None) -> str:
    """Name a level; where there are several policies, with its own: levels are not compared across them."""
    if level is None:
        return "All levels"
    return level if one_policy else f"{level}, {policy}"


def _kept(found: DeskFigures) -> Chart:
    """Draw how often each promise was kept: for all, then level by level."""
    levels = found.received.levels
    is_one = len({one.policy for one in levels}) == 1
    rows = [("All levels", target) for target in found.received.targets]
    rows += [(level_of(is_one, one.policy, one.level), target) for one in levels for target in one.targets]
    told = [(label, target) for label, target in rows if target.met + target.missed]
    return bars(
        "kept",
        "Promises kept, of the cases received",
        [_target_bar(label, target) for label, target in told],
        Table(
            ("Level", "Promise", "Due", "Kept by people", "Share", "With the system's", "Share", "Missed"),
            tuple(_target_row(label, target) for label, target in told),
        ),
        _KEPT,
        most=100,
    )


def _target_bar(label: str, target: Target) -> Bar:
    due, by_system = target.met + target.missed, target.met - target.by_staff
    parts = [("solid", target.by_staff), ("hatch", by_system), ("dots", target.missed)]
    meanings = dict(_KEPT)
    with_system = f", {share(target.met, due)} with the system's" if by_system > 0 else ""
    return Bar(
        f"{label}, {_short(target.clock)}",
        tuple(Part(100 * many / due, mark, f"{many} {meanings[mark]}") for mark, many in parts),
        f"{share(target.by_staff, due)}{with_system}",
    )


def _short(clock: str) -> str:
    return {"initial_response": "response", "update": "updates"}.get(clock, words(clock))


def _target_row(label: str, target: Target) -> tuple[str, ...]:
    due = target.met + target.missed
    people, system = share(target.by_staff, due), share(target.met, due)
    counts = (str(target.by_staff), people, str(target.met), system, str(target.missed))
    return (label, words(target.clock), str(due), *counts)


def _times(key: str, title: str, found: Sequence[Times]) -> Chart:
    is_one = len({one.policy for one in found if one.policy}) == 1
    labels = [level_of(is_one, one.policy, one.level) for one in found]
    rows = [
        Bar(
            label,
            (
                Part(_minutes(one.median), "solid", f"half within {span(one.median)}"),
                Part(_minutes(one.p90 - one.median), "hatch", f"nine in ten within {span(one.p90)}"),
            ),
            f"half {span(one.median)}, nine in ten {span(one.p90)}",
        )
        for label, one in zip(labels, found, strict=True)
    ]
    told = [
        (label, str(one.cases), span(one.median), span(one.p90))
        for label, one in zip(labels, found, strict=True)
    ]
    return bars(key, title, rows, Table(("Level", "Cases", "Median", "Nine in ten"), tuple(told)), _TOOK)


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def _rated(found: DeskFigures) -> Chart:
    scores = found.received.satisfaction.scores if found.received.satisfaction.answers else {}
    rows = [
        Bar(f"{score} of {max(scores)}", (Part(count, "solid", counted(count, "answer")),), str(count))
        for score, count in sorted(scores.items(), reverse=True)
    ]
    told = tuple((row.label, row.words) for row in rows)
    return bars("rated", "Satisfaction, by score", rows, Table(("Score", "Answers"), told))


def _flow(found: DeskFigures) -> Chart:
    zone = ZoneInfo(found.days.zone)
    days = [(day.since.astimezone(zone), day, day.since <= found.at) for day in found.flow]
    drawn = [
        Column(
            f"{at:%a %d}" if len(days) <= 7 else f"{at:%d %b}",
            (
                ("solid", day.opened if is_past else None, f"{day.opened} opened on {at:%a %d %b}"),
                ("hatch", day.ended if is_past else None, f"{day.ended} ended on {at:%a %d %b}"),
            ),
            day.open_at_end if is_past else None,
        )
        for at, day, is_past in days
    ]
    told = [
        (f"{at:%a %d %b %Y}", *map(str, (day.opened, day.ended, day.open_at_end)))
        if is_past
        else (f"{at:%a %d %b %Y}", "–", "–", "–")
        for at, day, is_past in days
    ]
    heads = ("Day", "Opened", "Resolved or closed", "Open at its end")
    return columns("flow", "Opened, resolved and open, day by day", drawn, Table(heads, tuple(told)), _FLOW)


def _missed(found: DeskFigures) -> Chart:
    heads = tuple(f"{hour:02}" for hour in range(24))
    rows = [(words(one.centre), one.hours) for one in found.missed]
    told = tuple((label, *map(str, hours), str(sum(hours))) for label, hours in rows)
    title = "Promises missed, by the hour of each centre's own clock"
    return grid("missed", title, rows, heads, Table(("Centre", *heads, "All"), told))


def _ways(found: DeskFigures) -> Chart:
    rows = [
        Bar(
            f"{words(one.giver)} → {words(one.taker)}",
            (Part(one.count, "solid", counted(one.count, "handoff")),),
            str(one.count),
        )
        for one in found.ways
    ]
    told = tuple((words(one.giver), words(one.taker), str(one.count)) for one in found.ways)
    return bars("ways", "Handoffs, from centre to centre", rows, Table(("From", "To", "Handoffs"), told))
