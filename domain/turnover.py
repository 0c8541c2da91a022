"""When the record of a case moves to a fresh run, and what of its unfinished business goes along.

What travels is bounded, however long a mail system or the case store was away. What waits to be
told and does not fit is kept in the case store meanwhile, whole (`domain.waiting`). Where the store is away
too, the run goes on, and from 5,000 events on takes no more of what can be refused: nothing said is lost.
"""

from collections.abc import Sequence

from domain.decision import Refused
from domain.effects import Effect, EffectKind, Recipient
from domain.rules import CURRENT_RULES, RULES_0_3
from domain.text import excerpt
from domain.timeline import EntryKind, TimelineEntry

QUIET_EVENTS = 500  # house rule: turn over here where nothing is under way
MOST_EVENTS = 1_500  # house rule: and here in any case
ONE_STEP = 20  # events a step may add: from 0.3 on a run ends before it has more than it may, not after
MOST_UPDATES = 500  # house rule; the engine refuses the 2,000th
MOST_SIGNALS = 1_000  # house rule; the engine refuses the 10,000th
FULL_EVENTS = 5_000  # house rule: where neither lane nor store takes anything, a case takes no more from here
FULL_UPDATES = 1_400
QUIET_BYTES = 2 * 1024**2  # ours: half of the next; 500 ordinary events have 0.3 MB
MOST_BYTES = 4 * 1024**2  # ours: where the engine itself suggests to
LAST_BYTES = 16 * 1024**2  # ours: the engine ends a run at 50 MiB, and what is left may come in one burst
LAST_EVENTS = 20_000  # the engine ends a run at 51,200
LAST_UPDATES = 1_500
LAST_SIGNALS = 9_000
CARRIED_EFFECTS = 40
CARRIED_TEXT = 24 * 1024
CARRIED_ENTRIES = 40
CARRIED_MOMENTS = 10  # ours: of some 600 bytes each, and only where the store has been away
CARRIED_BYTES = 24 * 1024  # house rule: a turn-over's value has 64 KiB, of which a case needs some 30

_REPLACEABLE = frozenset(
    {
        EffectKind.STATUS_UPDATE,
        EffectKind.WARNING,
        EffectKind.BREACH_NOTICE,
        EffectKind.STALE_NOTICE,
        EffectKind.STILL_MISSED,
    }
)
"""Notices of ours that say nothing any more once a later one of the same kind goes out."""


def is_time(
    events: int,
    updates: int,
    signals: int,
    size: int = 0,
    *,
    quiet: bool,
    fits: bool = True,
    rules: int = CURRENT_RULES,
) -> bool:
    """Return whether to turn over; `size` is that of the history in bytes.

    `quiet`: nothing is being delivered, or only what was tried in vain.

    `fits`: all that is undelivered and unrecorded can travel. Where it cannot, the run goes on until it can,
    or until the engine would soon refuse messages or end it: a flood is told and recorded, not cut short.
    """
    if events >= LAST_EVENTS or updates >= LAST_UPDATES or signals >= LAST_SIGNALS or size >= LAST_BYTES:
        return True
    if not fits:
        return False
    most = MOST_EVENTS - ONE_STEP if rules >= RULES_0_3 else MOST_EVENTS
    if events >= most or updates >= MOST_UPDATES or signals >= MOST_SIGNALS or size >= MOST_BYTES:
        return True
    return quiet and (events >= QUIET_EVENTS or size >= QUIET_BYTES)


def fits(effects: Sequence[Effect], entries: Sequence[TimelineEntry]) -> bool:
    """Return whether these can travel whole: at most 40 of each, and 24 KiB of JSON together."""
    if len(effects) > CARRIED_EFFECTS or len(entries) > CARRIED_ENTRIES:
        return False
    return sum(len(one.model_dump_json().encode()) for one in (*effects, *entries)) <= CARRIED_BYTES


def refuse_when_full(events: int, updates: int, *, fits: bool) -> Refused | None:
    """Refuse what is said to a run that cannot turn over and is full: 5,000 events, or 1,400 updates.

    Refused, it is known to whoever says it; taken, it could be lost where the engine ends the run.
    """
    if fits or (events < FULL_EVENTS and updates < FULL_UPDATES):
        return None
    return Refused(
        code="CaseFull",
        reason="the case store has been away for so long that this case cannot take any more",
        remedy="send it again once the case store is back; everything said before is kept",
    )


def carried(effects: tuple[Effect, ...]) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """Choose which undelivered effects travel, and return those with the ones left behind.

    All of them, where they fit. Where a run must end although they do not, a notice of ours that a later one
    replaces stays behind, and of the rest the newest 40 travel. Once texts together exceed 24 KiB, those in
    the timeline travel as its entry number, the others shortened; what was said in the request stays behind,
    for the case has it.
    """
    void = {effect.id for effect in replaced(effects)}
    alive = [effect for effect in effects if effect.id not in void]
    kept = alive[-CARRIED_EFFECTS:]
    names = {effect.id for effect in kept}
    left = tuple(effect for effect in effects if effect.id not in names)
    budget = CARRIED_TEXT
    packed: list[Effect] = []
    for effect in reversed(kept):
        size = len((effect.facts.text or "").encode()) + effect.facts.size_of_said
        if size > budget:
            packed.append(_without_text(effect))
            continue
        budget -= size
        packed.append(effect)
    return tuple(reversed(packed)), left


def replaced(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the notices of ours that a later one replaces: of its kind and clock, to its recipient.

    Nothing a person wrote is among them.
    """
    latest = {_said(effect): effect.id for effect in effects}
    return tuple(
        effect for effect in effects if effect.kind in _REPLACEABLE and latest[_said(effect)] != effect.id
    )


def _said(effect: Effect) -> tuple[EffectKind, Recipient, str | None, str | None]:
    """Name what is said to whom: one clock's warning does not replace another's, nor one centre's."""
    centre = effect.region if effect.to is Recipient.REGION else None
    return effect.kind, effect.to, effect.about, centre


def _without_text(effect: Effect) -> Effect:
    text = None if effect.facts.text_entry is not None else excerpt(effect.facts.text or "")
    less = {"text": text, "said": None, "files": None}
    return effect.model_copy(update={"facts": effect.facts.model_copy(update=less)})


def carried_entries(entries: tuple[TimelineEntry, ...]) -> tuple[TimelineEntry, ...]:
    """Bound the entries the case store has not taken yet: whole where they fit, or the newest 40, shortened.

    The first of those left out is replaced by a remark that says how many are missing; they stand in the
    history of the run that ends here.
    """
    if fits((), entries):
        return entries
    short = tuple(
        entry.model_copy(update={"text": entry.text[:280]}) if entry.text and len(entry.text) > 280 else entry
        for entry in entries
    )
    if len(short) <= CARRIED_ENTRIES:
        return short
    lost = short[: len(short) - CARRIED_ENTRIES + 1]
    remark = lost[-1].model_copy(
        update={
            "kind": EntryKind.NOTED,
            "internal": True,
            "text": f"{len(lost)} entries did not reach the case store; they are in the workflow's history",
            "count": len(lost),
        }
    )
    return (remark, *short[-(CARRIED_ENTRIES - 1) :])
