"""How a case stands, for its customer: what is promised and why, what we wait for, who has it, what was kept.

Everything is put into words here, so that the page of a case and the one behind a link say the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from activities.store.promises import PromiseRow
from activities.words.contact_ways import telephone_of
from domain.actor import Actor
from domain.clocks import Clock
from domain.customer_promise import Standing as Ending
from domain.phase import OPEN, Phase
from domain.said import ROWS, in_lines
from domain.timeline import TimelineEntry
from domain.views.customer import CustomerView
from domain.views.explain import Explanation
from domain.views.staff import CaseView, DeadlineView
from starter.door.case_reader import Seen, see_as_customer, see_timeline, see_why
from starter.door.faults import Fault
from starter.door.policies_in_force import policy_named
from starter.door.session import Session
from starter.web.file_rows import FileRow, rows_of
from starter.web.portal.speech import Speech

_ABOVE = frozenset({"title", "received_at"})
_ENDINGS = frozenset({Ending.KEPT, Ending.LATE})
_MOST_ENDED = 20  # promises a page tells of (ours): the latest


_THEIRS = frozenset({Clock.CUSTOMER_UPDATE, Clock.AUTO_CLOSE, Clock.REOPEN_WINDOW})
"""What is no promise of ours: their own update, and until when they may do something."""


@dataclass(frozen=True)
class Told:
    """One entry of the timeline, in words."""

    at: str
    instant: datetime
    what: str
    who: str
    text: str | None
    is_theirs: bool


@dataclass(frozen=True)
class Due:
    """One promise: what, by when, and why then; `is_missed` where it was not kept in time."""

    clock: Clock
    what: str
    when: str
    at: datetime | None
    why: tuple[Markup, ...]
    is_missed: bool

    @property
    def is_ours(self) -> bool:
        """Whether we owe it."""
        return self.clock not in _THEIRS


@dataclass(frozen=True)
class Standing:
    """A case as its customer is shown it."""

    view: CaseView
    shown: CustomerView
    facts: tuple[tuple[str, str], ...]
    dues: tuple[Due, ...]
    waits: tuple[str, ...]
    question: str | None
    kept: tuple[Markup, ...]
    said: tuple[tuple[str, str], ...]
    files: tuple[FileRow, ...]
    entries: tuple[Told, ...]

    @property
    def next(self) -> Due | None:
        """What is owed first: by us, else by them."""
        return next((due for due in self.dues if due.is_ours), next(iter(self.dues), None))


async def standing_of(session: Session, actor: Actor, seen: Seen, say: Speech) -> Standing:
    """Put into words how a case stands. Raises: Fault (unreachable)."""
    view = seen.view
    shown = await see_as_customer(session, actor, seen)
    entries = (await see_timeline(session, actor, seen)).entries
    promises = await session.read(lambda store: store.promises.of_case(view.case_id))
    ended = [row for row in promises if row.standing in _ENDINGS and row.clock not in _THEIRS]
    told = [row for row in view.deadlines if row.clock.is_told]
    whys = {row.clock: await see_why(session, actor, seen, row.clock) for row in told}
    lines = in_lines({path: it for path, it in shown.said.items() if path not in _ABOVE}, (), say.when)
    labels = _labels(say)
    return Standing(
        view=view,
        shown=shown,
        facts=tuple(_facts(view, shown, say)),
        dues=tuple(_due(row, whys[row.clock], say) for row in told),
        waits=tuple(_waits(view, say)),
        question=view.waiting_for if view.waiting_since and view.phase is Phase.AWAITING_CUSTOMER else None,
        kept=tuple(_kept(view, ended, say)),
        said=tuple((labels.get(label, label.capitalize()), "\n".join(said)) for label, said in lines),
        files=tuple(rows_of(shown.files, "", say.when)),
        entries=tuple(_told(entry, say) for entry in reversed(entries)),
    )


def _labels(say: Speech) -> dict[str, str]:
    return {row.label: say.field(row.path) for row in ROWS}


def _facts(view: CaseView, shown: CustomerView, say: Speech) -> Iterator[tuple[str, str]]:
    def row(key: str, told: str | None) -> Iterator[tuple[str, str]]:
        if told:
            yield say.plain(key), told

    reason = say.name(shown.close_reason) if shown.close_reason else None
    status = say.plain(f"phase_{view.phase}")
    yield from row("status", f"{status} ({reason})" if reason else status)
    yield from row("received", say.when(view.received_at))
    yield from row("level", f"{view.level} {view.level_name}".strip())
    yield from row("owner", view.assignee or say.centre(view.region))
    yield from row("telephone", _telephone(view))
    yield from row("your_number", view.customer_reference)
    yield from row("vendor_number", shown.vendor_reference)


def _telephone(view: CaseView) -> str | None:
    """Return the number letters about this case give."""
    country = view.said.get("country")
    try:
        policy = policy_named(view.policy)
    except Fault:
        return None
    return telephone_of(policy, view.region, country if isinstance(country, str) else None)


def _due(row: DeadlineView, why: Explanation, say: Speech) -> Due:
    what = say.plain(f"clock_{row.clock}")
    if row.due_at is not None:
        key = "until" if row.clock is Clock.REOPEN_WINDOW else "by"
        when = say.plain(key, when=say.when(row.due_at))
    else:
        assert row.missed_at is not None
        when = say.plain("missed", when=say.when(row.missed_at))
        if why.promised_again_at is not None:
            when = f"{when} {say.plain('promised_again', when=say.when(why.promised_again_at))}"
    reasons = tuple(_why(why, say)) if why.running else ()
    return Due(row.clock, what, when, row.due_at or row.missed_at, reasons, row.due_at is None)


def _why(why: Explanation, say: Speech) -> Iterator[Markup]:
    """Say how an instant came about, a sentence each."""
    if why.started_at is not None:
        yield say("why_started", when=say.when(why.started_at), since=say(f"since_{why.clock}"))
    yield say(f"why_counted_{why.arithmetic}", rule=say.rule(why.rule), city=say.city)
    if why.counted_from is not None and why.counted_from != why.started_at:
        yield say("why_raised", when=say.when(why.counted_from))
    holidays = sorted({span.on.isoformat() for span in why.closed if span.reason == "holiday"})
    if holidays:
        yield say("why_holidays", dates=", ".join(holidays))
    reasons = {str(span.reason) for span in why.closed}
    for reason, key in (("weekend", "why_weekends"), ("outside_hours", "why_hours")):
        if reason in reasons:
            yield say(key)
    if why.due_at is not None:
        yield say("why_due", when=say.when(why.due_at))
    elif why.missed_at is not None:
        yield say("why_missed", when=say.when(why.missed_at))


def _waits(view: CaseView, say: Speech) -> Iterator[str]:
    """Say what we wait for, and since when."""
    if view.answer_owed_since is not None:
        yield say.plain("owes", when=say.when(view.answer_owed_since))
    if view.phase is Phase.VENDOR_ESCALATED:
        yield say.plain("wait_vendor")
    if view.waiting_since is not None:
        since = say.plain("wait_since", when=say.when(view.waiting_since))
        yield f"{since} {say.plain('wait_answer')}."
    if view.missing and view.phase in OPEN:
        yield say.plain("wait_missing", fields=say.fields(view.missing))
    if view.phase in (Phase.VALIDATING_RESOLUTION, Phase.RESOLVED):
        yield say.plain("wait_solved")


def _kept(view: CaseView, ended: Sequence[PromiseRow], say: Speech) -> Iterator[Markup]:
    """Say of promises that fell due how each was kept: as they were told, else as the case counts them."""
    told = [breach for breach in view.breaches if breach.clock.is_told and breach.clock not in _THEIRS]
    for row in ended[-_MOST_ENDED:]:
        what, due = say.plain(f"clock_{row.clock}"), say.when(row.due_at)
        if row.standing is Ending.KEPT:
            yield say("kept_in_time", what=what, due=due)
        else:
            yield say("kept_late", what=what, due=due, late=_late(row.late_seconds or 0, say))
    if ended:
        told = [breach for breach in told if breach.late_seconds is None]
    was_late = any(breach.clock is Clock.INITIAL_RESPONSE for breach in told)
    if view.responded_at is not None and not was_late and not ended:
        key = "kept_response" if view.has_sla and _is_promised(view) else "kept_response_unpromised"
        yield say(key, when=say.when(view.responded_at))
    for breach in told:
        what, due = say.plain(f"clock_{breach.clock}"), say.when(breach.due_at)
        if breach.late_seconds is None:
            line = say("kept_not", what=what, due=due)
        else:
            line = say("kept_late", what=what, due=due, late=_late(breach.late_seconds, say))
        if breach.count > 1:
            line += " " + say("kept_times", count=breach.count, until=say.when(breach.last_due_at))
        yield line
    score = view.score
    if score.staff or score.system or score.missed:
        yield say("kept_updates", staff=score.staff, system=score.system, missed=score.missed)


def _late(seconds: int, say: Speech) -> str:
    return say.span(timedelta(seconds=max(60, seconds)))


def _is_promised(view: CaseView) -> bool:
    promise = next((row.promise for row in view.promises if row.clock is Clock.INITIAL_RESPONSE), "")
    return not promise.startswith("no ")


def _told(entry: TimelineEntry, say: Speech) -> Told:
    key = f"entry_{entry.kind}"
    return Told(
        at=say.when(entry.at),
        instant=entry.at,
        what=say.plain(key if say.has(key) else "entry_other"),
        who=entry.by,
        text=entry.text,
        is_theirs=entry.by_kind is not None and entry.by_kind.value in ("customer", "partner"),
    )
