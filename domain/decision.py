"""What a decision is, and the draft it is written on.

`Accepted` has happened; `Declined` has not, but is recorded and has an effect; `Refused` changes
nothing. A draft gathers the changed case, its timeline entries and its effects while one rule after the
other is applied, and is turned into a decision at the end; nobody else sees it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn

from domain import imported
from domain.actor import SYSTEM, Actor, Door
from domain.case import KEPT_ENTRIES, KEPT_REFERENCES, Case
from domain.clocks import Clock, FiredClock, RunningClock
from domain.effect_of_case import Told, effect_of
from domain.effects import Address, Audience, Effect, EffectKind, Recipient
from domain.frozen import Frozen
from domain.text import excerpt
from domain.timeline import EntryKind, TimelineEntry


class Refused(Frozen):
    """No: nothing changes. `code` is the catalogue's, `remedy` says what to do, `missing` names fields."""

    code: str
    reason: str
    remedy: str = ""
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say the refusal in one line."""
        return f"{self.reason}{'; ' + self.remedy if self.remedy else ''}"


class Accepted(Frozen):
    """Yes: the case as it is now, what is new in its timeline, what must be told, and which clocks fired."""

    case: Case
    entries: tuple[TimelineEntry, ...] = ()
    effects: tuple[Effect, ...] = ()
    warnings: tuple[str, ...] = ()
    fired: tuple[FiredClock, ...] = ()


class Declined(Frozen):
    """No, but it is recorded or has an effect; `code` is the catalogue's."""

    code: str
    reason: str
    remedy: str = ""
    case: Case
    entries: tuple[TimelineEntry, ...] = ()
    effects: tuple[Effect, ...] = ()
    warnings: tuple[str, ...] = ()
    fired: tuple[FiredClock, ...] = ()


Decision = Accepted | Declined | Refused


class Refusal(Exception):
    """Carries a `Refused` out of a rule; `domain.lifecycle` turns it into the decision."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def refuse(code: str, reason: str, remedy: str = "", missing: Iterable[str] = ()) -> NoReturn:
    """End the rule with a refusal. Raises: Refusal, always."""
    raise Refusal(Refused(code=code, reason=reason, remedy=remedy, missing=tuple(missing)))


def instant_key(at: datetime) -> str:
    """Write an instant in the compact form used in effect ids: `20270615T010000Z`."""
    return f"{at.isoformat()[:19].replace('-', '').replace(':', '')}Z"  # a third of the time of strftime


class Draft:
    """One decision in the making, at `at` (UTC), caused by `cause` (a request id, or `clock@instant`)."""

    def __init__(self, case: Case, at: datetime, cause: str, actor: Actor = SYSTEM) -> None:
        self.case = case
        self.at = at
        self.cause = cause
        self.actor = actor
        self.request_id: str | None = None
        self.entries: list[TimelineEntry] = []
        self.effects: list[Effect] = []
        self.warnings: list[str] = []
        self.fired: list[FiredClock] = []

    def set(self, **changes: Any) -> None:
        """Change fields of the case; a clock that has no room in its new phase stops."""
        self.case = self.case.model_copy(update=changes)
        if "phase" in changes:
            self.stop(*(clock for clock in Clock if self.case.phase not in clock.phases))

    def run(self, running: RunningClock) -> None:
        """Start a clock, or start it anew; of an imported case, without what lies before the import."""
        if imported.is_past(self.case, running):
            running_on, count = imported.after_import(self.case, running)
            if count:
                self.enter(
                    EntryKind.IMPORTED,
                    internal=True,
                    about=running.clock,
                    due_at=running.due_at,
                    count=count,
                )
            if running_on is None:
                self.stop(running.clock)
                return
            running = running_on
        running = imported.without_early_warning(self.case, running)
        others = tuple(clock for clock in self.case.clocks if clock.clock is not running.clock)
        self.set(clocks=(*others, running))

    def stop(self, *kinds: Clock) -> None:
        """Stop clocks; one that does not run stays stopped."""
        self.set(clocks=tuple(clock for clock in self.case.clocks if clock.clock not in kinds))

    def enter(
        self,
        kind: EntryKind,
        text: str | None = None,
        *,
        internal: bool = False,
        about: str | None = None,
        due_at: datetime | None = None,
        late_seconds: int | None = None,
        count: int | None = None,
    ) -> int:
        """Add an entry to the timeline and return its number."""
        entry = TimelineEntry.made(
            number=self.case.entries + 1,
            at=self.at,
            kind=kind,
            by=self.actor.label,
            internal=internal,
            text=text,
            about=None if about is None else str(about),
            due_at=due_at,
            late_seconds=late_seconds,
            count=count,
            by_kind=self.actor.kind,
            by_role=self.actor.role,
            door=self.actor.door or Door.ENGINE,
            request_id=self.request_id,
        )
        self.entries.append(entry)
        short = entry if text is None else entry.model_copy(update={"text": excerpt(text)})
        self.set(entries=entry.number, timeline=(*self.case.timeline, short)[-KEPT_ENTRIES:])
        return entry.number

    def tell(
        self,
        kind: EffectKind,
        to: Recipient,
        *,
        about: str | None = None,
        language: str | None = None,
        region: str | None = None,
        whom: Address | Audience | None = None,
        zone: str | None = None,
        gathers: bool = False,
        **facts: Any,
    ) -> None:
        """Cause an effect; `facts` are those beside what every template may need, and `Told` says the rest.

        Nothing is told of what happened before the case was imported.
        """
        if imported.is_silent(self.case, self.at):
            return
        told = Told(to, about, language, region, whom, zone, gathers)
        effect = effect_of(self.case, kind, told, self.cause, self.at, facts)
        self.effects.append(effect)
        if to is Recipient.CUSTOMER:
            self.refer_to(effect.id)

    def take_back(self, kind: EffectKind) -> None:
        """Leave untold what this very decision would tell and has overtaken."""
        self.effects = [effect for effect in self.effects if effect.kind is not kind]

    def refer_to(self, reference: str) -> None:
        """Add a mail to the thread; the first one and the latest few are kept."""
        kept = self.case.references
        if len(kept) >= KEPT_REFERENCES:
            kept = (kept[0], *kept[2:])
        self.set(references=(*kept, reference))

    def warn(self, code: str) -> None:
        """Tell the speaker something they should know; their message still stands."""
        if code not in self.warnings:
            self.warnings.append(code)

    def accepted(self) -> Accepted:
        """Return the decision: it has happened."""
        return Accepted.made(
            case=self._next_version(),
            entries=tuple(self.entries),
            effects=tuple(self.effects),
            warnings=tuple(self.warnings),
            fired=tuple(self.fired),
        )

    def declined(self, code: str, reason: str, remedy: str = "") -> Declined:
        """Return the decision: it has not happened, but is recorded."""
        return Declined.made(
            code=code,
            reason=reason,
            remedy=remedy,
            case=self._next_version(),
            entries=tuple(self.entries),
            effects=tuple(self.effects),
            warnings=tuple(self.warnings),
            fired=tuple(self.fired),
        )

    def _next_version(self) -> Case:
        return self.case.model_copy(update={"version": self.case.version + 1})
